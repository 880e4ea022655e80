# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sharing from any screen: asks whom, stores the choice, has it sent soon. Nothing is shared without that question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from client.domain.ids import AnnotationId, MemberId
from client.store import shares
from client.ui.context import AppContext
from client.ui.screens.share_sheet import ShareSheet
from client.ui.tasks import Tasks

POKE = "shared"


class Sharer(QObject):
    """What a screen needs for sharing.

    Args:
        window: Over which the question is asked.
    """

    def __init__(self, ctx: AppContext, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self.ctx, self._tasks, self._window = ctx, tasks, window

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

        def read(before: frozenset[MemberId]) -> None:
            self.ask(what, before, lambda readers: self.choose(wanted, readers))

        self._tasks.run(self.ctx.record.read(lambda conn: shares.chosen_of_any(conn, wanted)), read, owner=self)

    def choose(self, items: Sequence[AnnotationId], readers: Collection[MemberId]) -> None:
        """Share with exactly these."""
        written = self.ctx.record.write(lambda conn: shares.choose(conn, items, readers))
        self._tasks.run(written, lambda _: self.ctx.engine.poke(POKE), owner=self)

    def follow(self, source: AnnotationId, target: AnnotationId) -> None:
        """A changed text is shared with whom the old one was."""
        written = self.ctx.record.write(lambda conn: shares.follow(conn, source, (target,)))
        self._tasks.run(written, lambda _: self.ctx.engine.poke(POKE), owner=self)
