# SPDX-License-Identifier: AGPL-3.0-or-later
"""Languages: the catalogue is complete and compiled; dates, sizes and deadlines are of official form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from client.clock import Millis
from client.domain.ids import Hash, Moment
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState, Standing
from client.errors import DiskFull
from client.ui import formats, words
from client.ui.i18n import error_title, language, set_language, tr
from tests.helpers import ts_files
from tests.helpers.ui_world import SetClock


def test_english_is_complete() -> None:
    catalogue = ts_files.read()
    assert set(catalogue) == ts_files.in_code(), "run: python -m tests.helpers.ts_files"
    assert not [message.source for message, text in catalogue.items() if not text]


def test_translations_keep_their_places() -> None:
    places = re.compile(r"\{(\w+)\}")
    for message, text in ts_files.read().items():
        assert sorted(places.findall(message.source)) == sorted(places.findall(text)), message.source


@pytest.mark.parametrize("source", [ts_files.TS, ts_files.STOCK], ids=lambda path: path.stem)
def test_the_compiled_catalogue_is_that_of_the_source(tmp_path: Path, source: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    ts_files.compile_to(fresh, source)
    assert fresh.read_bytes() == source.with_suffix(".qm").read_bytes(), "run: python -m tests.helpers.ts_files"


class Listening(QTranslator):
    """Hears what is asked of the catalogues and answers nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[tuple[str, str, str | None]] = set()

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        self.asked.add((context, source, disambiguation))
        return None

    def isEmpty(self) -> bool:
        return False


def test_the_buttons_and_menus_of_qt_are_vietnamese(ui_app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    listening = Listening()
    ui_app.installTranslator(listening)
    try:
        dialog = QFileDialog(None, "", str(tmp_path))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        box = QMessageBox()
        box.setStandardButtons(QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel)
        for widget in (dialog, box):
            qtbot.addWidget(widget)
            widget.show()
        line, text = QLineEdit(), QPlainTextEdit()
        menus = (line.createStandardContextMenu(), text.createStandardContextMenu())
        for widget in (line, text, *menus):
            qtbot.addWidget(widget)
        ui_app.processEvents()
        assert {button.text() for button in box.buttons()} == {"Đồng ý", "Hủy"}
    finally:
        ui_app.removeTranslator(listening)
    no_words = {"QT_LAYOUT_DIRECTION", "Alt+Left", "Alt+Right", "Alt+Up"}
    spoken = {(c, s, d) for c, s, d in listening.asked if c.startswith("Q") and s not in no_words}
    # Not the names printed on keys, nor the kinds of the files that happen to lie there.
    asked = {message for message in spoken if message[0] not in {"QShortcut", "QMimeType"}}
    assert len(asked) > 40
    english = [(c, s) for c, s, d in asked if QCoreApplication.translate(c, s, d) == s]
    assert english == []


def test_switching_language_and_back(ui_app: QApplication) -> None:
    assert tr("Chờ gửi") == "Chờ gửi"
    set_language(ui_app, "en")
    assert (tr("Chờ gửi"), language(), error_title(DiskFull())) == ("Outbox", "en", "The disk is full")
    set_language(ui_app, "vi")
    assert (tr("Chờ gửi"), language(), error_title(DiskFull())) == ("Chờ gửi", "vi", "Ổ đĩa đã đầy")


def test_dates_of_official_form(ui_app: QApplication) -> None:
    assert formats.long_moment("2026-11-26T01:00:00.000Z") == "Thứ Năm, ngày 26/11/2026, 08:00"
    assert formats.deadline_moment("2026-11-27T10:00:00.000Z") == "17:00, Thứ Sáu, 27/11/2026"
    assert formats.official_day(formats.local("2026-02-04T17:00:00.000Z")) == "ngày 05 tháng 02 năm 2026"
    assert formats.official_day(formats.local("2026-03-12T00:00:00.000Z")) == "ngày 12 tháng 3 năm 2026"
    assert formats.exact_moment("2026-11-26T02:14:07.900Z") == "09:14:07, 26/11/2026"
    assert formats.weekday(formats.local("2026-11-29T00:00:00.000Z")) == "Chủ Nhật"


def test_a_day_begins_at_midnight_in_viet_nam(ui_app: QApplication) -> None:
    assert formats.short_moment("2026-11-26T16:59:59.999Z") == "23:59 26/11"
    assert formats.short_moment("2026-11-26T17:00:00.000Z") == "00:00 27/11"


def test_sizes(ui_app: QApplication) -> None:
    assert formats.size(12_341_740) == "11,77 MB"
    assert formats.size(50_000) == "49 kB"
    assert formats.size(1_288_490_189) == "1,20 GB"
    assert formats.number(1234567.5, 1) == "1.234.567,5"
    set_language(ui_app, "en")
    assert formats.size(12_341_740) == "11.77 MB"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (33 * 3600 + 59, "còn 1 ngày 9 giờ"),
        (48 * 3600, "còn 2 ngày"),
        (3600 + 120, "còn 1 giờ 2 phút"),
        (7200, "còn 2 giờ"),
        (42 * 60, "còn 42 phút"),
        (48, "còn 00:48"),
        (0, "đã quá hạn"),
        (-5, "đã quá hạn"),
    ],
)
def test_time_left(ui_app: QApplication, seconds: int, text: str) -> None:
    assert formats.span_left(seconds) == text


def test_time_left_by_the_clock(ui_app: QApplication) -> None:
    clock = SetClock("2026-11-26T01:00:00.000Z")
    assert formats.until("2026-11-27T10:00:00.000Z", clock) == "còn 1 ngày 9 giờ"
    assert formats.countdown(39.2) == "00:40"
    assert formats.countdown(3700) == "01:01:40"
    assert formats.sync_moment(Moment("2026-11-26T00:42:00.000Z"), clock.now()) == "07:42"
    assert formats.sync_moment(Millis(clock.now() - 86_400_000), clock.now()) == "08:00 25/11"


def test_the_sentences_about_a_vote(ui_app: QApplication) -> None:
    item = OutboxItem(
        n=1,
        kind=OutboxKind.VOTE,
        subject="q_1",
        statement=Hash("sha256:" + "0" * 64),
        state=OutboxState.RECEIPTED,
        made=Moment("2026-11-26T02:00:00.000Z"),
        received=Moment("2026-11-26T02:14:07.000Z"),
        reason="not-eligible",
    )
    said = {standing: words.standing_sentence(standing, item) for standing in Standing}
    assert said[Standing.NOT_SAVED] == "Chưa lưu"
    assert said[Standing.SAVED_NOT_COUNTED] == "Đã lưu trên máy, chưa được tính"
    assert said[Standing.SENT_AWAITING_RECEIPT] == "Đã gửi, chờ biên nhận"
    assert said[Standing.COUNTED] == "Đã được tính lúc 09:14:07"
    assert said[Standing.LATE_NOT_COUNTED] == "Quá hạn, không được tính"
    assert said[Standing.OTHER_DEVICE].startswith("Có phiếu khác từ thiết bị")
    assert said[Standing.REFUSED] == "Máy chủ từ chối: không thuộc thành phần biểu quyết"
    assert len(set(said.values())) == len(Standing)
