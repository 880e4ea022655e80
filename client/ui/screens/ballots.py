# SPDX-License-Identifier: AGPL-3.0-or-later
"""All ballots of the member: what awaits an answer first, then what waits for its receipt, then the rest."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.domain.projection import BallotView
from client.store.changes import Topic
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.reads import read_ballots
from client.ui.navigator import Ballots, Navigator
from client.ui.screen import Screen
from client.ui.screens.ballot_model import BallotGroups, group
from client.ui.tasks import Tasks
from client.ui.widgets.ballot_row import ballot_part
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import Part, ScrollColumn
from client.ui.widgets.list_rows import Section

_TICK_MS: Final = 30_000


class BallotsScreen(Screen[Ballots]):
    """The list of ballots; each opens its own screen."""

    TOPICS = frozenset({Topic.POLLS, Topic.OUTBOX, Topic.LIVE})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("ballots_screen")
        self.setAccessibleName(tr("Biểu quyết"))
        self._groups: BallotGroups | None = None
        self.header = Header(tr("Biểu quyết"))
        self.list = ScrollColumn()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.list, 1)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._draw)

    def showEvent(self, event: QShowEvent) -> None:
        """Time left is counted while it can be seen."""
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """No counting out of sight."""
        super().hideEvent(event)
        self._tick.stop()

    def refresh(self) -> None:
        """Read all ballots again."""
        self.tasks.run(read_ballots(self.ctx.record, self.ctx.clock, self.ctx.viewer), self._show)

    def _show(self, views: tuple[BallotView, ...]) -> None:
        self._groups = group(views)
        due = len(self._groups.due)
        self.header.set(tr("Biểu quyết ({n})").format(n=due) if due else tr("Biểu quyết"))
        self._draw()

    def _draw(self) -> None:
        if self._groups is None:
            return
        groups = (
            (tr("Cần cho ý kiến ({n})"), self._groups.due),
            (tr("Chờ biên nhận ({n})"), self._groups.waiting),
            (tr("Phiếu khác ({n})"), self._groups.others),
            (tr("Đã đóng ({n})"), self._groups.closed),
        )
        parts = []
        for index, (title, views) in enumerate(groups):
            if views:
                text = title.format(n=len(views))
                parts.append(Part(("section", index), text, partial(Section, text)))
                parts += [ballot_part(view, self.ctx.clock, self.navigator) for view in views]
        self.list.show_parts(parts or [Part("nothing", None, nothing_to_vote)])


def nothing_to_vote() -> EmptyState:
    """No ballot on this device."""
    note = tr("Phiếu lấy ý kiến và biểu quyết tại phiên họp sẽ hiện ở đây.")
    return EmptyState("vote", tr("Chưa có phiếu nào"), note)
