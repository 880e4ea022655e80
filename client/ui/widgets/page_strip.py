# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small pictures of all pages in a strip; a dot tells that I wrote on a page.

Pictures come only for what is in sight, from the same render process and cache as the page view.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
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

from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.fonts import font
from client.ui.theme.tokens import GAP

Index = QModelIndex | QPersistentModelIndex
PictureOf = Callable[[int], QImage | None]
WIDTH: Final = 120
HEIGHT: Final = 170
_DOT: Final = 6


class _Pages(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.count = 0
        self.marked: Collection[int] = ()
        self.picture_of: PictureOf | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else self.count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        page = index.row()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            text = tr("Trang {n}").format(n=page + 1)
            return f"{text}. {tr('Có ghi chú')}" if page in self.marked else text
        return None

    def reset(self, count: int, picture_of: PictureOf | None) -> None:
        self.beginResetModel()
        self.count, self.picture_of = count, picture_of
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(WIDTH + 2 * GAP, HEIGHT + 2 * GAP + round(tokens().measures.small * 1.6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Pages)
        c, page, rect = tokens().colours, index.row(), option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        picture = model.picture_of(page) if model.picture_of is not None else None
        room = QRect(rect.x() + (rect.width() - WIDTH) // 2, rect.y() + GAP, WIDTH, HEIGHT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        sheet = room
        if picture is not None:
            size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            sheet = QRect(
                room.center().x() - size.width() // 2, room.bottom() - size.height(), size.width(), size.height()
            )
            painter.drawImage(sheet, picture)
        painter.setPen(QPen(QColor(c.primary if selected else c.border), 3 if selected else 1))
        painter.drawRect(sheet)
        if page in model.marked:
            painter.setBrush(QColor(c.danger.ink))
            painter.setPen(QPen(QColor(c.surface), 2))
            painter.drawEllipse(sheet.topRight(), _DOT, _DOT)
        painter.setPen(QColor(c.primary if selected else c.ink))
        painter.setFont(font(tokens().measures.small))
        words = QRect(rect.x(), room.bottom() + 2, rect.width(), rect.bottom() - room.bottom() - 2)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), str(page + 1))
        painter.restore()


class PageStrip(QListView):
    """The strip.

    Attributes:
        chosen: A page, from 0.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = _Pages(self)
        self.setModel(self._pages)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(tr("Trang", "thumbnails"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.activated.connect(lambda index: self.chosen.emit(index.row()))

    def open(self, count: int, picture_of: PictureOf | None) -> None:
        """Another paper; ``picture_of`` gives a page's small picture or asks for it."""
        self._pages.reset(count, picture_of)

    def set_marked(self, pages: Collection[int]) -> None:
        """Pages with marks of mine."""
        if set(pages) != set(self._pages.marked):
            self._pages.marked = frozenset(pages)
            self.viewport().update()

    def set_page(self, page: int) -> None:
        """The page being read."""
        index = self._pages.index(page, 0)
        if index.isValid() and index.row() != self.currentIndex().row():
            self.setCurrentIndex(index)

    def arrived(self, page: int) -> None:
        """A picture came, or has to be asked for again."""
        index = self._pages.index(page, 0)
        if index.isValid():
            self.update(index)
