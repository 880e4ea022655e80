# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts the windows so that the first paint comes early: render process first, then Qt, then the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from client.errors import BadInput, EcabinetError
from client.settings import Settings
from client.surroundings import LateListener, Surroundings, make_render_host

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


def run_windows(paths: ProfilePaths, policy: Policy, *, root_file: Path | None, language: str | None) -> int:
    """The program as members use it; returns when the window closes.

    Raises:
        KeystoreUnavailable: There is no safe place for the device's secret; nothing was shown or made.
    """
    from client.keys.keyring_store import OsKeyring

    around = Surroundings(keystore=OsKeyring(), policy=policy)
    root = load_root(root_file) if root_file else None
    app, _windows = open_windows(paths, around, language=language or "vi", root=root)
    return app.exec()
