# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the live bar, the follower and the cover true: reads the session again when something changed.

Announces what a member must not miss: a new item, an open vote, "đến lượt", the link lost and back. Announcing takes
no focus. Reconnecting loses nothing, because nothing of the session is kept here.
"""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from client.domain.ids import PollId
from client.domain.live import CheckIn
from client.store.changes import ChangeSet, Topic
from client.sync.events import Connectivity, SyncFinished, SyncStarted
from client.ui import navigator as places
from client.ui.announce import announce
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.live import LiveNow, read_live
from client.ui.screens.live_acts import SessionActs
from client.ui.screens.live_bar import LiveBar
from client.ui.screens.live_follow import Follower, Reader
from client.ui.screens.live_sheets import SpeakSheet
from client.ui.screens.live_words import bar_title
from client.ui.tasks import Tasks

_TOPICS: Final = frozenset({Topic.LIVE, Topic.OUTBOX, Topic.POLLS, Topic.PACKS, Topic.TRUST})
_COALESCE_MS: Final = 60
_SECOND_MS: Final = 1000


class Room(places.Navigator, Reader, Protocol):
    """The workspace, as far as it is needed here."""


class LiveDesk(QObject):
    """One for the workspace.

    Attributes:
        covered: Whether devices are to be put away.
        changed: The session began, ended, or something of it differs.

    Args:
        space: The workspace; also the parent of sheets.
    """

    covered = Signal(bool)
    changed = Signal()

    def __init__(self, ctx: AppContext, bridge: Bridge, tasks: Tasks, room: Room, window: QWidget) -> None:
        super().__init__(window)
        self._ctx, self._tasks, self._room, self._window = ctx, tasks, room, window
        self.now: LiveNow | None = None
        self.bar = LiveBar(window)
        self.bar.hide()
        self.follower = Follower(room, self)
        self.acts = SessionActs(ctx, tasks, room, self)
        self._lost = False
        self._lifted = -1
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_COALESCE_MS)
        self._soon.timeout.connect(self.refresh)
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self._tick)
        self._connect(bridge)
        self.refresh()

    def _connect(self, bridge: Bridge) -> None:
        bar = self.bar
        bar.page_wanted.connect(self.follower.go_once)
        bar.follow_wanted.connect(self._follow)
        bar.speak_wanted.connect(self._ask_to_speak)
        bar.withdraw_wanted.connect(self._withdraw)
        bar.check_in_wanted.connect(self._check_in)
        bar.vote_wanted.connect(self._vote)
        bar.meeting_wanted.connect(self._open_meeting)
        self.follower.changed.connect(self._draw)
        bridge.changed.connect(self._on_changed)
        bridge.engine_event.connect(self._on_engine)

    @property
    def lost(self) -> bool:
        """A session runs and cannot be reached."""
        return self.now is not None and self._lost

    @property
    def away(self) -> bool:
        """Devices are to be put away, and the member did not lift the cover."""
        return self.now is not None and self.now.view.locked and self._lifted != self.now.live.version

    def refresh(self) -> None:
        """Read the session again."""
        self._tasks.run(read_live(self._ctx.record, self._ctx.clock, self._ctx.viewer), self._show, owner=self)

    def route_changed(self, route: places.Route) -> None:
        """The workspace shows something else."""
        self.follower.route_changed(route)
        self._draw()

    def lift(self) -> None:
        """The member has left the room, where no link could say so."""
        if self.now is not None and self._lost:
            self._lifted = self.now.live.version
            self.covered.emit(self.away)

    # -- drawing -----------------------------------------------------------------------------------------------

    def _show(self, now: LiveNow | None) -> None:
        before, self.now = self.now, now
        if now is None:
            self._second.stop()
            self.follower.stop()
        else:
            self._second.start()
            self.follower.show(now.pack, now.page)
        self._look_at_link()
        self._draw()
        self._tell(before, now)
        self.covered.emit(self.away)
        self.changed.emit()

    def _draw(self) -> None:
        now = self.now
        self.bar.setVisible(now is not None)
        if now is None:
            return
        follower = self.follower
        self.bar.show_now(now, self._ctx.people(), follows=follower.on, left=follower.left, route=self._room.route)
        self.bar.show_link(lost=self._lost)
        self._tick()

    def _tick(self) -> None:
        self.bar.tick(self._ctx.now())

    def _tell(self, before: LiveNow | None, now: LiveNow | None) -> None:
        """Say aloud what is new."""
        if now is None:
            if before is not None:
                announce(self._window, tr("Phiên họp đã kết thúc"))
            return
        known = {vote.poll.id for vote in before.votes} if before is not None else set()
        if now.view.my_turn and not (before is not None and before.view.my_turn):
            announce(self._window, tr("Đến lượt đồng chí phát biểu"), urgent=True)
        elif any(vote.poll.id not in known for vote in now.votes):
            announce(self._window, tr("Biểu quyết đang mở"), urgent=True)
        elif now.item is not None and (before is None or before.item != now.item):
            announce(self._window, bar_title(now))

    # -- what happened -----------------------------------------------------------------------------------------

    def _on_changed(self, changes: ChangeSet) -> None:
        if changes.topics & _TOPICS and not self._soon.isActive():
            self._soon.start()

    def _on_engine(self, event: object) -> None:
        if isinstance(event, SyncStarted | SyncFinished):
            self._look_at_link()

    def _look_at_link(self) -> None:
        lost = self._ctx.engine.status().online is not Connectivity.ONLINE
        if lost == self._lost:
            return
        self._lost = lost
        if self.now is not None:
            self.bar.show_link(lost=lost)
            if not lost:
                announce(self._window, tr("Đã nối lại phiên họp"))
            self.changed.emit()

    # -- what was pressed --------------------------------------------------------------------------------------

    def _follow(self, wanted: bool) -> None:
        if wanted:
            self.follower.start()
        else:
            self.follower.stop()

    def _ask_to_speak(self) -> None:
        now = self.now
        if now is None or now.item is None:
            return
        SpeakSheet(now.live, now.item.id, bar_title(now), self.acts, self._window).open()

    def _withdraw(self) -> None:
        if self.now is not None and self.now.item is not None:
            self.acts.withdraw(self.now.live, self.now.item.id)

    def _check_in(self) -> None:
        if self.now is not None:
            self.acts.do(self.now.live, CheckIn(), said=tr("Đã báo có mặt, lưu trên máy"))

    def _vote(self, poll: PollId) -> None:
        self._room.open_ballot(poll)

    def _open_meeting(self) -> None:
        if self.now is not None:
            self._room.open_session(self.now.pack)
