# SPDX-License-Identifier: AGPL-3.0-or-later
"""Favourite pens: three colours, three widths, shapes; three colours of highlighter, band or line. Two presses away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QWidget

from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, HIGHLIGHT_COLOURS, PEN_COLOURS
from client.ui.widgets.button import ToolButton
from client.ui.widgets.layouts import hbox
from client.viewer.shapes import Shape

PEN_WIDTHS: Final = (0.9, 1.6, 3.0)
"""Nib in points at full pressure."""


def pen_names() -> tuple[str, ...]:
    """Of ``PEN_COLOURS``, in order."""
    return tr("Mực xanh"), tr("Mực đỏ"), tr("Mực đen")


def _width_names() -> tuple[str, ...]:
    return tr("Nét mảnh"), tr("Nét vừa"), tr("Nét đậm")


def _shapes() -> tuple[tuple[Shape, str, str], ...]:
    return (
        (Shape.FREE, "free_line", tr("Viết tự do")),
        (Shape.LINE, "line", tr("Đường thẳng")),
        (Shape.RECTANGLE, "rectangle", tr("Khung chữ nhật")),
        (Shape.ELLIPSE, "ellipse", tr("Vòng khoanh")),
    )


def _highlight_names() -> tuple[str, ...]:
    return tr("Tô vàng"), tr("Tô lục"), tr("Tô hồng")


class Swatch(QAbstractButton):
    """A colour as a disc, or a width as a line; the chosen one has a ring."""

    def __init__(self, name: str, colour: str = "", width: float = 0.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour, self._width = colour, width
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        side = tokens().measures.touch
        self.setFixedSize(side, side)

    def sizeHint(self) -> QSize:
        """A square to touch."""
        return self.minimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Disc or line, ring if chosen, frame if focused."""
        c = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if self.isChecked():
            painter.setPen(QPen(QColor(c.primary), 3))
            painter.setBrush(QColor(c.selected))
            painter.drawRoundedRect(box, 8, 8)
        if self._width:
            half = box.width() * 0.3
            pen = QPen(QColor(c.ink), 1.6 * self._width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            middle = box.center()
            painter.drawLine(QPointF(middle.x() - half, middle.y()), QPointF(middle.x() + half, middle.y()))
        else:
            painter.setPen(QPen(QColor(c.border), 2))
            painter.setBrush(QColor(self._colour))
            radius = box.width() * 0.32
            painter.drawEllipse(box.center(), radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.primary), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 6, 6)
        painter.end()


class _Row(QWidget):
    """Buttons of which one is chosen."""

    chosen = Signal(int)

    def __init__(self, swatches: Sequence[QAbstractButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = hbox(*swatches, parent=self)
        row.setSpacing(GAP)
        for index, swatch in enumerate(swatches):
            self._group.addButton(swatch, index)
        self._group.idClicked.connect(self.chosen)

    def choose(self, index: int) -> None:
        """Press one without emitting."""
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)


class PenPicker(QFrame):
    """A small bar over the tools.

    Attributes:
        pen_chosen: Colour and width.
        highlighter_chosen: Colour.
        shape_chosen: A ``Shape``.
        underline_chosen: A line under the text instead of a band over it.
    """

    pen_chosen = Signal(str, float)
    highlighter_chosen = Signal(str)
    shape_chosen = Signal(object)
    underline_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self._colour, self._width = PEN_COLOURS[0], PEN_WIDTHS[1]
        self._pens = _Row([Swatch(name, one) for name, one in zip(pen_names(), PEN_COLOURS, strict=True)])
        self._widths = _Row([Swatch(name, width=one) for name, one in zip(_width_names(), PEN_WIDTHS, strict=True)])
        self._lights = _Row(
            [Swatch(name, one) for name, one in zip(_highlight_names(), HIGHLIGHT_COLOURS, strict=True)]
        )
        shapes = _shapes()
        self.shapes = _Row([ToolButton(icon, name, checkable=True) for _, icon, name in shapes])
        self.bands = _Row(
            [
                ToolButton("highlighter", tr("Tô sáng"), checkable=True),
                ToolButton("underline", tr("Gạch chân"), checkable=True),
            ]
        )
        self._line = QFrame()
        self._line.setProperty("part", "line")
        self._line.setFixedWidth(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP, GAP, GAP)
        row.setSpacing(GAP)
        for part in (self._pens, self._line, self._widths, self.shapes, self._lights, self.bands):
            row.addWidget(part)
        self._pens.chosen.connect(self._pick_colour)
        self._widths.chosen.connect(self._pick_width)
        self._lights.chosen.connect(lambda index: self.highlighter_chosen.emit(HIGHLIGHT_COLOURS[index]))
        self.shapes.chosen.connect(lambda index: self.shape_chosen.emit(shapes[index][0]))
        self.bands.chosen.connect(lambda index: self.underline_chosen.emit(index == 1))
        self.shapes.choose(0)
        self.bands.choose(0)
        self._pens.choose(0)
        self._widths.choose(1)
        self._lights.choose(0)
        self.hide()

    def offer(self, *, highlighter: bool) -> None:
        """Show the choices of one tool; again: hide them."""
        for part in (self._pens, self._line, self._widths, self.shapes):
            part.setVisible(not highlighter)
        for part in (self._lights, self.bands):
            part.setVisible(highlighter)
        self.adjustSize()
        self.show()
        self.raise_()

    def _pick_colour(self, index: int) -> None:
        self._colour = PEN_COLOURS[index]
        self.pen_chosen.emit(self._colour, self._width)

    def _pick_width(self, index: int) -> None:
        self._width = PEN_WIDTHS[index]
        self.pen_chosen.emit(self._colour, self._width)
