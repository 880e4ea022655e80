# SPDX-License-Identifier: AGPL-3.0-or-later
"""Print the README's apt line when a Debian package is missing, in Vietnamese and English. Standard library only.

Usage: ``python3 resources/linux/preflight.py [--windows]``; ``--windows`` also checks what showing real
windows on X11 needs. Exits 0 when nothing is missing, 2 otherwise. Shared objects are loaded rather than
looked up, because that is what Qt will do.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import sys

TOOLS = ("make", "git", "python3-venv")
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


def missing(packages: dict[str, str]) -> list[str]:
    """Those of ``packages`` whose library is not found."""
    return [package for package, library in packages.items() if not loads(library)]


def missing_tools() -> list[str]:
    """Programs of the first line that are not here."""
    found = [tool for tool in TOOLS[:-1] if shutil.which(tool) is None]
    return found + ([TOOLS[-1]] if importlib.util.find_spec("ensurepip") is None else [])


def main() -> int:
    """Print the README's line (or both) that has to be run, or nothing."""
    if not sys.platform.startswith("linux"):
        return 0
    wanted = [((*TOOLS, *TESTS), missing_tools() + missing(TESTS))]
    if "--windows" in sys.argv[1:]:
        wanted.append((tuple(WINDOWS), missing(WINDOWS)))
    wanted = [(line, absent) for line, absent in wanted if absent]
    if not wanted:
        return 0
    absent = " ".join(package for _, packages in wanted for package in packages)
    print(f"Thiếu gói hệ thống / missing system packages: {absent}", file=sys.stderr)
    print("Chạy với quyền root / run as root:\n", file=sys.stderr)
    for line, _ in wanted:
        print(f"    {INSTALL} {' '.join(line)}\n", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
