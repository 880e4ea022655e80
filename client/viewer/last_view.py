# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was last in sight of a paper, packed for the store: page sizes, and the pictures that were on screen.

Decides: the form of the stored bytes, and what is left out when they would be too many (pictures last in the list go
first). Refuses: bytes of another form or beyond its limits; they count as nothing kept. Holds page pictures only:
notes and watermark are painted over them anew, so what was erased or who is reading never lingers in a picture.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from itertools import groupby
from typing import Final

import msgspec
from msgspec import Struct

from client.viewer.events import PaperInfo
from client.viewer.tile_cache import TileKey

FORM: Final = 1
"""Raised with every change of the form, and when pages come to be drawn in another way."""
MAX_BYTES: Final = 4 * 1024 * 1024
"""Of the whole; see ``client.store.last_views``."""
MAX_PICTURES: Final = 24
MAX_PIXELS: Final = 16_000_000
"""Of all pictures together: a screen of 3840 x 2160 and what its tiles jut out."""
MAX_PAGES: Final = 20_000
_LEVEL: Final = 1


class Picture(Struct, frozen=True, array_like=True):
    """Pixels of one picture of a page.

    Attributes:
        depth: Bytes a pixel: 1 (grey) or 3 (red, green, blue).
        pixels: Rows from the top without gaps.
    """

    key: TileKey
    width: int
    height: int
    depth: int
    pixels: bytes


class LastView(Struct, frozen=True):
    """A paper as it was last in sight."""

    info: PaperInfo
    pictures: tuple[Picture, ...]


class _Body(Struct, frozen=True, array_like=True):
    form: int
    sizes: tuple[tuple[int, float, float], ...]
    left_out: tuple[str, ...]
    pictures: tuple[Picture, ...]


def pack(info: PaperInfo, pictures: Iterable[Picture]) -> bytes:
    """The bytes to store: at most ``MAX_BYTES``."""
    sizes = tuple((len(tuple(run)), *size) for size, run in groupby(info.pages))
    room, pixels = MAX_BYTES - 64 * (len(sizes) + MAX_PICTURES) - 4096, 0
    kept: list[Picture] = []
    for picture in pictures:
        packed = zlib.compress(picture.pixels, _LEVEL)  # releases the interpreter lock
        pixels += picture.width * picture.height
        room -= len(packed)
        if room < 0 or pixels > MAX_PIXELS or len(kept) == MAX_PICTURES:
            break
        kept.append(Picture(picture.key, picture.width, picture.height, picture.depth, packed))
    return msgspec.msgpack.encode(_Body(FORM, sizes, info.left_out, tuple(kept)))


def unpack(doc: str, body: bytes) -> LastView | None:
    """What :func:`pack` packed of the paper ``doc``; None for anything else."""
    if len(body) > MAX_BYTES:
        return None
    try:
        kept = msgspec.msgpack.decode(body, type=_Body)
        pages = sum(count for count, _, _ in kept.sizes if count > 0)
        pixels = sum(one.width * one.height for one in kept.pictures)
        if kept.form != FORM or not 0 < pages <= MAX_PAGES or pixels > MAX_PIXELS:
            return None
        sizes = tuple((width, height) for count, width, height in kept.sizes for _ in range(count))
        pictures = tuple(_opened(one) for one in kept.pictures)
    except (msgspec.DecodeError, zlib.error, _OddPicture):
        return None
    return LastView(PaperInfo(doc, sizes, kept.left_out), tuple(one for one in pictures if one.key.doc == doc))


class _OddPicture(Exception):
    """A picture whose numbers do not agree."""


def _opened(packed: Picture) -> Picture:
    length = packed.width * packed.height * packed.depth
    if packed.depth not in {1, 3} or packed.width < 1 or packed.height < 1:
        raise _OddPicture
    opener = zlib.decompressobj()
    pixels = opener.decompress(packed.pixels, length)
    if len(pixels) != length or opener.unconsumed_tail or not opener.eof:
        raise _OddPicture
    return Picture(packed.key, packed.width, packed.height, packed.depth, pixels)
