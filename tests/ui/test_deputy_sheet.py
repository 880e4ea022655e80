# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-over sheet: picked by hand, given to a named person, read and taken out as PDF, never with a ballot."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client.domain.handover import MAX_ITEMS, HandOver, SheetItem, SheetNote
from client.domain.ids import AnnotationId, ItemId, MemberId, Moment, PaperId
from client.domain.live import Position
from client.domain.sharing import ShareChange
from client.errors import FormatRefused
from client.policy import Policy
from client.protocol import codec
from client.protocol.messages import SharedContent
from client.store import received, share_chains, shares
from client.ui import navigator as places
from client.ui.main_window import MainWindow
from client.ui.screens.deputy_desk import SheetPage
from client.ui.screens.deputy_paper import as_html, as_pdf
from client.ui.screens.deputy_sheet import DeputySheet
from client.ui.screens.meeting_panel import Tab
from client.ui.screens.session import SessionScreen
from client.ui.screens.share_sheet import ShareSheet
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_lists import seen_of, settle

DEPUTY = MemberId("m_005")
AT = Moment("2026-11-23T03:00:00.000Z")


def sheet(**changes: object) -> HandOver:
    note = SheetNote(PaperId("do_0001"), "Tờ trình dự thảo Nghị định", 4, "Hỏi về kinh phí", "nguồn kinh phí thực hiện")
    title, words = "Dự thảo Nghị định <mẫu>", "Đề nghị lùi sang quý I"
    first = SheetItem(ItemId("item1"), 1, title, Position.OTHER_OPINION, words, (note,))
    fields: dict[str, object] = {
        "id": AnnotationId("ho_0001"),
        "pack": REGULAR,
        "title": "Phiên họp thường kỳ (dữ liệu giả định)",
        "starts": Moment("2026-11-27T01:00:00.000Z"),
        "made": AT,
        "message": "Giữ đúng ý kiến của Bộ.",
        "items": (first,),
    }
    return HandOver(**(fields | changes))  # type: ignore[arg-type]


def meeting(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> tuple[MainWindow, SessionScreen]:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    assert window.workspace is not None
    screen = window.workspace.screen_of(places.Meeting)
    assert isinstance(screen, SessionScreen)
    return window, screen


def press(window: object, text: str) -> None:
    next(button for button in seen_of(window, Button) if button.text() == text).click()  # type: ignore[arg-type]


def test_a_sheet_is_picked_given_shown_and_taken_back(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window, screen = meeting(world, show, qtbot)
    screen.panel.tabs.button(Tab.PEOPLE).click()
    qtbot.waitUntil(lambda: any(b.text() == "Lập phiếu bàn giao" for b in seen_of(screen, Button)))
    press(screen, "Lập phiếu bàn giao")
    settle(world, qtbot)
    (form,) = [one for one in window.findChildren(DeputySheet) if one.isVisible()]
    assert not any(item.picked.on for item in form.forms), "nothing is picked for the member"
    form.go_button.click()
    assert form.trouble.isVisible()
    item = form.forms[0]
    item.picked.click()
    item.position.button(Position.OTHER_OPINION).click()
    item.words.setPlainText("Đề nghị lùi sang quý I")
    assert (too_small(form), unnamed(form), cut_off(form)) == ([], [], [])
    form.go_button.click()
    (people,) = [one for one in window.findChildren(ShareSheet) if one.isVisible()]
    assert not people.share_button.isEnabled(), "to nobody it cannot go"
    qtbot.waitUntil(lambda: any(box.person.id == DEPUTY for box in people.boxes()))  # built in slices
    next(box for box in people.boxes() if box.person.id == DEPUTY).click()
    people.share_button.click()
    settle(world, qtbot)
    kept = world.core.record.read(lambda conn: shares.sheet_of(conn, REGULAR)).result()
    assert kept is not None
    (one,) = kept.items
    assert (one.number, one.position, one.words) == (1, Position.OTHER_OPINION, "Đề nghị lùi sang quý I")
    told = world.core.record.read(lambda conn: share_chains.untold(conn, DEPUTY, most=9, size=10**6)).result()
    assert [change.body for change in told] == [kept]
    qtbot.waitUntil(lambda: any("Thành viên thứ 5" in chip.text for chip in seen_of(screen, Chip)))
    press(screen, "Thu lại phiếu")
    settle(world, qtbot)
    assert world.core.record.read(lambda conn: shares.sheet_of(conn, REGULAR)).result() is None
    assert world.core.record.read(lambda conn: share_chains.untold(conn, DEPUTY, most=9, size=10**6)).result() == ()
    qtbot.waitUntil(lambda: any(b.text() == "Giao lại phiếu vừa thu" for b in seen_of(screen, Button)))
    press(screen, "Giao lại phiếu vừa thu")
    settle(world, qtbot)
    assert world.core.record.read(lambda conn: shares.sheet_of(conn, REGULAR)).result() == kept
    told = world.core.record.read(lambda conn: share_chains.untold(conn, DEPUTY, most=9, size=10**6)).result()
    assert [change.body for change in told] == [kept]


def test_the_one_who_receives_it_reads_it_on_the_agenda_and_takes_it_out(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    given = sheet()
    change = ShareChange(given.id, 0, given)
    world.write(lambda conn: received.apply(conn, DEPUTY, (change,), at=AT))
    window, screen = meeting(world, show, qtbot)
    qtbot.waitUntil(lambda: any(b.text() == "Mở phiếu" for b in seen_of(screen, Button)))
    press(screen, "Mở phiếu")
    (page,) = [one for one in window.findChildren(SheetPage) if one.isVisible()]
    said = page.page.toPlainText()
    for words in ("Dự thảo Nghị định <mẫu>", "Đề nghị lùi sang quý I", "nguồn kinh phí thực hiện", "không biểu quyết"):
        assert words in said
    page.write_to(tmp_path / "phieu.pdf")
    settle(world, qtbot)
    qtbot.waitUntil((tmp_path / "phieu.pdf").exists)
    assert (tmp_path / "phieu.pdf").read_bytes().startswith(b"%PDF")
    world.write(lambda conn: received.apply(conn, DEPUTY, (ShareChange(given.id, 1),), at=AT))
    qtbot.waitUntil(lambda: not any(b.text() == "Mở phiếu" for b in seen_of(screen, Button)))


def test_policy_keeps_it_inside(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window, _ = meeting(world, show, qtbot)
    ctx = dataclasses.replace(world.ctx, policy=Policy(allow_export=False))
    page = SheetPage(ctx, world.tasks, window, sheet=sheet(), author="A", to="B")
    assert not page.pdf_button.isEnabled()
    assert page.pdf_button.toolTip()


def test_a_place_that_cannot_be_written_is_said(world: UiWorld, show: ShowWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window, _ = meeting(world, show, qtbot)
    page = SheetPage(world.ctx, world.tasks, window, sheet=sheet(), author="A", to="B")
    page.open()
    page.write_to(tmp_path / "nowhere" / "phieu.pdf")
    settle(world, qtbot)
    qtbot.waitUntil(page.trouble.isVisible)
    assert page.pdf_button.isEnabled()


def test_words_are_never_markup() -> None:
    made = as_html(sheet(message="<img src='http://x'><b>đậm</b>"), "A <i>B</i>")
    assert "<img" not in made
    assert "<i>B" not in made


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_the_pdf_reads_in_poppler_and_carries_the_name_on_every_page(ui_app: object, tmp_path: Path) -> None:
    long = tuple(SheetItem(ItemId(f"item{n}"), n, f"Nội dung {n}", None, "Một ý kiến dài. " * 60) for n in range(1, 13))
    path = tmp_path / "phieu.pdf"
    path.write_bytes(as_pdf(sheet(items=long), "Bộ trưởng A", to="Thứ trưởng B", stamp="Bộ trưởng A 23/11"))
    said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout
    pages = said.split("\f")[:-1]
    assert len(pages) > 1
    assert "Nội dung 12" in said
    assert "Người nhận: Thứ trưởng B" in said
    fonts = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout
    assert "NotoSans" in fonts.replace(" ", "")
    for number, _ in enumerate(pages, 1):
        shown = subprocess.run(
            ["pdftotext", "-raw", "-f", str(number), "-l", str(number), path, "-"],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        assert "23/11" in shown.replace("\n", "")


def test_items_over_and_under_the_limit() -> None:
    one = sheet().items[0]
    for count, fits in ((MAX_ITEMS, True), (MAX_ITEMS + 1, False)):
        body = sheet(items=(one,) * count)
        data = codec.encode(SharedContent(changes=(ShareChange(body.id, 0, body),), seen={}))
        if fits:
            codec.decode(data, SharedContent, limit=codec.MAX_NOTES)
        else:
            with pytest.raises(FormatRefused):
                codec.decode(data, SharedContent, limit=codec.MAX_NOTES)
