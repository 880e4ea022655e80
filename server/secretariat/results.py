# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens, closes and counts polls: the service's word is verified, then counted again here.

What is checked of a closing list: the service's signature; poll, definition, rules and number of eligible members;
every vote counted once, by an eligible member; totals of each question that add up to the votes counted and name
only its choices. The list holds no choice per member, so who broke a tie is not read from it: a tie that the Prime
Minister decides says so.
"""

from __future__ import annotations

from msgspec import Struct

from client.crypto import dsse
from client.domain.ballot import BallotKind, ServicePollState, VoteMode
from client.domain.ids import ChoiceCode, Hash, Moment, PollId, QuestionId
from client.domain.rules import Outcome, tally
from client.errors import BadInput, ContentMismatch, SignatureInvalid, Text
from client.protocol import codec
from client.protocol.messages import ClosingList, PollDefinition, PollStatus
from server.secretariat import ballots, rules
from server.secretariat.core import DeskCore
from server.secretariat.model import PollRecord


class NotClosedYet(BadInput):
    """There is no closing list yet."""

    code = "user.poll_not_closed"
    title = Text("Phiếu chưa kết thúc", "The poll is not closed yet")
    next_step = Text("Đóng phiếu trước, hoặc chờ đến hạn.", "Close it first, or wait for its deadline.")


class PollView(Struct, frozen=True):
    """Where a poll stands by the service's signed word."""

    poll: PollId
    title: str
    kind: BallotKind
    state: ServicePollState
    opened: Moment | None
    closes: Moment | None
    closed: Moment | None
    eligible: int


class QuestionResult(Struct, frozen=True):
    """One question: counts by choice code and what they mean."""

    q: QuestionId
    text: str
    counts: dict[ChoiceCode, int]
    outcome: Outcome
    needed: int


class PollResult(Struct, frozen=True):
    """A verified result.

    Attributes:
        in_room, absent: Of the votes counted; they are shown apart.
        no_response: Eligible members of whom no vote was received in time.
    """

    poll: PollId
    title: str
    closed: Moment
    counted: int
    in_room: int
    absent: int
    late: int
    no_response: int
    eligible: int
    questions: tuple[QuestionResult, ...]
    basis: tuple[str, ...]


def find(core: DeskCore, wanted: str) -> PollRecord:
    """A poll this desk published, by its id or its beginning.

    Raises:
        BadInput: None, or more than one.
    """
    records = [poll for record in core.state.packs.values() for poll in record.polls if poll.id.startswith(wanted)]
    if len(records) != 1:
        raise BadInput(f"poll: {len(records)} match")
    return records[0]


def status(core: DeskCore, wanted: str) -> PollView:
    """Where a poll stands.

    Raises:
        SignatureInvalid, ContentMismatch: The answer is not this poll's or not the service's.
    """
    record = find(core, wanted)
    answer = core.require_service().poll(record.id)
    if answer.definition != record.envelope:
        opened = dsse.open_(answer.definition, {core.publisher.keyid: core.publisher.public})
        if opened.hash != record.wording.definition:
            raise ContentMismatch(f"{record.id}: definition")
    payload = dsse.open_(answer.status, _service_keys(core), limit=codec.MAX_SMALL).payload
    said = codec.decode(payload, PollStatus, limit=codec.MAX_SMALL)
    if (said.poll, said.poll_def) != (record.id, record.wording.definition):
        raise SignatureInvalid(f"{record.id}: status of another poll")
    definition = ballots.definition_of(record)
    return PollView(
        poll=record.id,
        title=record.wording.title,
        kind=definition.kind,
        state=said.state,
        opened=said.opened,
        closes=said.closes,
        closed=said.closed,
        eligible=len(definition.eligible),
    )


def open_poll(core: DeskCore, wanted: str, *, closes: Moment | None = None, dry_run: bool = False) -> PollView:
    """Open a poll now, or set when it closes."""
    record = find(core, wanted)
    if not dry_run:
        core.require_service().open_poll(record.id, record.wording.definition, closes)
    return status(core, record.id)


def close_poll(core: DeskCore, wanted: str, *, dry_run: bool = False) -> PollView:
    """Close a poll now, by the service's clock; it cannot be opened again."""
    record = find(core, wanted)
    if not dry_run:
        core.require_service().close_poll(record.id, record.wording.definition)
    return status(core, record.id)


def results(core: DeskCore, wanted: str) -> PollResult:
    """Verify the closing list and count again.

    Raises:
        NotClosedYet: There is none.
        SignatureInvalid, ContentMismatch: It does not verify or does not add up.
    """
    record = find(core, wanted)
    envelope = core.require_service().closing(record.id)
    if envelope is None:
        raise NotClosedYet(record.id)
    payload = dsse.open_(envelope, _service_keys(core), limit=2 * codec.MAX_CLOSING).payload
    closing = codec.decode(payload, ClosingList, limit=codec.MAX_CLOSING)
    definition = ballots.definition_of(record)
    verify(closing, definition, record.wording.definition)
    modes = [vote.mode for vote in closing.counted]
    return PollResult(
        poll=record.id,
        title=record.wording.title,
        closed=closing.closed,
        counted=len(modes),
        in_room=modes.count(VoteMode.IN_ROOM),
        absent=modes.count(VoteMode.ABSENT_APPROVED),
        late=len(closing.late),
        no_response=len(definition.eligible) - len(modes),
        eligible=len(definition.eligible),
        questions=tuple(_question(record, closing, question.id, definition) for question in definition.questions),
        basis=rules.PRESETS[definition.rules].basis,
    )


def verify(closing: ClosingList, definition: PollDefinition, poll_def: Hash) -> None:
    """Refuse a closing list that is not this poll's or does not add up.

    Raises:
        ContentMismatch: Which check failed.
    """
    eligible = set(definition.eligible)
    voted = [vote.member for vote in closing.counted]
    hashes = [vote.vote for vote in (*closing.counted, *closing.late)]
    choices = {question.id: {choice.code for choice in question.choices} for question in definition.questions}
    checks = (
        ("poll", (closing.poll, closing.poll_def, closing.rules) == (definition.poll, poll_def, definition.rules)),
        ("eligible", closing.eligible == len(eligible) and set(voted) <= eligible),
        ("one vote each", len(set(voted)) == len(voted) and len(set(hashes)) == len(hashes)),
        ("questions", closing.totals.keys() == choices.keys()),
        ("choices", all(counts.keys() <= choices.get(q, set()) for q, counts in closing.totals.items())),
        ("totals", all(sum(counts.values()) == len(voted) for counts in closing.totals.values())),
    )
    failed = [name for name, holds in checks if not holds]
    if failed:
        raise ContentMismatch(f"{definition.poll}: {', '.join(failed)}")


def _question(record: PollRecord, closing: ClosingList, q: QuestionId, definition: PollDefinition) -> QuestionResult:
    counts = closing.totals[q]
    decided = tally(rules.PRESETS[definition.rules], counts, members=closing.eligible)
    return QuestionResult(q, record.wording.text[q], counts, decided.outcome, decided.needed)


def _service_keys(core: DeskCore) -> dict[str, str]:
    return {role.id: role.sign for role in core.state.services}
