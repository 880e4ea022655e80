# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of a list inside a card: icon, title, second line, chips, something at the end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP
from client.ui.widgets.card import PressableFrame
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import vbox, wrapped
from client.ui.widgets.text import IconLabel, Label


class Row(PressableFrame):
    """One row; the whole of it opens what it names when ``opens`` is set.

    Args:
        title: First line, wraps.
        note: Second line, quieter, wraps; empty for none.
        icon_name: Icon at the left.
        chips: States, after the second line.
        trailing: Widgets at the right end (buttons, a time).
        opens: Whether ``activated`` means anything.
        first: The first row of a card has no line above it.
    """

    def __init__(
        self,
        title: str,
        note: str = "",
        *,
        icon_name: str = "",
        chips: Sequence[Chip] = (),
        trailing: Sequence[QWidget] = (),
        opens: bool = True,
        first: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("row", ". ".join(filter(None, (title, note, *(chip.text for chip in chips)))), parent)
        self.setProperty("first", first)
        self.setMinimumHeight(tokens().measures.tool)
        self.set_pressable(opens)
        self.line = line = QHBoxLayout(self)
        line.setContentsMargins(GAP, 10, GAP, 10)
        line.setSpacing(14)
        if icon_name:
            place = Qt.AlignmentFlag.AlignTop if note or chips else Qt.AlignmentFlag.AlignVCenter
            line.addWidget(IconLabel(icon_name), 0, place)
        self.title = Label(title)
        words = vbox(self.title, spacing=4)
        if note:
            words.addWidget(Label(note, "note"))
        if chips:
            words.addLayout(wrapped(*chips))
        line.addLayout(words, 1)
        for widget in trailing:
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


class Line(QFrame):
    """A hairline between parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "line")
        self.setFixedHeight(1)


class Section(QWidget):
    """A heading over what follows in ``column``."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = Label(title, "heading")
        self.column = vbox(self.head, spacing=GAP, parent=self)
