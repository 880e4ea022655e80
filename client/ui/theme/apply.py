# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts tokens in force and lets any widget ask for them.

Qt carries palette, font and style sheet on the application object; the tokens travel the same way, as a
property of it, so that custom paint and style sheet can never disagree. ``setColorScheme`` is not used: it
does nothing on some platforms, so the palette is ours on all of them.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from client.settings import Settings, Theme
from client.ui.theme.fonts import font, load_fonts
from client.ui.theme.qss import style_sheet
from client.ui.theme.tokens import DARK, LIGHT, Measures, Tokens

_PROPERTY = "ecabinet_tokens"


class _Carrier:
    """Wraps the tokens so that Qt's property system passes them through untouched."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens


def tokens() -> Tokens:
    """The tokens in force; the light scheme at 100 % before any were applied."""
    return in_force() or Tokens()


def in_force() -> Tokens | None:
    """The tokens that were applied, if any were."""
    app = QApplication.instance()
    carrier = app.property(_PROPERTY) if app is not None else None
    return carrier.tokens if isinstance(carrier, _Carrier) else None


def tokens_for(settings: Settings, *, system_dark: bool = False) -> Tokens:
    """The tokens that ``settings`` ask for; ``system_dark`` decides where they follow the machine."""
    dark = settings.theme is Theme.DARK or (settings.theme is Theme.SYSTEM and system_dark)
    return Tokens(DARK if dark else LIGHT, Measures(settings.text_percent))


def apply_tokens(app: QApplication, wanted: Tokens) -> None:
    """Put ``wanted`` in force for every window of ``app``; widgets get a style change event."""
    load_fonts()
    app.setProperty(_PROPERTY, _Carrier(wanted))
    app.setPalette(_palette(wanted))
    app.setFont(font(wanted.measures.body))
    app.setStyleSheet(style_sheet(wanted))


def _palette(wanted: Tokens) -> QPalette:
    c, role = wanted.colours, QPalette.ColorRole
    palette = QPalette()
    active = {
        role.Window: c.ground,
        role.WindowText: c.ink,
        role.Base: c.field,
        role.AlternateBase: c.surface,
        role.Text: c.ink,
        role.PlaceholderText: c.secondary,
        role.Button: c.surface,
        role.ButtonText: c.ink,
        role.Highlight: c.primary,
        role.HighlightedText: c.on_primary,
        role.Link: c.primary,
        role.ToolTipBase: c.surface,
        role.ToolTipText: c.ink,
    }
    for name, colour in active.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(c.disabled))
    return palette
