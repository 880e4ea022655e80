# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one door by which other threads reach widgets: frozen values become queued Qt signals.

Gates, engine and render host call the ``post_*`` methods on their own threads; receivers live on the GUI
thread, so Qt queues the delivery. After the bridge is gone a late post is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

if TYPE_CHECKING:
    from client.store.changes import ChangeSet


class Bridge(QObject):
    """Signals that screens listen to; all are delivered on the GUI thread.

    Attributes:
        changed: ``ChangeSet`` of a committed write.
        engine_event: One event of ``client.sync.events``.
        render_event: One event of ``client.viewer.events``.
    """

    changed = Signal(object)
    engine_event = Signal(object)
    render_event = Signal(object)

    def post_change(self, changes: ChangeSet) -> None:
        """Listener for ``Gate.subscribe``; any thread."""
        if isValid(self):
            self.changed.emit(changes)

    def post_engine_event(self, event: object) -> None:
        """Listener for ``Engine.subscribe``; any thread."""
        if isValid(self):
            self.engine_event.emit(event)

    def post_render_event(self, event: object) -> None:
        """``on_event`` of ``RenderHost``; any thread."""
        if isValid(self):
            self.render_event.emit(event)
