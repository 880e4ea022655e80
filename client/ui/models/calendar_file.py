# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions and deadlines as a calendar file (RFC 5545); folding and escaping of lines are ``icalendar``'s.

A calendar file is readable by anybody who gets it. This module only makes its bytes: whether, where and with which
words it is written is the member's own act. It never holds a paper, a note or a vote. Imported when first needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from client.clock import Millis
from client.ui.models.diary import Entry


def calendar_file(entries: Sequence[Entry], titles: Sequence[str], *, stamp: Millis) -> bytes:
    """An iCalendar file (RFC 5545).

    Args:
        entries: What it holds.
        titles: What to call each, at the same place: their own titles, or words that say nothing.
        stamp: When it is made.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//e-Cabinet//client//VI")
    calendar.add("version", "2.0")
    for entry, title in zip(entries, titles, strict=True):
        event = Event()
        event.add("uid", f"{entry.ident}@ecabinet")
        event.add("dtstamp", _utc(stamp))
        event.add("dtstart", _utc(entry.starts))
        if entry.ends > entry.starts:
            event.add("dtend", _utc(entry.ends))
        event.add("summary", title)
        if entry.place and title == entry.title:
            event.add("location", entry.place)
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _utc(at: Millis) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).replace(microsecond=0)
