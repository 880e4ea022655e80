# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was last in sight, packed and unpacked; anything else counts as nothing."""

from __future__ import annotations

import random

import msgspec
import pytest

from client.viewer import last_view
from client.viewer.events import PaperInfo
from client.viewer.last_view import LastView, Picture, pack, unpack
from client.viewer.tile_cache import TileKey

DOC = "sha256:" + "1" * 64
INFO = PaperInfo(DOC, ((595.0, 842.0),) * 300 + ((842.0, 595.0),) + ((595.0, 842.0),) * 9_000, ("javascript",))


def picture(page: int, width: int = 30, height: int = 40, depth: int = 1, doc: str = DOC) -> Picture:
    pixels = random.Random(page).randbytes(width * height * depth)
    return Picture(TileKey(doc, page, 1500, 90, night=False, sepia=True), width, height, depth, pixels)


def test_there_and_back_small() -> None:
    pictures = (picture(3), picture(4, depth=3))
    body = pack(INFO, pictures)
    assert unpack(DOC, body) == LastView(INFO, pictures)
    assert len(body) < 30 * 40 * 4 + 1_000, "equal pages are counted, not listed"


def test_what_is_too_much_is_left_out() -> None:
    noise = picture(0, 2_000, 1_200)
    body = pack(INFO, [noise, picture(1, 2_000, 1_200), picture(2)])
    kept = unpack(DOC, body)
    assert kept is not None
    assert kept.pictures == (noise,)
    assert len(body) <= last_view.MAX_BYTES
    many = unpack(DOC, pack(INFO, [picture(page) for page in range(last_view.MAX_PICTURES + 3)]))
    assert many is not None
    assert len(many.pictures) == last_view.MAX_PICTURES


def test_pictures_of_another_paper_are_not_shown() -> None:
    kept = unpack(DOC, pack(INFO, [picture(1, doc="sha256:" + "2" * 64), picture(2)]))
    assert kept is not None
    assert kept.pictures == (picture(2),)


def altered(**changes: object) -> bytes:
    form, sizes, left_out, pictures = msgspec.msgpack.decode(pack(INFO, [picture(1)]))
    whole = {"form": form, "sizes": sizes, "left_out": left_out, "pictures": pictures, **changes}
    return msgspec.msgpack.encode([whole["form"], whole["sizes"], whole["left_out"], whole["pictures"]])


KEY = list(picture(1).key)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xc1",
        pack(INFO, [picture(1)])[:-1],
        altered(form=last_view.FORM + 1),
        altered(sizes=[]),
        altered(sizes=[[last_view.MAX_PAGES + 1, 595.0, 842.0]]),
        altered(sizes=[[2**40, 595.0, 842.0]]),
        altered(sizes=[["many", 595.0, 842.0]]),
        altered(pictures=[[KEY, 30, 40, 1, b"not packed"]]),
        altered(pictures=[[KEY, 30, 41, 1, last_view.zlib.compress(bytes(30 * 40))]]),
        altered(pictures=[[KEY, 30, 39, 1, last_view.zlib.compress(bytes(30 * 40))]]),
        altered(pictures=[[KEY, 30, 40, 2, last_view.zlib.compress(bytes(30 * 40 * 2))]]),
        altered(pictures=[[KEY, -30, -40, 1, last_view.zlib.compress(bytes(30 * 40))]]),
        altered(pictures=[[KEY, 8_000, 2_001, 1, last_view.zlib.compress(bytes(8_000 * 2_001))]]),
        bytes(last_view.MAX_BYTES + 1),
    ],
)
def test_anything_else_is_nothing(body: bytes) -> None:
    assert unpack(DOC, body) is None


def test_one_page_under_the_limit_is_shown() -> None:
    kept = unpack(DOC, altered(sizes=[[last_view.MAX_PAGES, 595.0, 842.0]]))
    assert kept is not None
    assert len(kept.info.pages) == last_view.MAX_PAGES
