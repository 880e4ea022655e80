# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts the windows so that the first paint comes early: render process first, then Qt, then the rest."""

from __future__ import annotations

import importlib
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from client.build_info import program_version
from client.crash import CrashReports
from client.errors import BadInput, EcabinetError
from client.settings import Settings
from client.surroundings import LateListener, Surroundings, make_render_host
from client.watch import WATCH, Watcher, program

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from client.app import Windows
    from client.paths import ProfilePaths
    from client.policy import Policy
    from client.protocol.messages import Root

_NEEDED_SOON: Final = ("client.core", "client.ui.workspace", "client.ui.screens.sessions", "client.ui.screens.reader")


def load_the_rest() -> None:
    """In the background, while the member types the PIN."""
    for name in _NEEDED_SOON:
        importlib.import_module(name)


def open_windows(
    paths: ProfilePaths,
    around: Surroundings,
    *,
    language: str = "vi",
    root: Root | None = None,
    hint: str = "",
    on_ready: Callable[[], None] = lambda: None,
) -> tuple[QApplication, Windows]:
    """The application and its windows, begun; the caller runs the event loop."""
    events = LateListener()
    around = replace(around, on_render=events)
    render = make_render_host(around)
    render.start()
    from client.app import Windows
    from client.ui.application import make_application

    app = make_application(["ecabinet"], msgspec.structs.replace(Settings(), language=language))
    windows = Windows(app, paths, around, render, events, root=root, hint=hint, on_ready=on_ready)
    windows.begin()
    return app, windows


def load_root(path: Path) -> Root:
    """The trust root a machine was given.

    Raises:
        BadInput: The file cannot be read or is not a root.
    """
    from client.protocol import codec
    from client.protocol.messages import Root

    try:
        return codec.decode(path.read_bytes().strip(), Root, limit=codec.MAX_SMALL)
    except (OSError, EcabinetError) as error:
        raise BadInput("root file") from error


def run_windows(
    paths: ProfilePaths, policy: Policy, *, root_file: Path | None, language: str | None, again: tuple[str, ...] = ()
) -> int:
    """The program as members use it; returns when the window closes.

    Args:
        paths: The profile's files.
        policy: The machine's.
        root_file: Trust root, for enrolment.
        language: Before the member's own choice is known.
        again: Arguments that start the program in the same way, should it die.

    Raises:
        KeystoreUnavailable: There is no safe place for the device's secret; nothing was shown or made.
    """
    from PySide6.QtCore import QTimer

    from client.keys.keyring_store import OsKeyring

    around = Surroundings(keystore=OsKeyring(), policy=policy)
    reports = CrashReports(paths.crash, around.clock, program_version)
    reports.install()
    root = load_root(root_file) if root_file else None
    app, windows = open_windows(
        paths, around, language=language or policy.language or policy.suggested.language or "vi", root=root
    )
    reports.on_failure = windows.tell_failure
    end_on_signals(app, windows.window.close)
    watcher = Watcher(program(WATCH, *again))
    QTimer.singleShot(0, watcher.start)  # after the first paint
    try:
        return app.exec()
    finally:
        watcher.farewell()
        reports.remove()


def end_on_signals(app: QApplication, close: Callable[[], object]) -> None:
    """The end of the login session closes the program in the ordinary way: what is open is saved first.

    Python runs signal handlers between its own instructions only, and the event loop executes none while it waits:
    a socket that the signal writes to wakes it.
    """
    from PySide6.QtCore import QSocketNotifier

    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda: reading.recv(64))

    def stop_listening() -> None:
        signal.set_wakeup_fd(-1)
        notifier.setEnabled(False)
        reading.close()

    app.aboutToQuit.connect(stop_listening)
    signal.set_wakeup_fd(writing.detach())
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: close())


def tell(error: EcabinetError, language: str) -> None:
    """Say in a dialog of its own why the program does not open."""
    from PySide6.QtWidgets import QMessageBox

    from client.ui.application import make_application

    make_application(["ecabinet"], msgspec.structs.replace(Settings(), language=language))
    said = f"{error.title.of(language)}. {error.next_step.of(language)}\n\n[{error}]"
    QMessageBox.critical(None, error.title.of(language), said)
