# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member is reminded of, from what home shows, and in which words: kinds and times, never a title or a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from client.clock import Millis, from_rfc3339
from client.domain.ballot import BallotKind
from client.domain.lease import Lease, LeaseState
from client.domain.reminders import Occasion, Reminder, ReminderKind
from client.domain.session import SessionKind
from client.ui import formats
from client.ui.i18n import tr
from client.ui.models.home import HomeView, is_due, vietnam_day


def occasions_of(home: HomeView, lease: Lease) -> tuple[Occasion, ...]:
    """Everything with a time that still awaits the member."""
    found: list[Occasion] = []
    for view in home.due:
        closes = view.poll.closes
        if is_due(view) and closes is not None and view.poll.kind is BallotKind.OPINION:
            found.append(Occasion(ReminderKind.BALLOT, view.poll.id, from_rfc3339(closes)))
    found += [
        Occasion(ReminderKind.SERVED, view.poll.id, from_rfc3339(view.poll.closes))
        for view in home.to_remind
        if view.poll.closes is not None
    ]
    found += [
        Occasion(ReminderKind.COMMENTS, due.pack, from_rfc3339(due.until))
        for due in home.comments
        if not due.over and due.waiting is None
    ]
    for card in home.packs:
        if card.session.kind is SessionKind.OPINION:
            continue  # its ballot is the occasion
        if not card.live:
            found.append(Occasion(ReminderKind.SESSION, card.pack, from_rfc3339(card.session.starts)))
        if card.plan is not None:
            found.append(Occasion(ReminderKind.PAPERS, card.pack, card.plan.until, card.plan.pages))
    if lease.state is LeaseState.ENDING and lease.ends is not None:
        found.append(Occasion(ReminderKind.LEASE, "", lease.ends))
    return tuple(found)


def in_words(reminder: Reminder, now: Millis) -> str:
    """The sentence inside the program, behind the PIN."""
    occasion = reminder.occasion
    match occasion.kind:
        case ReminderKind.BALLOT | ReminderKind.SERVED | ReminderKind.COMMENTS:
            return _DEADLINES[occasion.kind]().format(
                deadline=formats.deadline_moment(occasion.due), left=formats.span_left((occasion.due - now) // 1000)
            )
        case ReminderKind.SESSION if vietnam_day(occasion.due) == vietnam_day(now):
            return tr("Hôm nay có phiên họp lúc {time}.").format(
                time=formats.clock_time(formats.local(occasion.due)),
            )
        case ReminderKind.SESSION:
            return tr("Sắp có phiên họp: {time}.").format(time=formats.long_moment(occasion.due))
        case ReminderKind.PAPERS:
            return tr("Còn {n} trang tài liệu chưa đọc trước phiên họp {time}.").format(
                n=formats.number(occasion.pages), time=formats.short_moment(occasion.due)
            )
        case ReminderKind.LEASE:
            return tr("Máy tự khóa lúc {time} nếu không nối mạng và đồng bộ.").format(
                time=formats.deadline_moment(occasion.due)
            )


def outside_words(kind: ReminderKind) -> str:
    """The sentence outside the window, where anybody may see it: not even a time."""
    return _OUTSIDE[kind]()


def here(at: Millis) -> datetime:
    """The wall-clock time where this machine stands."""
    return formats.local(at).astimezone()


_DEADLINES: Final[dict[ReminderKind, Callable[[], str]]] = {
    ReminderKind.BALLOT: lambda: tr("Có phiếu chờ ý kiến của đồng chí, hạn gửi {deadline} ({left})."),
    ReminderKind.SERVED: lambda: tr("Lãnh đạo chưa cho ý kiến vào phiếu có hạn gửi {deadline} ({left})."),
    ReminderKind.COMMENTS: lambda: tr("Có hồ sơ chờ góp ý của đồng chí, hạn {deadline} ({left})."),
}
_OUTSIDE: Final[dict[ReminderKind, Callable[[], str]]] = {
    ReminderKind.BALLOT: lambda: tr("Có phiếu chờ ý kiến sắp hết hạn."),
    ReminderKind.SERVED: lambda: tr("Có phiếu sắp hết hạn cần nhắc."),
    ReminderKind.COMMENTS: lambda: tr("Có hồ sơ sắp hết hạn góp ý."),
    ReminderKind.SESSION: lambda: tr("Sắp có phiên họp."),
    ReminderKind.PAPERS: lambda: tr("Có tài liệu cần đọc trước phiên họp."),
    ReminderKind.LEASE: lambda: tr("Cần nối mạng và đồng bộ để máy không tự khóa."),
}
