# SPDX-License-Identifier: AGPL-3.0-or-later
"""A paper that is recalled, or whose reading time ends, leaves the screen; one that is not here is fetched first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.ids import Moment, PaperId
from client.domain.pack import PackState
from client.domain.paper import PaperVersion
from client.store import last_views, packs, papers
from client.ui.screens.reader import ReaderScreen
from client.ui.screens.reader_side import PaperSheet
from tests.helpers.reader_world import (
    ABSENT,
    BROKEN,
    DRAFT,
    PACK,
    STUB,
    ReaderWorld,
    keep_paper,
    make_pdf,
    reader_pack,
    reader_world,
)
from tests.helpers.ui_world import paper
from tests.ui.test_reader import Desk, write_one

WHEN = Moment("2026-11-25T02:00:00.000Z")
OTHER = PaperId("r_other")


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", make_pdf(5)) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


@pytest.fixture
def desk(device: ReaderWorld, qtbot: QtBot) -> Desk:
    return Desk(device, qtbot)


def recall(device: ReaderWorld, gone: PaperVersion) -> None:
    """As the synchroniser does it: first the bytes, then what leads to them."""
    assert gone.blob is not None
    blob = gone.blob
    left = structs.replace(gone, recalled=WHEN, plain=None, blob=None, key=None, size=0, blob_size=0)
    device.world.core.papers.write(lambda c: papers.forget(c, blob)).result()
    device.world.write(lambda c: packs.strip(c, PACK, 1, {gone.id: left}))


def nothing_left(reader: ReaderScreen) -> bool:
    return reader.canvas.sheet is None and not reader.canvas.scene.pictures and len(reader._cache) == 0


def test_a_recalled_paper_leaves_the_screen_in_plain_words(desk: Desk) -> None:
    reader, device = desk.open(), desk.device
    write_one(reader)
    desk.settle()
    desk.qtbot.waitUntil(lambda: reader.canvas.scene.is_sharp(reader.canvas.frame()))
    reader.last.keep()
    desk.settle()
    kept = lambda: device.world.core.papers.read(lambda c: last_views.of_paper(c, device.plain)).result()  # noqa: E731
    assert kept() is not None
    opened: list[str] = []
    reader.loader._ctx.render.close_paper, honest = opened.append, reader.loader._ctx.render.close_paper  # type: ignore[method-assign,assignment]
    recall(device, device.draft)
    desk.qtbot.waitUntil(lambda: reader.found is None)
    desk.settle()
    reader.loader._ctx.render.close_paper = honest  # type: ignore[method-assign]
    assert desk.message() == [
        "Tài liệu đã được thu hồi",
        "Nội dung đã được xóa khỏi máy này. Ghi chú của đồng chí vẫn còn.",
    ]
    assert nothing_left(reader)
    assert opened == [str(device.plain)], "the render process has it no longer either"
    assert kept() is None
    assert len(device.marks()) == 1, "the member's own notes are the member's"
    assert reader.tools.isHidden()
    desk.open(paper=DRAFT)
    assert desk.message()[0] == "Tài liệu đã được thu hồi"


def test_a_recalled_paper_leaves_the_second_view_too(desk: Desk) -> None:
    device = desk.device
    other = keep_paper(device.world, make_pdf(3, salt="khác"), paper(OTHER, "Báo cáo thẩm định", pages=3))
    device.world.write(lambda c: packs.upsert(c, reader_pack(device.draft, other)))
    reader = desk.open()
    reader.looks.split_button.click()
    desk.settle()
    side = reader.split.side
    side.choose_button.click()
    desk.settle()
    sheet = desk.sheet(PaperSheet)
    assert isinstance(sheet, PaperSheet)
    sheet.list.chosen.emit(next(line for line in sheet.list.lines if line.key == other))
    desk.settle()
    desk.qtbot.waitUntil(lambda: side.canvas.page_count == 3)
    recall(device, other)
    desk.qtbot.waitUntil(lambda: side.title.text() == "Tài liệu đã được thu hồi")
    assert side.canvas.sheet is None
    assert len(side._cache) == 0
    assert reader.canvas.page_count == 5, "the paper beside it stays"


def test_a_paper_whose_reading_time_ended_leaves_the_screen(desk: Desk) -> None:
    reader, device = desk.open(), desk.device
    device.world.write(lambda c: packs.move(c, PACK, 1, PackState.EXPIRED))
    desk.qtbot.waitUntil(lambda: reader.found is None)
    assert desk.message()[0] == "Đã hết thời hạn đọc tài liệu"
    assert nothing_left(reader)


@pytest.mark.parametrize(("wanted", "first"), [(ABSENT, (PACK, ABSENT)), (STUB, None), (BROKEN, None), (DRAFT, None)])
def test_what_is_opened_and_not_here_is_fetched_first(desk: Desk, wanted: PaperId, first: object) -> None:
    desk.open(paper=wanted)
    assert desk.device.world.core.engine.downloads.first() == first
