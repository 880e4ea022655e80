# SPDX-License-Identifier: AGPL-3.0-or-later
"""Columns that build what is long piece by piece, titles of at most two lines, the program's own icon."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.ui import navigator as places
from client.ui.theme.mark import mark
from client.ui.theme.tokens import DARK, LIGHT, Colours, contrast
from client.ui.widgets import layouts
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import Growing, Part, ScrollColumn
from client.ui.widgets.text import ClampedLabel, Label
from tests.ui.conftest import ShowWindow

PIECES = 30


class Long(Card):
    """Thirty buttons, one at a time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def grow(self) -> Iterator[None]:
        for n in range(PIECES):
            self.column.addWidget(Button(f"{self.name} {n}"))
            yield

    @property
    def words(self) -> list[str]:
        return [button.text() for button in self.findChildren(Button)]


@pytest.fixture
def column(ui_app: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ScrollColumn:
    monkeypatch.setattr(layouts, "SLICE_MS", 0)  # one piece a turn
    made = ScrollColumn()
    qtbot.addWidget(made)
    made.resize(600, 400)
    with qtbot.waitExposed(made):
        made.show()
    return made


def long_part(name: str, value: object = 0) -> Part:
    return Part("long", value, partial(Long, name))


def longs(column: ScrollColumn) -> list[Long]:
    return [each for each in column.findChildren(Long) if not each.isHidden()]


def finish(column: ScrollColumn, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not column.busy)


def test_what_grows_does_so_in_order_before_what_comes_after(column: ScrollColumn, qtbot: QtBot) -> None:
    assert isinstance(Long(""), Growing)
    column.show_parts([long_part("a"), Part("end", 0, partial(Label, "end"))])
    assert column.busy
    assert column.parts == ("long",)
    finish(column, qtbot)
    assert column.parts == ("long", "end")
    [made] = longs(column)
    assert made.words == [f"a {n}" for n in range(PIECES)]


def test_what_takes_the_place_of_another_grows_out_of_sight(column: ScrollColumn, qtbot: QtBot) -> None:
    column.show_parts([long_part("a")])
    finish(column, qtbot)
    [before] = longs(column)
    column.show_parts([long_part("b", 1)])
    assert column.busy
    assert longs(column) == [before], "what can be read stays until the other is whole"
    finish(column, qtbot)
    qtbot.waitUntil(lambda: [len(each.words) for each in longs(column)] == [PIECES])
    assert longs(column)[0].name == "b"


def test_a_list_that_changes_meanwhile_ends_what_is_not_wanted_any_more(column: ScrollColumn, qtbot: QtBot) -> None:
    column.show_parts([long_part("a")])
    column.show_parts([])
    assert not column.busy
    column.show_parts([long_part("a")])
    finish(column, qtbot)
    column.show_parts([long_part("b", 1)])
    column.show_parts([long_part("c", 2)])
    finish(column, qtbot)
    qtbot.waitUntil(lambda: [each.name for each in longs(column)] == ["c"])
    column.show_parts([long_part("d", 3)])
    column.show_parts([long_part("c", 2)])
    finish(column, qtbot)
    assert [(each.name, len(each.words)) for each in longs(column)] == [("c", PIECES)]


def test_a_column_does_not_scroll_into_nothing(column: ScrollColumn, qtbot: QtBot) -> None:
    text = "Dự thảo Nghị định quy định chi tiết một số điều của Luật Đầu tư công. " * 3
    column.show_parts([Part(n, n, partial(Label, text)) for n in range(4)])
    finish(column, qtbot)
    body = column.widget()
    qtbot.waitUntil(lambda: body.height() > 100)
    high = body.heightForWidth(body.width())
    assert high <= column.viewport().height()
    qtbot.waitUntil(lambda: column.verticalScrollBar().maximum() == 0)


def test_a_title_takes_two_lines_and_says_the_rest(ui_app: QApplication, qtbot: QtBot) -> None:
    label = ClampedLabel("Ngắn", "strong")
    qtbot.addWidget(label)
    one = label.heightForWidth(300)
    label.setText("Dự thảo Nghị định quy định chi tiết một số điều")
    label.resize(300, 60)
    assert label.heightForWidth(300) == 2 * one
    assert label.toolTip() == ""
    label.setText("Dự thảo Nghị định quy định chi tiết một số điều của Luật Đầu tư công " * 3)
    assert label.heightForWidth(300) == 2 * one
    assert label.toolTip() == label.accessibleName() == label.text()


def test_windows_wear_the_programs_own_icon(show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Home())
    qtbot.waitUntil(lambda: not window.windowIcon().isNull())
    own, practice = (mark(practice=on).pixmap(48).toImage() for on in (False, True))
    assert window.windowIcon().pixmap(48).toImage() == own
    assert own != practice


@pytest.mark.parametrize("c", [LIGHT, DARK], ids=["light", "dark"])
def test_the_edge_of_a_sheet_can_be_seen(c: Colours) -> None:
    assert min(contrast(c.border, c.ground), contrast(c.border, c.surface)) >= 3


def test_no_piece_is_a_window(column: ScrollColumn, qtbot: QtBot) -> None:
    column.show_parts([long_part("a")])
    finish(column, qtbot)
    column.show_parts([long_part("b", 1)])
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, Long) and each.isVisible()]
    assert shown == list[QWidget]()
    finish(column, qtbot)
