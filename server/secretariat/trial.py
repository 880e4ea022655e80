# SPDX-License-Identifier: AGPL-3.0-or-later
"""The trial report: whether the system does what it was made for, in aggregate figures only.

Time per item against its plan and against the goal of the rules (30 % shorter), papers sent in time, pages that did
not have to be printed, ballots answered before their deadline. No name, no title, no choice of anybody is in it, and
it is made from what the secretariat has anyway: what members read and when is known to nobody.
"""

from __future__ import annotations

from msgspec import Struct

from client.clock import from_rfc3339
from client.domain.ballot import ServicePollState
from client.domain.ids import Moment
from client.domain.live import ItemState, SessionPhase
from client.domain.session import SessionKind
from server.secretariat import ballots, build, plans, results, room, rules
from server.secretariat.core import DeskCore

_DAY_MS = 86_400_000


class ItemTime(Struct, frozen=True):
    """One item, by its number in its session; seconds."""

    number: int
    planned_s: int | None
    spent_s: int
    without_debate: bool


class SessionFigures(Struct, frozen=True):
    """One session that has ended.

    Attributes:
        number: Counted in the order of the sessions.
        saved_percent: By how much it was shorter than planned, over items that had a plan; None when none had.
        goal_percent: What the rules aim at.
    """

    number: int
    items: tuple[ItemTime, ...]
    planned_s: int
    spent_s: int
    saved_percent: int | None
    goal_percent: int


class TrialReport(Struct, frozen=True):
    """All sessions and ballots of this desk.

    Attributes:
        papers, papers_in_time: Papers of sessions, and those sent by the rules' number of days before.
        pages_not_printed: Pages of all papers, once for each member they were sent to.
        ballots, answers_asked, answers_in_time: Opinion ballots closed, answers they asked for and got in time.
    """

    sessions: tuple[SessionFigures, ...]
    papers: int
    papers_in_time: int
    pages_not_printed: int
    ballots: int
    answers_asked: int
    answers_in_time: int


def report(core: DeskCore) -> TrialReport:
    """The figures, from verified states and lists.

    Raises:
        ServiceError: Not all could be asked for.
        Untrusted: Something does not verify.
    """
    sessions: list[SessionFigures] = []
    papers = in_time = pages = count = asked = answered = 0
    for record in core.state.packs.values():
        manifest = build.manifest_of(record)
        if manifest.session.kind is not SessionKind.OPINION and manifest.session.id in core.state.plans:
            plan = plans.plan_of(core.state.plans[manifest.session.id])
            days = rules.PRESETS[plan.rules].run.papers_days
            sent = [paper for paper in manifest.papers if not paper.is_stub]
            papers += len(sent)
            in_time += sum(_in_time(paper.sent, manifest.session.starts, days) for paper in sent)
            pages += sum(paper.pages for paper in sent) * len(plan.members)
            figures = _session(core, manifest.session.id, len(sessions) + 1)
            if figures is not None:
                sessions.append(figures)
        for poll in record.polls:
            if ballots.definition_of(poll).kind.value != "opinion":
                continue
            state = results.status(core, poll.id).state
            if state in {ServicePollState.CLOSED, ServicePollState.CERTIFIED}:
                found = results.results(core, poll.id)
                count, asked, answered = count + 1, asked + found.eligible, answered + found.counted - found.admitted
    return TrialReport(tuple(sessions), papers, in_time, pages, count, asked, answered)


def _session(core: DeskCore, session: str, number: int) -> SessionFigures | None:
    view = room.look(core, session)
    if view.room.phase is not SessionPhase.CLOSED:
        return None
    minutes = {item.id: item.minutes for item in view.plan.items}
    items = tuple(
        ItemTime(
            number=at,
            planned_s=None if minutes.get(item.id) is None else (minutes[item.id] or 0) * 60,
            spent_s=item.spent_s,
            without_debate=item.state is ItemState.PASSED,
        )
        for at, item in enumerate(view.room.items, 1)
        if item.state is not ItemState.WAITING
    )
    planned = sum(item.planned_s or 0 for item in items)
    spent = sum(item.spent_s for item in items if item.planned_s is not None)
    saved = None if planned == 0 else round((planned - spent) * 100 / planned)
    goal = rules.PRESETS[view.plan.rules].run.time_goal_percent
    return SessionFigures(number, items, planned, sum(item.spent_s for item in items), saved, goal)


def _in_time(sent: Moment | None, starts: Moment, days: int) -> bool:
    return sent is not None and from_rfc3339(sent) <= from_rfc3339(starts) - days * _DAY_MS
