# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader's side panel: table of contents, small pages, my marks. Every line leads to its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QFrame, QStackedWidget, QVBoxLayout, QWidget

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, TextNote
from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.page_lines import Line, PageLines
from client.ui.widgets.page_strip import PageStrip, PictureOf
from client.ui.widgets.segmented import Tabs
from client.viewer.messages import OutlineEntry

_WIDTH = 300


class Tab(Enum):
    """What the panel shows."""

    OUTLINE = "outline"
    PAGES = "pages"
    NOTES = "notes"


def outline_lines(entries: Iterable[OutlineEntry]) -> list[Line]:
    """The table of contents; entries that lead nowhere are left out."""
    return [
        Line(entry.page, entry.title, str(entry.page + 1), level=entry.level) for entry in entries if entry.page >= 0
    ]


def note_lines(marks: Sequence[Annotation]) -> list[Line]:
    """My marks by page: notes and highlights one by one, the ink of a page in one line."""
    lines = []
    by_page: dict[int, list[Annotation]] = {}
    for mark in marks:
        by_page.setdefault(mark.page, []).append(mark)
    for page, here in sorted(by_page.items()):
        number = tr("tr. {n}").format(n=page + 1)
        lines += [
            Line(page, mark.label or tr("Đã đánh dấu trang"), number, "bookmark_filled", key=mark)
            for mark in here
            if isinstance(mark, Bookmark)
        ]
        for mark in here:
            if isinstance(mark, TextNote):
                lines.append(Line(page, mark.text, number, "note", key=mark))
            elif isinstance(mark, Highlight):
                text = mark.quote.text if mark.quote is not None else tr("Vùng tô sáng")
                lines.append(Line(page, text, number, "highlighter", key=mark))
        strokes = sum(isinstance(mark, InkStroke) for mark in here)
        if strokes:
            lines.append(Line(page, tr("Nét bút: {n}").format(n=strokes), number, "pen"))
    return lines


class ReaderPanel(QFrame):
    """Three tabs.

    Attributes:
        page_wanted: A page, from 0.
        mark_wanted: A mark to go to.
    """

    page_wanted = Signal(int)
    mark_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        measures = tokens().measures
        self.setFixedWidth(round(_WIDTH * (0.5 + measures.percent / 200)))
        self.tabs: Tabs[Tab] = Tabs(
            "",
            ((Tab.OUTLINE, tr("Mục lục")), (Tab.PAGES, tr("Trang", "thumbnails")), (Tab.NOTES, tr("Ghi chú"))),
            Tab.OUTLINE,
        )
        self._own: list[Line] = []
        self._guests: list[Line] = []
        self._marked: set[int] = set()
        self.outline = PageLines(tr("Mục lục"))
        self.strip = PageStrip()
        self.notes = PageLines(tr("Ghi chú"))
        self._no_outline = EmptyState("outline", tr("Không có mục lục"), tr("Xem thẻ Trang để đến từng trang."))
        self._no_notes = EmptyState("note", tr("Chưa có ghi chú"), tr("Nét bút, tô sáng và ghi chú hiện ở đây."))
        self.stack = QStackedWidget()
        for widget in (self.outline, self._no_outline, self.strip, self.notes, self._no_notes):
            self.stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(4)
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)
        self.tabs.chosen.connect(self._show_tab)
        self.outline.chosen.connect(self._line_chosen)
        self.notes.chosen.connect(self._line_chosen)
        self.strip.chosen.connect(self.page_wanted)
        self._show_tab()

    def open(self, count: int, picture_of: PictureOf | None) -> None:
        """Another paper, or none (0)."""
        self.strip.open(count, picture_of)
        self.outline.show_lines(())
        self.notes.show_lines(())
        self._own, self._guests, self._marked = [], [], set()
        self._show_tab()

    def set_outline(self, entries: Iterable[OutlineEntry]) -> None:
        """The table of contents came; a paper without one shows its pages instead."""
        lines = outline_lines(entries)
        self.outline.show_lines(lines)
        if not lines and self.tabs.value is Tab.OUTLINE:
            self.tabs.choose(Tab.PAGES)
        self._show_tab()

    def set_marks(self, marks: Sequence[Annotation]) -> None:
        """My marks changed."""
        self._own = note_lines(marks)
        self._marked = {mark.page for mark in marks}
        self._show_notes()

    def set_guests(self, lines: Sequence[Line]) -> None:
        """What others shared on this paper changed."""
        self._guests = list(lines)
        self._show_notes()

    def _show_notes(self) -> None:
        self.notes.show_lines(sorted([*self._own, *self._guests], key=lambda line: line.page))
        self.strip.set_marked(self._marked | {line.page for line in self._guests})
        self._show_tab()

    def set_page(self, page: int) -> None:
        """The page being read."""
        self.outline.mark_page(page)
        self.strip.set_page(page)

    def _show_tab(self) -> None:
        shown: dict[Tab, Callable[[], QWidget]] = {
            Tab.OUTLINE: lambda: self.outline if self.outline.lines else self._no_outline,
            Tab.PAGES: lambda: self.strip,
            Tab.NOTES: lambda: self.notes if self.notes.lines else self._no_notes,
        }
        self.stack.setCurrentWidget(shown[self.tabs.value]())

    def _line_chosen(self, line: Line) -> None:
        if line.key is not None:
            self.mark_wanted.emit(line.key)
        else:
            self.page_wanted.emit(line.page)


class PanelRoom:
    """Whether the panel stands beside the page: as the member last wanted, else only in landscape.

    Args:
        screen: Gives the panel its room.
        button: Says whether it is wanted.
    """

    def __init__(self, panel: ReaderPanel, button: QAbstractButton, screen: QWidget) -> None:
        self._panel, self._button, self._screen = panel, button, screen
        self._wanted: bool | None = None

    def want(self, wanted: bool) -> None:
        """The member said so."""
        self._wanted = wanted
        self.place(is_open=True)

    def place(self, *, is_open: bool) -> None:
        """A paper was opened or closed, or the window has another size."""
        wanted = self._screen.width() > self._screen.height() if self._wanted is None else self._wanted
        self._panel.setVisible(is_open and wanted)
        self._button.setChecked(wanted)
