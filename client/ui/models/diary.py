# SPDX-License-Identifier: AGPL-3.0-or-later
"""A month of the member: which day holds which sessions and deadlines.

Days are days of Việt Nam; weeks start on Monday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from client.clock import Millis, from_rfc3339
from client.domain.ids import PackId, PollId
from client.domain.session import SessionKind
from client.ui.models.home import HomeView, session_end, vietnam_day

WEEK: Final = 7
WEEKS: Final = 6
"""Rows of a month: enough for any month in any year."""


class EntryKind(Enum):
    """What stands on a day."""

    SESSION = "session"
    DEADLINE = "deadline"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True)
class Entry:
    """A session, or the deadline of a ballot or of comments that await the member.

    Attributes:
        ends: Equal to ``starts`` for a deadline.
        poll: Which ballot, for a deadline.
    """

    kind: EntryKind
    title: str
    starts: Millis
    ends: Millis
    pack: PackId
    poll: PollId | None = None
    place: str = ""

    @property
    def day(self) -> date:
        """On which day it stands."""
        return vietnam_day(self.starts)

    @property
    def ident(self) -> str:
        """What tells it from every other entry, always the same."""
        return f"{self.pack}-comments" if self.kind is EntryKind.COMMENTS else self.poll or self.pack


def entries_of(home: HomeView) -> tuple[Entry, ...]:
    """Everything with a date, by time: sessions past and to come, and deadlines of ballots and comments."""
    found = [
        Entry(
            EntryKind.SESSION,
            card.session.title,
            from_rfc3339(card.session.starts),
            session_end(card.session),
            card.pack,
            place=card.session.place,
        )
        for card in home.all
        if card.session.kind is not SessionKind.OPINION
    ]
    for view in home.due:
        if view.poll.closes is not None:
            at = from_rfc3339(view.poll.closes)
            found.append(Entry(EntryKind.DEADLINE, view.poll.title, at, at, view.poll.pack, view.poll.id))
    for due in home.comments:
        if not due.over and due.waiting is None:
            at = from_rfc3339(due.until)
            found.append(Entry(EntryKind.COMMENTS, due.session.title, at, at, due.pack))
    return tuple(sorted(found, key=lambda entry: (entry.starts, entry.title)))


def month_days(first: date) -> tuple[date, ...]:
    """Six weeks from the Monday on or before the first of the month."""
    start = first.replace(day=1)
    start -= timedelta(days=start.weekday())
    return tuple(start + timedelta(days=n) for n in range(WEEK * WEEKS))


def months_later(first: date, count: int) -> date:
    """The first day of the month ``count`` months after that of ``first``; negative for before."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)
