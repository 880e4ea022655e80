# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the QApplication: Fusion on every platform, our fonts and tokens, the language.

Native styles are not used because application-wide style sheets break them (ux.md, section 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from client.settings import Settings, Theme
from client.ui.i18n import set_language
from client.ui.main_window import MainWindow
from client.ui.preferences import Preferences
from client.ui.theme.apply import apply_tokens, in_force, tokens_for

DESKTOP_FILE: Final = "vn.ecabinet.Client"
"""By this name Wayland finds the icon and the entry of the window: that of the file which the package installs."""

_STYLE: Final = "Fusion"


def make_application(arguments: Sequence[str], settings: Settings) -> QApplication:
    """The application object with ``settings`` in force; call once, on the main thread.

    Raises:
        EnvironmentFault: A font or translation of the installation is missing.
    """
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([*arguments, "-style", _STYLE])  # setStyle would make Python's wrapper of the style, 500 names
    app.setApplicationName("ecabinet")
    app.setApplicationDisplayName("e-Cabinet")
    app.setDesktopFileName(DESKTOP_FILE)
    app.setQuitOnLastWindowClosed(True)
    put_in_force(app, settings)
    return app


def follow(app: QApplication, preferences: Preferences, window: MainWindow) -> None:
    """From now on a changed language, text size or theme is put in force and the windows are built again."""
    look = [_look(preferences.current)]

    def on_change(settings: Settings) -> None:
        if _look(settings) != look[0]:
            look[0] = _look(settings)
            put_in_force(app, settings)
            window.rebuild()

    preferences.changed.connect(on_change)
    app.styleHints().colorSchemeChanged.connect(lambda: _follow_system(app, preferences, window))


def _look(settings: Settings) -> tuple[str, int, Theme]:
    return settings.language, settings.text_percent, settings.theme


def _follow_system(app: QApplication, preferences: Preferences, window: MainWindow) -> None:
    if preferences.current.theme is Theme.SYSTEM:
        put_in_force(app, preferences.current)
        window.rebuild()


def put_in_force(app: QApplication, settings: Settings) -> None:
    """Language, text size and theme of ``settings``; windows built before must be built again.

    What is in force already is left alone: a style sheet costs a style of every widget there is.
    """
    set_language(app, settings.language)
    dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    wanted = tokens_for(settings, system_dark=dark)
    if wanted != in_force():
        apply_tokens(app, wanted)
