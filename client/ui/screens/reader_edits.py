# SPDX-License-Identifier: AGPL-3.0-or-later
"""My marks on one paper while it is open: each step is saved at once, can be undone, and is never lost quietly.

Rules: what is not yet committed is called so; after a failure the steps stay in order and are tried again with
the next step or on wish; only a committed transaction makes it "saved".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from enum import Enum

from PySide6.QtCore import QObject, QUuid, Signal

from client.clock import Clock, to_rfc3339
from client.domain.annotation import Annotation
from client.domain.ids import AnnotationId, Hash, Moment, PaperId
from client.errors import EcabinetError
from client.store import annotations as marks
from client.store import undo
from client.store.changes import NOTHING, Written
from client.store.gate import Gate
from client.ui.tasks import Tasks
from client.viewer.edits import Change, Edit, UndoStack
from client.viewer.undo_journal import decoded, encoded


class Saving(Enum):
    """Where the marks of the open paper are."""

    UNTOUCHED = "untouched"
    SAVING = "saving"
    SAVED = "saved"
    FAILED = "failed"


def new_mark_id() -> AnnotationId:
    """A fresh id that no other device makes."""
    return AnnotationId(f"a_{QUuid.createUuid().toString(QUuid.StringFormat.Id128)}")


def together(steps: Iterable[Written[None]]) -> Written[None]:
    """Several writes of one transaction as one."""
    changed = NOTHING
    for _, one in steps:
        changed |= one
    return None, changed


def save_changes(record: Gate, plain: Hash, changes: Sequence[Change], at: Moment) -> Future[None]:
    """Store steps in order, with their place in the history of undo, in one transaction."""
    return record.write(
        lambda conn: together(
            written
            for change in changes
            for written in (
                *(marks.delete(conn, gone, at) for gone in change.deleted),
                *(marks.add(conn, one) for one in change.added),
                undo.append(conn, plain, encoded(change.entry)),
            )
        )
    )


class Editing(QObject):
    """The marks of one paper.

    Attributes:
        stepped: A ``Change`` to draw.
        came: What went (ids), came (annotations), and the pages, without a step of the member's.
        saving: The new ``Saving``.
        stack: Undo and redo.

    Args:
        plain: Hash of the exact PDF.
        present: What the store has.
    """

    stepped = Signal(object)
    came = Signal(object, object, object)
    saving = Signal(object)

    def __init__(
        self,
        record: Gate,
        tasks: Tasks,
        clock: Clock,
        *,
        plain: Hash,
        stack: UndoStack,
        present: Iterable[Annotation],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._record, self._tasks, self._clock = record, tasks, clock
        self._plain = plain
        self.stack = stack
        self._present = {one.id: one for one in present}
        self._unsaved: list[Change] = []
        self._in_flight = 0
        self.state = Saving.UNTOUCHED

    @property
    def present(self) -> tuple[Annotation, ...]:
        """All marks as the member sees them, by page and age."""
        return tuple(sorted(self._present.values(), key=lambda one: (one.page, one.made, one.id)))

    @property
    def unsaved(self) -> bool:
        """Whether some step is not committed."""
        return bool(self._unsaved)

    def of_page(self, page: int) -> list[Annotation]:
        """Marks of a page."""
        return [one for one in self._present.values() if one.page == page]

    def has(self, mark: AnnotationId) -> bool:
        """Whether a mark is still there."""
        return mark in self._present

    def do(self, edit: Edit) -> None:
        """A new step."""
        self._step(self.stack.do(edit))

    def undo(self) -> None:
        """Take the last step back."""
        self._step(self.stack.undo())

    def redo(self) -> None:
        """Do it again."""
        self._step(self.stack.redo())

    def retry(self) -> None:
        """Try to save again what could not be saved."""
        self._pump()

    def look_again(self, paper: PaperId) -> None:
        """Marks may have come or gone by another way: from another device, or with a passage of an older version."""
        if self._unsaved:
            return  # our own step is being saved; its change is told too
        plain, count = self._plain, len(self._present)
        self._tasks.run(
            self._record.read(lambda conn: marks.unless_count(conn, paper, plain, count)), self._take, owner=self
        )

    def _take(self, there: tuple[Annotation, ...] | None) -> None:
        if there is None or self._unsaved:
            return
        known = {one.id: one for one in there}
        gone = [one for ident, one in self._present.items() if ident not in known]
        fresh = tuple(one for one in there if one.id not in self._present)
        self._present = known
        self.stack.forget(one.id for one in gone)
        pages = frozenset(one.page for one in (*gone, *fresh))
        self.came.emit(tuple(one.id for one in gone), fresh, pages)

    def _step(self, change: Change | None) -> None:
        if change is None:
            return
        for gone in change.deleted:
            self._present.pop(gone, None)
        for one in change.added:
            self._present[one.id] = one
        self._unsaved.append(change)
        self.stepped.emit(change)
        self._pump()

    def _pump(self) -> None:
        if self._in_flight or not self._unsaved:
            return
        batch = tuple(self._unsaved)
        at = Moment(to_rfc3339(self._clock.now()))
        self._in_flight = len(batch)
        self._say(Saving.SAVING)
        self._tasks.run(save_changes(self._record, self._plain, batch, at), self._saved, self._failed, owner=self)

    def _saved(self, _nothing: None) -> None:
        del self._unsaved[: self._in_flight]
        self._in_flight = 0
        if self._unsaved:
            self._pump()
        else:
            self._say(Saving.SAVED)

    def _failed(self, _error: EcabinetError) -> None:
        self._in_flight = 0
        self._say(Saving.FAILED)

    def _say(self, state: Saving) -> None:
        if state is not self.state:
            self.state = state
            self.saving.emit(state)


class Stranded:
    """Marks of papers that were left before they could be saved; they are tried again when the paper is opened again.

    Args:
        parent: Owns the ``Editing`` made here.
    """

    def __init__(self, record: Gate, tasks: Tasks, clock: Clock, parent: QObject) -> None:
        self._record, self._tasks, self._clock, self._parent = record, tasks, clock, parent
        self._left: dict[Hash, Editing] = {}

    def take(self, plain: Hash, journal: Sequence[bytes], present: Sequence[Annotation]) -> Editing:
        """For a paper that is being opened: what was left of it, else what the store has."""
        editing = self._left.pop(plain, None)
        if editing is not None:
            return editing
        stack = UndoStack(new_mark_id)
        stack.replay(decoded(journal), {mark.id for mark in present})
        return Editing(
            self._record, self._tasks, self._clock, plain=plain, stack=stack, present=present, parent=self._parent
        )

    def leave(self, plain: Hash, editing: Editing) -> None:
        """The paper is closed."""
        if editing.unsaved:
            self._left[plain] = editing
        else:
            editing.deleteLater()
