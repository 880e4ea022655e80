# SPDX-License-Identifier: AGPL-3.0-or-later
"""Undoable changes to the annotations of one paper.

Decides: what one step of undo is and which pages it dirties. Refuses: to change an annotation in place, and
to bring a deleted id back to life: what undo or redo restores is added under a new id, because devices merge
histories of additions and deletions (protocol.md, section 7) and a deletion of an id is final. Rules:

1. Every edit is ``removed`` annotations and ``added`` ones; undo swaps the two.
2. Every step returns a :class:`Change`; the caller stores it (one transaction) and redraws ``pages``.
3. Later steps that name an id which undo has renewed are translated by the stack.
4. Each step has an entry for the journal; replaying the journal gives the stack back after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, TextNote
from client.domain.ids import AnnotationId
from client.viewer.undo_journal import Did, Entry, Lapsed, Redid, Undid

UNDO_STEPS: Final = 200


class AddStroke(Struct, frozen=True):
    """A pen stroke was finished."""

    stroke: InkStroke

    def parts(self) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
        """``(removed, added)``."""
        return (), (self.stroke,)


class AddHighlight(Struct, frozen=True):
    """Text was highlighted or underlined."""

    highlight: Highlight

    def parts(self) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
        """``(removed, added)``."""
        return (), (self.highlight,)


class AddNote(Struct, frozen=True):
    """A note was written."""

    note: TextNote

    def parts(self) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
        """``(removed, added)``."""
        return (), (self.note,)


class AddBookmark(Struct, frozen=True):
    """A page was marked."""

    bookmark: Bookmark

    def parts(self) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
        """``(removed, added)``."""
        return (), (self.bookmark,)


class DeleteAnnotations(Struct, frozen=True):
    """Erased: one eraser stroke is one step, however much it wiped."""

    annotations: tuple[Annotation, ...]

    def parts(self) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
        """``(removed, added)``."""
        return self.annotations, ()


class EditNote(Struct, frozen=True):
    """A note's text, place or colour changed; ``after`` has an id of its own."""

    before: TextNote
    after: TextNote

    def parts(self) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
        """``(removed, added)``."""
        return (self.before,), (self.after,)


class ReplaceAnnotations(Struct, frozen=True):
    """Anything else: moved, recoloured, cut in two; new ones have ids of their own."""

    before: tuple[Annotation, ...]
    after: tuple[Annotation, ...]

    def parts(self) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
        """``(removed, added)``."""
        return self.before, self.after


Edit = AddStroke | AddHighlight | AddNote | AddBookmark | DeleteAnnotations | EditNote | ReplaceAnnotations


class Change(Struct, frozen=True):
    """What to store: delete these ids, add these annotations, keep ``entry``; and redraw ``pages``."""

    deleted: tuple[AnnotationId, ...]
    added: tuple[Annotation, ...]
    pages: frozenset[int]
    entry: Entry


class _Step(Struct, frozen=True):
    removed: tuple[Annotation, ...]
    added: tuple[Annotation, ...]


def _ids(annotations: Iterable[Annotation]) -> tuple[AnnotationId, ...]:
    return tuple(annotation.id for annotation in annotations)


class UndoStack:
    """Steps of one open paper; belongs to the GUI thread.

    Args:
        new_id: Makes a fresh annotation id.
        limit: Steps kept; the oldest is forgotten first.
    """

    def __init__(self, new_id: Callable[[], AnnotationId], limit: int = UNDO_STEPS) -> None:
        self._new_id = new_id
        self._limit = limit
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._renewed: dict[AnnotationId, AnnotationId] = {}

    @property
    def can_undo(self) -> bool:
        """Whether :meth:`undo` would do something."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether :meth:`redo` would do something."""
        return bool(self._undone)

    def do(self, edit: Edit) -> Change:
        """Performs a new edit; what was undone before can no longer be redone."""
        removed, added = edit.parts()
        self._undone.clear()
        self._done.append(_Step(removed, added))
        del self._done[: -self._limit]
        return self._change(removed, added, Did(removed, added))

    def undo(self) -> Change | None:
        """Takes the last step back; None if there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        restored = self._renew(step.removed, [self._new_id() for _ in step.removed])
        self._undone.append(step)
        return self._change(step.added, restored, Undid(_ids(restored)))

    def redo(self) -> Change | None:
        """Performs the last undone step again; None if there is none."""
        if not self._undone:
            return None
        step = self._undone.pop()
        restored = self._renew(step.added, [self._new_id() for _ in step.added])
        self._done.append(step)
        return self._change(step.removed, restored, Redid(_ids(restored)))

    def replay(self, entries: Iterable[Entry], live: Collection[AnnotationId]) -> None:
        """Take up a history where it was left.

        Args:
            entries: From the store, oldest first; the beginning may be missing.
            live: Marks that are there now. Steps whose marks went by another way (another device, a replaced
                paper) leave the stack: undoing them would do nothing that can be seen.
        """
        for entry in entries:
            match entry:
                case Did(removed=removed, added=added):
                    self._undone.clear()
                    self._done.append(_Step(removed, added))
                case Undid(fresh=fresh) if self._done and len(fresh) == len(self._done[-1].removed):
                    step = self._done.pop()
                    self._renew(step.removed, fresh)
                    self._undone.append(step)
                case Redid(fresh=fresh) if self._undone and len(fresh) == len(self._undone[-1].added):
                    step = self._undone.pop()
                    self._renew(step.added, fresh)
                    self._done.append(step)
                case Lapsed() | Undid() | Redid():  # the step it speaks of is gone, and with it what came before
                    self._done.clear()
                    self._undone.clear()
        del self._done[: -self._limit]
        self._prune(live)

    def _prune(self, live: Collection[AnnotationId]) -> None:
        """Walk back from now: what a step added must be there, unless a later step took it away."""
        kept: list[_Step] = []
        taken: set[AnnotationId] = set()
        for step in reversed(self._done):
            if all(self._present(one.id) in live or self._present(one.id) in taken for one in step.added):
                kept.append(step)
                taken.update(self._present(one.id) for one in step.removed)
        self._done = kept[::-1]

    def forget(self, ids: Iterable[AnnotationId]) -> None:
        """Another device deleted these: steps that would touch them leave the stack."""
        gone = set(ids)

        def touches(step: _Step) -> bool:
            return any(self._present(one.id) in gone for one in (*step.removed, *step.added))

        self._done = [step for step in self._done if not touches(step)]
        self._undone = [step for step in self._undone if not touches(step)]

    def _renew(self, annotations: tuple[Annotation, ...], ids: Sequence[AnnotationId]) -> tuple[Annotation, ...]:
        """Copies under new ids, remembered as the present form of the old ones."""
        copies: list[Annotation] = []
        for annotation, fresh in zip(annotations, ids, strict=True):
            self._renewed[self._present(annotation.id)] = fresh
            copies.append(replace(annotation, id=fresh))
        return tuple(copies)

    def _present(self, original: AnnotationId) -> AnnotationId:
        while (renewed := self._renewed.get(original)) is not None:
            original = renewed
        return original

    def _change(self, removed: tuple[Annotation, ...], added: tuple[Annotation, ...], entry: Entry) -> Change:
        pages = frozenset(annotation.page for annotation in (*removed, *added))
        return Change(tuple(self._present(annotation.id) for annotation in removed), added, pages, entry)
