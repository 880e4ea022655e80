# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a member is reminded of what: pure, from what is on the device, so that it works without a network.

Rules:
1. An occasion has a few marks before its time. Only the latest mark that has passed is said, and once: a program that
   was closed for a week does not repeat itself.
2. What is past is not reminded of; what was done (a vote, papers read) is no occasion any more.
3. Nothing is said at night. A mark of the night waits for the morning when that is early enough before the occasion,
   else it comes the evening before. The night is that of the place where the machine stands.
4. A reminder carries which kind it is and where it leads; never a title or a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from msgspec import Struct

from client.clock import Millis

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
NIGHT_BEGINS: Final = 21
NIGHT_ENDS: Final = 7
"""Hours of the clock where the machine stands; between them nothing is said."""
_EVENING: Final = 20
"""When a mark that the night would swallow is said instead."""

Local = Callable[[Millis], datetime]
"""The wall-clock time where the machine stands, with its offset."""


class ReminderKind(Enum):
    """What is reminded of."""

    BALLOT = "ballot"
    SERVED = "served"
    """A ballot that a member has not answered, on the device of that member's aide."""
    COMMENTS = "comments"
    """Comments asked for and not made."""
    SESSION = "session"
    PAPERS = "papers"
    LEASE = "lease"


class Occasion(Struct, frozen=True):
    """Something with a time that awaits the member.

    Attributes:
        subject: Id of the poll or pack it leads to; empty for the lease.
        due: When it is too late.
        pages: Pages left to read, for papers.
    """

    kind: ReminderKind
    subject: str
    due: Millis
    pages: int = 0


class Reminder(Struct, frozen=True):
    """One mark of an occasion.

    Attributes:
        at: When it is to be said.
        mark: Which of the occasion's marks, the earliest first.
    """

    occasion: Occasion
    at: Millis
    mark: int

    @property
    def key(self) -> str:
        """The same for the same mark of the same occasion; another when the time was moved."""
        return f"{self.occasion.kind.value}:{self.occasion.subject}:{self.occasion.due}:{self.mark}"


_BEFORE: Final[dict[ReminderKind, tuple[int, ...]]] = {
    ReminderKind.BALLOT: (DAY_MS, 2 * HOUR_MS),
    ReminderKind.SERVED: (DAY_MS, 2 * HOUR_MS),
    ReminderKind.COMMENTS: (DAY_MS, 2 * HOUR_MS),
    ReminderKind.SESSION: (HOUR_MS // 2,),
    ReminderKind.PAPERS: (),
    ReminderKind.LEASE: (3 * DAY_MS, DAY_MS),
}
"""Milliseconds before the occasion."""
_MORNINGS: Final[dict[ReminderKind, tuple[int, ...]]] = {
    ReminderKind.BALLOT: (),
    ReminderKind.SERVED: (),
    ReminderKind.COMMENTS: (),
    ReminderKind.SESSION: (0,),
    ReminderKind.PAPERS: (3, 1),
    ReminderKind.LEASE: (),
}
"""At the end of the night, this many days before the day of the occasion."""


def is_night(at: Millis, local: Local) -> bool:
    """Whether nothing may be said now."""
    return not NIGHT_ENDS <= local(at).hour < NIGHT_BEGINS


def schedule(occasions: Iterable[Occasion], now: Millis, local: Local) -> tuple[Reminder, ...]:
    """Every mark of what is still to come, by time; marks already past are among them."""
    found = [reminder for occasion in occasions if occasion.due > now for reminder in _marks(occasion, local)]
    return tuple(sorted(found, key=lambda reminder: (reminder.at, reminder.key)))


def in_force(plan: Iterable[Reminder], now: Millis) -> tuple[Reminder, ...]:
    """Of each occasion the latest mark that has passed, the most urgent occasion first (rule 1)."""
    latest: dict[Occasion, Reminder] = {}
    for reminder in plan:
        if reminder.at <= now < reminder.occasion.due:
            latest[reminder.occasion] = reminder
    order = list(ReminderKind)
    return tuple(sorted(latest.values(), key=lambda each: (each.occasion.due, order.index(each.occasion.kind))))


def fresh(reminders: Iterable[Reminder], said: frozenset[str]) -> tuple[Reminder, ...]:
    """Those that were not said before."""
    return tuple(reminder for reminder in reminders if reminder.key not in said)


def next_change(plan: Iterable[Reminder], now: Millis) -> Millis | None:
    """When to look again: the next mark, or the end of an occasion that is in force; None for never."""
    marks = [reminder.at for reminder in plan if reminder.at > now]
    ends = [reminder.occasion.due for reminder in plan if reminder.occasion.due > now]
    return min((*marks, *ends), default=None)


def _marks(occasion: Occasion, local: Local) -> list[Reminder]:
    day = local(occasion.due)
    wanted = [_millis(day - timedelta(days=days), NIGHT_ENDS) for days in _MORNINGS[occasion.kind]]
    wanted += [Millis(occasion.due - before) for before in _BEFORE[occasion.kind]]
    times = sorted({_by_day(at, occasion.due, local) for at in wanted})
    return [Reminder(occasion, at, mark) for mark, at in enumerate(times) if at < occasion.due]


def _by_day(at: Millis, due: Millis, local: Local) -> Millis:
    """Rule 3."""
    if not is_night(at, local):
        return at if at < due else _evening_before(due, local)
    there = local(at)
    morning = _millis(there + timedelta(days=there.hour >= NIGHT_BEGINS), NIGHT_ENDS)
    return morning if morning + HOUR_MS <= due else _evening_before(at, local)


def _evening_before(at: Millis, local: Local) -> Millis:
    """The last evening that had begun by then."""
    there = local(at)
    return _millis(there - timedelta(days=there.hour < _EVENING), _EVENING)


def _millis(day: datetime, hour: int) -> Millis:
    return Millis(round(day.replace(hour=hour, minute=0, second=0, microsecond=0).timestamp() * 1000))
