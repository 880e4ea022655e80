# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles ``ecabinet.exe``: a few lines of C that start the Python beside them, with icon, version and manifest."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from resources.packaging.builder.release import NAME, PUBLISHER, Release
from resources.packaging.builder.tools import need, run

_FLAGS: Final = ("-municode", "-mwindows", "-Os", "-s", "-Wall", "-Wextra", "-Werror", "-static", "-fno-ident")
_LINK: Final = "-Wl,--no-insert-timestamp,--dynamicbase,--nxcompat,--high-entropy-va"


def build(release: Release, out: Path, dll: str) -> Path:
    """Write ``ecabinet.exe`` into ``out``; the same bytes wherever it is built.

    Args:
        release: Name and version.
        out: The installation folder.
        dll: Python's library, beside the launcher.
    """
    source = release.packaging / "windows"
    words = {
        "ICON": "ecabinet.ico",
        "MANIFEST": "ecabinet.manifest",
        "NUMBERS": release.version.replace(".", ",") + ",0",
        "VERSION": release.version,
        "PRODUCT": release.product,
        "PUBLISHER": PUBLISHER,
    }
    text = (source / "launcher.rc.in").read_text("utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    made = out / f"{NAME}.exe"
    with tempfile.TemporaryDirectory(prefix="ecabinet-launcher-") as folder:
        work = Path(folder)
        for name in ("launcher.c", "ecabinet.manifest", "ecabinet.ico"):
            (work / name).write_bytes((source / name).read_bytes())
        (work / "launcher.rc").write_text(text, "utf-8")
        run(
            [need("x86_64-w64-mingw32-windres"), "launcher.rc", "launcher.res.o"],
            cwd=work,
            extra=release.reproducible(),
        )
        define = f'-DPYTHON_DLL=L"{dll}"'
        compiler = need("x86_64-w64-mingw32-gcc")
        words_of_compiler = [compiler, *_FLAGS, _LINK, define, "launcher.c", "launcher.res.o", "-o", str(made)]
        run(words_of_compiler, cwd=work, extra=release.reproducible())
    return made
