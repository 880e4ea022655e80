# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the viewer asks of the render host and what the host reports back: values only, shared by threads."""

from __future__ import annotations

from msgspec import Struct

from client.errors import EcabinetError
from client.viewer.messages import NEXT, ON_SCREEN
from client.viewer.messages.marks import Mark
from client.viewer.tile_cache import WHOLE, TileKey, scale_bucket


class TileRequest(Struct, frozen=True, kw_only=True):
    """One rectangle of one page.

    Attributes:
        scale: Pixels per point.
        x: Left edge in pixels of the page scaled by ``scale`` and turned by ``rotation``; likewise ``y``.
        rotation: Clockwise degrees (0, 90, 180, 270) on top of the page's own.
        generation: Rises with every move of the reader, see ``RenderHost.set_visible``.
        priority: ``ON_SCREEN``, ``ASKED``, ``NEXT`` or ``PREVIEW`` of ``client.viewer.messages``.
        column: Tile column, ``WHOLE`` for a whole page; likewise ``row``. Only names the picture.
    """

    doc: str
    page: int
    scale: float
    x: int
    y: int
    width: int
    height: int
    rotation: int = 0
    night: bool = False
    sepia: bool = False
    generation: int = 0
    priority: int = ON_SCREEN
    column: int = WHOLE
    row: int = WHOLE

    @property
    def key(self) -> TileKey:
        """Under which the picture is cached."""
        bucket = scale_bucket(self.scale)
        return TileKey(self.doc, self.page, bucket, self.rotation, self.night, self.column, self.row, self.sepia)

    @property
    def is_preview(self) -> bool:
        """Low resolution, asked ahead of need."""
        return self.priority > NEXT


class CopyRequest(Struct, frozen=True, kw_only=True):
    """A copy of a paper with notes as annotations.

    Attributes:
        author: Whom the annotations name.
        stamp: Printed across each page; empty for nothing.
    """

    marks: tuple[Mark, ...]
    author: str
    stamp: str = ""


class PaperInfo(Struct, frozen=True):
    """An opened paper.

    Attributes:
        pages: Width and height of each page in points as displayed, before the reader's rotation.
        left_out: Features of the file that are never executed, e.g. ``"javascript"``; names, not sentences.
    """

    doc: str
    pages: tuple[tuple[float, float], ...]
    left_out: tuple[str, ...]


class PixelsReady(Struct, frozen=True):
    """Pixels of ``request``: RGBX rows from the top, ``stride`` bytes apart; the bytes are the receiver's."""

    request: TileRequest
    width: int
    height: int
    stride: int
    pixels: bytes


class RequestFailed(Struct, frozen=True):
    """No picture will come for ``request``."""

    request: TileRequest
    error: EcabinetError


class RequestDropped(Struct, frozen=True):
    """``request`` was overtaken by a newer generation; ask again if it is wanted after all."""

    request: TileRequest


class WorkerReady(Struct, frozen=True):
    """A render process serves; ``sandbox`` is what confines it, ``start_s`` how long it took."""

    sandbox: str
    mupdf: str
    start_s: float


class WorkerRestarted(Struct, frozen=True):
    """A render process died (``"died"``), hung (``"timeout"``) or talked nonsense (``"protocol"``)."""

    reason: str


class WorkerUnavailable(Struct, frozen=True):
    """No render process comes up; papers do not open until ``start()`` is called again."""

    error: EcabinetError


Event = PixelsReady | RequestFailed | RequestDropped | WorkerReady | WorkerRestarted | WorkerUnavailable
