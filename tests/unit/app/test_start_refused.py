# SPDX-License-Identifier: AGPL-3.0-or-later
"""A start that is refused is said where somebody sees it."""

from __future__ import annotations

import pytest

from client.cli import has_screen, opens_windows


@pytest.mark.parametrize(
    ("env", "platform", "seen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen:x"}, "linux", False),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_dialog_only_where_there_is_a_screen(env: dict[str, str], platform: str, seen: bool) -> None:
    assert has_screen(env, platform) is seen


@pytest.mark.parametrize(
    ("argv", "windows"),
    [([], True), (["--language", "en"], True), (["--self-test"], False), (["doctor"], False), (["--json"], False)],
)
def test_scripts_are_answered_on_standard_error(argv: list[str], windows: bool) -> None:
    assert opens_windows(argv) is windows
