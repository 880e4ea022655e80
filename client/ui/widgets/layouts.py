# SPDX-License-Identifier: AGPL-3.0-or-later
"""Layouts: a scrolling column of comfortable width, a row that wraps, and small builders."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QElapsedTimer, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QScroller,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from client.ui.first_paint import FirstPaint
from client.ui.theme.tokens import COLUMN, EDGE, GAP

SLICE_MS: Final = 4
"""Building goes on in the next turn of the event loop after this long; showing and painting come on top."""


def is_upright(widget: QWidget) -> bool:
    """Whether the window stands upright; what a bar above leaves of it says nothing about how it is held."""
    window = widget.window()
    return window.height() > window.width()


def hbox(*widgets: QWidget | None, spacing: int = GAP, parent: QWidget | None = None) -> QHBoxLayout:
    """Widgets side by side without margins; None is a stretch."""
    row = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row


def vbox(*widgets: QWidget | None, spacing: int = GAP, parent: QWidget | None = None) -> QVBoxLayout:
    """Widgets one under another without margins; None is a stretch."""
    column = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for widget in widgets:
        if widget is None:
            column.addStretch(1)
        else:
            column.addWidget(widget)
    return column


def swap(stack: QStackedWidget, old: QWidget, new: QWidget) -> QWidget:
    """Show ``new`` in place of ``old``, which is deleted unless it is the same; returns ``new``."""
    if old is not new:
        stack.removeWidget(old)
        old.deleteLater()
        stack.addWidget(new)
    stack.setCurrentWidget(new)
    return new


def set_shown(widget: QWidget, shown: bool) -> None:
    """``setVisible`` for a widget that may have no place yet.

    Shown alone it would flash up as a window of its own and take the focus with it.
    """
    if shown and widget.parentWidget() is None:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)  # as if never hidden
    else:
        widget.setVisible(shown)


def centre_in(screen: QWidget, card: QWidget) -> None:
    """Lay ``card`` out in the middle of ``screen``; where the window is too small it scrolls."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    FirstPaint(area, lambda: _scroll_by_finger(area))
    body = QWidget()
    body.setProperty("part", "plain")
    outer = QVBoxLayout(body)
    outer.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
    outer.addStretch(1)
    outer.addLayout(hbox(None, card, None))
    outer.addStretch(1)
    area.setWidget(body)
    vbox(area, parent=screen)


def _scroll_by_finger(area: QScrollArea) -> None:
    """The viewport is Qt's own: the first such widget makes Python's wrappers of all classes it might be, 10 ms."""
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)


@runtime_checkable
class Growing(Protocol):
    """A widget of a list that is built piece by piece: each step of ``grow`` adds one."""

    def grow(self) -> Iterator[None]:
        """Add what is missing; asked for once."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One widget of a list.

    Attributes:
        key: Which one it is, unique in the list.
        value: All that it is drawn from: equal values need no new widget.
        build: Makes the widget.
    """

    key: Hashable
    value: object
    build: Callable[[], QWidget]


class _Body(QWidget):
    """As high as its rows are at its width.

    Asked without a width, wrapping words take more lines than they will: the column would scroll into nothing.
    """

    def minimumSizeHint(self) -> QSize:
        """As narrow as the rows allow; the height follows from the width."""
        return QSize(super().minimumSizeHint().width(), 0)


class ScrollColumn(QScrollArea):
    """A vertical list that scrolls with finger, wheel and keys, shown by ``show_parts``.

    Args:
        widest: Widest column in px; the rest of the width stays empty. 0 for all the width.
    """

    def __init__(self, parent: QWidget | None = None, *, widest: int = COLUMN, edge: int = EDGE) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        body = _Body()
        body.setProperty("part", "plain")
        inner = QWidget(body)
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        if widest:
            inner.setMaximumWidth(widest)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GAP + 4)
        self._edge = edge
        self._outer = outer = QHBoxLayout(body)
        outer.setContentsMargins(edge, 0, edge, EDGE)
        outer.addWidget(inner, 1)
        outer.addStretch(0)
        self.verticalScrollBar().rangeChanged.connect(self._keep_width)
        self.setWidget(body)
        self.column.addStretch(1)
        self._shown: dict[Hashable, tuple[object, QWidget]] = {}
        self._todo: list[tuple[int, Part]] = []
        self._growing: tuple[QWidget, Iterator[None]] | None = None
        self._instead: tuple[int, Part] | None = None
        self._next_slice = QTimer(self)
        self._next_slice.setSingleShot(True)
        self._next_slice.timeout.connect(self._build_some)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What has the focus stays in sight when the room gets less, as under an on-screen keyboard."""
        super().resizeEvent(event)
        focused = QApplication.focusWidget()
        if focused is not None and event.size().height() < event.oldSize().height() and self.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, 0, GAP)

    def _keep_width(self, _least: int, most: int) -> None:
        """The scroll bar stands in the margin: rows end at the same edge with and without one."""
        bar = self.verticalScrollBar().sizeHint().width() if most else 0
        self._outer.setContentsMargins(self._edge, 0, max(0, self._edge - bar), EDGE)

    @property
    def busy(self) -> bool:
        """Whether parts are still to be built."""
        return bool(self._todo or self._growing)

    @property
    def parts(self) -> tuple[Hashable, ...]:
        """Keys of the parts that are built."""
        return tuple(self._shown)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show ``parts`` in this order; their keys differ.

        What did not change stays as it is. The rest is built in slices of a few milliseconds, so that the GUI
        thread never stands still for a long list; what is ``Growing`` grows in sight, or out of sight where it takes
        the place of another.
        """
        wanted = {part.key for part in parts}
        self._forget_instead()
        for key in [key for key in self._shown if key not in wanted]:
            self._drop(self._shown.pop(key)[1])
        self._todo = list(enumerate(parts))
        self._build_some()

    def _build_some(self) -> None:
        started = QElapsedTimer()
        started.start()
        while self.busy:
            if self._growing is not None:
                self._grow(*self._growing)
            else:
                self._place(*self._todo.pop(0))
            if started.elapsed() >= SLICE_MS:
                break
        if self.busy:
            self._next_slice.start()

    def _grow(self, widget: QWidget, steps: Iterator[None]) -> None:
        """One more piece of what is being built."""
        if next(steps, self) is not self:
            return
        self._growing = None
        if self._instead is not None:
            (index, part), self._instead = self._instead, None
            self._insert(index, part, widget)

    def _forget_instead(self) -> None:
        """What was to take the place of another is not wanted any more."""
        if self._instead is not None and self._growing is not None:
            self._growing[0].deleteLater()
            self._growing = None
        self._instead = None

    def _place(self, index: int, part: Part) -> None:
        value, widget = self._shown.get(part.key, (None, None))
        if widget is not None and value == part.value:
            if self.column.indexOf(widget) != index:
                self.column.removeWidget(widget)
                self.column.insertWidget(index, widget)
            return
        made = part.build()
        if isinstance(made, Growing):
            self._growing = (made, made.grow())
            if widget is not None:
                self._instead = (index, part)
                return
        self._insert(index, part, made)

    def _insert(self, index: int, part: Part, made: QWidget) -> None:
        _, before = self._shown.get(part.key, (None, None))
        self.column.insertWidget(index, made)
        self._shown[part.key] = (part.value, made)
        if before is not None:
            self._hand_over_focus(before, made)
            self._drop(before)

    def _drop(self, widget: QWidget) -> None:
        if self._growing is not None and self._growing[0] is widget:
            self._growing = None
        self.column.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    @staticmethod
    def _hand_over_focus(old: QWidget, new: QWidget) -> None:
        focused = QApplication.focusWidget()
        if focused is None or not (focused is old or old.isAncestorOf(focused)):
            return
        name = focused.accessibleName()
        again = next((w for w in (new, *new.findChildren(QWidget)) if name and w.accessibleName() == name), None)
        if again is not None:
            again.setFocus()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its rows allow, any height."""
        return QSize(super().minimumSizeHint().width(), 80)


def wrapped(*widgets: QWidget) -> FlowLayout:
    """Widgets side by side, in as many lines as they need."""
    row = FlowLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row


class FlowLayout(QLayout):
    """Lays widgets in lines and wraps when a line is full; each keeps its size hint."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = GAP) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Append ``item``."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at ``index`` or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return the item at ``index``."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """None."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the lines at ``width``."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line, if there is room."""
        sizes = [item.sizeHint() for item in self._items]
        width = sum(size.width() + self._gap for size in sizes) - (self._gap if sizes else 0)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The widest item."""
        sizes = [item.minimumSize() for item in self._items]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = item.sizeHint()
            if size.width() > rect.width() and item.hasHeightForWidth():  # wraps within itself
                size = QSize(rect.width(), item.heightForWidth(rect.width()))
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, line = x + size.width() + self._gap, max(line, size.height())
        return y + line - rect.y()
