# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk does with ballots and comments; ``Desk`` is this and the rest.

A thin front like ``desk``: every act is decided in the module it is named after.
"""

from __future__ import annotations

import msgspec

from client.domain.bulletin import AnswerWords
from client.domain.ids import ChoiceCode, Hash, Moment, QuestionId
from server.secretariat import bulletins, evidence, late, results
from server.secretariat.bulletins import Answered, Talk
from server.secretariat.desk_sessions import SessionDesk
from server.secretariat.late import LateVote
from server.secretariat.results import Awaited, PollResult, PollView


class PollDesk(SessionDesk):
    """Ballots from opening to evidence, and what members comment."""

    def poll_status(self, poll: str) -> PollView:
        """Where a poll stands."""
        return results.status(self._core, poll)

    def open_poll(self, poll: str, *, closes: Moment | None = None, dry_run: bool = False) -> PollView:
        """Open a poll, or set its closing time."""
        return results.open_poll(self._core, poll, closes=closes, dry_run=dry_run)

    def close_poll(self, poll: str, *, dry_run: bool = False) -> PollView:
        """Close a poll for good."""
        return results.close_poll(self._core, poll, dry_run=dry_run)

    def certify_poll(
        self,
        poll: str,
        *,
        admit: tuple[str, ...] = (),
        ruling: dict[QuestionId, ChoiceCode] | None = None,
        dry_run: bool = False,
    ) -> PollResult:
        """Make a closed poll's result final; late votes to admit by their hash."""
        hashes = tuple(msgspec.convert(each, Hash) for each in admit)
        return results.certify(self._core, poll, admit=hashes, ruling=ruling, dry_run=dry_run)

    def export_poll(self, poll: str) -> bytes:
        """Everything a recount needs, as one JSON file."""
        return evidence.export(self._core, poll)

    def awaited(self, *, within_s: int) -> tuple[Awaited, ...]:
        """Open opinion ballots and who has not answered them."""
        return results.awaited(self._core, within_s=within_s)

    def results(self, poll: str) -> PollResult:
        """A verified and recounted result."""
        return results.results(self._core, poll)

    def late_votes(self, poll: str) -> tuple[LateVote, ...]:
        """Votes that came after closing, without what they say."""
        return late.votes(self._core, poll)

    def extend_poll(self, poll: str, closes: Moment, reason: str, *, dry_run: bool = False) -> PollView:
        """Let an open ballot close later; members are told when and why."""
        return bulletins.extend(self._core, poll, closes, reason, dry_run=dry_run)

    def answer_comment(
        self, comment: str, words: AnswerWords, *, quoting: bool = True, named: bool = False, dry_run: bool = False
    ) -> Answered:
        """Answer a comment for the drafting agency; ``named`` passes its author's name on."""
        return bulletins.answer(self._core, comment, words, quoting=quoting, named=named, dry_run=dry_run)

    def read_comments(self, *, after: int = 0) -> Talk:
        """Comments, opened, with their answers."""
        return bulletins.read(self._core, after=after)
