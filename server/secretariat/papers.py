# SPDX-License-Identifier: AGPL-3.0-or-later
"""Minutes, result sheet and resolution of a closed session, from verified facts alone.

Roll, agenda, times and polls come from the service's signed state; results are recounted (``results``); conclusions
are opened with the pack's key. Nothing is invented: what was not recorded is said to be missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from client.domain.ballot import BallotKind, ServicePollState
from client.domain.ids import MemberId, Moment
from client.domain.live import ItemProgress, ItemState, Presence, SessionPhase
from client.domain.rules import Forms
from client.domain.verdict import outcome_words
from client.errors import BadInput, Text
from server.documents import session_papers, typeset
from server.documents.layout import NOTICE
from server.documents.session_papers import ItemPaper, SessionPaper, VotePaper
from server.secretariat import ballots, members, plans, results, room, rules
from server.secretariat.core import DeskCore
from server.secretariat.model import PollRecord
from server.secretariat.room import RoomView, Target
from server.secretariat.session_file import VIETNAM


class PaperName(Enum):
    """The papers a session leaves behind."""

    MINUTES = "minutes"
    RESULTS = "results"
    RESOLUTION = "resolution"


class SessionNotClosed(BadInput):
    """The session has not ended."""

    code = "user.session_open"
    title = Text("Phiên họp chưa kết thúc", "The session has not ended")
    next_step = Text("Bế mạc phiên họp trước.", "Close the session first.")


def make(core: DeskCore, wanted: str, which: PaperName) -> bytes:
    """One paper as PDF.

    Raises:
        SessionNotClosed: It has not ended.
        Untrusted: Something that it would state does not verify.
    """
    found = room.target(core, wanted)
    view = room.look(core, found.session.id)
    if view.room.phase is not SessionPhase.CLOSED or view.room.ended is None:
        raise SessionNotClosed(found.session.id)
    paper = facts(core, found, view)
    votes = [vote for item in paper.items for vote in item.votes]
    blocks = {
        PaperName.MINUTES: lambda: session_papers.minutes(paper),
        PaperName.RESULTS: lambda: session_papers.result_sheet(paper, votes),
        PaperName.RESOLUTION: lambda: session_papers.resolution(paper),
    }[which]()
    notice = NOTICE if NOTICE in paper.title or NOTICE in core.state.body else ""
    return typeset.pdf(blocks, title=paper.title, agency=paper.body, made=paper.ended, notice=notice)


def facts(core: DeskCore, found: Target, view: RoomView) -> SessionPaper:
    """Everything the papers state."""
    plan, roll = plans.plan_of(found.plan), view.room.roll
    agenda = {item.id: item for item in found.session.agenda}

    def named(*presences: Presence) -> tuple[str, ...]:
        return tuple(_name(view, entry.member) for entry in roll if entry.presence in presences)

    rule_set = rules.PRESETS[plan.rules]
    forms = rules.forms(rule_set)
    chair = "" if plan.chair is None else _name(view, plan.chair)
    secretary = next((_name(view, member) for member in plan.operators), "")
    assert view.room.ended is not None
    return SessionPaper(
        body=core.state.body.replace(NOTICE, "").strip(),
        symbol=forms.symbol,
        decision=(forms.decision, forms.decision_symbol, forms.enacting),
        member=forms.member,
        title=found.session.title.replace(NOTICE, "").strip(),
        place=found.session.place,
        begun=_local(view.room.started or view.room.ended),
        ended=_local(view.room.ended),
        chair=chair,
        signs=_signs(core, forms, plan.chair),
        secretary=secretary,
        members=len(plan.members),
        present=named(Presence.PRESENT),
        remote=named(Presence.REMOTE),
        left=tuple(
            (_name(view, entry.member), None if entry.since is None else _local(entry.since))
            for entry in roll
            if entry.presence is Presence.LEFT
        ),
        excused=named(Presence.ABSENT_APPROVED),
        absent=(
            *named(Presence.ABSENT, Presence.ABSENT_ASKED, Presence.UNKNOWN, Presence.WILL_ATTEND),
            *(f"{name} (tự điểm danh, chưa được xác nhận)" for name in named(Presence.CHECKED_IN)),
        ),
        guests=tuple(guest for item in found.session.agenda for guest in item.invited),
        items=tuple(
            _item(core, found, progress, title=agenda[progress.id].title, agency=agenda[progress.id].agency)
            for progress in view.room.items
            if progress.id in agenda and progress.state is not ItemState.WAITING
        ),
        grounds=rule_set.basis,
    )


def _item(core: DeskCore, found: Target, progress: ItemProgress, *, title: str, agency: str) -> ItemPaper:
    people = {member.id: member.name for member in core.state.members}
    polls = [
        record
        for record in found.record.polls
        if ballots.definition_of(record).item == progress.id
        and ballots.definition_of(record).kind is BallotKind.SESSION
    ]
    ref = progress.conclusion
    return ItemPaper(
        title=title.replace(NOTICE, "").strip(),
        agency=agency,
        minutes=-(-progress.spent_s // 60),
        speakers=tuple(people.get(member, member) for member in progress.spoken),
        votes=tuple(vote for record in polls for vote in _votes(core, record)),
        conclusion="" if ref is None else room.conclusion(core, found, ref, progress.id),
        without_debate=progress.state is ItemState.PASSED,
    )


def _votes(core: DeskCore, record: PollRecord) -> Sequence[VotePaper]:
    """The questions of a vote that was held and not voided."""
    if results.status(core, record.id).state not in {ServicePollState.CLOSED, ServicePollState.CERTIFIED}:
        return ()
    result, definition = results.results(core, record.id), ballots.definition_of(record)
    if result.void:
        return ()
    labels = {question.id: {choice.code: choice.vi for choice in question.choices} for question in definition.questions}
    return tuple(
        VotePaper(
            title=result.title.replace(NOTICE, "").strip(),
            question=question.text,
            counts=tuple((labels[question.q][code], count) for code, count in question.counts.items()),
            members=result.eligible,
            in_room=result.in_room,
            absent=result.absent,
            no_response=result.no_response,
            late=result.late,
            sentence=question.sentence.vi,
            article=question.sentence.article,
            outcome=outcome_words(question.outcome).vi,
            closed=_local(result.closed),
            certified=result.certified,
        )
        for question in result.questions
    )


def _name(view: RoomView, member: MemberId) -> str:
    return view.members.get(member, member)


def _signs(core: DeskCore, forms: Forms, chair: MemberId | None) -> tuple[str, ...]:
    """Authority and office above the chair's name; a chair who is not the body's head signs in the head's place."""
    body = core.state.body.replace(NOTICE, "").strip()
    authority = f"TM. {body.upper()}"
    if chair is None or chair == members.prime_minister(core.state):
        return (authority, forms.head.upper())
    return (authority, f"KT. {forms.head.upper()}", forms.deputy.upper())


def _local(at: Moment) -> datetime:
    return datetime.fromisoformat(at).astimezone(VIETNAM)
