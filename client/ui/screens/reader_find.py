# SPDX-License-Identifier: AGPL-3.0-or-later
"""Find in the open paper: pages from the search index, places from the page's own words; accents are optional."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from client.domain.annotation import Rect
from client.store.search import fold
from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP
from client.ui.widgets.button import ToolButton
from client.ui.widgets.text import Label
from client.viewer.highlight import line_rects
from client.viewer.messages import Word

PAUSE_MS: Final = 250
"""Search begins when typing pauses: input methods retype words."""
_TRIM: Final = ".,;:!?()[]“”\"'…-–"


def places(words: Sequence[Word], query: str) -> list[tuple[Rect, ...]]:
    """Where the words of ``query`` stand one after another on a page; the last may be a beginning.

    Nowhere one after another: wherever each stands, as the index matches pages.
    """
    wanted = [fold(part).strip(_TRIM) for part in query.split()]
    if not wanted or not all(wanted):
        return []
    have = [fold(word.text).strip(_TRIM) for word in words]
    found = []
    for at in range(len(have) - len(wanted) + 1):
        run = have[at : at + len(wanted)]
        if run[:-1] == wanted[:-1] and run[-1].startswith(wanted[-1]):
            found.append(line_rects(words[at : at + len(wanted)]))
    if not found:
        found = [line_rects([word]) for word, text in zip(words, have, strict=True) if text in wanted]
    return found


class FindBar(QFrame):
    """The field with its count.

    Attributes:
        asked: Look for this text; empty for nothing.
        step: 1 for the next page with a hit, -1 for the one before.
        closed: The member is done.
    """

    asked = Signal(str)
    step = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self.field = QLineEdit()
        self.field.setMinimumHeight(tokens().measures.touch)
        self.field.setAccessibleName(tr("Tìm trong tài liệu"))
        self.field.setPlaceholderText(tr("Tìm trong tài liệu, có dấu hoặc không dấu"))
        self.count = Label("", "note", wrap=False)
        self.before_button = ToolButton("chevron_up", tr("Trang có kết quả trước"))
        self.next_button = ToolButton("chevron_down", tr("Trang có kết quả sau"))
        self.close_button = ToolButton("close", tr("Đóng"))
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP * 2, 4, GAP, 4)
        row.setSpacing(GAP)
        row.addWidget(self.field, 1)
        for widget in (self.count, self.before_button, self.next_button, self.close_button):
            row.addWidget(widget)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self.asked.emit(self.field.text().strip()))
        self.field.textChanged.connect(lambda _: self._pause.start())
        self.field.returnPressed.connect(lambda: self.step.emit(1))
        self.before_button.clicked.connect(lambda: self.step.emit(-1))
        self.next_button.clicked.connect(lambda: self.step.emit(1))
        self.close_button.clicked.connect(self.closed)
        self.say(0, 0)
        self.hide()

    def open(self, text: str = "") -> None:
        """Show the field, ready to type; with ``text``, look for that."""
        if text:
            self.field.setText(text)
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def say(self, at: int, count: int) -> None:
        """Which of how many pages with hits is shown, from 1; 0 of 0 for none."""
        text = self.field.text().strip()
        self.count.setText(
            tr("{at} / {count} trang").format(at=at, count=count) if count else tr("Không thấy") if text else ""
        )
        self.before_button.setEnabled(count > 0)
        self.next_button.setEnabled(count > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
