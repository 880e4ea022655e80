# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first minutes: three cards that say how to read, what works without a network, and how a vote is cast.

Shown once after the first unlocking, and again on wish from the settings. It can be left at any card; nothing is
lost by leaving, for the program explains itself where things are done.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from client.ui.announce import announce
from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.icons import pixmap
from client.ui.theme.tokens import GAP
from client.ui.widgets.layouts import hbox, vbox
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import IconLabel, Label

_PICTURE = 96
_DOT = 10


@dataclass(frozen=True, slots=True)
class Card:
    """One card: a picture, a title, and lines of an icon and a sentence."""

    picture: str
    title: str
    lines: tuple[tuple[str, str], ...]


def cards() -> tuple[Card, ...]:
    """The three, in the language in force."""
    return (
        Card(
            "pen",
            tr("Đọc và ghi chú như trên giấy"),
            (
                ("hand", tr("Ngón tay cuộn và phóng to trang; bút thì viết.")),
                ("highlighter", tr("Bút mực, tô sáng, ghi chú ở thanh dưới cùng. Mỗi nét được lưu ngay.")),
                ("eye_off", tr("Ghi chú và tiến độ đọc là của riêng đồng chí.")),
            ),
        ),
        Card(
            "offline",
            tr("Không có mạng vẫn làm việc được"),
            (
                ("download", tr("Tài liệu đã tải đủ thì đọc được ở mọi nơi, kể cả trên máy bay.")),
                ("outbox", tr("Việc đã làm nằm ở Chờ gửi và tự gửi khi có mạng.")),
                ("clock", tr("“Đã lưu trên máy” chưa phải là “Đã được tính”: hãy xem hạn gửi.")),
            ),
        ),
        Card(
            "vote",
            tr("Biểu quyết trong bốn bước"),
            (
                ("check", tr("Chọn: không có lựa chọn nào được đánh dấu sẵn.")),
                ("eye", tr("Xem lại toàn bộ phiếu trước khi gửi.")),
                ("signature", tr("Nhập mã PIN để ký.")),
                ("receipt", tr("Nhận biên nhận có số. Chưa có biên nhận là chưa được tính.")),
            ),
        ),
    )


class WelcomeSheet(Sheet):
    """The cards one after another.

    Args:
        parent: Any widget of the window.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Chào mừng đồng chí"), parent)
        self._cards = cards()
        self._stack = QStackedLayout()
        self.column.addLayout(self._stack)  # first: a card that stands nowhere would be a window of its own
        for card in self._cards:
            self._stack.addWidget(_card(card))
        self.dots = Dots(len(self._cards))
        self.column.addWidget(self.dots, 0, Qt.AlignmentFlag.AlignHCenter)
        self.skip = self.add_button(tr("Bỏ qua"), variant="plain")
        self.skip.clicked.connect(self.reject)
        self.back = self.add_button(tr("Trước"), icon_name="chevron_left")
        self.back.clicked.connect(lambda: self.show_card(self.index - 1))
        self.next = self.add_button(tr("Tiếp"), variant="primary")
        self.next.clicked.connect(self._on_next)
        self.show_card(0)

    @property
    def index(self) -> int:
        """Which card is shown, from 0."""
        return self._stack.currentIndex()

    def show_card(self, index: int) -> None:
        """Show a card; the last one ends with another word."""
        last = len(self._cards) - 1
        self._stack.setCurrentIndex(max(0, min(index, last)))
        self.dots.set_current(self.index)
        self.back.setEnabled(self.index > 0)
        self.skip.setVisible(self.index < last)
        text = tr("Bắt đầu") if self.index == last else tr("Tiếp")
        self.next.setText(text)
        self.next.setAccessibleName(text)
        self.next.setFocus()
        card = self._cards[self.index]
        announce(self, ". ".join((card.title, *(text for _icon, text in card.lines))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right turn the cards; Escape leaves."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.show_card(self.index + step)

    def _on_next(self) -> None:
        if self.index == len(self._cards) - 1:
            self.accept()
        else:
            self.show_card(self.index + 1)


class Dots(QWidget):
    """How many cards there are and which one this is."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._current = count, 0
        self.setFixedSize(count * _DOT * 2, _DOT)

    def set_current(self, index: int) -> None:
        """Mark one."""
        self._current = index
        self.setAccessibleName(tr("Thẻ {n} trên {all}").format(n=index + 1, all=self._count))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The current one filled, the others as rings."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens().colours.primary))
        for index in range(self._count):
            full = index == self._current
            painter.setBrush(QColor(tokens().colours.primary) if full else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(index * 2 * _DOT + _DOT / 2 + 1, 1, _DOT - 2, _DOT - 2))
        painter.end()


class Picture(QWidget):
    """A large icon on a disc."""

    def __init__(self, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon_name
        side = tokens().measures.text(_PICTURE)
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Disc, then icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().colours.selected))
        painter.drawEllipse(QRectF(self.rect()))
        side = self.width() // 2
        drawn = pixmap(self._icon, tokens().colours.primary, side, self.devicePixelRatioF())
        painter.drawPixmap(side // 2, side // 2, drawn)
        painter.end()


def _card(card: Card) -> QWidget:
    box = QWidget()
    column = vbox(spacing=GAP * 2, parent=box)
    column.setContentsMargins(0, GAP, 0, GAP)
    column.addWidget(Picture(card.picture), 0, Qt.AlignmentFlag.AlignHCenter)
    title = Label(card.title, "title")
    title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    column.addWidget(title)
    for icon_name, text in card.lines:
        row = hbox(IconLabel(icon_name, "primary"), spacing=GAP * 2)
        row.addWidget(Label(text), 1)
        column.addLayout(row)
    column.addStretch(1)
    return box
