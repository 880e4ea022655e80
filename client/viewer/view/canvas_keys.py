# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the keyboard does in the page view; no tool needs it except drawing, which a keyboard cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt

from client.viewer.document_state import Fit, Place
from client.viewer.view.page_place import LINE_PX
from client.viewer.view.page_window import PageWindow

Action = Callable[[PageWindow], None]
OVERLAP: Final = 0.9
"""Share of the view that one Page Down moves: the last lines stay in sight."""

_Key = Qt.Key
_PLAIN: Final[dict[Qt.Key, Action]] = {
    _Key.Key_PageDown: lambda view: _screens(view, OVERLAP),
    _Key.Key_PageUp: lambda view: _screens(view, -OVERLAP),
    _Key.Key_Space: lambda view: _screens(view, OVERLAP),
    _Key.Key_Down: lambda view: view.pan(0, LINE_PX * view.ratio),
    _Key.Key_Up: lambda view: view.pan(0, -LINE_PX * view.ratio),
    _Key.Key_Right: lambda view: view.pan(LINE_PX * view.ratio, 0),
    _Key.Key_Left: lambda view: view.pan(-LINE_PX * view.ratio, 0),
    _Key.Key_Home: lambda view: view.go_to(Place()),
    _Key.Key_End: lambda view: view.go_to_page(view.page_count - 1),
}
_CONTROL: Final[dict[Qt.Key, Action]] = {
    _Key.Key_Plus: lambda view: view.zoom_step(1),
    _Key.Key_Equal: lambda view: view.zoom_step(1),
    _Key.Key_Minus: lambda view: view.zoom_step(-1),
    _Key.Key_0: lambda view: view.set_fit(Fit.WIDTH),
    _Key.Key_R: lambda view: view.turn(),
    _Key.Key_9: lambda view: view.set_fit(Fit.PAGE),
    _Key.Key_PageDown: lambda view: view.go_to_page(view.page + view.row),
    _Key.Key_PageUp: lambda view: view.go_to_page(view.page - view.row),
    _Key.Key_Home: lambda view: view.go_to(Place()),
    _Key.Key_End: lambda view: view.go_to_page(view.page_count - 1),
}


def key_action(key: int, modifiers: Qt.KeyboardModifier) -> Action | None:
    """What a key press does to the view; None if it is not ours."""
    kept = modifiers & ~Qt.KeyboardModifier.KeypadModifier
    if kept == Qt.KeyboardModifier.ControlModifier:
        return _CONTROL.get(Qt.Key(key))
    if kept == Qt.KeyboardModifier.ShiftModifier and key == _Key.Key_Space:
        return _PLAIN[_Key.Key_PageUp]
    return _PLAIN.get(Qt.Key(key)) if kept == Qt.KeyboardModifier.NoModifier else None


def _screens(view: PageWindow, share: float) -> None:
    bar = view.verticalScrollBar()
    end = bar.maximum() if share > 0 else bar.minimum()
    if bar.value() != end or not view.turn_page(1 if share > 0 else -1):
        view.pan(0, bar.pageStep() * share)
