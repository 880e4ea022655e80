# SPDX-License-Identifier: AGPL-3.0-or-later
"""References in legal text: found whole, never in the middle of something else, and led to their headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.viewer import citations
from client.viewer.citations import Citation, Spot, citation_at, find_citations, find_place, same_number
from client.viewer.messages import Word

NUMBERS = (
    "39/2022/NĐ-CP",
    "117/2025/QH15",
    "123/TTr-BTC",
    "318/BCTĐ-BTP",
    "05/2024/TT-BTC",
    "1234/QĐ-TTg",
    "30/2020/NĐ-CP",
)


def fields(one: Citation) -> tuple[str, str, str, str, str]:
    return one.number, one.article, one.clause, one.point, one.annex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theo Nghị định số 39/2022/NĐ-CP của Chính phủ", [("39/2022/NĐ-CP", "", "", "", "")]),
        ("tại Điều 5 khoản 2", [("", "5", "2", "", "")]),
        ("quy định tại điểm a khoản 1 Điều 3 và Điều 7", [("", "3", "1", "a", ""), ("", "7", "", "", "")]),
        ("xem Phụ lục II kèm theo", [("", "", "", "", "II")]),
        ("PHỤ LỤC SỐ 03", [("", "", "", "", "03")]),
        ("khoản 2 Điều 5 Nghị định số 39/2022/NĐ-CP", [("39/2022/NĐ-CP", "5", "2", "", "")]),
        ("Điều 12 của Luật số 117/2025/QH15.", [("117/2025/QH15", "12", "", "", "")]),
        ("khoản 3 Điều này", [("", "", "3", "", "")]),
        ("Điều 15a", [("", "15a", "", "", "")]),
        ("điều kiện, khoản chi, điểm nóng, phụ lục kèm theo", []),
        ("ngày 26/11/2026, 3/4 thành viên, tỷ lệ 12/2025", []),
        ("điểm b", []),
        ("Tờ trình 123/TTr-BTC; Điều 4, khoản 1", [("123/TTr-BTC", "", "", "", ""), ("", "4", "1", "", "")]),
        ("", []),
    ],
)
def test_what_is_a_reference(text: str, expected: list[tuple[str, str, str, str, str]]) -> None:
    assert [fields(one) for one in find_citations(text)] == expected


@given(st.text(st.sampled_from("Điềukhoảmụlục0123456789/-NĐCP aIV.,;số\n"), max_size=300))
def test_references_lie_in_the_text_in_order_and_apart(text: str) -> None:
    before = 0
    for one in find_citations(text):
        assert before <= one.start < one.end <= len(text)
        before = one.end
        assert any((one.number, one.article, one.clause, one.annex))


@given(
    st.sampled_from(NUMBERS),
    st.integers(1, 999),
    st.integers(1, 30),
    st.sampled_from("abcdđeghik"),
    st.sampled_from([" ", ", ", "\n", " của Nghị định số "]),
)
def test_whatever_is_written_is_read_back(number: str, article: int, clause: int, point: str, of: str) -> None:
    text = f"theo điểm {point} khoản {clause} Điều {article}{of}{number} thì"
    (one,) = find_citations(text)
    assert fields(one) == (number, str(article), str(clause), point, "")
    assert text[one.start : one.end].startswith("điểm")
    assert text[one.start : one.end].endswith(number)


def test_only_so_much_text_is_looked_at() -> None:
    filler = "x " * (citations.MAX_TEXT // 2 - 10)
    assert len(find_citations(filler + "Điều 5")) == 1
    assert find_citations(filler + "x " * 20 + "Điều 5") == ()


def test_numbers_are_compared_as_people_do() -> None:
    assert same_number("39/2022/NĐ-CP", "039/2022/nd-cp")
    assert not same_number("39/2022/NĐ-CP", "39/2023/NĐ-CP")
    assert not same_number("", "")


def page(*lines: str) -> list[Word]:
    return [
        Word(60 + 40 * n, 100 + 20 * row, 95 + 40 * n, 112 + 20 * row, text, 0, row)
        for row, line in enumerate(lines)
        for n, text in enumerate(line.split())
    ]


PAPER = (
    page("Mục lục", "Điều 4. Phạm vi ........ 2", "Điều 5. Thời hạn ........ 2"),
    page("Điều 4. Phạm vi", "1. Nghị định này quy định", "a) về dữ liệu;", "b) về hồ sơ."),
    page(
        "theo quy định tại",
        "Điều 5 của Luật",
        "Điều 5. Thời hạn",
        "1. Sáu tháng.",
        "2. Mười hai tháng",
        "a) với dự án;",
    ),
    page("Điều 6. Thi hành", "2. Bộ trưởng", "PHỤ LỤC II", "Danh mục"),
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Điều 4", Spot(1, 100)),
        ("khoản 1 Điều 4", Spot(1, 120)),
        ("điểm b khoản 1 Điều 4", Spot(1, 160)),
        ("Điều 5", Spot(2, 140)),
        ("Điều 5 khoản 2", Spot(2, 180)),
        ("điểm a khoản 2 Điều 5", Spot(2, 200)),
        ("khoản 7 Điều 5", Spot(2, 140)),
        ("Phụ lục II", Spot(3, 140)),
        ("Điều 60", None),
        ("Phụ lục III", None),
    ],
)
def test_the_heading_is_found_and_not_a_mention(text: str, place: Spot | None) -> None:
    (wanted,) = find_citations(text)
    assert find_place(PAPER, wanted) == place


def test_a_tapped_word_knows_its_reference() -> None:
    words = page("thực hiện theo điểm a khoản 1", "Điều 3 Nghị định số 39/2022/NĐ-CP của Chính phủ")
    for index, word in enumerate(words):
        found = citation_at(words, index)
        if word.text in {"thực", "hiện", "theo", "của", "Chính", "phủ"}:
            assert found is None, word.text
        else:
            assert found is not None, word.text
            assert fields(found) == ("39/2022/NĐ-CP", "3", "1", "a", "")
            assert (words[found.start].text, words[found.end - 1].text) == ("điểm", "39/2022/NĐ-CP")
