# SPDX-License-Identifier: AGPL-3.0-or-later
"""Highlighting by drag, and the reading state with its way back."""

from __future__ import annotations

import unicodedata

from client.domain.annotation import Quote, Rect
from client.viewer.document_state import HISTORY, Fit, Place, ReadingState, Tool
from client.viewer.geometry import MAX_SCALE
from client.viewer.highlight import CONTEXT, MIN_BAND_PT, nearest_word, passage, passage_of, word_passage
from client.viewer.messages import Word

LINES = ("Chính phủ thống nhất", "thông qua dự thảo", "Nghị quyết phiên họp")


def page() -> list[Word]:
    """Three lines, 10 pt high, 20 pt apart; words 50 pt wide, 60 pt apart."""
    return [
        Word(10 + 60 * column, 20 * row, 60 + 60 * column, 20 * row + 10, text, 0, row)
        for row, line in enumerate(LINES)
        for column, text in enumerate(line.split())
    ]


def test_a_drag_over_two_lines_gives_a_box_each_and_the_quotation() -> None:
    found = passage(page(), (130, 5), (100, 25))
    assert found.rects == (Rect(130, 0, 240, 10), Rect(10, 20, 120, 30))
    assert found.quote == Quote(text="thống nhất thông qua", before="Chính phủ", after="dự thảo Nghị quyết phiên họp")


def test_backwards_is_the_same() -> None:
    assert passage(page(), (100, 25), (130, 5)) == passage(page(), (130, 5), (100, 25))


def test_beside_a_short_line_means_that_line() -> None:
    words = page()
    assert words[nearest_word(words, (500, 25))].text == "thảo"
    assert words[nearest_word(words, (500, 500))].text == "họp"


def test_a_tap_takes_one_word() -> None:
    tapped = word_passage(page(), (75, 3))
    assert tapped is not None
    assert tapped.quote is not None
    assert tapped.quote.text == "phủ"
    assert word_passage(page(), (75, 15)) is None


def test_without_text_a_band_of_a_line_height() -> None:
    found = passage([], (100, 50), (10, 51))
    assert found.quote is None
    (band,) = found.rects
    assert (band.x0, band.x1) == (10, 100)
    assert band.y1 - band.y0 == MIN_BAND_PT


def test_quotations_are_nfc_and_context_is_bounded() -> None:
    split = [Word(0, 0, 1, 1, unicodedata.normalize("NFD", "Nghị"), 0, 0)]
    many = [Word(0, 0, 1, 1, "chữ", 0, 0) for _ in range(500)]
    found = passage_of([*many, *split, *many], 500, 500)
    assert found.quote is not None
    assert found.quote.text == "Nghị"
    assert len(found.quote.before) == len(found.quote.after) == CONTEXT


def state(**changes: object) -> ReadingState:
    return ReadingState(doc="d", page_count=30, **changes)  # type: ignore[arg-type]


def test_jumps_are_remembered_scrolling_is_not() -> None:
    there = state().jump_to(Place(7)).scroll_to(Place(8, 0, 40.0)).jump_to(Place(20))
    assert there.back == (Place(0), Place(8, 0, 40.0))
    again = there.go_back().go_back()
    assert again.place == Place(0)
    assert again.go_back() is again
    assert again.go_forward().go_forward().place == Place(20)
    assert again.go_forward().go_forward().go_forward().place == Place(20)


def test_a_new_jump_ends_the_way_forward() -> None:
    assert state().jump_to(Place(7)).go_back().jump_to(Place(9)).forward == ()


def test_a_jump_to_where_one_is_leaves_no_step() -> None:
    assert state().jump_to(Place(0, 0, 50.0)).back == ()


def test_history_is_bounded_and_pages_are_clamped() -> None:
    now = state()
    for step in range(HISTORY + 20):
        now = now.jump_to(Place(step % 2 * 10))
    assert len(now.back) == HISTORY
    assert state().scroll_to(Place(99)).place.page == 29
    assert state().jump_to(Place(-5)).place.page == 0


def test_looks() -> None:
    now = state().zoomed(1e6).turned().turned(270).with_night(night=True).with_tool(Tool.PEN)
    assert (now.scale, now.fit, now.rotation, now.night, now.tool) == (MAX_SCALE, Fit.FREE, 0, True, Tool.PEN)
