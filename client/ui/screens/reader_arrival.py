# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in place of a paper that is not on this device: that it comes next, how far it is, pause and go on.

Rules:
1. Bytes are told of this paper alone; while others are in hand, or nothing is, a sentence says why it does not move.
2. The message stays the same widget while one waits, so focus and a screen reader's place stay where they are.
3. A screen reader hears of it at every quarter, not at every per cent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from client.domain.ids import PackId
from client.sync.events import Connectivity, PackProgress, SyncFinished, SyncStarted
from client.ui import formats
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Navigator, Paper
from client.ui.screens.reader_loading import Refusal
from client.ui.screens.reader_looks import refusal_message, refusal_words
from client.ui.tasks import Tasks
from client.ui.widgets.button import Button
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.layouts import set_shown
from client.ui.widgets.progress import ProgressLine
from client.ui.widgets.text import Label

_QUARTERS = 4


class Arrival(EmptyState):
    """The paper of ``route`` on its way.

    Args:
        fetch: Asks for it, also where the member held its pack.
        hold: Stops the fetching of its pack; what arrived stays.
    """

    def __init__(
        self,
        ctx: AppContext,
        navigator: Navigator,
        route: Paper,
        *,
        fetch: Callable[[], object],
        hold: Callable[[], object],
    ) -> None:
        words = tr("Tài liệu này được tải trước các tài liệu khác và tự mở khi tải xong.")
        super().__init__("download", refusal_words(Refusal.ABSENT), words)
        self.route = route
        self._ctx, self._navigator = ctx, navigator
        self._quarter = 0
        status = ctx.engine.status()
        self._looking = status.working
        self._moving = status.working and any(each.pack == route.pack for each in status.progress)
        self._at: PackProgress | None = None
        self.state = Label("", "strong")
        self.line = ProgressLine()
        self.go = Button(tr("Đồng bộ ngay"))
        self.go.clicked.connect(fetch)
        self.pause = Button(tr("Tạm dừng tải"), "close", variant="plain")
        self.pause.clicked.connect(hold)
        self.add_centred(self.state, self.line)
        self.add_row(self.go, self.pause)
        self.show_state()

    def on_engine(self, event: object) -> None:
        """Something arrived, or a look began or ended."""
        if isinstance(event, PackProgress):
            if event.pack != self.route.pack:
                return
            self._looking = self._moving = True
            if event.paper == self.route.paper:
                self._at = event
        elif isinstance(event, SyncStarted | SyncFinished):
            self._looking, self._moving = isinstance(event, SyncStarted), False
        else:
            return
        self.show_state()

    def show_state(self) -> None:
        """Words, line and buttons for what is known now."""
        held = self.route.pack in self._ctx.engine.downloads.held()
        fetching = self._moving and not held
        self.state.setText(self._words(held=held))
        set_shown(self.line, self._at is not None)
        if self._at is not None:
            self.line.set(self._at.paper_done, self._at.paper_total)
            self._tell(self._at)
        self.go.setText(tr("Tải tiếp") if held else tr("Đồng bộ ngay"))
        self.go.setAccessibleName(self.go.text())
        shown, hidden = (self.pause, self.go) if fetching else (self.go, self.pause)
        set_shown(shown, shown=True)
        if hidden.hasFocus():
            shown.setFocus()
        set_shown(hidden, shown=False)

    def _words(self, *, held: bool) -> str:
        if held:
            return tr("Đã tạm dừng tải bộ tài liệu này.")
        if self._at is not None:
            got, whole = formats.size(self._at.paper_done), formats.size(self._at.paper_total)
            return tr("Đã tải {got} trong {all}").format(got=got, all=whole)
        if self._moving:
            return tr("Sắp đến lượt: đang nhận nốt phần đang tải.")
        if self._looking:
            return tr("Đang hỏi máy chủ…")
        if self._ctx.engine.status().online is Connectivity.OFFLINE:
            return tr("Chưa có mạng. Tài liệu được tải ngay khi có mạng.")
        return ""

    def _tell(self, at: PackProgress) -> None:
        quarter = at.paper_done * _QUARTERS // max(at.paper_total, 1)
        if quarter > self._quarter:
            self._navigator.announce(self.state.text())
        self._quarter = quarter


class Arrivals(QObject):
    """Makes the message for a paper that cannot be opened, and keeps it up to date."""

    def __init__(self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx, self._tasks, self._navigator = ctx, tasks, navigator
        self._shown: Arrival | None = None
        bridge.engine_event.connect(self._on_engine)

    def message(self, refusal: Refusal, route: Paper | None) -> QWidget:
        """What to show; for a paper that may come, the message that waits already, and the paper is asked for first."""
        if route is None or not refusal.may_come:
            return refusal_message(refusal)
        self._ctx.engine.downloads.prefer(route.pack, route.paper)
        known = self._living()
        if known is None or (known.route.pack, known.route.paper) != (route.pack, route.paper):
            self._navigator.announce(refusal_words(refusal))
            fetch, hold = partial(self._fetch, route.pack), partial(self._hold, route.pack)
            known = Arrival(self._ctx, self._navigator, route, fetch=fetch, hold=hold)
        self._shown = known
        return known

    def _fetch(self, pack: PackId) -> None:
        downloads = self._ctx.engine.downloads
        if pack in downloads.held():
            self._tasks.call(lambda: downloads.let_go(pack), lambda _none: self._show(), owner=self)
        self._ctx.engine.poke("member")

    def _hold(self, pack: PackId) -> None:
        downloads = self._ctx.engine.downloads
        self._tasks.call(lambda: downloads.hold(pack), lambda _none: self._show(), owner=self)

    def _show(self) -> None:
        shown = self._living()
        if shown is not None:
            shown.show_state()

    def _living(self) -> Arrival | None:
        return self._shown if self._shown is not None and isValid(self._shown) else None

    def _on_engine(self, event: object) -> None:
        shown = self._living()
        if shown is not None and shown.isVisible():
            shown.on_engine(event)
