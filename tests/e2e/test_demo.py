# SPDX-License-Identifier: AGPL-3.0-or-later
"""``make demo`` without a display: the same program walks its screens, writes them, and exits 0."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

from tests.helpers.canaries import sightings
from tests.helpers.world import ROOT


def png_size(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_the_tour_shows_every_screen_and_leaves_nothing_in_clear(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    result = subprocess.run(
        [sys.executable, "-m", "client", "demo", "--folder", str(tmp_path / "demo"), "--tour", str(tmp_path / "shots")],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=160,
    )
    assert result.returncode == 0, result.stderr
    shots = sorted((tmp_path / "shots").glob("*.png"))
    assert len(shots) >= 24
    names = {shot.stem for shot in shots}
    assert {"10-shared-note", "10-share-with-whom"} <= names, "the aide's notes came to the member"
    assert str(tmp_path / "shots") in result.stdout
    for shot in shots:
        expected = (912, 1368) if "portrait" in shot.name else (1368, 912)
        assert png_size(shot) == expected, shot.name
        assert shot.stat().st_size > 15_000, f"{shot.name} looks empty"
    secrets = ["cơ quan chủ quản dữ liệu", "kết nối và chia sẻ dữ liệu", "%PDF-1."]
    assert sightings([tmp_path / "demo" / "profile", tmp_path / "demo" / "service" / "service"], secrets) == []
    log = (tmp_path / "demo" / "demo.log").read_text("utf-8")
    assert not any(secret in log for secret in secrets)
    assert " ERROR " not in log
    assert " WARNING " not in log


def test_reset_forgets_the_state(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "port").write_text("1")
    command = [sys.executable, "-m", "client", "demo", "--folder", str(folder), "--reset-only"]
    assert subprocess.run(command, check=False, cwd=ROOT, capture_output=True).returncode == 0
    assert not folder.exists()
