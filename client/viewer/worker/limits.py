# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the render process may use at most, set once before it sees a paper.

Decides: memory, descriptors and file sizes (setrlimit(2)) and which requests are too large to try. Refuses:
a picture over ``MAX_PIXELS`` or off the page's plausible range. The time of one page is the parent's watchdog
(``client/viewer/host.py``): a process cannot be trusted to stop itself.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

from client.errors import PaperTooBig
from client.viewer.messages import MAX_PIXELS, SLOT_BYTES, SLOTS, RenderTile

MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024
"""Address space: MuPDF, a paper of ``MAX_PAPER_BYTES``, the shared slots and one 40-megapixel page with groups."""
OPEN_FILES: Final = 64
PAGES_BETWEEN_SHRINKS: Final = 2
"""After so many newly interpreted pages half of MuPDF's cache of fonts and images is given back; one page scanned at
300 dpi in colours takes 26 MB of it."""
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
KEPT_LISTS: Final = 6
"""Display lists kept, so that the tiles of one page are interpreted once."""


def check_tile(tile: RenderTile) -> None:
    """Refuses a picture that is too large before memory is asked for.

    Raises:
        PaperTooBig: If ``width * height`` exceeds ``MAX_PIXELS``.
    """
    if tile.width * tile.height > MAX_PIXELS:
        raise PaperTooBig(f"{tile.width}x{tile.height} pixels")


def give_memory_back() -> None:
    """What was freed goes back to the system (malloc_trim(3)); the C library would keep up to 128 MB of it."""
    if _trim is not None:
        _trim(0)


def restrict_resources() -> None:
    """Lowers this process's limits for good: no files written, no core dump, bounded memory.

    Without effect on Windows, where the parent's job object does the same.
    """
    if sys.platform == "win32":
        return
    import resource

    assert SLOT_BYTES * SLOTS < MEMORY_BYTES
    wanted = [
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ]
    if sys.platform == "linux":  # macOS accepts RLIMIT_AS and ignores it
        wanted.append((resource.RLIMIT_AS, MEMORY_BYTES))
    for which, value in wanted:
        _, hard = resource.getrlimit(which)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (limit, limit))
