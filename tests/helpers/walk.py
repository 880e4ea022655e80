# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recorded walk: the demonstration's tour of the real program, put together into one moving picture.

``make walk`` (``python -m tests.helpers.walk FILE``) records it anew. The demonstration starts from nothing in a folder
of its own, so that a recording never shows anybody's state.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

ROOT: Final = Path(__file__).resolve().parent.parent.parent
SIZE: Final = (912, 608)
"""Of the recording, pixels: two thirds of a tablet's window; an upright one stands in the middle of it."""
GROUND: Final = "#D5DAE1"
STEP_MS: Final = 1_800
"""For each screen: long enough to read its title and see what is on it."""
QUALITY: Final = 62
MAX_BYTES: Final = 3 * 1024 * 1024
"""A page that takes long to load is a page nobody looks at."""


def framed(picture: Image.Image) -> Image.Image:
    """One screen at the recording's size, never stretched."""
    fitted = picture.convert("RGB")
    fitted.thumbnail(SIZE, Image.Resampling.LANCZOS)
    frame = Image.new("RGB", SIZE, GROUND)
    frame.paste(fitted, ((SIZE[0] - fitted.width) // 2, (SIZE[1] - fitted.height) // 2))
    return frame


def record(pictures: list[Path], out: Path) -> int:
    """Write the screens as an animation, in the order given; returns its size in bytes.

    Raises:
        ValueError: There are no pictures, or the recording would be larger than ``MAX_BYTES``.
    """
    if not pictures:
        raise ValueError("no pictures")
    frames = []
    for path in pictures:
        with Image.open(path) as picture:
            frames.append(framed(picture))
    aside = out.with_name(out.name + ".new")
    frames[0].save(
        aside, "WEBP", save_all=True, append_images=frames[1:], duration=STEP_MS, loop=0, quality=QUALITY, method=6
    )
    size = aside.stat().st_size
    if size > MAX_BYTES:
        aside.unlink()
        raise ValueError(f"{size} bytes, at most {MAX_BYTES}")
    aside.replace(out)
    return size


def walked(folder: Path) -> list[Path]:
    """Run the tour; its pictures in the order in which they were taken."""
    screens = folder / "screens"
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    command = [sys.executable, "-m", "client", "demo", "--folder", str(folder / "demo"), "--tour", str(screens)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    return sorted(screens.glob("*.png"), key=lambda path: path.stat().st_mtime_ns)


def main(out: Path) -> None:
    """Walk, record, say how large it is."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = walked(Path(folder))
        size = record(pictures, out)
    print(f"{out}: {len(pictures)} screens, {size // 1024} KiB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
