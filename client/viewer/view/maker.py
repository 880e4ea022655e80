# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes annotations of one exact paper: what is drawn gets its id, paper, hash and time here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from client.clock import Clock, to_rfc3339
from client.domain.annotation import MAX_TEXT, Bookmark, Highlight, InkStroke, Quote, Rect, TextNote
from client.domain.ids import AnnotationId, Hash, Moment, PaperId
from client.viewer.highlight import Passage
from client.viewer.ink import InkPoint, pack_points, thin


@dataclass(frozen=True)
class AnnotationMaker:
    """For one open paper.

    Attributes:
        plain: Hash of the exact PDF.
        new_id: Gives a fresh id each time.
    """

    paper: PaperId
    plain: Hash
    clock: Clock
    new_id: Callable[[], AnnotationId]

    def stroke(self, page: int, points: Sequence[InkPoint], colour: str, width: float) -> InkStroke:
        """A finished stroke; samples that change nothing are left out."""
        return InkStroke(
            id=self.new_id(), paper=self.paper, plain=self.plain, page=page, made=self._now(),
            colour=colour, width=width, points=pack_points(thin(points)),
        )  # fmt: skip

    def highlight(self, page: int, passage: Passage, colour: str, *, underline: bool = False) -> Highlight:
        """A highlighted passage."""
        return Highlight(
            id=self.new_id(), paper=self.paper, plain=self.plain, page=page, made=self._now(),
            colour=colour, rects=passage.rects, underline=underline, quote=passage.quote,
        )  # fmt: skip

    def note(self, page: int, at: Rect, text: str, quote: Quote | None = None) -> TextNote:
        """A written note, cut at the limit of length."""
        return TextNote(
            id=self.new_id(), paper=self.paper, plain=self.plain, page=page, made=self._now(),
            at=at, text=text[:MAX_TEXT], quote=quote,
        )  # fmt: skip

    def bookmark(self, page: int, label: str = "") -> Bookmark:
        """A marked page."""
        return Bookmark(id=self.new_id(), paper=self.paper, plain=self.plain, page=page, made=self._now(), label=label)

    def _now(self) -> Moment:
        return Moment(to_rfc3339(self.clock.now()))
