# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk does in a session and after it; ``Desk`` is this and the rest.

A thin front like ``desk``: every act is decided in the module it is named after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from client.domain.ids import MemberId
from client.domain.live import Approver, Presence
from client.protocol.live_commands import SessionCommand
from server.secretariat import ledger, papers, plans, room, rules, trial
from server.secretariat.core import DeskCore
from server.secretariat.ledger import CopyState
from server.secretariat.papers import PaperName
from server.secretariat.room import ReadAct, RoomView, Target
from server.secretariat.trial import TrialReport


class SessionDesk:
    """Sessions, their papers, the ledger and the trial report.

    Args:
        core: State, keys and connection.
    """

    def __init__(self, core: DeskCore) -> None:
        self._core = core

    def session_paper(self, session: str, which: PaperName) -> bytes:
        """Minutes, result sheet or resolution of a closed session, as PDF."""
        return papers.make(self._core, session, which)

    def trial_report(self) -> TrialReport:
        """Aggregate figures of the trial."""
        return trial.report(self._core)

    def hand_out(
        self, pack: str, paper: str, copy: str, member: str, *, dry_run: bool = False
    ) -> tuple[CopyState, ...]:
        """A numbered copy of a graded paper leaves for a member."""
        return ledger.hand_out(self._core, pack, paper, copy, member, dry_run=dry_run)

    def take_back(self, pack: str, paper: str, copy: str, *, dry_run: bool = False) -> tuple[CopyState, ...]:
        """A numbered copy of a graded paper has come back."""
        return ledger.take_back(self._core, pack, paper, copy, dry_run=dry_run)

    def copies(self) -> tuple[CopyState, ...]:
        """The ledger of secret papers."""
        return ledger.states(self._core)

    def session(self, session: str) -> RoomView:
        """Where a session stands."""
        return room.look(self._core, session)

    def run_session(self, session: str, make: Callable[[Target], SessionCommand], *, dry_run: bool = False) -> RoomView:
        """Give a session one command; ``make`` words it once the session is known."""
        return room.command(self._core, session, make, dry_run=dry_run)

    def mark_presence(self, session: str, marks: dict[str, Presence]) -> RoomView:
        """Record who is here."""
        return room.call_roll(self._core, session, marks)

    def call_roll(self, session: str, marks: dict[str, Presence], *, confirm: bool, dry_run: bool = False) -> RoomView:
        """Confirm who checked in, and record who else is here."""
        return room.call_roll(self._core, session, marks, confirm=confirm, dry_run=dry_run)

    def decide_absence(
        self, session: str, member: str, *, approved: bool, by: Approver, dry_run: bool = False
    ) -> RoomView:
        """Consent to an absence, or refuse it."""
        return room.decide_absence(self._core, session, member, approved=approved, by=by, dry_run=dry_run)

    def conclude(
        self, session: str, item: str, text: str | None, *, without_debate: bool = False, dry_run: bool = False
    ) -> RoomView:
        """Record an item's conclusion."""
        return room.conclude(self._core, session, item, text, without_debate=without_debate, dry_run=dry_run)

    def reorder(self, session: str, items: Sequence[str], *, dry_run: bool = False) -> RoomView:
        """Change the agenda: these items in this order."""
        return room.reorder(self._core, session, items, dry_run=dry_run)

    def member(self, wanted: str) -> MemberId:
        """A member by id or a part of the name."""
        return room.member(self._core, wanted)

    def speech_s(self, session: str) -> int | None:
        """The usual length of a speech under the session's rules, seconds."""
        found = room.target(self._core, session)
        return rules.PRESETS[plans.plan_of(found.plan).rules].run.speech_s

    def acts(self, session: str) -> tuple[ReadAct, ...]:
        """What members asked of a session, opened."""
        return room.acts(self._core, session)
