# SPDX-License-Identifier: AGPL-3.0-or-later
"""Line breaking, page turns, tables and the old encoding, with hand-made metrics."""

import pytest

from server.demo.content.compose import Composer, number
from server.demo.content.phrases import CLAUSE
from server.demo.content.topics_decree import DATA_SHARING
from server.documents.form import long_date
from server.documents.layout import BOTTOM, LEFT, MEASURE, RIGHT, Ruler, Typesetter
from server.documents.model import Align, Face, PageBreak, Para, Table
from server.documents.tcvn import needs_capital_font, tcvn_char

ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .()áạảãàđêệịịưữ"
METRICS = {face: dict.fromkeys(ALPHABET, 0.5) for face in Face}
NOTICE_RUNS = 1


def place(*blocks):
    return Typesetter(METRICS).typeset(blocks)


def test_wrap_breaks_only_between_words_and_fills_the_measure() -> None:
    lines = Ruler(METRICS).wrap(Face.REGULAR, 10, "aaa bbb ccc ddd", 35)
    assert lines == [("aaa bbb", 35.0), ("ccc ddd", 35.0)]


def test_balanced_titles_have_even_lines() -> None:
    lines = Ruler(METRICS).balance(Face.BOLD, 10, "aa bb cc dd ee ff", 75)
    assert [text for text, _ in lines] == ["aa bb cc", "dd ee ff"]


def test_justified_lines_reach_the_right_margin_but_the_last_does_not() -> None:
    runs = place(Para(text="abc " * 60 + "end", indent=0)).sheets[0].runs[:-NOTICE_RUNS]
    for run in runs[:-1]:
        width = len(run.text) * 0.5 * run.size + run.text.count(" ") * run.stretch
        assert run.x + width == pytest.approx(RIGHT)
    assert runs[-1].stretch == 0


def test_a_heading_is_not_left_at_the_foot() -> None:
    filler = [Para(text="x", before=0, after=0, size=13) for _ in range(41)]
    layout = place(*filler, Para(text="Head", keep=True, bookmark=1), Para(text="body"))
    assert layout.bookmarks[0].page == 1


def test_text_stays_above_the_bottom_margin() -> None:
    layout = place(*[Para(text="abc " * 40) for _ in range(40)])
    assert len(layout.sheets) > 1
    assert max(run.y for sheet in layout.sheets for run in sheet.runs) <= BOTTOM


def test_a_table_repeats_its_header_on_each_page() -> None:
    rows = tuple((str(index), "x") for index in range(80))
    layout = place(Table(widths=(0.3, 0.7), header=("No", "What"), rows=rows))
    assert len(layout.sheets) > 1
    assert all(any(run.text == "What" for run in sheet.runs) for sheet in layout.sheets)
    assert {run.text for sheet in layout.sheets for run in sheet.runs} >= {str(index) for index in range(80)}


def test_page_numbers_start_on_the_second_page() -> None:
    layout = place(Para(text="a"), PageBreak(), Para(text="b"))
    assert [sheet.runs[1].text for sheet in layout.sheets] == ["(dữ liệu giả định)", "2"]


def test_centred_text_is_centred() -> None:
    [run, _] = place(Para(text="abcd", align=Align.CENTRE)).sheets[0].runs
    assert run.x + len(run.text) * 0.25 * run.size == pytest.approx(LEFT + MEASURE / 2)


def test_a_character_without_a_glyph_is_an_error() -> None:
    with pytest.raises(KeyError):
        place(Para(text="日"))


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        ("Cộng hòa Xã hội", b"C\xe9ng h\xdfa X\xb7 h\xe9i"),
        ("đường sắt", b"\xae\xad\xeang s\xbet"),
        ("“quỹ”", b'"qu\xfc"'),
    ],
)
def test_old_encoding(text: str, bytes_: bytes) -> None:
    assert "".join(map(tcvn_char, text)).encode("latin-1") == bytes_


def test_toned_capitals_need_the_capital_font_and_bare_ones_do_not() -> None:
    assert [char for char in "ĐƯỜNG Ủy" if needs_capital_font(char)] == ["Ờ", "Ủ"]
    assert tcvn_char("Ủ") == tcvn_char("ủ")


def test_old_encoding_refuses_what_it_never_had() -> None:
    with pytest.raises(KeyError):
        tcvn_char("₫")


def test_numbers_and_dates_are_vietnamese() -> None:
    from datetime import date

    assert number(1234567.89, 1) == "1.234.567,9"
    assert long_date(date(2026, 2, 5)) == "Hà Nội, ngày 05 tháng 02 năm 2026"
    assert long_date(date(2026, 11, 5)) == "Hà Nội, ngày 05 tháng 11 năm 2026"


def test_composed_text_repeats_from_its_seed_and_varies_within_a_paper() -> None:
    one, two = Composer(DATA_SHARING, "p"), Composer(DATA_SHARING, "p")
    first = [one.sentence(CLAUSE) for _ in range(200)]
    assert first == [two.sentence(CLAUSE) for _ in range(200)]
    assert len(set(first)) > 180
    assert first != [Composer(DATA_SHARING, "q").sentence(CLAUSE) for _ in range(200)]
