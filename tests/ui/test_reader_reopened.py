# SPDX-License-Identifier: AGPL-3.0-or-later
"""A paper that was read before is there at once: its last page, its marks, turned and fitted as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.annotation import InkStroke
from client.domain.paper import PaperVersion
from client.store import last_views, packs, papers
from client.store.changes import NOTHING
from client.ui import navigator as places
from client.ui.screens.reader import ReaderScreen
from client.viewer.document_state import Fit, Mode, Tool
from client.viewer.events import PaperInfo
from client.viewer.host import RenderHost
from client.viewer.last_view import unpack
from tests.helpers.pointers import drag_pen
from tests.helpers.reader_world import ReaderWorld, keep_paper, make_pdf, reader_pack, reader_world
from tests.ui.test_reader import Desk


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(12)


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path, pdf: bytes) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", pdf) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


@pytest.fixture
def again(device: ReaderWorld, qtbot: QtBot) -> Callable[[], Desk]:
    """A new window on the same device, as after a restart: no picture is in memory."""
    return lambda: Desk(device, qtbot)


def read_and_close(desk: Desk, page: int) -> None:
    """Look at a page until it is sharp, and close the program."""
    reader = desk.open(page)
    desk.qtbot.waitUntil(lambda: bool(reader.canvas.in_sight()))
    desk.window.close()
    desk.settle()


def kept(device: ReaderWorld) -> bytes | None:
    return device.world.core.papers.read(lambda c: last_views.of_paper(c, device.plain)).result()


class Held:
    """Papers are opened when this is told to, as by a render process that is only just starting."""

    def __init__(self, host: RenderHost, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting: list[Callable[[], object]] = []
        really = host.open_paper

        def later(doc: str, data: bytes) -> Future[PaperInfo]:
            future: Future[PaperInfo] = Future()
            self.waiting.append(
                lambda: really(doc, data).add_done_callback(lambda done: future.set_result(done.result()))
            )
            return future

        monkeypatch.setattr(host, "open_paper", later)

    def go_on(self, *_: object) -> None:
        """Open them now."""
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()


class Watch:
    """What of the reader was to be seen when."""

    def __init__(self, reader: ReaderScreen) -> None:
        self.seen: list[tuple[str, int, bool]] = []
        self._reader = reader
        reader.loader.glimpsed.connect(lambda *_: self._note("glimpsed"))
        reader.loader.opened.connect(lambda *_: self._note("opened"))
        reader.loader.failed.connect(lambda *_: self._note("failed"))

    def _note(self, what: str) -> None:
        canvas = self._reader.canvas
        is_open = canvas.sheet is not None
        self.seen.append((what, canvas.page, is_open and canvas.scene.is_sharp(canvas.frame())))


@pytest.fixture
def held(device: ReaderWorld, monkeypatch: pytest.MonkeyPatch) -> Callable[[Desk], Held]:
    """From now on papers are opened only after they were glimpsed."""

    def hold(desk: Desk) -> Held:
        made = Held(device.world.ctx.render, monkeypatch)
        desk.reader.loader.glimpsed.connect(lambda *_: QTimer.singleShot(0, desk.reader, lambda: when_read(made)))

        def when_read(made: Held) -> None:
            if made.waiting:
                made.go_on()
            else:
                QTimer.singleShot(1, desk.reader, lambda: when_read(made))

        return made

    return hold


def test_the_last_page_is_there_before_the_paper_is_open_and_is_drawn_anew(
    device: ReaderWorld, qtbot: QtBot, again: Callable[[], Desk], held: Callable[[Desk], Held]
) -> None:
    read_and_close(Desk(device, qtbot), 7)
    assert kept(device) is not None
    desk = again()
    desk.go(places.Papers())
    held(desk)
    watch = Watch(desk.reader)
    reader = desk.open()
    assert watch.seen[0] == ("glimpsed", 7, True)
    assert watch.seen[-1][:2] == ("opened", 7)
    qtbot.waitUntil(lambda: bool(reader.canvas.in_sight()), timeout=20_000)  # all drawn today
    assert reader.panel.outline.lines


def test_one_can_write_on_it_before_it_is_open(
    device: ReaderWorld, qtbot: QtBot, again: Callable[[], Desk], held: Callable[[Desk], Held]
) -> None:
    read_and_close(Desk(device, qtbot), 2)
    desk = again()
    desk.go(places.Papers())
    held(desk)
    reader = desk.reader

    def write(*_: object) -> None:
        reader.tools.buttons[Tool.PEN].click()
        drag_pen(reader.canvas, (200, 300), (600, 330))

    reader.loader.glimpsed.connect(write)
    desk.open()
    desk.settle()
    (stroke,) = device.marks()
    assert isinstance(stroke, InkStroke)
    assert stroke.page == 2
    assert reader.marking.present == (stroke,)
    assert reader.tools.undo_button.isEnabled()


def test_nothing_is_kept_beside_the_encrypted_store(device: ReaderWorld, qtbot: QtBot, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    read_and_close(Desk(device, qtbot), 3)
    body = kept(device)
    assert body is not None
    last = unpack(device.plain, body)
    assert last is not None
    row = last.pictures[0].pixels[:4096]
    after = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before
    assert all(body[:64] not in path.read_bytes() and row not in path.read_bytes() for path in after)


def test_it_goes_with_a_paper_that_is_taken_back(device: ReaderWorld, qtbot: QtBot, again: Callable[[], Desk]) -> None:
    read_and_close(Desk(device, qtbot), 3)
    blob = device.draft.blob
    assert blob is not None
    device.world.core.papers.write(lambda c: papers.forget(c, blob)).result()
    assert kept(device) is None
    desk = again()
    desk.go(places.Papers())
    watch = Watch(desk.reader)
    desk.open()
    assert watch.seen == []
    assert len(desk.message()) == 2


def test_a_newer_version_is_never_shown_by_the_look_of_the_older(
    device: ReaderWorld, qtbot: QtBot, again: Callable[[], Desk]
) -> None:
    read_and_close(Desk(device, qtbot), 3)
    world = device.world
    fresh: PaperVersion = keep_paper(world, make_pdf(7, salt="mới"), device.draft)
    world.write(lambda c: packs.upsert(c, reader_pack(fresh, rev=2)))
    desk = again()
    desk.go(places.Papers())
    watch = Watch(desk.reader)
    desk.open()
    assert "glimpsed" not in [what for what, *_ in watch.seen]
    assert desk.reader.canvas.page_count == 7


def test_bytes_that_were_damaged_meanwhile_take_the_glimpse_with_them(
    device: ReaderWorld, qtbot: QtBot, again: Callable[[], Desk]
) -> None:
    read_and_close(Desk(device, qtbot), 3)

    def damage(conn: object) -> tuple[None, object]:
        conn.execute("UPDATE chunks SET data = zeroblob(length(data))")  # type: ignore[attr-defined]
        return None, NOTHING

    device.world.core.papers.write(damage).result()  # type: ignore[arg-type]
    desk = again()
    desk.go(places.Papers())
    watch = Watch(desk.reader)
    reader = desk.open()
    assert watch.seen[-1][0] == "failed"
    assert reader.canvas.page_count == 0
    assert len(desk.message()) == 2
    assert kept(device) is None


def test_damage_to_what_was_kept_costs_a_moment_and_nothing_else(
    device: ReaderWorld, qtbot: QtBot, again: Callable[[], Desk]
) -> None:
    read_and_close(Desk(device, qtbot), 3)
    device.world.core.papers.write(lambda c: last_views.keep(c, device.plain, b"\x00" * 400)).result()
    desk = again()
    desk.go(places.Papers())
    watch = Watch(desk.reader)
    desk.open()
    assert [what for what, *_ in watch.seen] == ["opened"]
    assert desk.reader.canvas.page == 3


def test_a_paper_is_shown_as_it_was_left_turned_and_cropped(
    device: ReaderWorld, qtbot: QtBot, again: Callable[[], Desk]
) -> None:
    other: PaperVersion = keep_paper(device.world, make_pdf(4, salt="khác"), device.draft)
    desk = Desk(device, qtbot)
    reader = desk.open(5)
    reader.looks.turn_button.click()
    reader.canvas.set_fit(Fit.PAGE)
    reader.looks.modes[Mode.SINGLE].click()
    desk.window.close()
    desk.settle()
    second = again()
    fresh = second.open()
    state = fresh.canvas.state
    assert state is not None
    assert (state.rotation, state.fit, state.mode, state.place.page) == (90, Fit.PAGE, Mode.SINGLE, 5)
    assert fresh.looks.modes[Mode.SINGLE].isChecked()
    device.world.write(lambda c: packs.upsert(c, reader_pack(other, rev=2)))
    third = again()
    unread = third.open()
    state = unread.canvas.state
    assert state is not None
    assert (state.rotation, state.mode) == (0, Mode.SINGLE), "a paper lies as it was scanned until somebody turns it"
