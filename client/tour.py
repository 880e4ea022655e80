# SPDX-License-Identifier: AGPL-3.0-or-later
"""Walks through the demonstration by itself and writes each screen as a PNG file.

It is the real program off screen: the PIN unlocks the real vault, strokes and notes go into the real store, the
comment and the vote are signed, wait without a network, and are answered when it returns. Every step waits until
the program has settled (no task running, no page still coming), never for a length of time alone.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, TypeVar

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from client.app import Windows
from client.clock import to_rfc3339
from client.core import Core
from client.domain.annotation import Annotation, Highlight, InkStroke, Quote, Rect, TextNote
from client.domain.ballot import Answer, NoteRule, Poll, VoteMode
from client.domain.comment import CommentDraft
from client.domain.ids import AnnotationId, Hash, Moment, PackId, PaperId
from client.domain.paper import PaperKind, PaperVersion
from client.errors import InternalFault
from client.keys.device import DeviceKeys
from client.launch import open_windows
from client.practice import content
from client.settings import Theme
from client.store import annotations as marks
from client.store import packs, papers, polls
from client.tour_reader import walk_reader, walk_sharing
from client.ui import navigator as places
from client.ui.preferences import Preferences
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.screens.reader import ReaderScreen
from client.ui.screens.sessions import SessionsScreen, Way
from client.ui.screens.welcome import WelcomeSheet
from client.viewer.ink import InkPoint, pack_points
from client.viewer.messages import Word

if TYPE_CHECKING:
    from client.demo import DemoMember

W = TypeVar("W", bound=QWidget)
LANDSCAPE: Final = QSize(1368, 912)
PORTRAIT: Final = QSize(912, 1368)
_VEIL: Final = QColor(0, 0, 0, 110)
"""Over the window behind a sheet."""
_QUIET_MS: Final = 400
_TICK_MS: Final = 50
_LONGEST_MS: Final = 30_000
_PAGE: Final = 1
_FULL_LINE: Final = 8
"""Words in a line of running text, as opposed to a heading."""


def run_tour(member: DemoMember, folder: Path, *, language: str, pin: str) -> int:
    """Walk and write; the exit status."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder.mkdir(parents=True, exist_ok=True)
    _app, windows = open_windows(member.paths, member.around, language=language)
    tour = Tour(windows, folder)
    tour.shoot("01-lock")
    tour.unlock(member.keys(pin))
    tour.walk()
    windows.window.close()
    print(f"{len(tour.written)} màn hình / screens: {folder.resolve()}")
    for path in tour.written:
        print(f"  {path.name}")
    return 0


class Tour:
    """One walk.

    Args:
        windows: The program, begun.
        folder: Where the files go.
    """

    def __init__(self, windows: Windows, folder: Path) -> None:
        self._windows, self._folder = windows, folder
        self.written: list[Path] = []
        self._window, self._tasks = windows.window, windows.tasks
        self._last_event = 0
        self._now_ms = 0
        windows.bridge.render_event.connect(self._stir)
        windows.bridge.changed.connect(self._stir)
        windows.window.resize(LANDSCAPE)

    def unlock(self, keys: DeviceKeys) -> None:
        """As if the PIN had been typed."""
        self._windows.unlocked(keys)
        self._wait(lambda: self._windows.context is not None)
        core = self._core
        self._wait(lambda: not core.engine.status().working and core.engine.status().last_sync is not None)
        self._settle()

    def walk(self) -> None:
        """Every screen, in the order a member meets them."""
        pack, paper = self._draft()
        poll = self._open_poll()
        go = self._go
        self._first_minutes()
        self.shoot("02-home")
        self._month()
        go(places.Meeting(pack), "03-meeting")
        self._annotate(paper)
        go(places.Paper(pack, paper.id, _PAGE), "04-reader")
        walk_reader(self._screen(ReaderScreen), self.shoot)
        go(places.Ballots(), "05-ballots")
        go(places.Ballot(poll.id), "06-ballot")
        self._core.set_offline(True)
        self._act(pack, paper, poll)
        go(places.Outbox(), "07-outbox-offline")
        self._core.set_offline(False)
        self._wait(lambda: self._core.engine.status().pending == 0)
        go(places.Home(), "08-home-sent")
        go(places.Outbox(), "09-outbox-sent")
        self._wait_for_index()
        go(places.Search("nghi dinh ve du lieu", pack), "10-search")
        go(places.Notes(pack), "10-notes")
        go(places.Paper(pack, paper.id, _PAGE), "10-shared-on-the-page")
        walk_sharing(self._screen(ReaderScreen), self.shoot)
        go(places.Changes(pack, paper.id), "10-changes")
        go(places.Preferences(), "11-settings")
        self._variants(pack, paper, poll)
        self._practise()

    def shoot(self, name: str) -> None:
        """Write what the window shows now; a sheet over it is drawn where it stands."""
        self._settle()
        path = self._folder / f"{name}.png"
        picture = self._window.grab()
        sheet = QApplication.activeModalWidget()
        if sheet is not None:
            painter = QPainter(picture)
            painter.fillRect(picture.rect(), _VEIL)
            shown = sheet.grab()
            painter.drawPixmap((picture.rect().center() - shown.rect().center()), shown)
            painter.end()
        if not picture.save(str(path)):
            raise InternalFault(f"cannot write {path.name}")
        self.written.append(path)

    # -- steps -----------------------------------------------------------------------------------------------

    def _first_minutes(self) -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, WelcomeSheet):
            self.shoot("01-welcome")
            sheet.accept()

    def _variants(self, pack: PackId, paper: PaperVersion, poll: Poll) -> None:
        """Portrait, dark and large, one of each kind."""
        window, preferences = self._windows.window, self._preferences
        window.resize(PORTRAIT)
        self._go(places.Home(), "12-home-portrait")
        self._go(places.Paper(pack, paper.id, _PAGE), "13-reader-portrait")
        self._go(places.Ballot(poll.id), "14-ballot-portrait")
        preferences.change(theme=Theme.DARK, text_percent=150)
        self._go(places.Home(), "15-home-portrait-dark-150")
        window.resize(LANDSCAPE)
        self._go(places.Meeting(pack), "16-meeting-dark-150")
        preferences.change(text_percent=100, night_pages=True)
        self._go(places.Paper(pack, paper.id, _PAGE), "17-reader-dark-night")
        preferences.change(theme=Theme.LIGHT, night_pages=False)

    def _month(self) -> None:
        """Home as a month, and back to the list."""
        home = self._screen(SessionsScreen)
        home.views.button(Way.MONTH).click()
        self.shoot("02-home-month")
        home.views.button(Way.LIST).click()

    def _draft(self) -> tuple[PackId, PaperVersion]:
        """The draft with most pages among what is readable."""
        revisions = self._core.record.read(packs.current).result()
        found = [(r.pack, p) for r in revisions for p in r.papers if p.kind is PaperKind.DRAFT and p.blob]
        return max(found, key=lambda pair: (pair[1].version, pair[1].pages))

    def _open_poll(self) -> Poll:
        known: Sequence[Poll] = self._core.record.read(polls.all).result()
        return max((p for p in known if p.eligible), key=lambda p: len(p.questions))

    def _annotate(self, paper: PaperVersion) -> None:
        """A highlight over two lines, a pen stroke, a note: as a member would leave them."""
        assert paper.blob is not None
        blob, plain = paper.blob, paper.plain
        assert plain is not None
        data = self._core.papers.read(lambda conn: papers.read(conn, blob, plain=plain)).result()
        self._core.render.open_paper(paper.id, data).result()
        words = self._core.render.text(paper.id, _PAGE).result().words
        for mark in _marks(paper, words, Moment(to_rfc3339(self._core.around.clock.now()))):
            self._core.record.write(partial(marks.add, annotation=mark)).result()

    def _act(self, pack: PackId, paper: PaperVersion, poll: Poll) -> None:
        """A comment and a vote, signed while there is no network."""
        text = "Đề nghị làm rõ trách nhiệm của cơ quan chủ quản dữ liệu (dữ liệu giả định)."
        self._core.acts.send_comment(CommentDraft(pack=pack, text=text, paper=paper.id, page=_PAGE)).result()
        answers = [Answer(q.id, q.choices[0].code, _note(q.choices[0].note)) for q in poll.questions]
        self._core.acts.cast_vote(poll, answers, mode=VoteMode.IN_ROOM).result()

    def _practise(self) -> None:
        """The practice world from its roll call to a signed vote: the live session's screens."""
        self._windows.practise()
        door = self._windows.practice
        self._wait(lambda: door.practice is not None and door.practice.window is not None)
        practice = door.practice
        assert practice is not None
        window = practice.window
        assert window is not None
        assert window.workspace is not None
        space = window.workspace
        self._window, self._tasks = window, practice.tasks
        window.resize(LANDSCAPE)
        self.shoot("18-practice-roll-call")
        space.desk.bar.check_in_button.click()
        self._wait(lambda: space.desk.now is not None and bool(space.desk.now.votes))
        self.shoot("19-live-home")
        space.go(places.Paper(content.PACK, content.DRAFT, 1))
        self.shoot("20-live-reader")
        space.go(places.Meeting(content.PACK))
        panel = self._panel(window)
        for tab in (Tab.PEOPLE, Tab.CONCLUSIONS):
            panel.tabs.button(tab).click()
            self.shoot(f"21-live-{tab.value}")
        space.go(places.Ballot(content.VOTE))
        self.shoot("22-live-vote")
        practice.close()
        self._window, self._tasks = self._windows.window, self._windows.tasks

    @staticmethod
    def _panel(window: QWidget) -> MeetingPanel:
        return next(panel for panel in window.findChildren(MeetingPanel) if panel.isVisible())

    def _wait_for_index(self) -> None:
        self._wait(lambda: self._core.indexer.wait_idle(0))

    # -- settling ------------------------------------------------------------------------------------------------

    @property
    def _core(self) -> Core:
        assert self._windows.core is not None
        return self._windows.core

    @property
    def _preferences(self) -> Preferences:
        assert self._windows.context is not None
        return self._windows.context.preferences

    def _go(self, route: places.Route, name: str) -> None:
        workspace = self._windows.window.workspace
        assert workspace is not None
        workspace.go(route)
        self.shoot(name)

    def _screen(self, kind: type[W]) -> W:
        found = self._windows.window.findChild(kind)
        assert isinstance(found, kind)
        return found

    def _stir(self, _event: object) -> None:
        self._last_event = self._now_ms

    def _settle(self) -> None:
        self._last_event = self._now_ms
        self._wait(lambda: self._tasks.running == 0 and self._now_ms - self._last_event >= _QUIET_MS)

    def _wait(self, done: Callable[[], bool]) -> None:
        """Let the program run until ``done()``.

        Raises:
            InternalFault: It did not come to rest.
        """
        loop = QEventLoop()
        timer = QTimer()
        until = self._now_ms + _LONGEST_MS

        def tick() -> None:
            self._now_ms += _TICK_MS
            if self._now_ms >= until or done():
                loop.quit()

        timer.timeout.connect(tick)
        timer.start(_TICK_MS)
        loop.exec()
        timer.stop()
        if not done():
            raise InternalFault("the tour did not settle")


def _note(rule: NoteRule) -> str | None:
    return "Nhất trí với phương án trình." if rule is NoteRule.REQUIRED else None


class _OnPage(TypedDict):
    paper: PaperId
    plain: Hash
    page: int
    made: Moment


def _marks(paper: PaperVersion, words: Sequence[Word], now: Moment) -> list[Annotation]:
    assert paper.plain is not None
    on_page = _OnPage(paper=paper.id, plain=paper.plain, page=_PAGE, made=now)
    lines: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        lines.setdefault((word.block, word.line), []).append(word)
    full = [line for line in lines.values() if len(line) > _FULL_LINE]
    marked = full[2:4]
    rects = tuple(
        Rect(min(w.x0 for w in line), min(w.y0 for w in line), max(w.x1 for w in line), max(w.y1 for w in line))
        for line in marked
    )
    quote = Quote(" ".join(word.text for line in marked for word in line))
    under = full[7][0].y1 + 3
    wave = [InkPoint(150 + 3 * k, under + 4 * math.sin(k / 3), 0.35 + 0.3 * math.sin(k / 9), 8) for k in range(90)]
    ring = [
        InkPoint(430 + 78 * math.cos(k / 9), under + 62 + 17 * math.sin(k / 9), 0.5 + 0.2 * math.sin(k / 11), 8)
        for k in range(60)
    ]
    note = "Hỏi lại Bộ Tư pháp về thời hạn chuyển tiếp."
    return [
        Highlight(id=AnnotationId("a_tour_1"), colour="#FFD54A", rects=rects, quote=quote, **on_page),
        InkStroke(id=AnnotationId("a_tour_2"), colour="#B3261E", width=2.2, points=pack_points(wave), **on_page),
        InkStroke(id=AnnotationId("a_tour_3"), colour="#0F4C81", width=2.2, points=pack_points(ring), **on_page),
        TextNote(id=AnnotationId("a_tour_4"), at=Rect(520, under, 540, under + 20), text=note, **on_page),
    ]
