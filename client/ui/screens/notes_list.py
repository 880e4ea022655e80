# SPDX-License-Identifier: AGPL-3.0-or-later
"""My notes: all of a pack, or of all packs, by paper; filtered by kind and colour; a row jumps to its page.

Notes that a replacement left in doubt or behind are listed too, so that nothing written is out of sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import groupby
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.clock import to_rfc3339
from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, TextNote
from client.domain.ids import Moment
from client.store import carry, note_list
from client.store.changes import Topic
from client.store.note_list import ListedNote, PaperNotes, Standing
from client.ui import words
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Changes, Navigator, Notes
from client.ui.screen import Screen
from client.ui.screens import notes_export
from client.ui.screens.changes_words import mark_name
from client.ui.tasks import Tasks
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import FlowLayout, Part, ScrollColumn, hbox
from client.ui.widgets.list_rows import Row
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.text import Label
from client.viewer.export import in_order

_SWATCH: Final = 20
_GREY: Final = 40
_DARK: Final = 70


class Show(Enum):
    """Which notes."""

    ALL = "all"
    HIGHLIGHTS = "highlights"
    NOTES = "notes"
    INK = "ink"
    BOOKMARKS = "bookmarks"
    DOUBTS = "doubts"


_KINDS: Final[dict[Show, type[Annotation]]] = {
    Show.HIGHLIGHTS: Highlight,
    Show.NOTES: TextNote,
    Show.INK: InkStroke,
    Show.BOOKMARKS: Bookmark,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a note, or all strokes of a page."""

    first: ListedNote
    count: int = 1

    @property
    def note(self) -> Annotation:
        """What it is about."""
        return self.first.note


class NotesScreen(Screen[Notes]):
    """See the module."""

    TOPICS = frozenset({Topic.PACKS, Topic.ANNOTATIONS})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("notes_screen")
        self.setAccessibleName(tr("Ghi chú của tôi"))
        self.view: tuple[PaperNotes, ...] | None = None
        self._colour = ""
        self._buttons: dict[str, Button] = {}
        self.header = Header(tr("Ghi chú của tôi"), with_back=True)
        self.header.back.connect(navigator.back)
        self.show_what = Segmented(
            tr("Hiện"),
            (
                (Show.ALL, tr("Tất cả")),
                (Show.HIGHLIGHTS, tr("Tô sáng")),
                (Show.NOTES, tr("Ghi chú")),
                (Show.INK, tr("Bút mực")),
                (Show.BOOKMARKS, tr("Đánh dấu")),
                (Show.DOUBTS, tr("Cần kiểm tra")),
            ),
            Show.ALL,
        )
        self.show_what.chosen.connect(self._draw)
        self.colours = QWidget()
        self._swatches = FlowLayout(self.colours)
        self.list = ScrollColumn()
        line = QHBoxLayout()
        line.setContentsMargins(EDGE, 0, EDGE, GAP)
        flow = FlowLayout()
        flow.addWidget(self.show_what)
        flow.addWidget(self.colours)
        line.addLayout(flow, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(line)
        column.addWidget(self.list, 1)

    def refresh(self) -> None:
        """Read again."""
        route = self.route
        if route is not None:
            self.tasks.run(
                self.ctx.record.read(lambda conn: note_list.listed(conn, route.pack)), self._show, owner=self
            )

    def _show(self, view: tuple[PaperNotes, ...]) -> None:
        if self.route is not None and self.route.paper is not None:
            view = tuple(one for one in view if one.paper.id == self.route.paper)
        if view == self.view:
            return
        self.view = view
        notes = [one for paper in view for one in paper.notes]
        said = tr("{n} ghi chú trong {m} tài liệu").format(n=len(notes), m=len(view)) if notes else ""
        self.header.set(tr("Ghi chú của tôi"), said)
        self._offer_colours(sorted({colour for one in notes if (colour := colour_of(one.note))}))
        self._draw()

    def _offer_colours(self, found: Sequence[str]) -> None:
        while (item := self._swatches.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if self._colour not in found:
            self._colour = ""
        self.colours.setVisible(len(found) > 1)
        self._buttons.clear()
        for colour in found if len(found) > 1 else ():
            button = Button("", variant="segment")
            picture = QPixmap(_SWATCH, _SWATCH)
            picture.fill(QColor(colour))
            button.setIcon(QIcon(picture))
            button.setAccessibleName(tr("Chỉ màu {colour}").format(colour=colour_name(colour)))
            button.setToolTip(button.accessibleName())
            button.setCheckable(True)
            button.setChecked(colour == self._colour)
            button.toggled.connect(partial(self._choose_colour, colour))
            self._buttons[colour] = button
            self._swatches.addWidget(button)

    def _choose_colour(self, colour: str, on: bool) -> None:
        self._colour = colour if on else ""
        for other, button in self._buttons.items():
            if on and other != colour:
                button.blockSignals(True)  # choosing one is one change, not two
                button.setChecked(False)
                button.blockSignals(False)
        self._draw()

    def _draw(self) -> None:
        if self.view is None:
            return
        parts = []
        for paper in self.view:
            lines = lines_of([one for one in paper.notes if self._wanted(one)])
            if lines:
                parts.append(Part(paper.paper.id, (paper, lines), partial(self._card, paper, lines)))
        self.list.show_parts(parts or [Part("nothing", self.show_what.value, self._nothing)])

    def _wanted(self, one: ListedNote) -> bool:
        if self._colour and colour_of(one.note) != self._colour:
            return False
        shown = self.show_what.value
        if shown is Show.DOUBTS:
            return one.standing is Standing.DOUBTFUL
        kind = _KINDS.get(shown)
        return kind is None or isinstance(one.note, kind)

    def _card(self, paper: PaperNotes, lines: Sequence[Line]) -> Card:
        card = Card()
        export = Button(tr("Xuất ra tệp"), "export", variant="plain")
        refused = notes_export.why_not(self.ctx, paper.paper)
        export.setEnabled(not refused)
        export.setToolTip(refused)
        export.clicked.connect(partial(self._export, paper))
        head = hbox(spacing=GAP * 2)
        head.addWidget(Label(words.paper_title(paper.paper), "heading"), 1)
        head.addWidget(export, 0, Qt.AlignmentFlag.AlignTop)
        card.column.addLayout(head)
        card.column.addWidget(Label(words.joined((paper.session, refused)), "note"))
        for line in lines:
            row = NoteRow(line)
            row.activated.connect(partial(self._open, paper, line))
            card.column.addWidget(row)
        return card

    def _open(self, paper: PaperNotes, line: Line) -> None:
        if line.first.standing is Standing.HERE:
            self.navigator.open_paper(paper.pack, paper.paper.id, line.note.page)
            return
        carried = line.first.carried
        route = Changes(paper.pack, paper.paper.id, doubts=True)
        if line.first.standing is Standing.LEFT_BEHIND and carried is not None:
            at = Moment(to_rfc3339(self.ctx.clock.now()))
            opened = self.ctx.record.write(lambda conn: carry.reopen(conn, carried, at))
            self.tasks.run(opened, lambda _: self.navigator.go(route), owner=self)
        else:
            self.navigator.go(route)

    def _export(self, paper: PaperNotes) -> None:
        notes = [one.note for one in paper.notes if one.standing is Standing.HERE]
        sheet = notes_export.ExportSheet(self.ctx, self.tasks, self, paper=paper.paper, notes=notes)
        sheet.written.connect(lambda _path: self.navigator.announce(tr("Đã ghi tệp.")))
        sheet.open()

    def _nothing(self) -> EmptyState:
        if self.show_what.value is Show.ALL and not self._colour:
            return EmptyState(
                "note", tr("Chưa có ghi chú nào"), tr("Viết, tô sáng hoặc đánh dấu trang khi đọc tài liệu.")
            )
        return EmptyState("check_circle", tr("Không có ghi chú nào như vậy"), tr("Chọn Tất cả để xem mọi ghi chú."))


def colour_of(note: Annotation) -> str:
    """A note's colour; bookmarks have none."""
    return "" if isinstance(note, Bookmark) else note.colour


def colour_name(colour: str) -> str:
    """A colour in a word, by its hue; for those who hear the screen."""
    shade = QColor(colour)
    if shade.value() < _DARK:
        return tr("đen")
    if shade.hsvSaturation() < _GREY:
        return tr("xám")
    names = (
        (20, tr("đỏ")), (40, tr("cam")), (70, tr("vàng")), (165, tr("xanh lá")), (255, tr("xanh dương")),
        (290, tr("tím")), (335, tr("hồng")), (360, tr("đỏ")),
    )  # fmt: skip
    return next(name for end, name in names if shade.hsvHue() < end)


def lines_of(notes: Sequence[ListedNote]) -> tuple[Line, ...]:
    """Rows in the order of the pages; strokes of a page are one row."""
    standing = {one.note.id: one for one in notes}
    ordered = [standing[note.id] for note in in_order([one.note for one in notes])]
    lines: list[Line] = []
    for _, group in groupby(ordered, key=lambda one: (one.note.page, one.standing)):
        on_page = list(group)
        strokes = [one for one in on_page if isinstance(one.note, InkStroke)]
        lines += [Line(one) for one in on_page if not isinstance(one.note, InkStroke)]
        if strokes:
            lines.append(Line(strokes[0], len(strokes)))
    return tuple(lines)


class NoteRow(Row):
    """What it is, the page, and whether its place must be checked."""

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        note = line.note
        name = mark_name(note)
        if line.count > 1:
            name = tr("{what} ({n} nét)").format(what=name, n=line.count)
        chips = []
        if line.first.standing is Standing.DOUBTFUL:
            chips.append(Chip(tr("Cần kiểm tra vị trí"), Tone.WARNING, "warning"))
        elif line.first.standing is Standing.LEFT_BEHIND:
            chips.append(Chip(tr("Ở bản cũ"), Tone.NEUTRAL, "document"))
        icons = {Highlight: "highlighter", TextNote: "note", InkStroke: "pen", Bookmark: "bookmark"}
        page = tr("Trang {n}").format(n=note.page + 1)
        super().__init__(name, page, icon_name=icons[type(note)], chips=chips, parent=parent)
