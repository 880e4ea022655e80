# SPDX-License-Identifier: AGPL-3.0-or-later
"""Diagnostics: facts with words, a bundle one can read first, and not a word of content in it."""

from __future__ import annotations

import logging
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from client import diagnostics
from client.diagnostics import Part
from client.errors import DiskFull, EcabinetError
from client.logs import RedactingFormatter
from client.store import packs
from client.ui import navigator as places
from client.ui.screens.diagnostics import DiagnosticsScreen, FactLine
from client.ui.screens.diagnostics_words import NOTHING, label, value
from client.ui.widgets.banner import Banner
from client.ui.widgets.list_rows import Row
from client.ui.widgets.text import IconLabel
from tests.helpers.canaries import sightings
from tests.helpers.ui_world import UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_shell import settle


def opened(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> DiagnosticsScreen:
    window = show(places.Diagnostics())
    settle(world, qtbot)
    return window.findChild(DiagnosticsScreen)


def test_every_fact_has_words(world: UiWorld) -> None:
    found = world.ctx.diagnostics.look()
    for fact in found.findings:
        assert label(fact.key)
        assert value(fact)
    assert found.of("keystore").attention, "a keystore of the demo is no keystore"
    assert found.of("last_sync").value == ""
    assert value(found.of("last_sync")) == NOTHING
    assert found.of("clock_offset_ms").value == "0"
    assert "ready" in found.of("packs").value


def test_what_needs_attention_is_marked(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    screen = opened(world, show, qtbot)
    shown = {line.name.text() for line in screen.findChildren(FactLine)}
    assert {"Máy chủ", "Kho khóa của hệ điều hành", "Dung lượng còn trống"} <= shown
    warned = world.ctx.diagnostics.look().remarkable
    assert warned >= 2, "no network, and a keystore of the demo"
    signs = [icon for icon in screen.findChildren(IconLabel) if icon.accessibleName() == "cần xem"]
    assert len(signs) == warned
    assert any(f"{warned} điểm cần xem" in banner.text for banner in screen.findChildren(Banner))
    QTest.mouseClick(screen.again, Qt.MouseButton.LeftButton)
    assert not screen.again.isEnabled()
    settle(world, qtbot)
    assert screen.again.isEnabled()


def test_the_bundle_is_read_first_and_saved_as_it_was_read(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = world.core.paths
    line = RedactingFormatter().format(logging.LogRecord("client", logging.INFO, __file__, 1, "a line", (), None))
    paths.log.write_text(f"{line}\nan older version wrote pin=135790\n", "utf-8")
    screen = opened(world, show, qtbot)
    assert not screen.bundle_card.save.isVisible()
    QTest.mouseClick(screen.bundle_card.make, Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    assert screen.bundle_card.save.isVisible()
    rows = screen.bundle_card.findChildren(Row)
    assert [row.title.text() for row in rows] == ["diagnosis.json", "log/ecabinet.log"]
    rows[1].activated.emit()
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    text = sheet.findChild(QPlainTextEdit).toPlainText()
    assert "a line" in text
    assert "135790" not in text
    sheet.close()
    target = tmp_path / "bundle.zip"
    screen.save_to(target)
    settle(world, qtbot)
    assert "Đã lưu" in screen.bundle_card.done.text
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["diagnosis.json", "log/ecabinet.log"]
        assert archive.read("log/ecabinet.log").decode() == text
    assert [path.name for path in tmp_path.glob("bundle*")] == ["bundle.zip"]


def test_no_title_and_no_name_is_in_it(world: UiWorld, tmp_path: Path) -> None:
    titles = {
        text
        for revision in world.core.record.read(packs.current).result()
        for text in (
            *(paper.title for paper in revision.papers),
            *(item.title for item in revision.session.agenda if len(item.title) > 8),
            *([revision.session.title] if revision.session else []),
        )
    }
    assert len(titles) > 8
    folder = tmp_path / "unpacked"
    for part in world.ctx.diagnostics.bundle():
        path = folder / part.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(part.text, "utf-8")
    assert sightings([folder], {*titles, world.ctx.member.name, world.ctx.member.fingerprint}) == []


def test_a_bundle_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken.zip").mkdir()
    with pytest.raises(DiskFull):
        diagnostics.save(tmp_path / "taken.zip", (Part("a", "b"),))
    assert [path.name for path in tmp_path.iterdir()] == ["taken.zip"]


def test_only_the_end_of_a_long_log_is_taken(world: UiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "MAX_LOG_BYTES", 10)
    world.core.paths.log.write_text("0123456789abcdefghij", "utf-8")
    assert world.ctx.diagnostics.bundle()[1].text == "abcdefghij"
    world.core.paths.log.write_text("abcdefghij", "utf-8")
    assert world.ctx.diagnostics.bundle()[1].text == "abcdefghij"


def test_a_failed_look_can_be_repeated(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    screen = opened(world, show, qtbot)
    told: list[EcabinetError] = []
    world.tasks.unexpected.connect(told.append)
    screen._failed(DiskFull("x"))
    assert screen.again.isEnabled()
    assert [error.code for error in told] == ["machine.disk_full"]
