# SPDX-License-Identifier: AGPL-3.0-or-later
"""Say exactly which Debian packages are missing, in Vietnamese and English. Standard library only.

Usage: ``python3 resources/linux/preflight.py [--windows]``; ``--windows`` also checks what showing real
windows on X11 needs. Exits 0 when nothing is missing, 2 otherwise. Shared objects are loaded rather than
looked up, because that is what Qt will do.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import sys

TESTS = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libseccomp2": "libseccomp.so.2",
}
WINDOWS = {
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
}
INSTALL = "apt-get install -y --no-install-recommends"


def loads(library: str) -> bool:
    """Whether the dynamic linker finds ``library``."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing(*, windows: bool) -> list[str]:
    """Debian packages to install, in the order of the README."""
    found = [tool for tool in ("make", "git") if shutil.which(tool) is None]
    if importlib.util.find_spec("ensurepip") is None:
        found.append("python3-venv")
    wanted = {**TESTS, **WINDOWS} if windows else TESTS
    return found + [package for package, library in wanted.items() if not loads(library)]


def main() -> int:
    """Print the line to run, or nothing."""
    if not sys.platform.startswith("linux"):
        return 0
    packages = missing(windows="--windows" in sys.argv[1:])
    if not packages:
        return 0
    print("Thiếu gói hệ thống. Chạy với quyền root / System packages are missing. Run as root:", file=sys.stderr)
    print(f"\n  {INSTALL} {' '.join(packages)}\n", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
