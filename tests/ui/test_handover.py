# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing a vote over from the outbox: a file or codes, honest words, a receipt that does not belong is refused."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from client.domain.ids import Hash
from client.protocol import carried, codec
from client.protocol.messages import CarriedReceipt, CarriedStatement
from client.ui import navigator as places
from client.ui.screens.handover_sheet import HandoverSheet
from client.ui.screens.outbox import ActCard
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from tests.helpers.ui_audit import too_small, unnamed
from tests.helpers.ui_world import UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_lists import seen_of, settle, vote


def open_sheet(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> HandoverSheet:
    vote(world)
    window = show(places.Outbox())
    settle(world, qtbot)
    [card] = seen_of(window, ActCard)
    press(qtbot, next(b for b in seen_of(card, Button) if b.text() == "Chuyển bằng tay"))
    [sheet] = [child for child in window.findChildren(HandoverSheet) if child.isVisible()]
    return sheet


def press(qtbot: QtBot, button: Button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_codes_one_after_the_other_hold_the_whole_act(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    sheet = open_sheet(world, show, qtbot)
    press(qtbot, sheet.qr_button)
    qtbot.waitUntil(lambda: bool(sheet.codes))
    assert carried.read("\n".join(sheet.codes).encode(), CarriedStatement).device == world.core.profile.device
    assert sheet.code.isVisible()
    assert sheet.code.modules > 40
    assert sheet.place.text() == f"Mã 1/{len(sheet.codes)}"
    press(qtbot, sheet.after)
    assert sheet.place.text() == f"Mã 2/{len(sheet.codes)}"
    press(qtbot, sheet.before)
    press(qtbot, sheet.before)
    assert sheet.place.text() == f"Mã {len(sheet.codes)}/{len(sheet.codes)}"
    assert too_small(sheet) == []
    assert unnamed(sheet) == []


def test_a_file_is_written_and_from_then_on_nothing_is_taken_back(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    sheet = open_sheet(world, show, qtbot)
    sheet._claim(lambda: sheet.write_to(tmp_path / sheet.file_name))
    qtbot.waitUntil(lambda: "Đã lưu tệp" in sheet.note.text)
    data = (tmp_path / sheet.file_name).read_bytes()
    assert carried.read(data, CarriedStatement).device == world.core.profile.device
    sheet.reject()
    settle(world, qtbot)
    [card] = seen_of(show(places.Outbox()), ActCard)
    assert "Hủy trước khi gửi" not in [b.text() for b in seen_of(card, Button)]
    assert [chip.text for chip in card.findChildren(Chip)] == ["Đã lưu trên máy, chưa được tính"]


def test_a_place_that_cannot_be_written_and_a_receipt_of_something_else(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    sheet = open_sheet(world, show, qtbot)
    sheet._claim(lambda: sheet.write_to(tmp_path / "absent" / "x.ecab"))
    qtbot.waitUntil(lambda: "Không ghi được tệp" in sheet.note.text)
    (tmp_path / "no.receipt").write_bytes(b"{}")
    sheet.read_receipt(tmp_path / "no.receipt")
    qtbot.waitUntil(lambda: "không phải tệp biên nhận" in sheet.note.text)
    other = CarriedReceipt(statement=Hash("sha256:" + "0" * 64), receipt=b"{}")
    (tmp_path / "other.receipt").write_bytes(codec.encode(other))
    sheet.read_receipt(tmp_path / "other.receipt")
    qtbot.waitUntil(lambda: "user.bad_input" in sheet.note.text)


def test_a_scanner_types_the_receipt_code_by_code(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    sheet = open_sheet(world, show, qtbot)
    press(qtbot, sheet.scan_button)
    assert sheet.scanned.isVisible()
    other = CarriedReceipt(statement=Hash("sha256:" + "0" * 64), receipt=b"x" * 900)
    first, *rest = carried.lines(codec.encode(other))
    assert rest
    qtbot.keyClicks(sheet.scanned, first)
    qtbot.keyClick(sheet.scanned, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.note.text == f"Đã nhận 1/{1 + len(rest)} mã.")
    sheet.scanned.insertPlainText("\n".join(rest))
    qtbot.waitUntil(lambda: "Nội dung nhập chưa đúng" in sheet.note.text)  # of no act of this device
    assert too_small(sheet) == []
    assert unnamed(sheet) == []
    settle(world, qtbot)
