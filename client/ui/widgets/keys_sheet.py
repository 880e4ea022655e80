# SPDX-License-Identifier: AGPL-3.0-or-later
"""The help sheet of the keyboard: every combination and what it does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from client.ui.i18n import tr
from client.ui.shortcuts import shortcut_groups
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP
from client.ui.widgets.layouts import ScrollColumn
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label


class KeysSheet(Sheet):
    """Scrolls where the window is small; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Phím tắt"), parent)
        self.list = ScrollColumn(edge=0)
        self.list.setMinimumHeight(min(560, parent.window().height() - 240))
        for index, group in enumerate(shortcut_groups()):
            self.list.column.insertWidget(2 * index, Label(group.title, "heading"))
            box = QWidget()
            grid = QGridLayout(box)
            grid.setContentsMargins(0, 0, GAP, GAP)
            grid.setHorizontalSpacing(GAP * 3)
            grid.setVerticalSpacing(GAP)
            grid.setColumnMinimumWidth(0, tokens().measures.text(200))
            grid.setColumnStretch(1, 1)
            for row, shortcut in enumerate(group.shortcuts):
                keys = "  ".join(_on_the_keys(keys) for keys in shortcut.keys)
                grid.addWidget(Label(keys, "strong", wrap=False), row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(Label(shortcut.does), row, 1)
            self.list.column.insertWidget(2 * index + 1, box)
        self.column.addWidget(self.list)
        self.add_button(tr("Đóng"), variant="primary").clicked.connect(self.accept)


def _on_the_keys(keys: str) -> str:
    """As printed on the keyboard of this system."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
