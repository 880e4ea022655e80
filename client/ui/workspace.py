# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything behind the lock: rail, connection banner, the stack of screens, and the history of routes.

One screen object per kind of route, built when first needed. It is the ``Navigator`` that screens are given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QDialog, QStackedLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from client.domain.ids import PackId, PaperId, PollId
from client.errors import EcabinetError, RecordIncomplete, Untrusted
from client.store import outbox, place
from client.store.changes import ChangeSet, Topic
from client.sync.events import Connectivity, Problem, SyncFinished, SyncStarted, SyncStatus
from client.ui import kept_place
from client.ui import navigator as places
from client.ui.announce import announce
from client.ui.body_switch import BodyStripe
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.models.reminders import here
from client.ui.notice_bar import NoticeBar
from client.ui.release_bar import ReleaseBar
from client.ui.reminders import ReminderDesk
from client.ui.screen import Screen
from client.ui.screens.live_away import AwayCover
from client.ui.screens.live_desk import LiveDesk
from client.ui.shortcuts import HELP_KEY, PLACE_KEYS
from client.ui.tasks import Tasks
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.keys_sheet import KeysSheet
from client.ui.widgets.practice_banner import PracticeBanner
from client.ui.widgets.rail import Rail, RailItem
from client.ui.widgets.sync_banner import SyncBanner
from client.ui.widgets.undo_bar import UndoBar

ScreenFactory = Callable[[AppContext, Bridge, Tasks, places.Navigator, QWidget], Screen[Any]]
_HISTORY: Final = 50
_RAIL_OF: Final[dict[type[places.Route], str]] = {
    places.Home: "home",
    places.Meeting: "home",
    places.Travel: "home",
    places.Papers: "papers",
    places.Changes: "papers",
    places.Notes: "papers",
    places.Search: "search",
    places.Ballots: "ballots",
    places.Ballot: "ballots",
    places.Outbox: "outbox",
    places.Preferences: "settings",
    places.Diagnostics: "settings",
    places.Storage: "settings",
}
_RAIL_ROUTES: Final[dict[str, places.Route]] = {
    "home": places.Home(),
    "papers": places.Papers(),
    "search": places.Search(),
    "ballots": places.Ballots(),
    "outbox": places.Outbox(),
    "settings": places.Preferences(),
}


def rail_items() -> tuple[RailItem, ...]:
    """The main places, in order."""
    return (
        RailItem("home", "session", tr("Phiên họp")),
        RailItem("papers", "book_open", tr("Tài liệu")),
        RailItem("search", "search", tr("Tìm kiếm")),
        RailItem("ballots", "vote", tr("Biểu quyết")),
        RailItem("outbox", "outbox", tr("Chờ gửi")),
        RailItem("settings", "settings", tr("Cài đặt"), last=True),
    )


class Workspace(QWidget):
    """Rail and screens of an unlocked device.

    Attributes:
        lock_wanted: The member wants to lock.
        practice_again, practice_left: Of the practice world's band.

    Args:
        factories: How to build the screen of each kind of route.
    """

    lock_wanted = Signal()
    practice_wanted = Signal()
    practice_again = Signal()
    practice_left = Signal()

    def __init__(
        self,
        ctx: AppContext,
        bridge: Bridge,
        tasks: Tasks,
        factories: Mapping[type[places.Route], ScreenFactory],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ctx, self._bridge, self._tasks, self._factories = ctx, bridge, tasks, factories
        self._screens: dict[type[places.Route], Screen[Any]] = {}
        self._history: list[places.Route] = []
        self.route: places.Route | None = None
        self.setProperty("part", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rail = Rail(rail_items(), self)
        self.rail.chosen.connect(self._on_rail)
        self.banner = SyncBanner(ctx.clock, self)
        self.banner.wanted.connect(self.sync_now)
        self.trouble = Banner(tone=Tone.DANGER, parent=self)
        self.notices = None if ctx.notices is None else NoticeBar(ctx.notices, tasks, self)
        self.release = ReleaseBar(ctx, tasks, self)
        self.stack = QStackedWidget(self)
        self.undo_bar = UndoBar(self)
        self.desk = LiveDesk(ctx, bridge, tasks, self, self)
        self.desk.covered.connect(self._cover)
        self.desk.changed.connect(self._say_connection)
        self.reminders = ReminderDesk(ctx, bridge, tasks, self, self, quiet=lambda: self.desk.away, local=here)
        self._put_away: list[QDialog] = []
        self._build()
        bridge.changed.connect(self._on_changed)
        bridge.engine_event.connect(self._on_engine)
        tasks.unexpected.connect(self._on_trouble)
        self._add_shortcuts()
        self.banner.show_status(ctx.engine.status())
        self._count_outbox()

    # -- Navigator ---------------------------------------------------------------------------------------

    def go(self, route: places.Route) -> None:
        """Show ``route``; where we were goes to the history."""
        if self.route is not None and self.route != route:
            self._history = [*self._history, self.route][-_HISTORY:]
        self._show(route)

    def back(self) -> None:
        """To the route before, or home."""
        self._show(self._history.pop() if self._history else places.Home())

    def turn_to(self, route: places.Paper) -> None:
        """Show a page for the presenter: turning pages of the reader leaves no trace in the history."""
        if isinstance(self.route, places.Paper):
            self._show(route)
        else:
            self.go(route)
        self.desk.follower.watch(self.screen_of(places.Paper).canvas)  # type: ignore[attr-defined]

    def open_session(self, pack: PackId) -> None:
        """Show a meeting."""
        self.go(places.Meeting(pack))

    def open_paper(self, pack: PackId, paper: PaperId, page: int | None = None) -> None:
        """Open a paper in the reader."""
        self.go(places.Paper(pack, paper, page))

    def open_ballot(self, poll: PollId) -> None:
        """Show a ballot."""
        self.go(places.Ballot(poll))

    def open_outbox(self) -> None:
        """Show what waits."""
        self.go(places.Outbox())

    def open_search(self, query: str = "") -> None:
        """Search."""
        self.go(places.Search(query))

    def lock(self) -> None:
        """Ask to be locked."""
        self.lock_wanted.emit()

    def practise(self) -> None:
        """Ask for the practice world."""
        self.practice_wanted.emit()

    def announce(self, text: str) -> None:
        """Say ``text`` to a screen reader."""
        announce(self, text)

    def offer_undo(self, text: str, undo: Callable[[], object]) -> None:
        """Show ``text`` with Undo."""
        self.undo_bar.offer(text, undo)

    # -- the rest ----------------------------------------------------------------------------------------

    @property
    def immersive(self) -> bool:
        """Whether what is shown keeps the lines at the top away from itself."""
        return self.route is not None and self.screen_of(type(self.route)).IMMERSIVE

    @cached_property
    def away(self) -> AwayCover:
        """Over everything while devices are put away; made when it is first wanted."""
        made = AwayCover(self)
        made.lift_wanted.connect(self.desk.lift)
        self._layers.addWidget(made)
        return made

    @property
    def history(self) -> tuple[places.Route, ...]:
        """Routes that ``back`` returns to, the latest last."""
        return tuple(self._history)

    def resume(self, route: places.Route, history: tuple[places.Route, ...]) -> None:
        """Continue where another workspace was (language or text size changed)."""
        self._history = list(history)
        self._show(route)

    def screen_of(self, kind: type[places.Route]) -> Screen[Any]:
        """The screen of a kind of route, built now if need be."""
        if kind not in self._screens:
            made = self._factories[kind](self._ctx, self._bridge, self._tasks, self, self.stack)
            self._screens[kind] = made
            self.stack.addWidget(made)
        return self._screens[kind]

    def sync_now(self) -> None:
        """Ask the engine to look at once."""
        self.banner.button.setEnabled(False)
        self._ctx.engine.poke("member")

    def tell_restart(self) -> None:
        """The program died the last time and has come back to where the member was."""
        self.trouble.set(
            tr("Chương trình vừa khởi động lại sau sự cố. Đã mở lại đúng chỗ đồng chí đang xem."), Tone.INFO
        )

    def show_keys(self) -> None:
        """List the key combinations."""
        KeysSheet(self).open()

    def suspend(self) -> None:
        """About to be locked: let the screen save what is open."""
        if self.route is not None:
            self.screen_of(type(self.route)).leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The rail moves to the bottom in portrait."""
        super().resizeEvent(event)
        self._arrange()

    def _build(self) -> None:
        self._layers = QStackedLayout(self)
        main = QWidget(self)
        self._layers.addWidget(main)
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, main)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(self.rail)
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._notices = QVBoxLayout()
        self._notices.setContentsMargins(EDGE, GAP * 2, EDGE, 0)
        self._notices.setSpacing(GAP)
        self._notices.addWidget(self.banner)
        self._notices.addWidget(self.trouble)
        if self.notices is not None:
            self._notices.addWidget(self.notices)
        self._notices.addWidget(self.reminders.bar)
        self._notices.addWidget(self.release)
        column.addWidget(BodyStripe(self._ctx.bodies))
        if self._ctx.practice:
            band = PracticeBanner(self._ctx.practice_pin)
            band.again_wanted.connect(self.practice_again)
            band.leave_wanted.connect(self.practice_left)
            column.addWidget(band)
        column.addWidget(self.desk.bar)
        column.addLayout(self._notices)
        column.addWidget(self.stack, 1)
        column.addWidget(self.undo_bar)
        self._outer.addWidget(content, 1)

    def _add_shortcuts(self) -> None:
        QShortcut(QKeySequence("Alt+Left"), self, self._step_back)
        QShortcut(QKeySequence(HELP_KEY), self, self.show_keys)
        for keys, item in zip(PLACE_KEYS, rail_items(), strict=True):
            QShortcut(QKeySequence(keys), self, lambda key=item.key: self._on_rail(key))

    def _step_back(self) -> None:
        """Within the screen while it has steps, then to the screen before."""
        if self.route is None or not self.screen_of(type(self.route)).back_inside():
            self.back()

    def _arrange(self) -> None:
        portrait = self.height() > self.width()
        wanted = QBoxLayout.Direction.BottomToTop if portrait else QBoxLayout.Direction.LeftToRight
        if self._outer.direction() is not wanted:
            self._outer.setDirection(wanted)
            self.rail.set_vertical(not portrait)

    def _show(self, route: places.Route) -> None:
        if self.route is not None and type(self.route) is not type(route):
            self.screen_of(type(self.route)).leave()
        screen = self.screen_of(type(route))
        self.route = route
        kept = kept_place.place_of(route)
        self._ctx.record.write(lambda conn: place.keep(conn, kept))
        self.rail.setVisible(not screen.IMMERSIVE)
        self._show_notices(immersive=screen.IMMERSIVE)
        if self.notices is not None:
            self.notices.set_wanted(type(route) is places.Home)
        self.release.set_wanted(type(route) is places.Home)
        self.reminders.bar.set_wanted(not screen.IMMERSIVE)
        self.rail.set_current(_RAIL_OF.get(type(route)))
        self.trouble.set("", Tone.DANGER)
        self.stack.setCurrentWidget(screen)
        screen.setFocus(Qt.FocusReason.OtherFocusReason)
        screen.enter(route)
        self.desk.route_changed(route)
        announce(self, screen.heading())

    def _show_notices(self, *, immersive: bool) -> None:
        edge = GAP if immersive else EDGE
        self._notices.setContentsMargins(edge, 0 if immersive else GAP * 2, edge, 0)
        self._show_connection(self._ctx.engine.status(), immersive=immersive)

    def _show_connection(self, status: SyncStatus, *, immersive: bool) -> None:
        """One line about the connection: the live bar's own while a session cannot be reached."""
        if immersive or (self.desk.lost and status.active):
            self.banner.hide()
        else:
            self.banner.show_status(status)

    def _say_connection(self) -> None:
        self._show_connection(self._ctx.engine.status(), immersive=self.immersive)

    def _cover(self, covered: bool) -> None:
        """Put everything out of sight, and back as it was: what is being written is saved and stays open."""
        if covered or self._layers.currentIndex():
            self.away.show_link(lost=self.desk.lost)
        if covered == bool(self._layers.currentIndex()):
            return
        self.reminders.look()
        if covered:
            self.suspend()
            self._put_away = [sheet for sheet in self.window().findChildren(QDialog) if sheet.isVisible()]
            for sheet in self._put_away:
                sheet.hide()
            self._layers.setCurrentWidget(self.away)
            announce(self, self.away.accessibleName(), urgent=True)
            return
        self._layers.setCurrentIndex(0)
        for sheet in self._put_away:
            if isValid(sheet):
                sheet.open()
        self._put_away = []

    def _on_rail(self, key: str) -> None:
        self._history.clear()
        route = _RAIL_ROUTES[key]
        if isinstance(route, places.Search):  # so that looking only in the session one comes from can be offered
            route = places.Search(pack=getattr(self.route, "pack", None))
        self._show(route)

    def _on_engine(self, event: object) -> None:
        if isinstance(event, Problem) and isinstance(event.error, Untrusted | RecordIncomplete):
            self._on_trouble(event.error)  # what did not verify is never passed over in silence
        if not isinstance(event, SyncStarted | SyncFinished):
            return
        status = event.status if isinstance(event, SyncFinished) else self._ctx.engine.status()
        self._show_connection(status, immersive=self.immersive)
        if self.notices is not None and isinstance(event, SyncFinished):
            self.notices.reload()
        if isinstance(event, SyncFinished):
            self.release.look()
        if isinstance(event, SyncFinished) and status.online is Connectivity.ONLINE:
            announce(self, tr("Đã đồng bộ"))

    def _on_changed(self, changes: ChangeSet) -> None:
        if Topic.OUTBOX in changes.topics:
            self._count_outbox()

    def _count_outbox(self) -> None:
        self._tasks.run(self._ctx.record.read(outbox.pending), self._show_count, owner=self)

    def _show_count(self, waiting: tuple[object, ...]) -> None:
        self.rail.set_count("outbox", len(waiting))

    def _on_trouble(self, error: EcabinetError) -> None:
        self.trouble.set(f"{error_title(error)}. {error_next_step(error)} [{error.code}]", Tone.DANGER)
