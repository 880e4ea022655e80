# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls as the device believes them: definition, wording, status and closing list checked against each other.

Pure apart from signatures. Rules:
1. The definition is the publisher's and has exactly the hash the manifest names.
2. Every question's wording has the salted hash the definition names; neither has a question the other lacks.
3. The status is a service's, names this definition and is not older than the one believed before.
4. A state only goes forward.
5. A closing list is verified when it is about this definition, every line is of an eligible member, nobody stands
   in it twice, the totals are as many as the lines, and this member's line is a vote this member signed: the one
   that has the receipt, or one that replaced it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from client.clock import Millis, from_rfc3339
from client.crypto import dsse
from client.domain.ballot import Poll, PollState, Question, Served, ServicePollState
from client.domain.ids import ChoiceCode, Hash, MemberId, QuestionId
from client.domain.rules import RuleSet
from client.errors import ContentMismatch, SignatureInvalid
from client.protocol import codec, names
from client.protocol.http import PollAnswer
from client.protocol.messages import (
    CertifiedResult,
    ClosingList,
    CountedVote,
    MemberAnswered,
    PollDefinition,
    PollStatus,
    PollWording,
)

_POLL_LIMIT: Final = codec.MAX_POLL * 4 // 3 + codec.MAX_SMALL
_CLOSING_LIMIT: Final = codec.MAX_CLOSING * 4 // 3 + codec.MAX_SMALL
_FORWARD: Final = (
    PollState.ANNOUNCED,
    PollState.OPEN,
    PollState.CLOSING,
    PollState.CLOSED,
    PollState.RESULT_DISPUTED,
    PollState.RESULT_VERIFIED,
)


def open_definition(envelope: bytes, wording: PollWording, *, publishers: Mapping[str, str]) -> PollDefinition:
    """Rules 1 and 2.

    Raises:
        Untrusted: Not the definition that belongs to this wording.
    """
    opened = dsse.open_(envelope, publishers, limit=_POLL_LIMIT)
    definition = codec.decode(opened.payload, PollDefinition, limit=codec.MAX_POLL)
    if opened.hash != wording.definition or definition.poll != wording.id:
        raise ContentMismatch(f"{wording.id}: another definition")
    if {question.id for question in definition.questions} != wording.text.keys():
        raise ContentMismatch(f"{wording.id}: other questions")
    for question in definition.questions:
        if names.wording_hash(wording.salt, question.id, wording.text[question.id]) != question.text:
            raise ContentMismatch(f"{wording.id}: wording of {question.id}")
    return definition


def open_status(envelope: bytes, wording: PollWording, *, services: Mapping[str, str]) -> PollStatus:
    """Rule 3, but for its age.

    Raises:
        Untrusted: Not a service's word on this poll.
    """
    opened = dsse.open_(envelope, services, limit=_POLL_LIMIT)
    status = codec.decode(opened.payload, PollStatus, limit=codec.MAX_POLL)
    if status.by != opened.keyid:
        raise SignatureInvalid(f"signed by {opened.keyid}, says {status.by}")
    if status.poll != wording.id or status.poll_def != wording.definition:
        raise ContentMismatch(f"{wording.id}: status of another poll")
    return status


def open_served(envelopes: Iterable[bytes], wording: PollWording, *, services: Mapping[str, str]) -> tuple[Served, ...]:
    """What an aide is told about members served.

    Raises:
        Untrusted: Not a service's word on this poll.
    """
    found = []
    for envelope in envelopes:
        opened = dsse.open_(envelope, services, limit=_POLL_LIMIT)
        told = codec.decode(opened.payload, MemberAnswered, limit=codec.MAX_SMALL)
        if (told.by, told.poll, told.poll_def) != (opened.keyid, wording.id, wording.definition):
            raise ContentMismatch(f"{wording.id}: answer to another poll")
        found.append(Served(told.member, told.answered))
    return tuple(found)


def state_of(status: PollStatus, now: Millis) -> PollState:
    """The client's state for a service's; an open poll whose end has passed here is closing."""
    if status.state in {ServicePollState.CLOSED, ServicePollState.CERTIFIED}:
        return PollState.CLOSED
    if status.state is not ServicePollState.OPEN:
        return PollState.ANNOUNCED
    ended = status.closes is not None and from_rfc3339(status.closes) <= now
    return PollState.CLOSING if ended else PollState.OPEN


def forward(known: PollState | None, new: PollState) -> PollState:
    """Rule 4; a prolonged poll may go from closing back to open, nothing else goes back."""
    if known is None or (known is PollState.CLOSING and new is PollState.OPEN):
        return new
    return max(known, new, key=_FORWARD.index)


def join(
    answer: PollAnswer,
    wording: PollWording,
    *,
    rev: int,
    member: MemberId,
    publishers: Mapping[str, str],
    services: Mapping[str, str],
    known: Poll | None,
    rules: RuleSet | None,
    now: Millis,
) -> Poll:
    """A poll from its four parts.

    Args:
        answer: Definition and status as fetched.
        wording: From an opened manifest of revision ``rev``.
        rev: See above.
        member: For whom eligibility is asked.
        publishers: Who defines polls.
        services: Who runs them.
        known: What was believed before.
        rules: The rule set it names, if it is here.
        now: The estimate of present time.

    Raises:
        Untrusted: The parts do not belong together.
    """
    definition = open_definition(answer.definition, wording, publishers=publishers)
    status = open_status(answer.status, wording, services=services)
    state = state_of(status, now)
    if known is not None and known.definition == wording.definition:
        state = forward(known.state, state)
    return Poll(
        id=wording.id,
        kind=definition.kind,
        definition=wording.definition,
        pack=definition.pack,
        rev=rev,
        item=definition.item,
        title=wording.title,
        summary=wording.summary,
        questions=tuple(Question(each.id, wording.text[each.id], each.choices) for each in definition.questions),
        issues=wording.issues,
        eligible=member in definition.eligible,
        opens=status.opened or definition.opens,
        closes=status.closes or definition.closes,
        revote=definition.revote,
        late=definition.late,
        rules=definition.rules,
        state=state,
        closed=status.closed,
        basis=() if rules is None else rules.basis,
        block=status.block,
        certified=known is not None and known.certified,
        admitted=known is not None and known.admitted,
        openers=definition.openers,
        served=open_served(answer.served, wording, services=services),
    )


def open_closing(envelope: bytes, poll: Poll, *, services: Mapping[str, str]) -> ClosingList:
    """A service's closing list of ``poll``.

    Raises:
        Untrusted: It is not.
    """
    opened = dsse.open_(envelope, services, limit=_CLOSING_LIMIT)
    closing = codec.decode(opened.payload, ClosingList, limit=codec.MAX_CLOSING)
    if closing.by != opened.keyid:
        raise SignatureInvalid(f"signed by {opened.keyid}, says {closing.by}")
    if closing.poll != poll.id or closing.poll_def != poll.definition:
        raise ContentMismatch(f"{poll.id}: closing list of another poll")
    return closing


def open_certified(envelope: bytes, poll: Poll, *, services: Mapping[str, str]) -> CertifiedResult:
    """A service's certified result of ``poll``.

    Raises:
        Untrusted: It is not.
    """
    opened = dsse.open_(envelope, services, limit=_CLOSING_LIMIT)
    certified = codec.decode(opened.payload, CertifiedResult, limit=codec.MAX_CLOSING)
    if certified.by != opened.keyid:
        raise SignatureInvalid(f"signed by {opened.keyid}, says {certified.by}")
    if certified.poll != poll.id or certified.poll_def != poll.definition:
        raise ContentMismatch(f"{poll.id}: certified result of another poll")
    return certified


def check_certified(certified: CertifiedResult, closing: ClosingList, *, closing_hash: str) -> None:
    """A certified result may only add late votes of members who had none, and count them.

    Raises:
        ContentMismatch: It does something else.
    """
    voted = {line.member for line in closing.counted}
    added = [line.member for line in certified.admitted]
    total = len(closing.counted) + len(added)
    checks = (
        ("closing", certified.closing == closing_hash),
        ("twice", len(set(added)) == len(added) and not voted & set(added)),
        ("questions", certified.totals.keys() == closing.totals.keys()),
        ("totals", all(sum(counts.values()) == total for counts in certified.totals.values())),
        (
            "less",
            all(
                certified.totals[q].get(choice, 0) >= count
                for q, counts in closing.totals.items()
                if q in certified.totals
                for choice, count in counts.items()
            ),
        ),
    )
    failed = [name for name, holds in checks if not holds]
    if failed:
        raise ContentMismatch(f"{certified.poll}: certified {', '.join(failed)}")


class Dispute(Enum):
    """Why a closing list is not accepted."""

    NOT_ELIGIBLE = "not_eligible"
    TWICE = "twice"
    TOTALS = "totals"
    RULES = "rules"
    OWN_MISSING = "own_missing"
    OWN_FOREIGN = "own_foreign"
    OWN_OLDER = "own_older"


def judge(
    closing: ClosingList,
    definition: PollDefinition,
    *,
    member: MemberId,
    counted: Hash | None,
    mine: frozenset[Hash],
    chain: frozenset[Hash],
) -> Dispute | None:
    """Rule 5; None when the list stands.

    Args:
        closing: The list.
        definition: What was asked of whom.
        member: This member.
        counted: This device's vote that had a receipt and was not replaced here.
        mine: Statements known to be signed by this member's devices.
        chain: The vote in the member's line and those that it replaced, one after the other, as far as known.
    """
    lines = closing.counted
    codes = {question.id: {choice.code for choice in question.choices} for question in definition.questions}
    own = next((line for line in lines if line.member == member), None)
    findings = (
        (not {line.member for line in lines} <= set(definition.eligible), Dispute.NOT_ELIGIBLE),
        (len({line.member for line in lines}) != len(lines), Dispute.TWICE),
        (not _adds_up(closing, codes), Dispute.TOTALS),
        (closing.eligible != len(definition.eligible) or closing.rules != definition.rules, Dispute.RULES),
        (counted is not None and own is None, Dispute.OWN_MISSING),
        (own is not None and own.vote not in mine, Dispute.OWN_FOREIGN),
        (own is not None and counted is not None and counted not in chain, Dispute.OWN_OLDER),
    )
    return next((dispute for holds, dispute in findings if holds), None)


def own_line(closing: ClosingList, member: MemberId) -> CountedVote | None:
    """The member's line in a closing list."""
    return next((line for line in closing.counted if line.member == member), None)


def _adds_up(closing: ClosingList, codes: Mapping[QuestionId, set[ChoiceCode]]) -> bool:
    """Each question has as many answers as there are counted votes, and only of its own choices."""
    return closing.totals.keys() == codes.keys() and all(
        set(totals) <= codes[question] and sum(totals.values()) == len(closing.counted)
        for question, totals in closing.totals.items()
    )
