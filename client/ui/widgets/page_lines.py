# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list of lines that lead to pages: table of contents, my notes. Any length; only what is in sight is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QScroller,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from client.ui.theme.apply import tokens
from client.ui.theme.fonts import font
from client.ui.theme.icons import pixmap
from client.ui.theme.tokens import GAP

Index = QModelIndex | QPersistentModelIndex
INDENT: Final = 18
LEVELS: Final = 4
"""Deeper entries are not moved in any further."""
_PAD: Final = 10
_LINES: Final = 2
MANY: Final = 300
"""From so many lines on all are equally high: measuring ten thousand titles would stop the window."""


class Line(Struct, frozen=True):
    """One line.

    Attributes:
        page: Where it leads, from 0; -1 for nowhere.
        title: What it says, at most two lines of it are shown.
        trailing: At the right, for example the page number.
        key: What it stands for, given back when it is pressed.
    """

    page: int
    title: str
    trailing: str = ""
    icon_name: str = ""
    level: int = 1
    key: object = None


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.title}. {line.trailing}"
        return None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = _line(index)
        measures = tokens().measures
        if isinstance(option.widget, QListView) and option.widget.uniformItemSizes():
            highest = QFontMetrics(_title_font(line)).lineSpacing() * _LINES
            return QSize(0, max(measures.touch, highest + 2 * _PAD))
        view = option.widget  # the rectangle is not known yet when sizes are asked for
        width = option.rect.width()
        if isinstance(view, QAbstractItemView):
            width = view.width() - view.verticalScrollBar().sizeHint().width()
        room = _text_room(line, width)
        metrics = QFontMetrics(_title_font(line))
        needed = metrics.boundingRect(QRect(0, 0, max(room, 40), 10_000), _WRAP, line.title).height()
        height = min(needed, _LINES * metrics.lineSpacing())
        return QSize(0, max(measures.touch, height + 2 * _PAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, c = _line(index), tokens().colours
        rect: QRect = option.rect
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(c.selected))
            painter.fillRect(QRect(rect.x(), rect.y(), 4, rect.height()), QColor(c.primary))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(c.primary), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        left = rect.x() + _PAD + INDENT * (min(line.level, LEVELS) - 1)
        if line.icon_name:
            side = measures_icon()
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(
                left, rect.y() + (rect.height() - side) // 2, pixmap(line.icon_name, c.secondary, side, ratio)
            )
            left += side + GAP
        painter.setFont(font(tokens().measures.small))
        painter.setPen(QColor(c.secondary))
        trailing = QFontMetrics(painter.font()).horizontalAdvance(line.trailing)
        painter.drawText(
            rect.adjusted(0, 0, -_PAD, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
            line.trailing,
        )
        right = rect.right() - _PAD - (trailing + GAP if line.trailing else 0)
        _paint_title(painter, line, QRect(left, rect.y() + _PAD, right - left, rect.height() - 2 * _PAD))
        painter.restore()


_WRAP: Final = int(Qt.TextFlag.TextWordWrap)


def measures_icon() -> int:
    """Side of a line's icon."""
    return tokens().measures.text(20)


def _line(index: Index) -> Line:
    model = index.model()
    assert isinstance(model, _Model)
    return model.lines[index.row()]


def _text_room(line: Line, width: int) -> int:
    trailing = QFontMetrics(font(tokens().measures.small)).horizontalAdvance(line.trailing)
    icon = measures_icon() + GAP if line.icon_name else 0
    return width - 2 * _PAD - INDENT * (min(line.level, LEVELS) - 1) - icon - (trailing + GAP if trailing else 0)


def _title_font(line: Line) -> QFont:
    weight = QFont.Weight.DemiBold if line.level == 1 and not line.icon_name else QFont.Weight.Normal
    return font(tokens().measures.note, weight)


def _paint_title(painter: QPainter, line: Line, room: QRect) -> None:
    """At most two lines; what does not fit ends in an ellipsis."""
    painter.setFont(_title_font(line))
    metrics = QFontMetrics(painter.font())
    text = line.title
    if metrics.boundingRect(QRect(0, 0, room.width(), 10_000), _WRAP, text).height() > room.height():
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(room.width() * _LINES * 0.92))
    painter.setPen(QColor(tokens().colours.ink))
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | _WRAP, text)


class PageLines(QListView):
    """The list.

    Attributes:
        chosen: The ``Line`` that was pressed or entered.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self._pages: list[int] = []
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is listed."""
        return self._model.lines

    def show_lines(self, lines: Sequence[Line]) -> None:
        """List these; the same ones again change nothing."""
        if tuple(lines) != self._model.lines:
            at = self.verticalScrollBar().value()
            self.setUniformItemSizes(len(lines) >= MANY)
            self._pages = [line.page for line in lines]
            self._model.show(lines)
            self.verticalScrollBar().setValue(at)

    def mark_page(self, page: int) -> None:
        """Select the first line that leads to ``page``, else the last one before it."""
        found = -1
        for row, leads_to in enumerate(self._pages):
            if 0 <= leads_to <= page:
                found = row
            if leads_to >= page:
                break
        if found >= 0:
            index = self._model.index(found, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self._model.lines[index.row()])
