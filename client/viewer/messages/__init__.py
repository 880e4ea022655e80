# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the program and the render process may say to each other, and how it is framed.

Decides: the closed set of requests and replies, their limits, and the frame around them. Refuses: anything
of another shape, beyond a limit, or not finite. The render process is treated as hostile once it has seen a
paper, so the parent decodes replies with the same strictness as bytes from a network.

Frame: ``u32 header length | u32 blob length | header | blob``, big endian. The header is one MessagePack map
(tagged union); the blob is raw bytes (a paper, or pixels where no shared memory exists).

Units: pages count from 0; points are 1/72 inch on the page as displayed (after /Rotate), origin top left;
pixels are RGBX (32 bits, the last byte always 255), rows from the top, ``stride`` bytes apart.
"""

from __future__ import annotations

import math
import struct
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from client.errors import FormatRefused, LimitExceeded
from client.viewer.messages.marks import Marks

MAX_PAGES: Final = 20_000
MAX_SIDE_PT: Final = 14_400.0
"""Longest page side, points: the largest a PDF 1.6 page may be (ISO 32000-1, annex C.2)."""
MAX_PIXELS: Final = 40_000_000
MAX_PAPER_BYTES: Final = 512 * 1024 * 1024
MAX_HEADER_BYTES: Final = 16 * 1024 * 1024
MAX_BLOB_BYTES: Final = MAX_PAPER_BYTES
BYTES_PER_PIXEL: Final = 4
"""Blue, green, red, and 255: what the screen's own pictures are made of, so that nobody has to convert them."""
MIN_SCALE: Final = 0.005
MAX_SCALE: Final = 64.0
MAX_WORDS: Final = 60_000
MAX_OUTLINE: Final = 20_000
MAX_LINKS: Final = 10_000

SLOT_BYTES: Final = 32 * 1024 * 1024
"""One shared-memory slot: a picture of up to 8 megapixels; larger ones travel as blobs."""
SLOTS: Final = 3

ON_SCREEN: Final = 0
ASKED: Final = 1
NEXT: Final = 2
PREVIEW: Final = 3

_FRAME = struct.Struct(">II")
HEAD_BYTES: Final = _FRAME.size

Natural = Annotated[int, Meta(ge=0, le=2**53)]
PageNumber = Annotated[int, Meta(ge=0, lt=MAX_PAGES)]
Pixel = Annotated[int, Meta(ge=0, le=MAX_PIXELS)]
Side = Annotated[int, Meta(ge=1, le=MAX_PIXELS)]
SidePt = Annotated[float, Meta(gt=0, le=MAX_SIDE_PT)]
Rotation = Annotated[int, Meta(ge=0, le=270, multiple_of=90)]
Coordinate = Annotated[float, Meta(ge=-20_000, le=20_000)]
Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z_.]+$")]
Short = Annotated[str, Meta(max_length=120)]


class _Message(Struct, frozen=True, tag_field="t", forbid_unknown_fields=True, kw_only=True):
    """Base of all messages; ``req`` numbers are chosen by the parent and never reused."""


# -- parent to render process ----------------------------------------------------------------------------


class OpenPaper(_Message, tag="open", frozen=True, kw_only=True):
    """The bytes follow as a sealed memory file (``by_fd``) or as the frame's blob."""

    req: Natural
    doc: Natural
    size: Annotated[int, Meta(ge=0, le=MAX_PAPER_BYTES)]
    by_fd: bool


class RenderTile(_Message, tag="tile", frozen=True, kw_only=True):
    """One rectangle of one page.

    Attributes:
        scale: Pixels per point.
        x: Left edge of the rectangle in pixels of the scaled, rotated page; likewise ``y``.
        rotation: Clockwise degrees the reader added to the page's own rotation.
        night: Invert luminance, keep hue.
        sepia: Warm paper and soft ink; nothing at night.
        generation: Rises with each move of the reader; older requests may be dropped.
        priority: ``ON_SCREEN``, ``ASKED``, ``NEXT`` or ``PREVIEW``.
        slot: Shared-memory slot for the answer; -1 for a blob.
    """

    req: Natural
    doc: Natural
    page: PageNumber
    scale: Annotated[float, Meta(ge=MIN_SCALE, le=MAX_SCALE)]
    x: Pixel
    y: Pixel
    width: Side
    height: Side
    rotation: Rotation = 0
    night: bool = False
    sepia: bool = False
    generation: Natural = 0
    priority: Annotated[int, Meta(ge=0, le=3)] = ON_SCREEN
    slot: Annotated[int, Meta(ge=-1, lt=SLOTS)] = -1


class GetText(_Message, tag="text", frozen=True, kw_only=True):
    """Words of a page with their boxes."""

    req: Natural
    doc: Natural
    page: PageNumber


class GetOutline(_Message, tag="outline", frozen=True, kw_only=True):
    """The paper's table of contents."""

    req: Natural
    doc: Natural


class GetLinks(_Message, tag="links", frozen=True, kw_only=True):
    """Links of a page."""

    req: Natural
    doc: Natural
    page: PageNumber


class ExportPaper(_Message, tag="export", frozen=True, kw_only=True):
    """Make a copy of the paper with ``marks`` as annotations.

    Attributes:
        author: Whom the annotations name.
        stamp: Printed across each page; empty for nothing.
    """

    req: Natural
    doc: Natural
    marks: Marks
    author: Short
    stamp: Short = ""


class SetGeneration(_Message, tag="generation", frozen=True, kw_only=True):
    """Tiles of ``doc`` older than ``generation`` are dropped unless their page is in ``keep``."""

    doc: Natural
    generation: Natural
    keep: Annotated[tuple[PageNumber, ...], Meta(max_length=256)] = ()


class CloseDoc(_Message, tag="close", frozen=True, kw_only=True):
    """Forget the paper and everything derived from it."""

    doc: Natural


class Ping(_Message, tag="ping", frozen=True, kw_only=True):
    """Answered with ``Pong`` in turn."""

    req: Natural


class Shutdown(_Message, tag="shutdown", frozen=True, kw_only=True):
    """Leave at once with status 0."""


# -- render process to parent ----------------------------------------------------------------------------


class Ready(_Message, tag="ready", frozen=True, kw_only=True):
    """First message: what confines the process (``landlock+seccomp``, ``landlock``, ``seccomp``, ``none``)."""

    sandbox: Annotated[str, Meta(pattern=r"^(landlock\+seccomp|landlock|seccomp|none)$")]
    mupdf: Short


class Started(_Message, tag="started", frozen=True, kw_only=True):
    """Work on ``req`` begins now: the parent's watchdog counts from here."""

    req: Natural


class Opened(_Message, tag="opened", frozen=True, kw_only=True):
    """The paper opened.

    Attributes:
        pages: Width and height of every page in points as displayed.
        left_out: Features that exist in the file and are never executed, e.g. ``"javascript"``.
    """

    req: Natural
    pages: Annotated[tuple[tuple[SidePt, SidePt], ...], Meta(min_length=1, max_length=MAX_PAGES)]
    left_out: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()


class Pixels(_Message, tag="pixels", frozen=True, kw_only=True):
    """A picture is in ``slot``, or in the blob when ``slot`` is -1."""

    req: Natural
    width: Side
    height: Side
    stride: Annotated[int, Meta(ge=1, le=MAX_PIXELS * BYTES_PER_PIXEL)]
    slot: Annotated[int, Meta(ge=-1, lt=SLOTS)]


class Word(Struct, frozen=True, array_like=True, gc=False):
    """One word and its box in points; ``block`` and ``line`` number the lines it stands in.

    Papers have hundreds of thousands of them, and none refers to anything but numbers and a text: they are left out of
    the collector's rounds.
    """

    x0: Coordinate
    y0: Coordinate
    x1: Coordinate
    y1: Coordinate
    text: Annotated[str, Meta(max_length=1_000)]
    block: Natural
    line: Natural


class TextPage(_Message, tag="words", frozen=True, kw_only=True):
    """Words in reading order as the file gives it; ``recognised`` if they were read off a picture by a machine."""

    req: Natural
    words: Annotated[tuple[Word, ...], Meta(max_length=MAX_WORDS)]
    recognised: bool = False


class OutlineEntry(Struct, frozen=True, array_like=True):
    """One line of the table of contents; ``page`` is -1 when it leads nowhere in this paper."""

    level: Annotated[int, Meta(ge=1, le=64)]
    title: Annotated[str, Meta(max_length=512)]
    page: Annotated[int, Meta(ge=-1, lt=MAX_PAGES)]


class Outline(_Message, tag="contents", frozen=True, kw_only=True):
    """The table of contents in order; empty if the paper has none."""

    req: Natural
    entries: Annotated[tuple[OutlineEntry, ...], Meta(max_length=MAX_OUTLINE)]


class Link(Struct, frozen=True, array_like=True):
    """A clickable box: ``page`` inside this paper, or -1 and a ``uri`` that is only ever shown."""

    x0: Coordinate
    y0: Coordinate
    x1: Coordinate
    y1: Coordinate
    page: Annotated[int, Meta(ge=-1, lt=MAX_PAGES)]
    uri: Annotated[str, Meta(max_length=2_048)] = ""


class Links(_Message, tag="linked", frozen=True, kw_only=True):
    """Links of the page in file order."""

    req: Natural
    links: Annotated[tuple[Link, ...], Meta(max_length=MAX_LINKS)]


class Exported(_Message, tag="exported", frozen=True, kw_only=True):
    """The copy is the blob."""

    req: Natural
    size: Annotated[int, Meta(ge=1, le=MAX_BLOB_BYTES)]


class Failed(_Message, tag="failed", frozen=True, kw_only=True):
    """The request has no answer; ``code`` is the code of a ``PaperFault`` (client/errors.py)."""

    req: Natural
    code: Code
    detail: Short = ""


class Dropped(_Message, tag="dropped", frozen=True, kw_only=True):
    """The request was stale and not worked on."""

    req: Natural


class Pong(_Message, tag="pong", frozen=True, kw_only=True):
    """Answer to ``Ping``."""

    req: Natural


Question = OpenPaper | RenderTile | GetText | GetOutline | GetLinks | ExportPaper | Ping
Request = Question | SetGeneration | CloseDoc | Shutdown
Answer = Opened | Pixels | TextPage | Outline | Links | Exported | Failed | Dropped | Pong
Reply = Ready | Started | Answer

_encoder = msgspec.msgpack.Encoder()
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


def encode(message: Request | Reply, blob_size: int = 0) -> bytes:
    """Frame head and header of ``message``; the caller sends ``blob_size`` blob bytes right after.

    Raises:
        LimitExceeded: If the header or the blob is larger than the limits.
    """
    header = _encoder.encode(message)
    _check_lengths(len(header), blob_size)
    return _FRAME.pack(len(header), blob_size) + header


def decode_request(header: bytes) -> Request:
    """What the render process was told.

    Raises:
        FormatRefused: If ``header`` is not one of the requests within limits.
    """
    try:
        return _requests.decode(header)
    except msgspec.MsgspecError as error:
        raise FormatRefused("render request") from error


def decode_reply(header: bytes) -> Reply:
    """What the render process answered.

    Raises:
        FormatRefused: If ``header`` is not one of the replies within limits, or a number is not finite.
    """
    try:
        reply = _replies.decode(header)
    except msgspec.MsgspecError as error:
        raise FormatRefused("render reply") from error
    if not _finite(reply):
        raise FormatRefused("render reply: not a number")
    return reply


def _finite(reply: Reply) -> bool:
    """NaN passes msgspec's ``ge``/``le`` in neither direction on purpose, so it is looked for here."""
    match reply:
        case Opened(pages=pages):
            return all(math.isfinite(w) and math.isfinite(h) for w, h in pages)
        case TextPage(words=boxes):
            return all(math.isfinite(b.x0 + b.y0 + b.x1 + b.y1) for b in boxes)
        case Links(links=areas):
            return all(math.isfinite(b.x0 + b.y0 + b.x1 + b.y1) for b in areas)
        case _:
            return True


def _check_lengths(header: int, blob: int) -> None:
    if header > MAX_HEADER_BYTES:
        raise LimitExceeded(f"frame header of {header} bytes")
    if blob > MAX_BLOB_BYTES:
        raise LimitExceeded(f"frame blob of {blob} bytes")


class FrameReader:
    """Turns a byte stream into frames; keeps at most one unfinished frame. Not thread-safe."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes | bytearray | memoryview) -> list[tuple[bytes, bytes]]:
        """Adds bytes from the stream and returns the ``(header, blob)`` frames that are now complete.

        Raises:
            LimitExceeded: As soon as a frame announces more than the limits; the stream is then useless.
        """
        buffer = self._buffer
        buffer += data
        frames: list[tuple[bytes, bytes]] = []
        start = 0
        while len(buffer) - start >= _FRAME.size:
            header, blob = _FRAME.unpack_from(buffer, start)
            _check_lengths(header, blob)
            body = start + _FRAME.size
            end = body + header + blob
            if len(buffer) < end:
                break
            frames.append((bytes(buffer[body : body + header]), bytes(buffer[body + header : end])))
            start = end
        del buffer[:start]
        return frames
