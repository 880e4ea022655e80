# SPDX-License-Identifier: AGPL-3.0-or-later
"""Buttons. All can be touched (48 px and more), focused, and have a name that a screen reader says."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.icons import icon, icon_size

_ICON_GAP = 6
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Button(QPushButton):
    """A button with words.

    Args:
        text: What it does.
        icon_name: An icon before the words.
        variant: ``secondary``, ``primary`` (64 px; one on a screen), ``danger``, ``plain``, ``segment``, ``tab``.
    """

    def __init__(
        self, text: str, icon_name: str = "", *, variant: str = "secondary", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon_name
        self.setProperty("variant", variant)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        measures = tokens().measures
        self.setMinimumSize(
            measures.touch, {"primary": measures.choice, "tab": measures.tool}.get(variant, measures.touch)
        )
        self._tint()

    def set_icon(self, name: str) -> None:
        """Change the icon."""
        self._icon_name = name
        self._tint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the focus, as Space does; Qt does so in dialogs only."""
        if event.key() in _ENTER and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Tint again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        if not self._icon_name:
            return
        c, variant = tokens().colours, self.property("variant")
        colour = {"primary": c.on_primary, "danger": c.danger.ink}.get(variant, c.primary)
        side = tokens().measures.icon
        gap = _ICON_GAP if self.text() else 0
        ratio = self.devicePixelRatioF()
        self.setIcon(icon(self._icon_name, colour, side, disabled=c.disabled, ratio=ratio, gap=gap))
        self.setIconSize(icon_size(side, gap))


class ToolButton(QToolButton):
    """A toolbar button: an icon with a name (tooltip and accessible), words under it on wish.

    Args:
        icon_name: The icon.
        name: What it does, in words.
        checkable: Whether it stays pressed.
        labelled: Show the name under the icon.
    """

    def __init__(
        self,
        icon_name: str,
        name: str,
        *,
        checkable: bool = False,
        labelled: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._labelled = labelled
        self.setText(name)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextUnderIcon if labelled else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        side = tokens().measures.tool
        self.setMinimumSize(side, side)
        self.toggled.connect(self._tint)
        self._tint()

    def set_icon(self, icon_name: str, name: str = "") -> None:
        """Change the icon and, if given, the name."""
        self._icon_name = icon_name
        if name:
            self.setText(name)
            self.setToolTip(name)
            self.setAccessibleName(name)
        self._tint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the focus."""
        if event.key() in _ENTER and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Tint again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        c = tokens().colours
        colour = c.primary if self.isChecked() else c.ink
        side = tokens().measures.icon
        self.setIcon(icon(self._icon_name, colour, side, disabled=c.disabled, ratio=self.devicePixelRatioF()))
        self.setIconSize(icon_size(side))
