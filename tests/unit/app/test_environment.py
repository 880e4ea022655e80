# SPDX-License-Identifier: AGPL-3.0-or-later
"""Traps of the machine we run on, each caught by a test rather than by a minister."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PREFLIGHT = ROOT / "resources" / "linux" / "preflight.py"


def test_pyside_gives_back_its_references_to_none() -> None:
    """PySide6 6.12.0 loses one reference to None per void call and aborts on Python 3.11 (docs/adr/0002)."""
    code = (
        "import sys\n"
        "from PySide6.QtGui import QImage, QPainter\n"
        "image = QImage(8, 8, QImage.Format.Format_RGB32)\n"
        "painter = QPainter(image)\n"
        "before = sys.getrefcount(None)\n"
        "for _ in range(1000):\n"
        "    painter.save()\n"
        "    painter.restore()\n"
        "lost = before - sys.getrefcount(None)\n"
        "painter.end()\n"
        "sys.exit(0 if lost < 100 else 1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_everything_but_the_windows_works_without_qt() -> None:
    code = (
        "import sys\n"
        "sys.modules['PySide6'] = None\n"
        "import client.core, client.selftest, client.sync.engine, client.sync.acts, client.keys.unlock\n"
        "import client.store.gate, client.viewer.host, client.viewer.ink, client.viewer.highlight\n"
    )
    result = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("code_page", ["ascii", "cp1252"])
def test_the_self_test_can_be_read_whatever_the_code_page(code_page: str, tmp_path: Path) -> None:
    """On Windows redirected output has the machine's code page, which knows no Vietnamese."""
    environment = os.environ | {"PYTHONIOENCODING": code_page, "XDG_DATA_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "client", "--self-test", "--json"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, env=environment)
    found = json.loads(done.stdout.decode("utf-8"))
    assert found["ok"], found
    assert any("ệ" in check["vi"] for check in found["checks"])


def test_preflight_is_silent_here() -> None:
    assert subprocess.run([sys.executable, PREFLIGHT], check=False).returncode == 0


def test_preflight_prints_the_lines_of_the_readme() -> None:
    code = (
        "import ctypes, runpy, sys\n"
        "def absent(name): raise OSError(name)\n"
        "ctypes.CDLL = absent\n"
        "sys.argv = ['preflight', '--windows']\n"
        f"runpy.run_path({str(PREFLIGHT)!r}, run_name='__main__')\n"
    )
    result = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert result.returncode == 2
    assert "Thiếu gói hệ thống / missing system packages" in result.stderr
    lines = [line.strip() for line in result.stderr.splitlines() if "apt-get" in line]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(lines) == 2
    for line in lines:
        assert f"    {line}\n" in readme
