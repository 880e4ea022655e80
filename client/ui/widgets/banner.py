# SPDX-License-Identifier: AGPL-3.0-or-later
"""A box with an icon and a sentence, in a tone; announced to screen readers when its words change."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from client.ui.announce import announce
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import RADIUS, Tone
from client.ui.widgets.layouts import set_shown
from client.ui.widgets.text import IconLabel, Label

_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.INFO: "info",
    Tone.OK: "check_circle",
    Tone.WARNING: "warning",
    Tone.DANGER: "error",
    Tone.LIVE: "live",
    Tone.PRACTICE: "edit",
}


class Banner(QWidget):
    """One sentence that stays until its cause is gone; buttons may be added to ``buttons``.

    Args:
        text: The sentence; the banner hides itself when it is empty.
        tone: What it means.
        icon_name: Instead of the tone's icon.
    """

    def __init__(
        self, text: str = "", tone: Tone = Tone.WARNING, icon_name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._icon = IconLabel("info", "ink")
        self._words = Label("", "strong")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        self.buttons = QHBoxLayout()
        row.addLayout(self.buttons)
        self.set(text, tone, icon_name)

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._words.text()

    def set(self, text: str, tone: Tone | None = None, icon_name: str = "") -> None:
        """Show another sentence; an empty one hides the banner."""
        changed = text != self._words.text()
        self._tone = tone or self._tone
        pair = tokens().colours.tone(self._tone)
        self._icon.set_icon(icon_name or _ICONS[self._tone], pair.ink)
        self._words.setText(text)
        self._words.setStyleSheet(f"color: {pair.ink};")
        self.setAccessibleName(text)
        set_shown(self, bool(text))
        self.update()
        if text and changed and self.isVisible():
            announce(self, text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of the tone."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().colours.tone(self._tone).ground))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.end()
