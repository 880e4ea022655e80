# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens, closes and counts polls: the service's word is verified, then counted again here.

What is checked of a closing list: the service's signature; poll, definition, rules and number of eligible members;
every vote counted once, by an eligible member; totals of each question that add up to the votes counted and name
only its choices. How the person who breaks ties voted is the list's word here; the exported votes prove it
(``evidence``). A result is certified once: late votes the secretary admits and rulings on ties come with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct, structs

from client.crypto import dsse
from client.domain.ballot import BallotKind, ServicePollState, VoteMode
from client.domain.ids import ChoiceCode, Hash, MemberId, Moment, PollId, QuestionId
from client.domain.rules import Outcome, tally
from client.domain.verdict import Sentence, explain
from client.errors import BadInput, ContentMismatch, ServiceRefused, SignatureInvalid, Text
from client.protocol import codec
from client.protocol.http import Problem
from client.protocol.messages import CertifiedResult, ClosingList, PollDefinition, PollStatus
from server.secretariat import ballots, rules
from server.secretariat.core import DeskCore
from server.secretariat.model import PollRecord


class NotClosedYet(BadInput):
    """There is no closing list yet."""

    code = "user.poll_not_closed"
    title = Text("Phiếu chưa kết thúc", "The poll is not closed yet")
    next_step = Text("Đóng phiếu trước, hoặc chờ đến hạn.", "Close it first, or wait for its deadline.")


class NoSession(BadInput):
    """A vote in session whose session has no plan at the service."""

    code = "user.vote_without_session"
    title = Text("Máy chủ chưa có phiên họp của biểu quyết này", "The service does not know this vote's session")
    next_step = Text(
        "Chạy session status với phiên họp đó để gửi kế hoạch, điểm danh rồi mở biểu quyết.",
        "Run session status for it, which brings its plan; call the roll, then open the vote.",
    )


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
    """One question: counts by choice code and what they mean, also in one plain sentence with its article."""

    q: QuestionId
    text: str
    counts: dict[ChoiceCode, int]
    outcome: Outcome
    needed: int
    sentence: Sentence


class PollResult(Struct, frozen=True):
    """A verified result.

    Attributes:
        in_room, absent: Of the votes counted; they are shown apart.
        no_response: Eligible members of whom no vote was received in time.
        present: Members who counted to the quorum at closing; None for an opinion ballot.
        admitted: Late votes that the secretary admitted; they are in the counts.
        certified: The result is final.
        void: The papers changed under the ballot: it decides nothing.
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
    present: int | None = None
    admitted: int = 0
    certified: bool = False
    void: bool = False


class Awaited(Struct, frozen=True):
    """An open opinion ballot and the members who have not answered it.

    Attributes:
        overdue: Its deadline is nearer than the warning time.
    """

    poll: PollId
    title: str
    closes: Moment | None
    overdue: bool
    missing: tuple[MemberId, ...]
    names: tuple[str, ...]


def awaited(core: DeskCore, *, within_s: int) -> tuple[Awaited, ...]:
    """Open opinion ballots by deadline, with those who are still to answer: for a call to member or aide.

    Args:
        core: The desk.
        within_s: From how long before the deadline a ballot counts as overdue, seconds.
    """
    names = {member.id: member.name for member in core.state.members}
    found: list[Awaited] = []
    for record in (poll for pack in core.state.packs.values() for poll in pack.polls):
        definition = ballots.definition_of(record)
        if definition.kind is not BallotKind.OPINION:
            continue
        view = status(core, record.id)
        if view.state is not ServicePollState.OPEN:
            continue
        answered = set(core.require_service().answered(record.id))
        missing = tuple(member for member in definition.eligible if member not in answered)
        closes = view.closes or definition.closes
        found.append(
            Awaited(
                poll=record.id,
                title=record.wording.title,
                closes=closes,
                overdue=bool(missing) and closes is not None and closes <= core.now(within_s),
                missing=missing,
                names=tuple(names.get(member, member) for member in missing),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.closes is None, each.closes or "")))


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
    """Open a poll now; ``closes`` says until when, where nothing was said before.

    Raises:
        NoSession: A vote whose session the service does not know: without a roll there is no quorum.
    """
    record = find(core, wanted)
    if not dry_run:
        try:
            core.require_service().open_poll(record.id, record.wording.definition, closes)
        except ServiceRefused as error:
            if error.problem == Problem.SESSION_UNKNOWN.value:
                raise NoSession(record.id) from error
            raise
    return status(core, record.id)


def close_poll(core: DeskCore, wanted: str, *, dry_run: bool = False) -> PollView:
    """Close a poll now, by the service's clock; it cannot be opened again."""
    record = find(core, wanted)
    if not dry_run:
        core.require_service().close_poll(record.id, record.wording.definition)
    return status(core, record.id)


def certify(
    core: DeskCore,
    wanted: str,
    *,
    admit: tuple[Hash, ...] = (),
    ruling: dict[QuestionId, ChoiceCode] | None = None,
    dry_run: bool = False,
) -> PollResult:
    """Make a closed poll's result final.

    Args:
        core: The desk.
        wanted: The poll.
        admit: Late votes the secretary admits, where the poll's rule leaves that to the secretary.
        ruling: By question, the side a tie was ruled on, where the rules could not decide it.
        dry_run: Only show the result as it is.

    Raises:
        ServiceRefused: Not closed, certified already, or a vote that may not be admitted.
    """
    record = find(core, wanted)
    if not dry_run:
        core.require_service().certify_poll(record.id, record.wording.definition, admit=admit, ruling=ruling or {})
    return results(core, record.id)


def results(core: DeskCore, wanted: str) -> PollResult:
    """Verify the closing list, and what was certified since, and count again.

    Raises:
        NotClosedYet: There is none.
        SignatureInvalid, ContentMismatch: It does not verify or does not add up.
    """
    record = find(core, wanted)
    opened = _closing(core, record)
    closing = codec.decode(opened.payload, ClosingList, limit=codec.MAX_CLOSING)
    definition = ballots.definition_of(record)
    verify(closing, definition, record.wording.definition)
    certified = _certified(core, record, Hash(opened.hash))
    admitted = () if certified is None else certified.admitted
    modes = [vote.mode for vote in (*closing.counted, *admitted)]
    final = _Final(
        totals=closing.totals if certified is None else certified.totals,
        tie=closing.tie,
        ruling={} if certified is None else certified.ruling,
        present=closing.present,
        silent=len(definition.eligible) - len(modes),
    )
    return PollResult(
        poll=record.id,
        title=record.wording.title,
        closed=closing.closed,
        counted=len(modes),
        in_room=modes.count(VoteMode.IN_ROOM),
        absent=modes.count(VoteMode.ABSENT_APPROVED),
        late=len(core.require_service().late_votes(record.id)) - len(admitted),
        no_response=final.silent,
        eligible=len(definition.eligible),
        questions=tuple(_question(record, definition, question.id, final) for question in definition.questions),
        basis=rules.PRESETS[definition.rules].basis,
        present=closing.present,
        admitted=len(admitted),
        certified=certified is not None,
        void=closing.void,
    )


def closing_of(core: DeskCore, record: PollRecord) -> ClosingList:
    """The verified closing list.

    Raises:
        NotClosedYet, SignatureInvalid, ContentMismatch: As ``results``.
    """
    closing = codec.decode(_closing(core, record).payload, ClosingList, limit=codec.MAX_CLOSING)
    verify(closing, ballots.definition_of(record), record.wording.definition)
    return closing


def _closing(core: DeskCore, record: PollRecord) -> dsse.Opened:
    envelope = core.require_service().closing(record.id)
    if envelope is None:
        raise NotClosedYet(record.id)
    return dsse.open_(envelope, _service_keys(core), limit=2 * codec.MAX_CLOSING)


@dataclass(frozen=True, slots=True)
class _Final:
    """The figures a result rests on."""

    totals: dict[QuestionId, dict[ChoiceCode, int]]
    tie: dict[QuestionId, ChoiceCode]
    ruling: dict[QuestionId, ChoiceCode]
    present: int | None
    silent: int


def _certified(core: DeskCore, record: PollRecord, closing: Hash) -> CertifiedResult | None:
    envelope = core.require_service().certified(record.id)
    if envelope is None:
        return None
    payload = dsse.open_(envelope, _service_keys(core), limit=2 * codec.MAX_CLOSING).payload
    certified = codec.decode(payload, CertifiedResult, limit=codec.MAX_CLOSING)
    if (certified.poll, certified.poll_def, certified.closing) != (record.id, record.wording.definition, closing):
        raise ContentMismatch(f"{record.id}: certified result of another list")
    return certified


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


def _question(record: PollRecord, definition: PollDefinition, q: QuestionId, final: _Final) -> QuestionResult:
    rule_set, counts = rules.PRESETS[definition.rules], final.totals[q]
    decided = tally(
        rule_set,
        counts,
        members=len(definition.eligible),
        present=final.present,
        tie_breaker=final.tie.get(q),
        silent=final.silent,
    )
    if decided.outcome is Outcome.NEEDS_RULING and q in final.ruling:
        sided = final.ruling[q] == rule_set.favour
        ruled = Outcome.ADOPTED if sided else Outcome.NOT_ADOPTED
        decided = structs.replace(decided, outcome=ruled, tie_broken=True)
    return QuestionResult(
        q, record.wording.text[q], counts, decided.outcome, decided.needed, explain(rule_set, decided)
    )


def _service_keys(core: DeskCore) -> dict[str, str]:
    return {role.id: role.sign for role in core.state.services}
