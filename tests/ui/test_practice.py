# SPDX-License-Identifier: AGPL-3.0-or-later
"""The practice world: real screens and acts on an invented session, nothing real touched, nothing left behind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.clock import SystemClock
from client.domain.ballot import Answer, PollState, VoteMode
from client.domain.ids import ChoiceCode, PollId, QuestionId
from client.domain.live import CheckIn, RequestToSpeak, SessionDraft, SessionPhase
from client.domain.outbox import OutboxState
from client.keys.keyring_store import MemoryStore
from client.policy import Policy
from client.practice import content
from client.practice.window import Practice
from client.practice.world import FOLDER, PIN, PracticeWorld
from client.resources import resource_path
from client.settings import Settings
from client.store import live, outbox, polls
from client.surroundings import Surroundings
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.bridge import Bridge
from client.ui.main_window import MainWindow
from client.ui.models.result import result_of
from client.ui.preferences import Preferences
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.screens.lock import LockScreen
from client.ui.screens.registry import factories
from client.ui.tasks import Tasks
from client.ui.widgets.practice_banner import PracticeBanner
from tests.helpers.ballot_screen import LANDSCAPE, PORTRAIT, press
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.helpers.ui_world import UiWorld, make_world

YES = ChoiceCode("yes")


class ByHand:
    """The script, run step by step by the test."""

    def __init__(self) -> None:
        self.todo: list[Callable[[], None]] = []

    def __call__(self, _wait_s: float, work: Callable[[], None]) -> None:
        self.todo.append(work)

    def stop(self) -> None:
        self.todo.clear()

    def step(self) -> None:
        """Everything that waits now."""
        todo, self.todo = self.todo, []
        for work in todo:
            work()


def around() -> Surroundings:
    return Surroundings(keystore=MemoryStore(), clock=SystemClock(), policy=Policy(open_without_sandbox=True))


@pytest.fixture
def hand() -> ByHand:
    return ByHand()


@pytest.fixture
def practice(ui_app: QApplication, tmp_path: Path, hand: ByHand) -> Iterator[PracticeWorld]:
    bridge = Bridge(ui_app)
    made = PracticeWorld(tmp_path, around(), bridge, hand)
    yield made
    for window in ui_app.topLevelWidgets():
        window.close()
    made.close()


def act(practice: PracticeWorld, what: object, hand: ByHand) -> None:
    draft = SessionDraft(content.SESSION, content.PACK, what, None)  # type: ignore[arg-type]
    practice._acts.act_in_session(draft).result()
    hand.step()


def the_room(practice: PracticeWorld) -> object:
    found = practice.record.read(lambda c: live.get(c, content.SESSION)).result()
    assert found is not None
    return found.room


def poll(practice: PracticeWorld, ident: PollId) -> polls.Poll:
    found = practice.record.read(lambda c: polls.get(c, ident)).result()
    assert found is not None
    return found


# -- the script ------------------------------------------------------------------------------------------------


def test_papers_are_what_the_content_says() -> None:
    for paper, name in content.FILES.items():
        with pymupdf.open(resource_path("practice", name)) as opened:
            assert opened.page_count == content.PAGES[paper]
            assert "dữ liệu giả định" in opened[0].get_text()


def test_being_here_begins_the_session_and_opens_a_vote(practice: PracticeWorld, hand: ByHand) -> None:
    assert the_room(practice).phase is SessionPhase.ROLL_CALL  # type: ignore[attr-defined]
    act(practice, CheckIn(), hand)
    hand.step()
    room = the_room(practice)
    assert room.phase is SessionPhase.IN_SESSION  # type: ignore[attr-defined]
    assert room.current == content.DRAFT_ITEM  # type: ignore[attr-defined]
    assert poll(practice, content.VOTE).state is PollState.ANNOUNCED
    hand.step()
    assert poll(practice, content.VOTE).state is PollState.OPEN


def test_a_vote_is_counted_and_comes_to_a_result(practice: PracticeWorld, hand: ByHand) -> None:
    act(practice, CheckIn(), hand)
    hand.step()
    hand.step()
    answer = (Answer(QuestionId("q1"), YES),)
    practice._acts.cast_vote(poll(practice, content.VOTE), answer, mode=VoteMode.IN_ROOM).result()
    hand.step()
    states = [item.state for item in practice.record.read(outbox.items).result()]
    assert states == [OutboxState.RECEIPTED, OutboxState.RECEIPTED]
    hand.step()
    closed = poll(practice, content.VOTE)
    assert closed.state is PollState.RESULT_VERIFIED
    result = practice.record.read(lambda c: result_of(c, closed, None)).result()
    assert result is not None
    assert result.questions[0].sentence is not None
    assert result.questions[0].sentence.vi == "16/27 đồng ý: quá nửa tổng số thành viên"


def test_asking_for_the_floor_gets_it(practice: PracticeWorld, hand: ByHand) -> None:
    act(practice, CheckIn(), hand)
    hand.step()
    act(practice, RequestToSpeak(content.DRAFT_ITEM), hand)
    hand.step()
    speaker = the_room(practice).speaker  # type: ignore[attr-defined]
    assert speaker is not None
    assert speaker.member == content.ME


# -- nothing real ----------------------------------------------------------------------------------------------


def prints(folder: Path) -> dict[str, str]:
    """Every file of a folder, the practice aside."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and FOLDER not in path.parts
    }


def test_it_touches_nothing_of_the_device_and_leaves_nothing(
    ui_app: QApplication, tmp_path: Path, hand: ByHand
) -> None:
    device: UiWorld = make_world(tmp_path / "device")
    device.close()
    before = prints(tmp_path / "device")
    made = PracticeWorld(tmp_path / "device", around(), Bridge(ui_app), hand)
    act(made, CheckIn(), hand)
    made._acts.cast_vote(poll(made, content.OPINION), (Answer(QuestionId("q1"), YES),)).result()
    assert (tmp_path / "device" / FOLDER / "record.db").exists()
    assert b"SQLite format" not in (tmp_path / "device" / FOLDER / "record.db").read_bytes()[:16]
    made.close()
    assert prints(tmp_path / "device") == before
    assert not (tmp_path / "device" / FOLDER).exists()


def test_what_a_crash_left_is_removed_at_the_next_start(ui_app: QApplication, tmp_path: Path, hand: ByHand) -> None:
    left = tmp_path / FOLDER / "record.db"
    left.parent.mkdir()
    left.write_bytes(b"left over")
    made = PracticeWorld(tmp_path, around(), Bridge(ui_app), hand)
    assert left.read_bytes() != b"left over"
    made.close()


# -- on screen -------------------------------------------------------------------------------------------------


class Stage:
    """A window on the practice."""

    def __init__(self, practice: PracticeWorld, qtbot: QtBot, size: tuple[int, int] = LANDSCAPE) -> None:
        self.bridge, self.tasks, self.qtbot = Bridge(), Tasks(), qtbot
        practice.record.subscribe(self.bridge.post_change)
        self.window = MainWindow(self.bridge, self.tasks, factories())
        qtbot.addWidget(self.window)
        self.window.resize(*size)
        with qtbot.waitExposed(self.window):
            self.window.show()
        preferences = Preferences(Settings(), lambda _settings: None, Policy())
        self.window.show_workspace(practice.context(preferences), places.Home())
        self.settle()

    def settle(self) -> None:
        for _ in range(3):
            self.qtbot.waitUntil(lambda: self.tasks.running == 0)
            QApplication.processEvents()

    def go(self, route: places.Route) -> None:
        assert self.window.workspace is not None
        self.window.workspace.go(route)
        self.settle()


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
def test_every_screen_says_that_it_is_practice(
    practice: PracticeWorld, ui_app: QApplication, qtbot: QtBot, size: tuple[int, int]
) -> None:
    put_in_force(ui_app, Settings(text_percent=150))
    stage = Stage(practice, qtbot, size)
    for route in (
        places.Home(),
        places.Meeting(content.PACK),
        places.Ballot(content.OPINION),
        places.Ballots(),
        places.Outbox(),
        places.Papers(),
        places.Preferences(),
        places.Paper(content.PACK, content.DRAFT, 0),
    ):
        stage.go(route)
        [band] = stage.window.findChildren(PracticeBanner)
        assert band.isVisible(), route
        assert band.text.startswith("TẬP DƯỢT – không phải phiếu thật"), route
        assert too_small(band) == []
        assert unnamed(band) == []
        assert cut_off(band) == []
    assert stage.window.workspace is not None
    reader = stage.window.workspace.screen_of(places.Paper)
    assert reader.canvas.scene.words.watermark.startswith("TẬP DƯỢT")  # type: ignore[attr-defined]


def test_a_vote_is_practised_to_its_receipt(practice: PracticeWorld, hand: ByHand, qtbot: QtBot) -> None:
    stage = Stage(practice, qtbot)
    stage.go(places.Ballot(content.OPINION))
    screen = stage.window.findChild(BallotScreen)
    box = next(iter(screen.form.questions().values()))
    assert box.choice is None
    press(box.choices[YES])
    press(screen.form.foot.review_button)
    stage.settle()
    qtbot.waitUntil(screen.review.sign.pin.isEnabled)
    QTest.keyClicks(screen.review.sign.pin, PIN)
    QTest.keyClick(screen.review.sign.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.step is Step.RESULT, timeout=20_000)
    assert screen.result.sentence.text() == "Đã lưu trên máy, chưa được tính"
    hand.step()
    qtbot.waitUntil(lambda: screen.result.sentence.text().startswith("Đã được tính lúc"))
    stage.settle()


def test_leaving_and_beginning_anew(ui_app: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    real = MainWindow(Bridge(ui_app), Tasks(ui_app), factories())
    qtbot.addWidget(real)
    real.resize(*LANDSCAPE)
    failures: list[object] = []
    practice = Practice(tmp_path, around(), Settings(), failures.append)
    with qtbot.waitSignal(practice.opened, timeout=30_000):
        practice.open(real)
    first = practice.window
    assert first is not None
    assert first.windowTitle() == "e-Cabinet – TẬP DƯỢT"
    with qtbot.waitSignal(practice.opened, timeout=30_000):
        first.practice_again.emit()
    assert practice.window is not None
    assert practice.window is not first
    with qtbot.waitSignal(practice.left, timeout=30_000):
        practice.window.practice_left.emit()
    assert not (tmp_path / FOLDER).exists()
    assert failures == []


def test_the_lock_screen_leads_there_without_a_pin(world: UiWorld, qtbot: QtBot) -> None:
    screen = LockScreen(world.vault, world.tasks, world.clock)
    qtbot.addWidget(screen)
    screen.show()
    with qtbot.waitSignal(screen.practice_wanted):
        press(screen.practice_button)
    qtbot.waitUntil(lambda: world.tasks.running == 0)
