# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member puts on a page. Private: it never leaves the member's own devices unless shared on purpose.

Coordinates are PDF points (1/72 inch) on the page *as displayed* (after /Rotate), origin at the top-left
corner, x to the right, y down. Annotations are added and deleted, never edited in place: a moved stroke is a
deletion and an addition, so two devices can merge their histories without losing either (protocol.md, 7).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ids import AnnotationId, Hash, Moment, PaperId

MAX_POINTS = 20_000
POINT_BYTES = 12
"""One packed ink point, little-endian ``<iiHH``: x and y in 1/256 pt, pressure 0..65535, ms since the last."""
MAX_TEXT = 20_000

Colour = Annotated[str, Meta(pattern=r"^#[0-9A-F]{6}$")]
Coordinate = Annotated[float, Meta(ge=-20_000, le=20_000)]


class Rect(Struct, frozen=True, array_like=True):
    """A box in page points; ``x0 <= x1``, ``y0 <= y1``."""

    x0: Coordinate
    y0: Coordinate
    x1: Coordinate
    y1: Coordinate


class Quote(Struct, frozen=True):
    """The passage an annotation belongs to, for finding it again in a revised paper."""

    text: Annotated[str, Meta(max_length=4_000)]
    before: Annotated[str, Meta(max_length=200)] = ""
    after: Annotated[str, Meta(max_length=200)] = ""


class _OnPage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every annotation has. ``plain`` is the hash of the exact PDF it was drawn on; page counts from 0."""

    id: AnnotationId
    paper: PaperId
    plain: Hash
    page: Annotated[int, Meta(ge=0, lt=20_000)]
    made: Moment


class InkStroke(_OnPage, frozen=True, kw_only=True, tag_field="kind", tag="ink"):
    """One pen stroke with pressure.

    Attributes:
        width: Nib width in points at full pressure.
        points: Packed points, see ``POINT_BYTES``.
    """

    colour: Colour
    width: Annotated[float, Meta(gt=0, le=72)]
    points: Annotated[bytes, Meta(min_length=POINT_BYTES, max_length=POINT_BYTES * MAX_POINTS)]


class Highlight(_OnPage, frozen=True, kw_only=True, tag_field="kind", tag="highlight"):
    """A band over text, snapped to words where the page has a text layer (then ``quote`` is set)."""

    colour: Colour
    rects: Annotated[tuple[Rect, ...], Meta(min_length=1, max_length=400)]
    underline: bool = False
    quote: Quote | None = None


class TextNote(_OnPage, frozen=True, kw_only=True, tag_field="kind", tag="note"):
    """A written note pinned to a place on the page."""

    at: Rect
    text: Annotated[str, Meta(max_length=MAX_TEXT)]
    colour: Colour = "#FFD54A"
    quote: Quote | None = None


class Bookmark(_OnPage, frozen=True, kw_only=True, tag_field="kind", tag="bookmark"):
    """A marked page."""

    label: Annotated[str, Meta(max_length=200)] = ""


Annotation = InkStroke | Highlight | TextNote | Bookmark
