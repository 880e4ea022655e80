# SPDX-License-Identifier: AGPL-3.0-or-later
"""Locks after some minutes without the member: watches input events, asks ``keys.lock`` when it is time."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from client.clock import Clock
from client.keys.lock import AutoLock, slept

_INPUT: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.Wheel,
    }
)
_LISTEN_MS: Final = 1_000
"""Input counts from here on: while the first screen is built thousands of events pass, and none is the member's."""
_LONGEST_MS: Final = 15_000
"""Look at the clocks at least this often: a timer does not run while the machine sleeps."""


class IdleWatch(QObject):
    """Tells when to lock.

    Attributes:
        due: No input for the time set.

    Args:
        app: Whose events count.
        clock: Both clocks are asked.
        idle_s: Seconds.
    """

    due = Signal()

    def __init__(self, app: QApplication, clock: Clock, idle_s: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app, self._clock = app, clock
        self._state = AutoLock(idle_s, clock.monotonic(), clock.now())
        self._seen = clock.monotonic(), clock.now()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._listen = QTimer(self)
        self._listen.setSingleShot(True)
        self._listen.setInterval(_LISTEN_MS)
        self._listen.timeout.connect(lambda: app.installEventFilter(self))

    def start(self, idle_s: int) -> None:
        """Watch from now on; called again when the time set changes."""
        self._app.removeEventFilter(self)
        self._state = AutoLock(idle_s, self._clock.monotonic(), self._clock.now())
        self._seen = self._clock.monotonic(), self._clock.now()
        self._listen.start()
        self._arm()

    def stop(self) -> None:
        """The program is locked: nothing to watch."""
        self._app.removeEventFilter(self)
        self._listen.stop()
        self._timer.stop()

    def look(self) -> None:
        """Emit ``due`` if it is time, else look again later."""
        monotonic, wall = self._clock.monotonic(), self._clock.now()
        passed = monotonic - self._seen[0], wall - self._seen[1]
        self._seen = monotonic, wall
        if slept(*passed) or self._state.due(monotonic, wall):
            self.stop()
            self.due.emit()
        else:
            self._arm()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note input; never stop an event."""
        if event.type() in _INPUT:
            self._state = self._state.touched(self._clock.monotonic(), self._clock.now())
        return False

    def _arm(self) -> None:
        left = self._state.remaining(self._clock.monotonic(), self._clock.now())
        self._timer.start(max(50, min(_LONGEST_MS, round(left * 1000))))
