# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings a paper from the store to the render process, and says why when it cannot.

Steps: the readable revision and my marks from ``record.db``, the verified bytes from ``papers.db``, then opening
them in the confined process. A later call makes earlier ones void. A paper with a secrecy grade stops at the
first step: none of its bytes are looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from client.domain.annotation import Annotation
from client.domain.ids import Hash, ItemId, PackId, PaperId
from client.domain.pack import PackRevision
from client.domain.paper import PaperVersion
from client.errors import EcabinetError
from client.store import annotations as stored_marks
from client.store import last_views, packs, papers, reading, settings, undo
from client.store.gate import Gate
from client.store.reading import Position
from client.ui.context import AppContext
from client.ui.tasks import Tasks
from client.viewer.events import PaperInfo
from client.viewer.last_view import LastView, unpack
from client.viewer.tile_cache import TileKey
from client.viewer.view.last_pictures import shown

FIT_SETTING = "reader.fit"
"""Name under which the last way of fitting is kept, for all papers."""


class Refusal(Enum):
    """Why there is nothing to open; none of these is an error."""

    GONE = "gone"
    STUB = "stub"
    ABSENT = "absent"
    RECALLED = "recalled"
    ENDED = "ended"

    @property
    def may_come(self) -> bool:
        """Whether fetching can change it."""
        return self in {Refusal.GONE, Refusal.ABSENT}

    @property
    def must_leave(self) -> bool:
        """Whether a paper that is open must be closed: what it shows was erased, and is nobody's to read."""
        return self in {Refusal.RECALLED, Refusal.ENDED, Refusal.STUB}


@dataclass(frozen=True, slots=True)
class Found:
    """What ``record.db`` knows of a paper.

    Attributes:
        position: Where it was left, None the first time.
        fit: How it was fitted to the window.
        pack: The revision it was read from belongs to this pack.
        journal: What was done to its marks, for undo.
    """

    pack: PackId
    paper: PaperVersion
    item: ItemId | None
    marks: tuple[Annotation, ...]
    position: Position | None
    fit: str
    journal: tuple[bytes, ...] = ()

    @property
    def plain(self) -> Hash:
        """Hash of the exact PDF."""
        assert self.paper.plain is not None
        return self.paper.plain


def find(record: Gate, pack: PackId, paper: PaperId) -> Future[Found | Refusal]:
    """One visit to ``record.db``."""
    return record.read(
        lambda conn: _found(
            packs.readable(conn, pack),
            paper,
            ended=packs.is_over(conn, pack),
            marks=stored_marks.of_paper(conn, paper),
            recall=lambda plain: reading.recall(conn, plain),
            journal=lambda plain: undo.journal(conn, plain),
            fit=settings.get(conn, FIT_SETTING, str, "width"),
        )
    )


def _found(
    revision: PackRevision | None,
    paper_id: PaperId,
    *,
    ended: bool,
    marks: Iterable[Annotation],
    recall: Callable[[Hash], Position | None],
    journal: Callable[[Hash], tuple[bytes, ...]],
    fit: str,
) -> Found | Refusal:
    paper = next((one for one in revision.papers if one.id == paper_id), None) if revision is not None else None
    if revision is None or paper is None:
        return Refusal.ENDED if revision is None and ended else Refusal.GONE
    if paper.recalled is not None:
        return Refusal.RECALLED
    if paper.is_stub or paper.plain is None or paper.blob is None:
        return Refusal.STUB
    agenda = revision.session.agenda if revision.session is not None else ()
    item = next((item.id for item in agenda if paper_id in item.papers), None)
    mine = tuple(mark for mark in marks if mark.plain == paper.plain)
    return Found(revision.pack, paper, item, mine, recall(paper.plain), fit, journal(paper.plain))


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What is kept of a paper from when it was last in sight."""

    info: PaperInfo
    pictures: tuple[tuple[TileKey, QImage], ...]


def glimpse_of(last: LastView) -> Glimpse:
    """Pictures in the screen's form; on a worker thread."""
    return Glimpse(last.info, tuple((one.key, shown(one)) for one in last.pictures))


class PaperLoader(QObject):
    """One opening at a time.

    Args:
        suffix: Of the papers' names to the render process, where more than one view shows them. Such a view is
            opened beside a paper that is in sight already and does without ``glimpsed``.

    Attributes:
        found: ``Found``; its bytes are being read.
        glimpsed: ``Found`` and ``Glimpse``, if anything is kept of the paper: mostly before it is open, never after
            ``refused`` or ``failed``.
        opened: ``Found`` and ``PaperInfo``.
        refused: ``Refusal``.
        failed: ``EcabinetError``.
    """

    found = Signal(object)
    glimpsed = Signal(object, object)
    opened = Signal(object, object)
    refused = Signal(object)
    failed = Signal(object)

    def __init__(self, ctx: AppContext, tasks: Tasks, parent: QObject, *, suffix: str = "") -> None:
        super().__init__(parent)
        self._ctx, self._tasks, self._suffix = ctx, tasks, suffix
        self._opened = ""
        self._turn = 0
        self._shut = False

    def load(self, pack: PackId, paper: PaperId) -> None:
        """Begin; exactly one of ``opened``, ``refused``, ``failed`` follows unless another call comes first."""
        self._turn += 1
        self._shut = False
        turn = self._turn
        self._tasks.run(
            find(self._ctx.record, pack, paper),
            lambda found: self._on_found(turn, found),
            lambda error: self._fail(turn, error),
            owner=self,
        )

    def close(self) -> None:
        """The paper is no longer shown; whatever is under way no longer matters."""
        self.cancel()
        if self._opened:
            self._ctx.render.close_paper(self._opened)
            self._opened = ""

    def _name(self, found: Found) -> str:
        self._opened = f"{found.plain}{self._suffix}"
        return self._opened

    def cancel(self) -> None:
        """Whatever is under way no longer matters."""
        self._turn += 1

    def _on_found(self, turn: int, found: Found | Refusal) -> None:
        if turn != self._turn:
            return
        if isinstance(found, Refusal):
            self._shut = True
            self.refused.emit(found)
            return
        self.found.emit(found)
        blob, plain = found.paper.blob, found.plain
        assert blob is not None
        if not self._suffix:
            self._look_back(turn, found)
        self._tasks.run(
            self._ctx.papers.read(
                lambda conn: papers.read(conn, blob, plain=plain) if papers.is_present(conn, blob) else None
            ),
            lambda data: self._on_bytes(turn, found, data),
            lambda error: self._fail(turn, error),
            owner=self,
        )

    def _look_back(self, turn: int, found: Found) -> None:
        """What is kept of the paper is read before its bytes, and made into pictures while they are read."""
        plain = found.plain

        def unpacked(body: bytes) -> Glimpse | None:
            last = unpack(plain, body)
            return glimpse_of(last) if last is not None else None

        def show(glimpse: Glimpse | None) -> None:
            if glimpse is not None and turn == self._turn and not self._shut:
                self.glimpsed.emit(found, glimpse)

        self._tasks.run(
            self._ctx.papers.read(lambda conn: last_views.of_paper(conn, plain)),
            lambda body: self._tasks.call(lambda: unpacked(body), show, owner=self) if body is not None else None,
            owner=self,
        )

    def _on_bytes(self, turn: int, found: Found, data: bytes | None) -> None:
        if turn != self._turn:
            return
        if data is None:
            self._shut = True
            self.refused.emit(Refusal.ABSENT)
            return
        self._tasks.run(
            self._ctx.render.open_paper(self._name(found), data),
            lambda info: self._on_opened(turn, found, info),
            lambda error: self._fail(turn, error),
            owner=self,
        )

    def _on_opened(self, turn: int, found: Found, info: PaperInfo) -> None:
        if turn == self._turn:
            self.opened.emit(found, info)

    def _fail(self, turn: int, error: EcabinetError) -> None:
        if turn == self._turn:
            self._shut = True
            self.failed.emit(error)
