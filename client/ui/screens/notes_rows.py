# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of the list of notes: the member's own with who reads them, and what others shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, TextNote
from client.domain.ids import MemberId, PaperId
from client.domain.people import Person
from client.domain.sharing import Reader, Stage
from client.store.note_list import ListedGuest, PaperNotes
from client.ui import people_words, words
from client.ui.i18n import tr
from client.ui.screens.changes_words import marks_name
from client.ui.theme.tokens import Tone
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import Part, ScrollColumn
from client.ui.widgets.list_rows import Row
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import IconLabel

_HEIGHT = 420

ICONS: dict[type[Annotation], str] = {
    Highlight: "highlighter", TextNote: "note", InkStroke: "pen", Bookmark: "bookmark",
}  # fmt: skip


class Whose(Enum):
    """Whose notes."""

    ALL = "all"
    MINE = "mine"
    SHARED = "shared"
    RECEIVED = "received"
    HIDDEN = "hidden"


def whose_choice() -> Segmented[Whose]:
    """The control that narrows the list."""
    return Segmented(
        tr("Của ai"),
        (
            (Whose.ALL, tr("Mọi người")),
            (Whose.MINE, tr("Riêng tôi")),
            (Whose.SHARED, tr("Tôi chia sẻ")),
            (Whose.RECEIVED, tr("Được chia sẻ")),
            (Whose.HIDDEN, tr("Đã ẩn")),
        ),
        Whose.ALL,
    )


def reader_chips(readers: Sequence[Reader], people: Mapping[MemberId, Person]) -> list[Chip]:
    """With whom a note is shared and how far that has come; one chip for each stage."""
    chips = []
    looks = {
        Stage.ARRIVED: (tr("Đã đến máy của {names}"), Tone.OK, "check"),
        Stage.SENT: (tr("Đã gửi {names}, chưa có xác nhận"), Tone.NEUTRAL, "people"),
        Stage.WAITING: (tr("Chờ gửi {names}"), Tone.WARNING, "clock"),
        Stage.WITHDRAWING: (tr("Chờ thu lại của {names}"), Tone.WARNING, "clock"),
    }
    for stage, (text, tone, icon_name) in looks.items():
        there = [people.get(one.member) or Person(one.member, one.member, "") for one in readers if one.stage is stage]
        if not there:
            continue
        names = ", ".join(people_words.plain_name(one.name) for one in people_words.in_order(there))
        waits = stage is Stage.WAITING and not any(one.reachable for one in there)
        said = tr("Chờ {names} có thiết bị") if waits else text
        chips.append(Chip(said.format(names=names), tone, icon_name))
    return chips


def guest_groups(guests: Sequence[ListedGuest]) -> list[tuple[ListedGuest, ...]]:
    """As they are listed: strokes of one author on one page of one version together, anything else alone."""
    groups: dict[object, list[ListedGuest]] = {}
    for one in guests:
        ink = isinstance(one.mark, InkStroke)
        place = (one.mark.page, one.mark.plain, one.shared.hidden) if ink else one.mark.id
        groups.setdefault((one.shared.author, place), []).append(one)
    return [tuple(group) for group in groups.values()]


def lock_mark() -> IconLabel:
    """The sign of what is one's own alone."""
    return IconLabel("lock", says=tr("Riêng tôi"))


class GuestRow(Row):
    """Something another shared: a note, or strokes of one page.

    Attributes:
        back_wanted: A hidden one is to be shown again.
    """

    back_wanted = Signal()

    def __init__(
        self, group: Sequence[ListedGuest], people: Mapping[MemberId, Person], parent: QWidget | None = None
    ) -> None:
        one = group[0]
        name = people_words.plain_name(people_words.name_of(one.shared.author, people))
        chips = [Chip(tr("{name} chia sẻ").format(name=name), Tone.INFO, "people")]
        if one.doubt:
            chips.append(Chip(tr("Chờ người viết đặt lại vị trí"), Tone.WARNING, "warning"))
        elif one.found_here:
            chips.append(Chip(tr("Máy này đặt tạm ở bản mới"), Tone.NEUTRAL, "document_changed"))
        elif not one.here:
            chips.append(Chip(tr("Ở bản khác"), Tone.NEUTRAL, "document"))
        self.back = Button(tr("Hiện lại"), "eye", variant="plain")
        super().__init__(
            marks_name([each.mark for each in group]),
            tr("Trang {n}").format(n=one.mark.page + 1),
            icon_name=ICONS[type(one.mark)],
            chips=chips,
            trailing=[self.back] if one.shared.hidden else [],
            opens=one.here or bool(one.doubt),
            parent=parent,
        )
        self.back.clicked.connect(self.back_wanted)
        self.back.setVisible(one.shared.hidden)


class PaperPick(Sheet):
    """Which paper's notes to list.

    Attributes:
        picked: A paper's id, or None for all.
    """

    picked = Signal(object)

    def __init__(self, papers: Sequence[PaperNotes], now: PaperId | None, parent: QWidget) -> None:
        super().__init__(tr("Ghi chú của tài liệu nào?"), parent)
        self.list = ScrollColumn(edge=0)
        self.list.setMinimumHeight(_HEIGHT)
        self.column.addWidget(self.list)
        entries: list[tuple[PaperId | None, str, str]] = [(None, tr("Tất cả tài liệu"), "")]
        entries += [(one.paper.id, words.paper_title(one.paper), one.session) for one in papers]
        self.list.show_parts(
            [
                Part(str(ident), (title, ident == now), lambda i=ident, t=title, n=note: self._row(i, t, n, now=now))  # type: ignore[misc]
                for ident, title, note in entries
            ]
        )
        self.add_button(tr("Để sau")).clicked.connect(self.reject)

    def _row(self, ident: PaperId | None, title: str, note: str, *, now: PaperId | None) -> Row:
        row = Row(title, note, icon_name="check" if ident == now else "document")
        row.activated.connect(lambda: self._pick(ident))
        return row

    def _pick(self, ident: PaperId | None) -> None:
        self.picked.emit(ident)
        self.accept()
