# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which text layers are good enough for large type, and how lines become paragraphs."""

from __future__ import annotations

import pytest

from client.viewer.messages import Word
from client.viewer.reflow import GOOD_ENOUGH, is_syllable, paragraphs, quality, reads_well

GOOD = (
    "Chính phủ thống nhất thông qua dự thảo Nghị quyết phiên họp thường kỳ tháng 11; giao Bộ Tài chính chủ trì, "
    "phối hợp với các bộ, cơ quan liên quan nghiên cứu, tiếp thu ý kiến Thành viên Chính phủ, hoàn thiện hồ sơ"
)
SYLLABLES = [
    "nghiêng",
    "khuỷu",
    "ngoằn",
    "ngoèo",
    "quyển",
    "giường",
    "thuở",
    "huyện",
    "yêu",
    "uỷ",
    "ủy",
    "hòa",
    "hoà",
    "thúy",
    "Đường",
    "chuyên",
    "xoong",
    "quốc",
    "gì",
    "giết",
    "ưu",
    "tiên",
    "oai",
    "khuya",
    "rượu",
    "bưu",
    "điện",
    "nguyên",
    "tuyết",
    "loăng",
    "quăng",
    "ương",
    "ách",
    "nhếch",
]


def laid(text: str, *, y: float = 100.0, x: float = 60.0, block: int = 0, line: int = 0) -> list[Word]:
    """Words of one line, 6 points a letter, 12 points high."""
    words, at = [], x
    for part in text.split():
        words.append(Word(at, y, at + 6 * len(part), y + 12, part, block, line))
        at += 6 * (len(part) + 1)
    return words


@pytest.mark.parametrize("word", SYLLABLES)
def test_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(word.upper())


@pytest.mark.parametrize("word", ["hßa", "X·", "chñ", "nghÜa", "strength", "ViÖt", "jkl", "ngn", "aeiou"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_pages_of_real_text_pass_and_legacy_or_broken_ones_do_not() -> None:
    assert quality(laid(GOOD)) > 0.95
    assert reads_well(laid(GOOD + " theo chuẩn JSON và REST API"))
    legacy = "Céng hßa X· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc ChÝnh phñ thèng nhÊt th«ng qua dù th¶o"
    assert quality(laid(legacy)) < GOOD_ENOUGH
    assert not reads_well(laid("C h í n h p h ủ t h ố n g n h ấ t"))
    assert not reads_well(laid("\ufffd\ufffd thx qwr zzz kjh lkj mnb vcx"))
    assert not reads_well(laid("Trang 1"))
    assert not reads_well([])


def test_lines_become_paragraphs() -> None:
    words = [
        *laid("Điều 1. Phạm vi điều chỉnh.", y=100, x=90),
        *laid("Nghị định này quy định về quản lý dữ liệu dùng chung của", y=116, x=90, line=1),
        *laid("cơ quan nhà nước và việc chia sẻ dữ liệu cho tổ chức, cá nhân", y=132, line=2),
        *laid("theo quy định của pháp luật.", y=148, line=3),
        *laid("Điều 2. Đối tượng áp dụng gồm bộ, cơ quan ngang bộ.", y=190, block=1),
    ]
    expected = (
        "Điều 1. Phạm vi điều chỉnh.",
        (
            "Nghị định này quy định về quản lý dữ liệu dùng chung của cơ quan nhà nước và việc chia sẻ dữ liệu cho"
            " tổ chức, cá nhân theo quy định của pháp luật."
        ),
        "Điều 2. Đối tượng áp dụng gồm bộ, cơ quan ngang bộ.",
    )
    assert paragraphs(words) == expected
    assert paragraphs(()) == ()
    joined = " ".join(paragraphs(words)).split()
    assert joined == [word.text for word in words], "no word is lost or moved"
