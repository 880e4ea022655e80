# SPDX-License-Identifier: AGPL-3.0-or-later
"""Locks before the machine sleeps and when its own lock screen comes: what the operating system tells of it.

Linux: logind's ``PrepareForSleep`` (suspend, and the lid by way of it) and the session's ``Lock``, over D-Bus. Windows:
``WM_POWERBROADCAST``. Everywhere: the application being suspended. Where nothing is told, the clocks tell afterwards
(``auto_lock``): a gap between them is a sleep.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QByteArray, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

LOGIN: Final = "org.freedesktop.login1"
MANAGER: Final = "/org/freedesktop/login1"
_WM_POWERBROADCAST: Final = 0x0218
_PBT_APMSUSPEND: Final = 0x0004
_MESSAGE_AT: Final = 8
"""Offset of ``message`` in a Windows ``MSG`` on 64 bits, after the window handle."""


class SleepWatch(QObject):
    """Tells when to lock because the machine is about to sleep or was locked.

    Attributes:
        due: Lock now.
    """

    due = Signal()

    def __init__(self, app: QGuiApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        app.applicationStateChanged.connect(self.on_state)
        self._filter: _PowerEvents | None = None
        if sys.platform == "win32":
            self._filter = _PowerEvents(self)
            app.installNativeEventFilter(self._filter)

    def listen(self, bus: QDBusConnection) -> bool:
        """Hear logind on ``bus``; whether it was subscribed. Without logind nothing ever comes.

        Args:
            bus: The system bus; tests bring their own.
        """
        if not bus.isConnected():
            return False
        session = f"{MANAGER}/session/auto"
        # The stubs ask for bytes; Qt's own macro gives text, and that is what the call takes.
        sleep, lock = cast("bytes", SLOT("on_sleep(bool)")), cast("bytes", SLOT("on_lock()"))
        slept = bus.connect(LOGIN, MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", self, sleep)
        return slept and bus.connect(LOGIN, session, f"{LOGIN}.Session", "Lock", self, lock)

    @Slot(bool)
    def on_sleep(self, begins: bool) -> None:
        """Before the sleep; the same signal comes again afterwards with False."""
        if begins:
            self.due.emit()

    @Slot()
    def on_lock(self) -> None:
        """The desktop locks."""
        self.due.emit()

    def on_state(self, state: Qt.ApplicationState) -> None:
        """The system puts the program to sleep."""
        if state is Qt.ApplicationState.ApplicationSuspended:
            self.due.emit()


def system_bus() -> QDBusConnection:
    """The machine's bus; only where logind may be on it."""
    from PySide6.QtDBus import QDBusConnection

    return QDBusConnection.systemBus()


def has_logind() -> bool:
    """Whether this machine runs systemd's login manager."""
    return sys.platform == "linux" and os.path.isdir("/run/systemd/seats")  # noqa: PTH112 - no path is built


class _PowerEvents(QAbstractNativeEventFilter):
    """Windows: the broadcast before suspend."""

    def __init__(self, watch: SleepWatch) -> None:
        super().__init__()
        self._watch = watch

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int, /) -> object:
        """Look, never stop an event."""
        if QByteArray(kind) == QByteArray(b"windows_generic_MSG") and is_suspend(int(message)):
            self._watch.due.emit()
        return False, 0


def is_suspend(address: int) -> bool:
    """Whether the ``MSG`` at ``address`` is ``WM_POWERBROADCAST`` with ``PBT_APMSUSPEND``."""
    import ctypes

    message = ctypes.c_uint32.from_address(address + _MESSAGE_AT).value
    parameter = ctypes.c_size_t.from_address(address + 2 * _MESSAGE_AT).value
    return message == _WM_POWERBROADCAST and parameter == _PBT_APMSUSPEND
