# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks for strings that must not be on any disk, in every encoding a leak would plausibly take."""

from __future__ import annotations

import base64
import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path

LONG_ENOUGH = 12
"""Bytes below which a base64 spelling, cut to whole groups, would be found by chance."""


def spellings(text: str) -> Iterator[bytes]:
    """``text`` as UTF-8, UTF-16, JSON escapes and base64 at each of the three alignments."""
    utf8 = text.encode()
    yield utf8
    yield text.encode("utf-16-le")
    yield text.encode("ascii", "backslashreplace")
    for shift in range(3 if len(utf8) >= LONG_ENOUGH else 0):
        encoded = base64.b64encode(b"\0" * shift + utf8)
        yield encoded[4 if shift else 0 : len(encoded) - 4]


def sightings(folders: Iterable[Path], canaries: Iterable[str]) -> list[str]:
    """Where any canary was seen: ``file: canary`` lines, empty when nowhere."""
    needles = [(text, spelling) for text in canaries for spelling in spellings(text)]
    found = []
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size):
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                found += [f"{path.name}: {text}" for text, spelling in needles if data.find(spelling) >= 0]
    return found
