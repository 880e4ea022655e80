# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sharing from any screen: asks whom, stores the choice, has it sent soon; the choice can be undone.

Nothing is shared without that question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from client.domain.ids import AnnotationId, MemberId
from client.store import shares
from client.store.changes import NOTHING, Written
from client.store.gate import Handle
from client.ui import people_words
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Navigator
from client.ui.screens.share_sheet import ShareSheet
from client.ui.tasks import Tasks

POKE = "shared"


class Sharer(QObject):
    """What a screen needs for sharing.

    Attributes:
        changed: A choice was stored, or undone.

    Args:
        navigator: Offers undo.
        window: Over which the question is asked.
    """

    changed = Signal()

    def __init__(self, ctx: AppContext, tasks: Tasks, navigator: Navigator, window: QWidget) -> None:
        super().__init__(window)
        self.ctx, self._tasks, self._navigator, self._window = ctx, tasks, navigator, window

    def load(self, item: AnnotationId, done: Callable[[tuple[MemberId, ...]], object], owner: QObject) -> None:
        """With whom a thing is shared; ``done`` is called later, unless ``owner`` is gone."""
        self._tasks.run(self.ctx.record.read(lambda conn: shares.chosen(conn, item)), done, owner=owner)

    def ask(
        self,
        what: str,
        before: Collection[MemberId],
        done: Callable[[tuple[MemberId, ...]], object],
        *,
        over: QWidget | None = None,
        button: str = "",
    ) -> ShareSheet:
        """Ask whom; ``done`` is called if the member agrees."""
        sheet = ShareSheet(self.ctx, over or self._window, what=what, before=before, button=button)
        sheet.chosen.connect(done)
        sheet.open()
        return sheet

    def ask_for(self, items: Sequence[AnnotationId], what: str) -> None:
        """Ask whom to share one thing with, or several together, and do it.

        Those who have one of several today count as chosen for all.
        """
        wanted = tuple(items)

        def agreed(readers: tuple[MemberId, ...]) -> None:
            self.choose(wanted, readers, lambda before: self._offer_undo(what, readers, before))

        def read(before: frozenset[MemberId]) -> None:
            self.ask(what, before, agreed)

        self._tasks.run(self.ctx.record.read(lambda conn: shares.chosen_of_any(conn, wanted)), read, owner=self)

    def choose(
        self,
        items: Sequence[AnnotationId],
        readers: Collection[MemberId],
        done: Callable[[shares.Before], object] | None = None,
    ) -> None:
        """Share with exactly these; ``done`` is given how it was before."""

        def stored(before: shares.Before) -> None:
            self._stored()
            if done is not None:
                done(before)

        self._tasks.run(self.ctx.record.write(lambda conn: shares.choose(conn, items, readers)), stored, owner=self)

    def follow(self, pairs: Iterable[tuple[AnnotationId, AnnotationId]]) -> None:
        """What came of changed things, old and new, is shared with whom the old ones were."""
        changed = tuple(pairs)

        def work(conn: Handle) -> Written[None]:
            changes = NOTHING
            for source, target in changed:
                changes |= shares.follow(conn, source, (target,))[1]
            return None, changes

        self._tasks.run(self.ctx.record.write(work), lambda _: self._stored(), owner=self)

    def standing(self, items: Iterable[AnnotationId], done: Callable[[shares.Before], object]) -> None:
        """With whom each of these is to be shared, later."""
        wanted = tuple(items)
        self._tasks.run(self.ctx.record.read(lambda conn: shares.chosen_of_each(conn, wanted)), done, owner=self)

    def _offer_undo(self, what: str, readers: Collection[MemberId], before: shares.Before) -> None:
        said = people_words.shared_sentence(readers, self.ctx.people())

        def undo() -> None:
            written = self.ctx.record.write(lambda conn: shares.put_back(conn, before))
            self._tasks.run(written, lambda _: self._stored(), owner=self)

        self._navigator.offer_undo(tr("{what}: {who}").format(what=what, who=said), undo)

    def _stored(self) -> None:
        self.ctx.engine.poke(POKE)
        self.changed.emit()
