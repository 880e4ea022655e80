# SPDX-License-Identifier: AGPL-3.0-or-later
"""A month as a grid of days, Monday first; each day is a button that says what stands on it.

Arrow keys move by day and week, Page up and down by month. What stands on a day is told by an icon and in words,
never by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from client.ui import formats
from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.fonts import font
from client.ui.theme.icons import pixmap
from client.ui.theme.tokens import RADIUS_SMALL
from client.ui.widgets.text import Label

_WEEK: Final = 7
_MARKS: Final = 3
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_WEEK,
    Qt.Key.Key_Down: _WEEK,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day: an icon and the words for it."""

    icon: str
    text: str


class DayButton(QAbstractButton):
    """One day.

    Attributes:
        stepped: Days to go on by, from an arrow key.
    """

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = date.min
        self._marks: tuple[Mark, ...] = ()
        self._today = self._outside = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        side = tokens().measures.touch
        self.setMinimumSize(side, side)

    def show_day(self, day: date, marks: Sequence[Mark], *, today: bool, outside: bool) -> None:
        """Draw another day; ``outside`` for one of the month before or after."""
        self.day, self._marks, self._today, self._outside = day, tuple(marks), today, outside
        words = [formats.weekday(day), formats.short_day(day), tr("hôm nay") if today else ""]
        self.setAccessibleName(", ".join(filter(None, (*words, *(mark.text for mark in marks)))))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows are the grid's: a button would move the focus by place, past the ends of the month."""
        if Qt.Key(event.key()) in _STEPS:
            self.stepped.emit(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """A square that can be touched."""
        side = tokens().measures.tool
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, number, marks, focus."""
        c, m = tokens().colours, tokens().measures
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        edge = c.primary if self.isChecked() or self.hasFocus() or self._today else c.hairline
        width = 3 if self.hasFocus() else 2 if self.isChecked() or self._today else 1
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(c.selected if self.isChecked() or self.isDown() else c.surface))
        if self._outside:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, RADIUS_SMALL, RADIUS_SMALL)
        painter.setFont(font(m.note, QFont.Weight.DemiBold if self._today or self._marks else QFont.Weight.Normal))
        painter.setPen(QColor(c.secondary if self._outside else c.primary if self._today else c.ink))
        top = box.adjusted(0, 4, 0, -box.height() / 2 + 4) if self._marks else box
        painter.drawText(top, int(Qt.AlignmentFlag.AlignCenter), str(self.day.day))
        self._paint_marks(painter, box)
        painter.end()

    def _paint_marks(self, painter: QPainter, box: QRectF) -> None:
        side, colour = round(tokens().measures.icon * 0.7), tokens().colours.primary
        shown = self._marks[:_MARKS]
        left = box.center().x() - (side * len(shown) + 2 * (len(shown) - 1)) / 2
        for mark in shown:
            spot = QPoint(round(left), round(box.bottom() - side - 5))
            painter.drawPixmap(spot, pixmap(mark.icon, colour, side, self.devicePixelRatioF()))
            left += side + 2


class MonthGrid(QWidget):
    """Six weeks of days.

    Attributes:
        chosen: ``date`` that was pressed or reached by keys.
        turned: ``int``, months to turn (-1 or 1).
    """

    chosen = Signal(object)
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Lịch tháng"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for column, (short, long) in enumerate(weekdays()):
            head = Label(short, "small", wrap=False)
            head.setAccessibleName(long)
            head.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(head, 0, column)
        self.days = [DayButton() for _ in range(6 * _WEEK)]
        for index, button in enumerate(self.days):
            button.clicked.connect(lambda _=False, button=button: self.chosen.emit(button.day))
            button.stepped.connect(lambda days, button=button: self.chosen.emit(button.day + timedelta(days=days)))
            grid.addWidget(button, 1 + index // _WEEK, index % _WEEK)

    def show_month(
        self, days: Sequence[date], marks: Mapping[date, Sequence[Mark]], *, month: date, today: date, chosen: date
    ) -> None:
        """Draw ``days`` (42, from a Monday) of the month that ``month`` is in."""
        for button, day in zip(self.days, days, strict=True):
            button.show_day(day, marks.get(day, ()), today=day == today, outside=day.month != month.month)
            button.setChecked(day == chosen)

    def focus_day(self, day: date) -> None:
        """Put the focus on a day that is shown."""
        for button in self.days:
            if button.day == day:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Months by keys."""
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.turned.emit(-1 if key is Qt.Key.Key_PageUp else 1)
        else:
            super().keyPressEvent(event)


def weekdays() -> tuple[tuple[str, str], ...]:
    """Short and long names of the days, Monday first."""
    monday = date(2026, 11, 23)
    short = (tr("T2"), tr("T3"), tr("T4"), tr("T5"), tr("T6"), tr("T7"), tr("CN"))
    return tuple((one, formats.weekday(monday + timedelta(days=n))) for n, one in enumerate(short))
