# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recording shows each screen once, whole and in order, and does not grow beyond what a page may load."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageSequence

from tests.helpers import walk

COLOURS = ("#0F4C81", "#B3261E", "#1E6B3A")


def pictures(folder: Path) -> list[Path]:
    made = []
    for number, (colour, size) in enumerate(zip(COLOURS, ((1368, 912), (912, 1368), (1368, 912)), strict=True)):
        made.append(folder / f"{number}.png")
        Image.new("RGB", size, colour).save(made[-1])
    return made


def test_every_screen_is_shown_in_order_and_an_upright_one_is_not_stretched(tmp_path: Path) -> None:
    out = tmp_path / "walk.webp"
    assert walk.record(pictures(tmp_path), out) == out.stat().st_size
    with Image.open(out) as recording:
        frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(recording)]
    assert [frame.size for frame in frames] == [walk.SIZE] * 3
    middle, corner = (walk.SIZE[0] // 2, walk.SIZE[1] // 2), (5, 5)
    for frame, colour in zip(frames, COLOURS, strict=True):
        assert distance(frame.getpixel(middle), colour) < 12
    assert distance(frames[1].getpixel(corner), walk.GROUND) < 12
    assert distance(frames[2].getpixel(corner), COLOURS[2]) < 12


def test_no_pictures_and_too_large_a_recording_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "walk.webp"
    with pytest.raises(ValueError, match="no pictures"):
        walk.record([], out)
    out.write_bytes(b"the one before")
    monkeypatch.setattr(walk, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match="at most 100"):
        walk.record(pictures(tmp_path), out)
    assert out.read_bytes() == b"the one before"
    assert not list(tmp_path.glob("*.new"))


def distance(found: object, colour: str) -> int:
    assert isinstance(found, tuple)
    wanted = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
    return int(max(abs(a - b) for a, b in zip(found, wanted, strict=True)))
