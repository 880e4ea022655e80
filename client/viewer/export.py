# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a member's notes goes into an exported copy, and the same as a sheet of text.

Decides: the order (by page, then from top to bottom) and what a bookmark says. Refuses: nothing; a note without
words still has its line on the sheet, so that the sheet counts like the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, Rect, TextNote
from client.domain.ids import Moment
from client.viewer.messages.marks import BandMark, Box, InkMark, Mark, NoteMark, PageMark
from client.viewer.page_shift import box_of

BOOKMARK_COLOUR = "#8A5A00"


def copy_marks(notes: Iterable[Annotation], *, bookmark: str) -> tuple[Mark, ...]:
    """Notes of one version as the render process writes them; ``bookmark`` is what one without a label says."""
    return tuple(_mark(note, bookmark) for note in in_order(notes))


def in_order(notes: Iterable[Annotation]) -> list[Annotation]:
    """By page, then from top to bottom, then by age."""
    return sorted(notes, key=lambda note: (note.page, top_of(note), note.made, note.id))


def top_of(note: Annotation) -> float:
    """Where on its page a note begins, points from the top; a bookmark belongs to the whole page."""
    match note:
        case Highlight():
            return note.rects[0].y0
        case TextNote():
            return note.at.y0
        case InkStroke():
            return box_of(note).y0
        case Bookmark():
            return -1.0


def text_sheet(
    title: str, notes: Sequence[Annotation], *, page_line: Callable[[int], str], say: Callable[[Annotation], str]
) -> str:
    """Notes as text, strokes of a page counted together by ``say``'s words.

    Args:
        title: First line.
        notes: Of one version.
        page_line: Heading of a page, which counts from 0.
        say: One note in words; strokes of a page are said once.
    """
    lines = [title, ""]
    for page, on_page in groupby(in_order(notes), key=lambda note: note.page):
        lines.append(page_line(page))
        said: list[str] = []
        for note in on_page:
            words = say(note)
            if not (isinstance(note, InkStroke) and words in said):
                said.append(words)
        lines += [f"  - {words}" for words in said]
        lines.append("")
    return "\n".join(lines)


def _mark(note: Annotation, bookmark: str) -> Mark:
    date = _pdf_date(note.made)
    match note:
        case InkStroke():
            return InkMark(page=note.page, colour=note.colour, date=date, width=note.width, points=note.points)
        case Highlight():
            text = note.quote.text if note.quote is not None else ""
            boxes = tuple(_box(rect) for rect in note.rects)
            return BandMark(
                page=note.page, colour=note.colour, date=date, underline=note.underline, boxes=boxes, text=text
            )
        case TextNote():
            return NoteMark(page=note.page, colour=note.colour, date=date, at=_box(note.at), text=note.text)
        case Bookmark():
            return PageMark(page=note.page, colour=BOOKMARK_COLOUR, date=date, text=note.label or bookmark)


def _box(rect: Rect) -> Box:
    return Box(rect.x0, rect.y0, rect.x1, rect.y1)


def _pdf_date(made: Moment) -> str:
    """``2026-11-26T01:32:00.000Z`` as ISO 32000-1, 7.9.4 writes it."""
    return "D:" + "".join(letter for letter in made[:19] if letter.isdigit()) + "Z"
