# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding a note's passage again in a revised paper.

Decides: where a note of the earlier version belongs in the later one, and whether that is sure. Refuses: to
guess silently: what is not sure is a suggestion (``sure`` is False) that the member is asked about, and nothing
is ever left out of the answer. Rules:

1. A highlight belongs to its words. It is sure when most of them are there again, together.
2. A written note belongs to the words beside it, ink to the words under it, or to the nearest line. They keep
   their place relative to those words. Strokes written together stay together.
3. Ink over words that now stand in another shape (a line that breaks elsewhere) is not sure.
4. A bookmark follows the page most of whose text it marks.
5. On a page without words, place and page are kept if the pages around it say which page it is; that is sure only
   if both neighbours agree.

The answer is deterministic: two devices of one member find the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, Rect, TextNote
from client.domain.ids import AnnotationId, Hash
from client.viewer import page_shift as shifts
from client.viewer.alignment import UNPAIRED
from client.viewer.highlight import line_rects
from client.viewer.page_words import Document, most_common
from client.viewer.refind import AROUND, Doubt, Quotations, page_map, tightest

MOST: Final = 0.6
"""Share of a passage's words that must be there again."""
TOGETHER: Final = 0.85
"""Share of the words that are there again which must stand in one place."""
SHORT: Final = 2
VOUCHED: Final = 0.4
STEADY: Final = 0.75
"""Share of the words under ink that must have moved alike, that is within ``STEADY_PT``."""
STEADY_PT: Final = 4.0


class Placement(Struct, frozen=True, kw_only=True):
    """Where one note goes.

    Attributes:
        source: The note on the earlier version.
        targets: The note on the later version; several for a highlight that now crosses pages. Never empty: in
            doubt it is the best suggestion there is.
    """

    source: Annotation
    targets: tuple[Annotation, ...]
    doubt: Doubt

    @property
    def sure(self) -> bool:
        """Whether nobody needs to be asked."""
        return self.doubt is Doubt.NONE


_Part = tuple[int, Mapping[str, object]]
"""A page, and what is different on it."""

NewId = Callable[[AnnotationId, int], AnnotationId]
"""Makes the id of the ``n``-th target of a note; the same every time."""


def place_notes(
    notes: Iterable[Annotation],
    old: Document | None,
    new: Document,
    pairs: Sequence[int],
    *,
    plain: Hash,
    new_id: NewId,
) -> tuple[Placement, ...]:
    """Places notes of one paper.

    Args:
        notes: Notes on the earlier version, of any kinds and pages.
        old: The earlier version, None when it is not on this device: then only quotations can be found.
        new: The later version.
        pairs: From :func:`~client.viewer.compare.compare`; empty without ``old``.
        plain: Hash of the later version's PDF.
        new_id: Names the targets.

    Returns:
        One placement for each note, in the same order.
    """
    placer = _Placer(old, new, pairs, plain, new_id)
    listed = list(notes)
    ink = [note for note in listed if isinstance(note, InkStroke)]
    done: dict[AnnotationId, Placement] = {}
    for group in shifts.groups(ink):
        done.update((found.source.id, found) for found in placer.ink(group))
    for note in listed:
        match note:
            case Highlight():
                done[note.id] = placer.highlight(note)
            case TextNote():
                done[note.id] = placer.note(note)
            case Bookmark():
                done[note.id] = placer.bookmark(note)
            case InkStroke():
                pass
    return tuple(done[note.id] for note in listed)


class _Placer:
    def __init__(self, old: Document | None, new: Document, pairs: Sequence[int], plain: Hash, new_id: NewId) -> None:
        self.old, self.new, self.pairs = old, new, pairs
        self._plain, self._new_id = plain, new_id
        self._quotes = Quotations(new)
        self._paired = [index for index, target in enumerate(pairs) if target != UNPAIRED]
        self._pages = page_map(old, new, pairs)

    # -- the kinds -----------------------------------------------------------------------------------------

    def highlight(self, note: Highlight) -> Placement:
        words = self._covered(note.page, note.rects)
        found = self._passage(words) if words else None
        if found is None and note.quote is not None:
            found = self._quotes.find(note.quote)
        if found is not None:
            return self._marked(note, *found)
        if words:
            return self._suggested(note, words, note.rects[0])
        page, doubt = self._page(note.page)
        return self._done(note, [(page, {"rects": note.rects})], doubt)

    def _marked(self, note: Highlight, first: int, end: int, doubt: Doubt) -> Placement:
        """One highlight for each page that the words stand on."""
        parts: list[_Part] = []
        for page in range(self.new.page_of(first), self.new.page_of(end - 1) + 1):
            start, stop = self.new.span(page)
            words = self.new.words[max(first, start) : min(end, stop)]
            if words:
                parts.append((page, {"rects": line_rects(words)[:400]}))
        return self._done(note, parts, doubt)

    def note(self, note: TextNote) -> Placement:
        box = note.at
        words = self._beside(note.page, ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
        if words:
            move = self._shift(words, strict=False)
            if move is None:
                return self._suggested(note, words, box)
            page, _dx, dy, doubt = move
            inside = self._kept_on(page, shifts.moved(box, 0.0, dy))
            return self._done(note, [(page, {"at": inside})], doubt)
        if note.quote is not None:
            found = self._quotes.find(note.quote)
            if found is not None:
                last = self.new.words[found[1] - 1]
                at = Rect(box.x0, last.y0, box.x1, last.y0 + box.y1 - box.y0)
                return self._done(note, [(self.new.page_of(found[1] - 1), {"at": at})], found[2])
        page, doubt = self._page(note.page)
        return self._done(note, [(page, {})], doubt)

    def bookmark(self, note: Bookmark) -> Placement:
        page, doubt = self._page(note.page)
        return self._done(note, [(page, {})], doubt)

    def ink(self, group: Sequence[InkStroke]) -> list[Placement]:
        """Strokes written together, all by the same way."""
        box = shifts.around(group)
        page = group[0].page
        under = self._covered(page, (box,), part=True)
        words = under or self._beside(page, ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
        if not words:
            target, doubt = self._page(page)
            return [self._done(stroke, [(target, {})], doubt) for stroke in group]
        move = self._shift(words, strict=bool(under))
        if move is None:
            near = self._suggested(group[0], words, box)
            to, dy = near.targets[0].page, self._nearest_dy(words, box)
            return [
                self._done(stroke, [(to, {"points": shifts.moved_points(stroke.points, 0.0, dy)})], near.doubt)
                for stroke in group
            ]
        target, dx, dy, doubt = move
        if not under:
            dx = 0.0  # what stands in the margin stays in the margin
        if not self._fits(target, shifts.moved(box, dx, dy)):
            doubt = Doubt.RESHAPED
            dy = self._kept_on(target, shifts.moved(box, dx, dy)).y0 - box.y0
        return [
            self._done(stroke, [(target, {"points": shifts.moved_points(stroke.points, dx, dy)})], doubt)
            for stroke in group
        ]

    # -- words ---------------------------------------------------------------------------------------------

    def _covered(self, page: int, rects: Sequence[Rect], *, part: bool = False) -> list[int]:
        """Words of the old page under ``rects``: their middle, or any ``part`` of them."""
        if self.old is None or page >= self.old.page_count:
            return []
        first, end = self.old.span(page)
        top, bottom = min(rect.y0 for rect in rects), max(rect.y1 for rect in rects)
        near = [at for at, word in enumerate(self.old.words[first:end], first) if word.y1 >= top and word.y0 <= bottom]
        return [index for index in near if any(shifts.covers(rect, self.old.words[index], part=part) for rect in rects)]

    def _beside(self, page: int, at: tuple[float, float]) -> list[int]:
        """The words around the one nearest to ``at``."""
        if self.old is None or page >= self.old.page_count:
            return []
        first, end = self.old.span(page)
        if first == end:
            return []
        nearest = min(range(first, end), key=lambda index: shifts.distance(self.old_word(index), at))
        around = range(max(first, nearest - AROUND), min(end, nearest + AROUND + 1))
        return sorted(around, key=lambda index: abs(index - nearest))

    def old_word(self, index: int) -> shifts.Boxed:
        assert self.old is not None
        return self.old.words[index]

    def _passage(self, words: Sequence[int]) -> tuple[int, int, Doubt] | None:
        """Where most of ``words`` stand together: ``(first, end, doubt)``; None when too few are left."""
        targets = sorted(self.pairs[index] for index in words if self.pairs[index] != UNPAIRED)
        cluster = tightest(targets, len(words))
        if len(cluster) < max(1, MOST * len(words)):
            return None
        apart = len(cluster) < TOGETHER * len(targets)
        if apart or (len(words) <= SHORT and self._vouched(words) < VOUCHED):
            return cluster[0], cluster[-1] + 1, Doubt.CHANGED
        return cluster[0], cluster[-1] + 1, Doubt.NONE

    def _vouched(self, words: Sequence[int]) -> float:
        """Share of the words around that are still around."""
        around = [
            index
            for index in range(max(0, min(words) - AROUND), min(len(self.pairs), max(words) + AROUND + 1))
            if index not in words
        ]
        target = self.pairs[words[0]]
        near = sum(
            1 for index in around if self.pairs[index] != UNPAIRED and abs(self.pairs[index] - target) <= 3 * AROUND
        )
        return near / len(around) if around else 1.0

    def _shift(self, words: Sequence[int], *, strict: bool) -> tuple[int, float, float, Doubt] | None:
        """How the anchor ``words`` (nearest first) moved: new page, dx, dy; None when too few are left."""
        kept = [index for index in words if self.pairs[index] != UNPAIRED]
        if len(kept) < max(1, MOST * len(words) if strict else 0.3 * len(words)):
            return None
        page, count = most_common([self.new.page_of(self.pairs[index]) for index in kept])
        first_page = self.new.page_of(self.pairs[kept[0]])
        if not strict:
            page = first_page
        moves = [
            (here.x0 - there.x0, here.y0 - there.y0)
            for index in kept
            if self.new.page_of(self.pairs[index]) == page
            for here, there in [(self.new.words[self.pairs[index]], self.old_word(index))]
        ]
        if not strict:
            return page, moves[0][0], moves[0][1], Doubt.NONE
        dx, dy = median(move[0] for move in moves), median(move[1] for move in moves)
        steady = sum(abs(x - dx) <= STEADY_PT and abs(y - dy) <= STEADY_PT for x, y in moves)
        doubt = Doubt.NONE if min(steady, count) >= STEADY * len(words) else Doubt.RESHAPED
        return page, dx, dy, doubt

    # -- suggestions and pages -----------------------------------------------------------------------------

    def _suggested(self, note: Annotation, words: Sequence[int], box: Rect) -> Placement:
        """Beside what is left of the text around a passage that is gone."""
        found = self._neighbour(words)
        if found is None:
            page, _ = self._page(note.page)
            return self._done(note, [(page, {})], Doubt.GONE)
        left = sum(self.pairs[index] != UNPAIRED for index in words)
        doubt = Doubt.CHANGED if left else Doubt.GONE
        word, page = self.new.words[found], self.new.page_of(found)
        if isinstance(note, Highlight):
            return self._done(note, [(page, {"rects": line_rects([word])})], doubt)
        if isinstance(note, TextNote):
            at = Rect(box.x0, word.y0, box.x1, word.y0 + box.y1 - box.y0)
            return self._done(note, [(page, {"at": self._kept_on(page, at)})], doubt)
        return self._done(note, [(page, {})], doubt)

    def _nearest_dy(self, words: Sequence[int], box: Rect) -> float:
        found = self._neighbour(words)
        return 0.0 if found is None else self.new.words[found].y0 - box.y0

    def _neighbour(self, words: Sequence[int]) -> int | None:
        """The word of the new text nearest to where ``words`` were."""
        first, last = min(words), max(words)
        after = bisect_left(self._paired, first)
        before = bisect_right(self._paired, first) - 1
        near = [self._paired[at] for at in (before, after) if 0 <= at < len(self._paired)]
        if not near:
            return None
        return self.pairs[min(near, key=lambda index: (max(first - index, index - last), index))]

    def _page(self, page: int) -> tuple[int, Doubt]:
        if page < len(self._pages):
            return self._pages[page]
        return min(page, self.new.page_count - 1), Doubt.NO_TEXT

    def _fits(self, page: int, box: Rect) -> bool:
        size = self.new.sizes[page] if self.new.sizes else None
        return size is None or (
            box.y0 >= -STEADY_PT and box.y1 <= size[1] + STEADY_PT and box.x1 <= size[0] + STEADY_PT
        )

    def _kept_on(self, page: int, box: Rect) -> Rect:
        size = self.new.sizes[page] if self.new.sizes else None
        if size is None:
            return box
        dx = min(0.0, size[0] - box.x1) if box.x0 >= 0 else -box.x0
        dy = min(0.0, size[1] - box.y1) if box.y0 >= 0 else -box.y0
        return shifts.moved(box, dx, dy)

    def _done(self, note: Annotation, parts: Sequence[_Part], doubt: Doubt) -> Placement:
        targets = tuple(
            replace(note, id=self._new_id(note.id, n), plain=self._plain, page=page, **changes)
            for n, (page, changes) in enumerate(parts)
        )
        return Placement(source=note, targets=targets, doubt=doubt)
