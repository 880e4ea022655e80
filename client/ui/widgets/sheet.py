# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sheet over the window for one short task (write a comment, confirm a binding act, read a reason).

Modal to its window, closed by its buttons or Escape. ``open()`` it; never ``exec()``, which would run a second
event loop.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QDialog, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import hbox
from client.ui.widgets.text import Label

_WIDTH = 640
_EDGE_PX = 2


class Sheet(QDialog):
    """Title, content in ``column``, buttons in ``buttons``.

    Args:
        title: Heading, and what a screen reader says; never the window's title.
        parent: Any widget of the window it belongs to.
    """

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setWindowTitle("e-Cabinet")  # the task bar names no session, no paper and no person
        self.setAccessibleName(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(min(_WIDTH, parent.window().width() - 2 * EDGE))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        outer.setSpacing(GAP * 2)
        outer.addWidget(Label(title, "title"))
        self.column = QVBoxLayout()
        self.column.setSpacing(GAP)
        outer.addLayout(self.column)
        self._slack = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        outer.addSpacerItem(self._slack)
        self.buttons = hbox()
        outer.addLayout(self.buttons)

    def showEvent(self, event: QShowEvent) -> None:
        """Height that is left over stands above the buttons, unless something inside scrolls and can use it."""
        if self.findChild(QAbstractScrollArea) is not None:
            self._slack.changeSize(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """An edge that can be seen: in the dark a sheet's ground is that of the screen under it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tokens().colours.border), _EDGE_PX))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def grow(self, height: int) -> None:
        """As high as ``height`` pixels, or as the window allows: what scrolls inside takes the rest."""
        window = self.parentWidget()  # never kept: the last hold on it would go while it deletes this sheet
        assert window is not None
        self.resize(self.width(), min(height, window.height() - 2 * EDGE))

    def add_button(self, text: str, *, variant: str = "secondary", icon_name: str = "") -> Button:
        """Another button at the right end of the row."""
        button = Button(text, icon_name, variant=variant)
        if self.buttons.count() == 0:
            self.buttons.addStretch(1)
        self.buttons.addWidget(button)
        return button
