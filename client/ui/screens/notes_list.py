# SPDX-License-Identifier: AGPL-3.0-or-later
"""My notes: all of a pack, or of all packs, by paper; filtered by kind and colour; a row jumps to its page.

Notes that a replacement left in doubt or behind are listed too, so that nothing written is out of sight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import groupby
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.clock import to_rfc3339
from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, TextNote
from client.domain.ids import MemberId, Moment, PaperId
from client.domain.people import Person
from client.store import carry, note_list, received
from client.store.changes import Topic
from client.store.note_list import ListedGuest, ListedNote, PaperNotes, Standing
from client.ui import words
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Changes, Navigator, Notes
from client.ui.screen import Screen
from client.ui.screens import notes_export
from client.ui.screens.changes_words import marks_name
from client.ui.screens.notes_rows import (
    ICONS,
    GuestRow,
    PaperPick,
    Whose,
    guest_groups,
    lock_mark,
    reader_chips,
    whose_choice,
)
from client.ui.screens.sharing_desk import Sharer
from client.ui.tasks import Tasks
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import FlowLayout, Part, ScrollColumn, set_shown, wrapped
from client.ui.widgets.list_rows import Row
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.text import Label
from client.viewer.export import in_order

_SWATCH: Final = 20
_GREY: Final = 40
_DARK: Final = 70
_TITLE: Final = 40
"""Letters of a paper's title on the filter."""


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
    """One row: a note, or all strokes of a page that are shared alike."""

    first: ListedNote
    rest: tuple[ListedNote, ...] = ()

    @property
    def notes(self) -> tuple[Annotation, ...]:
        """All of them."""
        return tuple(one.note for one in (self.first, *self.rest))

    @property
    def note(self) -> Annotation:
        """What it is about."""
        return self.first.note


class NotesScreen(Screen[Notes]):
    """See the module."""

    TOPICS = frozenset({Topic.PACKS, Topic.ANNOTATIONS, Topic.SHARED, Topic.TRUST})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("notes_screen")
        self.setAccessibleName(tr("Ghi chú của tôi"))
        self.view: tuple[PaperNotes, ...] | None = None
        self._colour = ""
        self._paper: PaperId | None = None
        self._sharer = Sharer(ctx, tasks, navigator, self)
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
        self.whose = whose_choice()
        self.whose.chosen.connect(self._draw)
        self.which = Button("", "filter", variant="segment")
        self.which.clicked.connect(self._ask_paper)
        self.colours = QWidget()
        self._swatches = FlowLayout(self.colours)
        self.list = ScrollColumn()
        line = QHBoxLayout()
        line.setContentsMargins(EDGE, 0, EDGE, GAP)
        line.addLayout(wrapped(self.which, self.whose, self.show_what, self.colours), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(line)
        column.addWidget(self.list, 1)

    def enter(self, route: Notes) -> None:
        """One paper's notes, if the route names it; the filter can widen that."""
        self._paper = route.paper
        super().enter(route)
        self._draw()

    def refresh(self) -> None:
        """Read again."""
        route = self.route
        if route is not None:
            self.tasks.run(
                self.ctx.record.read(lambda conn: note_list.listed(conn, route.pack)), self._show, owner=self
            )

    def _show(self, view: tuple[PaperNotes, ...]) -> None:
        if view == self.view:
            return
        self.view = view
        notes = [one for paper in view for one in paper.notes]
        count = len(notes) + sum(len(paper.guests) for paper in view)
        said = tr("{n} ghi chú trong {m} tài liệu").format(n=count, m=len(view)) if count else ""
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
        chosen = next((one.paper for one in self.view if one.paper.id == self._paper), None)
        self.which.setText(words.paper_title(chosen)[:_TITLE] if chosen is not None else tr("Tất cả tài liệu"))
        self.which.setAccessibleName(tr("Tài liệu: {name}").format(name=self.which.text()))
        parts = []
        for paper in self.view:
            if chosen is not None and paper.paper.id != chosen.id:
                continue
            lines = lines_of([one for one in paper.notes if self._wanted(one)])
            guests = tuple(one for one in paper.guests if self._wanted_guest(one))
            if lines or guests:
                parts.append(Part(paper.paper.id, (paper, lines, guests), partial(self._card, paper, lines, guests)))
        self.list.show_parts(parts or [Part("nothing", self.show_what.value, self._nothing)])

    def _wanted(self, one: ListedNote) -> bool:
        if self._colour and colour_of(one.note) != self._colour:
            return False
        whose = self.whose.value
        if whose in {Whose.RECEIVED, Whose.HIDDEN} or (
            whose is not Whose.ALL and (whose is Whose.MINE) is bool(one.readers)
        ):
            return False
        shown = self.show_what.value
        if shown is Show.DOUBTS:
            return one.standing is Standing.DOUBTFUL
        kind = _KINDS.get(shown)
        return kind is None or isinstance(one.note, kind)

    def _wanted_guest(self, one: ListedGuest) -> bool:
        whose, kind = self.whose.value, _KINDS.get(self.show_what.value)
        if self._colour or self.show_what.value is Show.DOUBTS or one.shared.hidden is not (whose is Whose.HIDDEN):
            return False
        return whose not in {Whose.MINE, Whose.SHARED} and (kind is None or isinstance(one.mark, kind))

    def _card(self, paper: PaperNotes, lines: Sequence[Line], guests: Sequence[ListedGuest]) -> Card:
        card = Card()
        export = Button(tr("Xuất ra tệp"), "export", variant="plain")
        refused = notes_export.why_not(self.ctx, paper.paper)
        export.setEnabled(not refused)
        export.setToolTip(refused)
        export.clicked.connect(partial(self._export, paper))
        share = Button(tr("Chia sẻ tất cả…"), "share", variant="plain")
        share.clicked.connect(partial(self._share, paper))
        set_shown(share, any(one.standing is Standing.HERE for one in paper.notes))
        news = Button(tr("Có gì thay đổi"), "document_changed", variant="plain")
        news.clicked.connect(lambda: self.navigator.go(Changes(paper.pack, paper.paper.id)))
        set_shown(news, paper.replaced)
        card.column.addWidget(Label(words.paper_title(paper.paper), "heading"))
        card.column.addWidget(Label(words.joined((paper.session, refused)), "note"))
        flow = FlowLayout()
        for button in (export, share, news):
            flow.addWidget(button)
        card.column.addLayout(flow)
        people = self.ctx.people()
        for line in lines:
            row = NoteRow(line, people)
            row.activated.connect(partial(self._open, paper, line))
            row.share_wanted.connect(partial(self._share_line, line))
            card.column.addWidget(row)
        for group in guest_groups(guests):
            guest = GuestRow(group, people)
            page = group[0].mark.page
            guest.activated.connect(partial(self.navigator.open_paper, paper.pack, paper.paper.id, page))
            guest.back_wanted.connect(partial(self._show_again, group))
            card.column.addWidget(guest)
        return card

    def _share(self, paper: PaperNotes) -> None:
        mine = [one.note.id for one in paper.notes if one.standing is Standing.HERE]
        what = tr("{n} ghi chú trong {name}").format(n=len(mine), name=words.paper_title(paper.paper))
        self._sharer.ask_for(mine, what)

    def _share_line(self, line: Line) -> None:
        self._sharer.ask_for([note.id for note in line.notes], marks_name(line.notes))

    def _show_again(self, group: Sequence[ListedGuest]) -> None:
        author, names = group[0].shared.author, [one.shared.body.id for one in group]
        written = self.ctx.record.write(lambda conn: received.hide(conn, author, names, hidden=False))
        self.tasks.run(written, lambda _: None, owner=self)

    def _ask_paper(self) -> None:
        sheet = PaperPick(self.view or (), self._paper, self)
        sheet.picked.connect(self._pick_paper)
        sheet.open()

    def _pick_paper(self, paper: PaperId | None) -> None:
        self._paper = paper
        self._draw()

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
        if self.whose.value is Whose.RECEIVED and self.show_what.value is Show.ALL:
            return EmptyState(
                "people", tr("Chưa ai chia sẻ gì"), tr("Ghi chú người khác chia sẻ với đồng chí hiện ở đây.")
            )
        if self.show_what.value is Show.ALL and self.whose.value is Whose.ALL and not self._colour:
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
    for _, group in groupby(ordered, key=lambda one: (one.note.page, one.standing, one.readers)):
        on_page = list(group)
        strokes = [one for one in on_page if isinstance(one.note, InkStroke)]
        lines += [Line(one) for one in on_page if not isinstance(one.note, InkStroke)]
        if strokes:
            lines.append(Line(strokes[0], tuple(strokes[1:])))
    return tuple(lines)


class NoteRow(Row):
    """What it is, the page, who reads it, and whether its place must be checked.

    Attributes:
        share_wanted: It is to be shared, or no longer.
    """

    share_wanted = Signal()

    def __init__(self, line: Line, people: Mapping[MemberId, Person], parent: QWidget | None = None) -> None:
        note = line.note
        name = marks_name(line.notes)
        chips = []
        if line.first.standing is Standing.DOUBTFUL:
            chips.append(Chip(tr("Cần kiểm tra vị trí"), Tone.WARNING, "warning"))
        elif line.first.standing is Standing.LEFT_BEHIND:
            chips.append(Chip(tr("Ở bản cũ"), Tone.NEUTRAL, "document"))
        chips += reader_chips(line.first.readers, people)
        page = tr("Trang {n}").format(n=note.page + 1)
        self.share_button = ToolButton("share", tr("Chia sẻ: {what}").format(what=name))
        private = [] if line.first.readers else [lock_mark()]
        trailing = [*private, self.share_button] if line.first.standing is Standing.HERE else private
        super().__init__(name, page, icon_name=ICONS[type(note)], chips=chips, trailing=trailing, parent=parent)
        self.share_button.clicked.connect(self.share_wanted)
        self.share_button.setVisible(line.first.standing is Standing.HERE)
