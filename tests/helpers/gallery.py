# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every screen of the program, one after another, in one look: what the walks over all screens stand on.

Each exhibit is the real window over a real device, settled. A new kind of route must get an exhibit here; a test says
so. Nothing that differs from run to run is in sight: keys, machine, moments and sizes are the same each time.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from msgspec import structs
from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from client.crypto.random import system_random
from client.diagnostics import Diagnosis, Finding
from client.domain.annotation import Bookmark
from client.domain.ballot import PollState
from client.domain.comment import CommentDraft
from client.domain.devices import Notice, NoticeKind
from client.domain.ids import ItemId, Moment, PackId, PollId
from client.domain.live import CurrentSpeaker, Presence, SessionPhase
from client.keys import device as devices
from client.keys.keyring_store import MemoryStore
from client.keys.unlock import Vault
from client.settings import Settings, Theme
from client.store import packs, papers, polls
from client.sync.events import PackProgress
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.i18n import tr
from client.ui.main_window import MainWindow
from client.ui.models.diary import entries_of
from client.ui.models.reads import read_home
from client.ui.models.storage import read_storage
from client.ui.notice_bar import NoticeSheet
from client.ui.screens.ballot import BallotScreen
from client.ui.screens.calendar_sheet import CalendarSheet
from client.ui.screens.comment_sheet import CommentSheet
from client.ui.screens.deputy_desk import SheetPage
from client.ui.screens.enrol import Approval, Begun, EnrolScreen
from client.ui.screens.held import HeldScreen
from client.ui.screens.lock import LockScreen
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.screens.reader import ReaderScreen
from client.ui.screens.registry import factories
from client.ui.screens.sessions import SessionsScreen, Way
from client.ui.screens.settings import SettingsScreen
from client.ui.screens.storage import StorageScreen
from client.ui.screens.welcome import WelcomeSheet
from client.ui.situations import Facts, Kind
from client.ui.tasks import Tasks
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import ScrollColumn
from tests.helpers import gallery_sharing
from tests.helpers.ballot_screen import conflict, open_session
from tests.helpers.live_screens import closing
from tests.helpers.live_world import (
    ITEM2,
    ITEM4,
    ME,
    Q_SESSION,
    conclude,
    concluded,
    open_poll,
    open_vote,
    put_room,
    roll,
    room,
)
from tests.helpers.reader_world import ABSENT, DRAFT, PACK, ReaderWorld, reader_world
from tests.helpers.replaced import ARTICLES, FRESH, annotate, make_pdf, replace_draft, settled
from tests.helpers.ui_world import (
    LIGHT_KDF,
    OPINION,
    PAST,
    PIN,
    REGULAR,
    THEMATIC,
    SetClock,
    UiWorld,
    digest,
    make_world,
)

OPINION_BALLOT: Final = PollId("q_opinion")
LANDSCAPE, PORTRAIT = QSize(1368, 912), QSize(912, 1368)
DIGITS: Final = "1234 5678 9012 3456 7890 1234"
"""Instead of a fingerprint: that one is drawn from fresh keys."""
_LONGEST_MS: Final = 20_000
_SOON_MS: Final = 200
"""Timers up to this wait for changes to come together before they draw."""


@dataclass(frozen=True)
class Look:
    """One way the program can look."""

    size: QSize
    percent: int
    theme: Theme
    language: str

    @property
    def name(self) -> str:
        """For file names."""
        shape = "landscape" if self.size == LANDSCAPE else "portrait"
        return f"{shape}-{self.percent}-{self.theme.value}-{self.language}"

    @property
    def settings(self) -> Settings:
        """As a member would have chosen it."""
        return Settings(text_percent=self.percent, theme=self.theme, language=self.language, welcomed=True)


@dataclass(frozen=True)
class Exhibit:
    """One screen.

    Attributes:
        window: To be drawn whole.
        sheet: What stands over it, if anything does.
        route: Where the window is, where it has routes.
    """

    name: str
    window: QWidget
    sheet: QWidget | None = None
    route: places.Route | None = None

    @property
    def root(self) -> QWidget:
        """What can be used: the sheet, while one is open."""
        return self.sheet or self.window


def exhibits(look: Look, folder: Path) -> Iterator[Exhibit]:
    """Every screen in ``look``; each is gone when the next is asked for."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    put_in_force(app, look.settings)
    app.setCursorFlashTime(0)
    try:
        for n, scene in enumerate((_fronts, _nothing_yet, _device, _session, _situations, _reading)):
            yield from scene(look, folder / f"scene{n}")
    finally:
        put_in_force(app, Settings())


# -- scenes ----------------------------------------------------------------------------------------------------


def _fronts(look: Look, folder: Path) -> Iterator[Exhibit]:
    """What stands before the PIN."""
    folder.mkdir(parents=True)
    tasks, clock = Tasks(), SetClock()
    vault = Vault(folder / "device.key", MemoryStore(), clock, system_random, LIGHT_KDF)
    vault.create(devices.generate("d_0001", system_random), PIN)
    fronts: list[tuple[str, Callable[[], QWidget]]] = [
        ("lock", lambda: LockScreen(vault, tasks, clock, name="Thành viên thứ 17 (dữ liệu giả định)")),
        *((f"enrol-{step + 1}", lambda step=step: _enrolling(tasks, step)) for step in range(3)),
        *(
            (
                f"held-{kind.value.replace('_', '-')}",
                lambda kind=kind: HeldScreen(kind, Facts(2, 14, reported=True, before="SecretService", now="KWallet")),
            )
            for kind in Kind
        ),
    ]
    for name, make in fronts:
        screen = make()
        screen.resize(look.size)
        screen.show()
        _settle(tasks, screen)
        yield Exhibit(name, screen)
        _discard(screen)
    tasks.stop()


def _enrolling(tasks: Tasks, step: int) -> EnrolScreen:
    port: Any = SimpleNamespace(begin=lambda *_: Begun(DIGITS), ask=lambda: Approval.PENDING)
    screen = EnrolScreen(port, tasks, server="https://ecabinet.example.vn")
    if step == 2:
        screen.wait_for_approval(DIGITS, "ECAB1:1234567890123456789012341234567890123456")
    elif step == 1:
        screen._go(1)
    return screen


def _nothing_yet(look: Look, folder: Path) -> Iterator[Exhibit]:
    """A device that was just enrolled: what there is to do is said."""
    with _world(look, folder, fill=False) as (world, window):
        for name, route in (
            ("empty-home", places.Home()),
            ("empty-papers", places.Papers()),
            ("empty-search", places.Search()),
            ("empty-notes", places.Notes()),
            ("empty-ballots", places.Ballots()),
            ("empty-outbox", places.Outbox()),
            ("empty-storage", places.Storage()),
            ("meeting-unknown", places.Meeting(PackId("p_gone"))),
        ):
            yield _at(world, window, name, route)


def _device(look: Look, folder: Path) -> Iterator[Exhibit]:
    """A filled device, no session running."""
    with _world(look, folder) as (world, window):
        _give_bytes(world)
        _ask_comments(world)
        world.core.engine.downloads.take_off(PackId("p_coming"))
        yield _at(world, window, "home", places.Home())
        home = _find(window, SessionsScreen)
        home.views.button(Way.MONTH).click()
        yield _at(world, window, "home-month", places.Home())
        home.views.button(Way.LIST).click()
        yield from _meetings(world, window)
        for name, route in (
            ("travel", places.Travel()),
            ("papers", places.Papers()),
            ("search", places.Search("dau tu", REGULAR)),
            ("search-nothing", places.Search("khong co gi nhu vay")),
            ("ballots", places.Ballots()),
            ("ballot", places.Ballot(OPINION_BALLOT)),
            ("storage", places.Storage()),
            ("diagnostics", places.Diagnostics()),
            ("paper-absent", places.Paper(THEMATIC, world_paper(world, THEMATIC))),
        ):
            yield _at(world, window, name, route)
        yield from _long_settings(world, window)
        yield from _sheets(world, window)
        yield from _acts(world, window)
        yield from _handing_over(world, window)


def _meetings(world: UiWorld, window: MainWindow) -> Iterator[Exhibit]:
    yield _at(world, window, "meeting", places.Meeting(REGULAR))
    panel = next(each for each in window.findChildren(MeetingPanel) if each.isVisible())
    for tab in (Tab.PEOPLE, Tab.BALLOTS, Tab.CONCLUSIONS, Tab.COMMENTS):
        panel.tabs.button(tab).click()
        yield _at(world, window, f"meeting-{tab.value}", places.Meeting(REGULAR))
    yield _at(world, window, "meeting-changed", places.Meeting(THEMATIC))
    panel.tabs.button(Tab.COMMENTS).click()
    yield _at(world, window, "meeting-asked", places.Meeting(THEMATIC))
    yield _at(world, window, "meeting-taken-off", places.Meeting(PackId("p_coming")))
    yield _at(world, window, "meeting-opinion", places.Meeting(OPINION))


def _long_settings(world: UiWorld, window: MainWindow) -> Iterator[Exhibit]:
    yield _at(world, window, "settings", places.Preferences())
    bar = _find(window, SettingsScreen).list.verticalScrollBar()
    for n in range(2, 5):
        if bar.value() == bar.maximum():
            return
        bar.setValue(bar.value() + bar.pageStep())
        yield _settled(world, window, f"settings-{n}")


def _sheets(world: UiWorld, window: MainWindow) -> Iterator[Exhibit]:
    """What opens over a screen."""
    assert window.workspace is not None
    ctx, space = world.ctx, window.workspace
    space.go(places.Storage())
    _settle(world.tasks, window)
    rooms = read_storage(world.core.record, world.core.papers, world.clock, ctx.viewer, None).removable
    space.show_keys()
    yield _over(world, window, "sheet-keys")
    _find(window, StorageScreen).take_off(rooms)
    yield _over(world, window, "sheet-take-off")
    WelcomeSheet(window).open()
    yield _over(world, window, "sheet-welcome")
    entries = entries_of(read_home(world.core.record, world.clock, ctx.viewer).result())
    CalendarSheet(entries, world.clock, world.tasks, window).open()
    yield _over(world, window, "sheet-calendar")
    CommentSheet(
        ctx, world.tasks, window, pack=REGULAR, about="Dự thảo Nghị định (dữ liệu giả định)", item=ItemId("item2")
    ).open()
    yield _over(world, window, "sheet-comment")
    moments = (Moment("2026-11-26T02:00:00.000Z"), Moment("2026-11-26T03:00:00.000Z"))
    NoticeSheet(Notice(NoticeKind.ACTS_LOST, numbers=(3, 4), saved=moments), window).open()
    yield _over(world, window, "sheet-notice")


def _acts(world: UiWorld, window: MainWindow) -> Iterator[Exhibit]:
    """After a comment and a vote, with no network."""
    text = "Đề nghị làm rõ trách nhiệm của cơ quan chủ quản dữ liệu (dữ liệu giả định)."
    world.core.acts.send_comment(CommentDraft(pack=REGULAR, text=text, item=ItemId("item2"))).result()
    yield _at(world, window, "ballot-again", places.Ballot(OPINION_BALLOT))
    screen = _find(window, BallotScreen)
    box = next(iter(screen.form.questions().values()))
    next(iter(box.choices.values())).click()
    screen.form.foot.review_button.click()
    yield _settled(world, window, "ballot-review")
    yield _at(world, window, "outbox", places.Outbox())
    yield _at(world, window, "meeting-commented", places.Meeting(REGULAR))


def _session(look: Look, folder: Path) -> Iterator[Exhibit]:
    """A session is running, a vote is open."""
    with _world(look, folder) as (world, window):
        open_poll(world)
        put_room(world, room(polls=(open_vote(),), items=concluded()))
        conclude(world, "Thông qua chương trình phiên họp (dữ liệu giả định).")
        yield _at(world, window, "live-home", places.Home())
        yield _at(world, window, "live-meeting", places.Meeting(REGULAR))
        panel = next(each for each in window.findChildren(MeetingPanel) if each.isVisible())
        for tab in (Tab.PEOPLE, Tab.BALLOTS, Tab.CONCLUSIONS):
            panel.tabs.button(tab).click()
            yield _at(world, window, f"live-meeting-{tab.value}", places.Meeting(REGULAR))
        yield _at(world, window, "live-ballot", places.Ballot(Q_SESSION))
        put_room(world, room(away=True, current=ITEM4), version=2)
        yield _covered(world, window, "live-put-away")


def _situations(look: Look, folder: Path) -> Iterator[Exhibit]:
    """What a session brings, one after the other in the same world."""
    with _world(look, folder) as (world, window):
        conflict(world)
        yield _at(world, window, "two-votes", places.Ballot(OPINION_BALLOT))
        open_session(world)
        called = room(
            phase=SessionPhase.ROLL_CALL, roll=roll(Presence.WILL_ATTEND), current=None, pages=None, speaker=None
        )
        put_room(world, called, version=2)
        yield _at(world, window, "roll-call", places.Meeting(REGULAR))
        floor = CurrentSpeaker(ME, ITEM2, Moment("2026-11-27T01:29:30.000Z"), 300)
        put_room(world, room(speaker=floor, polls=(open_vote(),)), version=3)
        yield _at(world, window, "my-turn", places.Meeting(REGULAR))
        put_room(world, room(phase=SessionPhase.CLOSED, current=None, pages=None, speaker=None), version=5)
        closing(world, PollState.RESULT_DISPUTED)
        world.write(lambda conn: polls.set_dispute(conn, Q_SESSION, "totals"))
        yield _at(world, window, "disputed", places.Ballot(Q_SESSION))


def _reading(look: Look, folder: Path) -> Iterator[Exhibit]:
    """Real papers: the reader, notes, what changed."""
    with reader_world(folder, make_pdf(*ARTICLES), settings=look.settings) as device:
        world = device.world
        world.ctx = _same_each_time(world)
        world.core.indexer.start()
        settled(device)
        annotate(device)
        settled(device)
        window = _window(world, look)
        try:
            yield _read(world, window, "reader", places.Paper(PACK, DRAFT, 1))
            yield _on_its_way(world, window)
            yield from _sharing(device, world, window)
            first, second, third, _ = ARTICLES
            replace_draft(device, make_pdf(first, FRESH, second.replace("06", "12"), third, top=160))
            settled(device)
            yield _at(world, window, "meeting-new-version", places.Meeting(PACK))
            yield _at(world, window, "changes", places.Changes(PACK, DRAFT))
        finally:
            world.core.indexer.stop()
            window.close()
            _discard(window)


def _sharing(device: ReaderWorld, world: UiWorld, window: MainWindow) -> Iterator[Exhibit]:
    """What an aide shared, on the page and in the list; whom to share with; strokes held by the lasso."""
    mine = tuple(mark.id for mark in device.marks() if not isinstance(mark, Bookmark))
    theirs = gallery_sharing.exchange_notes(device, mine=mine)
    yield _at(world, window, "notes", places.Notes())
    yield _read(world, window, "reader-shared", places.Paper(PACK, DRAFT, 1))
    reader = _find(window, ReaderScreen)
    reader.guests.open(theirs)
    yield _over(world, window, "sheet-received")
    reader.choosing.choose_all()
    yield _settled(world, window, "reader-chosen")
    reader.selection.share_button.click()
    yield _over(world, window, "sheet-share")
    reader.canvas.select(None)


def _handing_over(world: UiWorld, window: MainWindow) -> Iterator[Exhibit]:
    """Sheets for whoever stands in: written, given, received."""
    theirs = gallery_sharing.hand_over(world, REGULAR)
    yield _at(world, window, "meeting-handed-over", places.Meeting(REGULAR))
    panel = next(each for each in window.findChildren(MeetingPanel) if each.isVisible())
    panel.tabs.button(Tab.PEOPLE).click()
    yield _settled(world, window, "meeting-own-sheet")
    SheetPage(
        world.ctx, world.tasks, window, sheet=theirs, author="Thành viên thứ 5 (dữ liệu giả định)", to="Thành viên"
    ).open()
    yield _over(world, window, "sheet-handed-over")
    next(each for each in panel.findChildren(Button) if each.text() == tr("Lập phiếu mới")).click()
    yield _over(world, window, "sheet-hand-over")


# -- one window ------------------------------------------------------------------------------------------------


@contextmanager
def _world(look: Look, folder: Path, *, fill: bool = True) -> Iterator[tuple[UiWorld, MainWindow]]:
    world = make_world(folder, settings=look.settings, fill=fill)
    world.ctx = _same_each_time(world)
    window = _window(world, look)
    try:
        yield world, window
    finally:
        window.close()
        _discard(window)
        world.close()


def _window(world: UiWorld, look: Look) -> MainWindow:
    window = MainWindow(world.bridge, world.tasks, factories())
    window.resize(look.size)
    window.show()
    window.show_workspace(world.ctx)
    window.activateWindow()
    return window


def _same_each_time(world: UiWorld) -> Any:
    """Fingerprints come from fresh keys, and the machine is another one: here they are always the same."""
    findings = tuple(
        Finding(each.key, _FACTS.get(each.key, each.value), attention=each.attention)
        for each in world.core.diagnostics().look().findings
    )
    made = Diagnosis(Moment("2026-11-27T01:32:00.000Z"), "0.1.0", "Linux 6.1 x86_64, Python 3.11", findings)
    fixed: Any = SimpleNamespace(look=lambda: made, bundle=tuple, free_bytes=lambda: 31_138_512_896)
    own = world.ctx.notices
    assert own is not None
    notices: Any = SimpleNamespace(
        devices=lambda: tuple(replace_digits(each) for each in own.devices()),
        current=tuple,
        confirm=lambda _notice: None,
    )
    member = replace(world.ctx.member, fingerprint=DIGITS)
    return replace(world.ctx, member=member, diagnostics=fixed, notices=notices)


_FACTS: Final = {
    "record_bytes": "212992",
    "papers_bytes": "1048576",
    "free_bytes": "31138512896",
    "sandbox": "landlock",
}


def replace_digits(device: Any) -> Any:
    """A device with a fingerprint that is always the same."""
    return structs.replace(device, digits24=DIGITS)


def _at(world: UiWorld, window: MainWindow, name: str, route: places.Route) -> Exhibit:
    assert window.workspace is not None
    if window.workspace.route != route:
        window.workspace.go(route)
    return _settled(world, window, name)


def _settled(world: UiWorld, window: MainWindow, name: str) -> Exhibit:
    _settle(world.tasks, window)
    assert window.workspace is not None
    return Exhibit(name, window, route=window.workspace.route)


def _read(world: UiWorld, window: MainWindow, name: str, route: places.Route) -> Exhibit:
    _at(world, window, name, route)
    canvas = _find(window, ReaderScreen).canvas
    _until(lambda: canvas.scene.is_sharp(canvas.frame()))
    return _settled(world, window, name)


def _on_its_way(world: UiWorld, window: MainWindow) -> Exhibit:
    """A paper that arrives, a quarter of it here."""
    _at(world, window, "reader-arrival", places.Paper(PACK, ABSENT))
    world.bridge.engine_event.emit(PackProgress(PACK, 9 << 20, 40 << 20, ABSENT, 3 << 20, 12 << 20))
    return _settled(world, window, "reader-arrival")


def _covered(world: UiWorld, window: MainWindow, name: str) -> Exhibit:
    space = window.workspace
    assert space is not None
    _until(space.away.isVisible)
    return _settled(world, window, name)


def _over(world: UiWorld, window: MainWindow, name: str) -> Exhibit:
    """The sheet that is open; it is closed once it was looked at."""
    _settle(world.tasks, window)
    for old in window.findChildren(QDialog):
        if not old.isVisible():
            old.deleteLater()
    [sheet] = [each for each in window.findChildren(QDialog) if each.isVisible()]
    QTimer.singleShot(0, sheet, sheet.close)  # runs with the next exhibit's event loop
    assert window.workspace is not None
    return Exhibit(name, window, sheet, window.workspace.route)


def _find(window: MainWindow, kind: Any) -> Any:
    return next(each for each in window.findChildren(kind) if each.isVisible())


def world_paper(world: UiWorld, pack: PackId) -> Any:
    """The first paper of a pack."""
    revision = world.core.record.read(lambda c: packs.readable(c, pack)).result()
    assert revision is not None
    return revision.papers[0].id


def _ask_comments(world: UiWorld) -> None:
    """One meeting's comments are due before the ballot."""
    revision = world.core.record.read(lambda c: packs.readable(c, THEMATIC)).result()
    assert revision is not None
    assert revision.session is not None
    session = structs.replace(revision.session, comments_until=Moment("2026-11-28T04:30:00.000Z"))
    first, second, *rest = revision.papers
    newer = (first, structs.replace(second, version=3, plain=digest("them2 v3")), *rest)
    world.write(
        lambda c: packs.upsert(c, structs.replace(revision, rev=revision.rev + 1, session=session, papers=newer))
    )


def _give_bytes(world: UiWorld) -> None:
    """Papers of two meetings take room."""
    for pack in (PAST, REGULAR):
        revision = world.core.record.read(lambda c, pack=pack: packs.readable(c, pack)).result()
        assert revision is not None
        for paper in revision.papers:
            if paper.blob is not None:
                world.core.papers.write(
                    lambda c, blob=paper.blob: papers.append(c, blob, 0, bytes(papers.CHUNK))
                ).result()


def _discard(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
    QApplication.processEvents()
    gc.collect(0)


def _turn(wait_ms: int = 10) -> None:
    loop = QEventLoop()
    QTimer.singleShot(wait_ms, loop.quit)
    loop.exec()


def _until(true: Callable[[], bool]) -> None:
    waited = 0
    while not true():
        _turn()
        waited += 10
        assert waited < _LONGEST_MS, "did not settle"


def timers(window: QWidget) -> list[QTimer]:
    """Of everything in the window."""
    return window.findChildren(QTimer)


def _settle(tasks: Tasks, window: QWidget) -> None:
    quiet = 0
    while quiet < 5:  # nested layouts settle their heights in a few turns of the event loop
        _turn()
        soon = any(
            timer.isActive() and timer.isSingleShot() and timer.interval() <= _SOON_MS for timer in timers(window)
        )
        busy = soon or tasks.running or any(column.busy for column in window.findChildren(ScrollColumn))
        quiet = 0 if busy else quiet + 1
    if QApplication.activeModalWidget() is None and QApplication.activeWindow() is not window:
        window.activateWindow()  # focus rings are part of the picture
        _turn()
