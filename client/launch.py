# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program with windows, from the application object to its end.

Before the first paint stands only what the lock screen shows. The rest follows it: what the member does not wait for
here (signals, the watching process), what opens the device in ``client.app``, which tells the whole order.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from client.build_info import program_version
from client.crash import CrashReports
from client.errors import BadInput, EcabinetError
from client.keys.late import LateKeystore
from client.settings import Settings
from client.surroundings import Surroundings
from client.watch import WATCH, Watcher, program

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from client.app import Windows
    from client.paths import ProfilePaths
    from client.policy import Policy
    from client.protocol.messages import Root


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
    from client.app import Windows
    from client.ui.application import make_application

    app = make_application(["ecabinet"], Settings(language=language))
    windows = Windows(app, paths, around, root=root, hint=hint, on_ready=on_ready)
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
        BadInput: ``root_file`` is not a trust root.
    """
    from client.ui.first_paint import FirstPaint

    around = Surroundings(keystore=LateKeystore(), policy=policy)
    reports = CrashReports(paths.crash, around.clock, program_version)
    reports.install()
    root = load_root(root_file) if root_file else None
    app, windows = open_windows(
        paths, around, language=language or policy.language or policy.suggested.language or "vi", root=root
    )
    reports.on_failure = windows.tell_failure
    watcher = Watcher(program(WATCH, *again))

    def settle() -> None:
        end_on_signals(app, windows.window.close)
        watcher.start()

    FirstPaint(windows.window, settle)
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
    import signal
    import socket

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

    make_application(["ecabinet"], Settings(language=language))
    said = f"{error.title.of(language)}. {error.next_step.of(language)}\n\n[{error}]"
    QMessageBox.critical(None, error.title.of(language), said)
