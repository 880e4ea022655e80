# SPDX-License-Identifier: AGPL-3.0-or-later
"""A paper was replaced: what changed is found, and every note finds its passage or is asked about.

The generated revisions come with known truth (``tests/helpers/revisions.py``).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.domain.annotation import Bookmark, Highlight, InkStroke, Quote, Rect, TextNote
from client.domain.ids import AnnotationId, Moment
from client.errors import FormatRefused, LimitExceeded
from client.viewer import page_words
from client.viewer.alignment import UNPAIRED, align
from client.viewer.anchors import Doubt, Placement, place_notes
from client.viewer.compare import Kind, compare
from client.viewer.highlight import line_rects
from client.viewer.ink import InkPoint, pack_points, unpack_points
from client.viewer.messages import Word
from client.viewer.page_words import Document, pack_words, unpack_words
from tests.helpers import revisions
from tests.helpers.revisions import NEW, OLD, PAPER, Known, Layout, Source, lay_out, make_notes, revise, verdict

MADE = Moment("2026-11-20T02:00:00.000Z")


def new_id(source: AnnotationId, part: int) -> AnnotationId:
    return AnnotationId(f"{source}_{part}")


def place(old: Document | None, new: Document, *notes: object) -> tuple[Placement, ...]:
    pairs = compare(old, new).pairs if old is not None else []
    return place_notes(notes, old, new, pairs, plain=NEW, new_id=new_id)  # type: ignore[arg-type]


def pages_of(*texts: str, top: float = 100.0, left: float = 60.0) -> list[list[Word]]:
    """Pages with eight words a line."""
    pages = []
    for text in texts:
        words = [
            Word(
                left + 60 * (n % 8),
                top + 20 * (n // 8),
                left + 55 + 60 * (n % 8),
                top + 12 + 20 * (n // 8),
                part,
                0,
                n // 8,
            )
            for n, part in enumerate(text.split())
        ]
        pages.append(words)
    return pages


def on(page: int, name: str = "a_note") -> dict[str, object]:
    return {"id": AnnotationId(name), "paper": PAPER, "plain": OLD, "page": page, "made": MADE}


def highlight(document: Document, first: int, end: int, name: str = "a_note") -> Highlight:
    rects = line_rects(document.words[first:end])
    return Highlight(
        colour="#FFD54A", rects=rects, quote=Quote(document.text(first, end)), **on(document.page_of(first), name)
    )


def text_under(document: Document, marks: Sequence[object]) -> str:
    """The words of the document under highlights."""
    found = []
    for mark in marks:
        assert isinstance(mark, Highlight)
        for word in document.pages[mark.page]:
            x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
            if any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in mark.rects):
                found.append(word.text)
    return " ".join(found)


FIRST = "Điều một quy định về thẩm quyền của cơ quan nhà nước trong việc quản lý vốn đầu tư công trung hạn"
SECOND = "Thời hạn chuyển tiếp là 06 tháng kể từ ngày nghị định này có hiệu lực thi hành theo quy định"
THIRD = "Bộ trưởng các bộ chịu trách nhiệm thi hành nghị định này trước Chính phủ và Thủ tướng Chính phủ"
FRESH = "Các cơ sở dữ liệu dùng chung được kết nối qua nền tảng tích hợp quốc gia do đơn vị chủ quản vận hành"


# -- alignment -------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from("abcdef"), max_size=60), st.lists(st.sampled_from("abcdef"), max_size=60))
def test_only_equal_words_are_paired_and_each_once(old: list[str], new: list[str]) -> None:
    pairs = align(old, new)
    assert len(pairs) == len(old)
    used = [target for target in pairs if target != UNPAIRED]
    assert len(used) == len(set(used))
    assert all(old[index] == new[target] for index, target in enumerate(pairs) if target != UNPAIRED)


@given(st.lists(st.sampled_from("abcdefghij"), max_size=80))
def test_an_unchanged_text_is_paired_with_itself(text: list[str]) -> None:
    assert align(text, text) == list(range(len(text)))


def test_a_passage_that_moved_is_found_where_it_went() -> None:
    old = (FIRST + " " + SECOND + " " + THIRD).split()
    new = (THIRD + " " + FIRST + " " + SECOND).split()
    pairs = align(old, new)
    assert all(new[target] == token for token, target in zip(old, pairs, strict=True))
    assert pairs[0] == len(THIRD.split())


def test_a_large_gap_is_still_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.viewer.alignment.MAX_CELLS", 4)
    old = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám"]
    new = ["x", "hai", "ba", "bốn", "y", "sáu", "bảy", "tám", "z"]
    assert [old[i] for i, target in enumerate(align(old, new)) if target != UNPAIRED] == [
        "hai",
        "ba",
        "bốn",
        "sáu",
        "bảy",
        "tám",
    ]


# -- what changed ----------------------------------------------------------------------------------------------


def test_set_in_another_size_nothing_changed() -> None:
    source = Source(random.Random(1))
    text = source.text(6)
    old, new = lay_out(text, Layout()), lay_out(text, Layout(width=420, size=14))
    assert len(new.pages) > len(old.pages)
    found = compare(Document(old.pages), Document(new.pages))
    assert (found.passages, found.new_pages, found.removed_pages) == ((), (), ())


def test_one_changed_number_is_one_passage_on_its_page() -> None:
    old = Document(pages_of(FIRST, SECOND, THIRD))
    new = Document(pages_of(FIRST, SECOND.replace("06", "12"), THIRD))
    (only,) = compare(old, new).passages
    assert only.kind is Kind.REWORDED
    assert (old.text(*only.old), new.text(*only.new)) == ("06", "12")
    assert (only.old_page, only.new_page) == (1, 1)


def test_a_page_put_in_is_new_and_what_follows_is_not() -> None:
    old = Document(pages_of(FIRST, SECOND, THIRD))
    new = Document(pages_of(FIRST, FRESH, SECOND, THIRD))
    found = compare(old, new)
    assert [(p.kind, p.new_page) for p in found.passages] == [(Kind.ADDED, 1)]
    assert found.new_pages == (1,)


def test_a_page_taken_out_is_told() -> None:
    old, new = Document(pages_of(FIRST, SECOND, THIRD)), Document(pages_of(FIRST, THIRD))
    found = compare(old, new)
    assert found.removed_pages == (1,)
    assert [(p.kind, p.old_page) for p in found.passages] == [(Kind.REMOVED, 1)]


def test_a_page_that_moved_is_told_as_moved() -> None:
    old, new = Document(pages_of(FIRST, SECOND, THIRD)), Document(pages_of(SECOND, THIRD, FIRST))
    found = compare(old, new)
    assert [(p.kind, p.old_page, p.new_page) for p in found.passages] == [(Kind.MOVED, 0, 2)]


def test_page_numbers_and_running_heads_are_not_text() -> None:
    def with_head(pages: list[list[Word]]) -> list[list[Word]]:
        return [
            [
                Word(60, 20, 90, 30, "DỰ", 90, 0),
                Word(95, 20, 140, 30, "THẢO", 90, 0),
                *words,
                Word(300, 800, 310, 812, f"{number}", 91, 0),
            ]
            for number, words in enumerate(pages, start=1)
        ]

    old = Document(with_head(pages_of(FIRST, SECOND, THIRD)))
    new = Document(with_head(pages_of(FIRST, FRESH, SECOND, THIRD)))
    assert "THẢO" not in old.tokens
    assert [(p.kind, p.new_page) for p in compare(old, new).passages] == [(Kind.ADDED, 1)]


def test_papers_without_words_compare_as_equal() -> None:
    found = compare(Document([[], []]), Document([[], [], []]))
    assert (found.passages, found.removed_pages) == ((), ())


# -- notes -----------------------------------------------------------------------------------------------------


def test_a_highlight_follows_its_words_to_another_page() -> None:
    old, new = Document(pages_of(FIRST, SECOND)), Document(pages_of(FRESH, FIRST, THIRD, SECOND, left=80.0))
    first = old.starts[1]
    (found,) = place(old, new, highlight(old, first, first + 10))
    assert found.sure
    assert [target.page for target in found.targets] == [3]
    assert text_under(new, found.targets) == old.text(first, first + 10)
    assert all(target.plain == NEW and target.id == "a_note_0" for target in found.targets)


def test_a_highlight_that_now_crosses_pages_becomes_two() -> None:
    old = Document(pages_of(FIRST + " " + SECOND))
    new = Document(pages_of(FIRST, SECOND))
    half = len(FIRST.split())
    (found,) = place(old, new, highlight(old, half - 5, half + 5))
    assert found.sure
    assert [(target.page, target.id) for target in found.targets] == [(0, "a_note_0"), (1, "a_note_1")]
    assert text_under(new, found.targets) == old.text(half - 5, half + 5)


def test_a_passage_that_is_gone_is_asked_about_beside_its_neighbours() -> None:
    old, new = Document(pages_of(FIRST, SECOND, THIRD)), Document(pages_of(FIRST, THIRD))
    (found,) = place(old, new, highlight(old, old.starts[1], old.starts[2]))
    assert not found.sure
    assert found.doubt is Doubt.GONE
    assert found.targets[0].page in {0, 1}


def test_a_reworded_passage_is_asked_about() -> None:
    old = Document(pages_of(FIRST, SECOND))
    words = SECOND.split()
    other = " ".join([*words[:2], *(f"khác{n}" for n in range(11)), *words[9:]])
    new = Document(pages_of(FIRST, other))
    start = old.starts[1]
    (found,) = place(old, new, highlight(old, start, start + 9))
    assert (found.sure, found.doubt) == (False, Doubt.CHANGED)
    assert found.targets[0].page == 1


def test_a_note_keeps_its_place_beside_the_line() -> None:
    old = Document(pages_of(FIRST, SECOND))
    new = Document(pages_of(FRESH, FIRST, SECOND, top=300.0))
    note = TextNote(at=Rect(560, 118, 580, 138), text="Hỏi Bộ Tư pháp", **on(1))
    (found,) = place(old, new, note)
    assert found.sure
    (target,) = found.targets
    assert isinstance(target, TextNote)
    assert (target.page, target.at, target.text) == (2, Rect(560, 318, 580, 338), "Hỏi Bộ Tư pháp")


def test_strokes_written_together_stay_together() -> None:
    old, new = Document(pages_of(FIRST, SECOND)), Document(pages_of(FIRST, FRESH, SECOND, top=200.0))
    strokes = [
        InkStroke(
            colour="#B3261E",
            width=2.0,
            points=pack_points([InkPoint(20 + 9 * k, 100), InkPoint(24 + 9 * k, 114, 0.4, 7)]),
            **on(1, f"a_s{k}"),
        )
        for k in range(3)
    ]
    found = place(old, new, *strokes)
    assert all(one.sure and one.targets[0].page == 2 for one in found)
    moved = [unpack_points(one.targets[0].points) for one in found]  # type: ignore[union-attr]
    assert [points[0].x for points in moved] == [20, 29, 38]
    assert {points[0].y for points in moved} == {200}
    assert moved[0][1].dt_ms == 7


def test_ink_over_a_line_that_breaks_elsewhere_is_asked_about() -> None:
    old = Document(pages_of(FIRST + " " + SECOND))
    new = Document([[*pages_of("Mới thêm vào " + FIRST + " " + SECOND)[0]]])
    under = InkStroke(colour="#B3261E", width=2.0, points=pack_points([InkPoint(62, 108), InkPoint(530, 109)]), **on(0))
    (found,) = place(old, new, under)
    assert found.doubt is Doubt.RESHAPED


def test_a_bookmark_follows_its_page() -> None:
    old, new = Document(pages_of(FIRST, SECOND, THIRD)), Document(pages_of(FRESH, FIRST, SECOND, THIRD))
    (found,) = place(old, new, Bookmark(label="Xem lại", **on(2)))
    assert (found.sure, found.targets[0].page) == (True, 3)


def test_on_a_scan_the_pages_around_decide() -> None:
    old = Document([*pages_of(FIRST), [], *pages_of(SECOND)])
    inserted = Document([*pages_of(FRESH), *pages_of(FIRST), [], *pages_of(SECOND)])
    lost = Document([*pages_of(FIRST), *pages_of(SECOND)])
    note = TextNote(at=Rect(10, 10, 30, 30), text="Trên bản quét", **on(1))
    (kept,) = place(old, inserted, note)
    assert (kept.sure, kept.targets[0].page) == (True, 2)
    (asked,) = place(old, lost, note)
    assert (asked.sure, asked.doubt) == (False, Doubt.NO_TEXT)


def test_without_the_old_version_a_quotation_is_enough_when_it_is_unique() -> None:
    new = Document(pages_of(FRESH, FIRST, SECOND))
    unique = Highlight(
        colour="#FFD54A", rects=(Rect(0, 0, 9, 9),), quote=Quote("Thời hạn chuyển tiếp"), **on(0, "a_one")
    )
    twice = Highlight(colour="#FFD54A", rects=(Rect(0, 0, 9, 9),), quote=Quote("quy định"), **on(0, "a_two"))
    context = Highlight(
        colour="#FFD54A", rects=(Rect(0, 0, 9, 9),), quote=Quote("quy định", before="thi hành theo"), **on(0, "a_three")
    )
    ink = InkStroke(colour="#B3261E", width=2.0, points=pack_points([InkPoint(9, 9)]), **on(7, "a_four"))
    found = place(None, new, unique, twice, context, ink)
    assert [one.sure for one in found] == [True, False, True, False]
    assert text_under(new, found[0].targets) == "Thời hạn chuyển tiếp"
    assert found[2].targets[0].page == 2
    assert found[3].targets[0].page == 2  # the last page there is; asked about


def measured(seed: int, *, pages: int, notes: int) -> Counter[str]:
    rng = random.Random(seed)
    source = Source(rng)
    text = source.text(pages)
    old = lay_out(text, Layout())
    layout = rng.choice((Layout(), Layout(size=13, margin=50), Layout(width=612, height=792, size=11)))
    new = lay_out(revise(source, text, changes=pages), layout)
    known: list[Known] = make_notes(old, rng, notes)
    before, after = Document(old.pages, old.sizes), Document(new.pages, new.sizes)
    found = place(before, after, *(one.note for one in known))
    assert [one.source for one in found] == [one.note for one in known], "a note was lost"
    assert all(one.targets for one in found)
    assert all(target.page < len(new.pages) for one in found for target in one.targets)
    return Counter(verdict(one, placed, new) for one, placed in zip(known, found, strict=True))


def test_of_generated_notes_at_least_95_in_100_go_to_the_right_place_and_none_is_lost() -> None:
    total: Counter[str] = Counter()
    for seed in range(12):
        total += measured(seed, pages=12, notes=60)
    assert total.total() == 12 * 60
    assert total["right"] + total["rightly asked"] >= 0.95 * total.total(), total
    assert total["wrong"] <= 0.02 * total.total(), total


@pytest.mark.slow
def test_many_generated_revisions() -> None:
    total: Counter[str] = Counter()
    for seed in range(100, 200):
        total += measured(seed, pages=20, notes=100)
    assert total["right"] + total["rightly asked"] >= 0.95 * total.total(), total
    assert total["wrong"] <= 0.02 * total.total(), total


# -- packed words ----------------------------------------------------------------------------------------------


def test_packed_words_come_back_to_a_sixteenth_of_a_point() -> None:
    words = (Word(1.03, 2.5, 30.0, 14.99, "Nghị", 3, 1), Word(-4.0, 0.0, 1.0, 2.0, "định", 3, 1))
    back = unpack_words(pack_words(words))
    assert [word.text for word in back] == ["Nghị", "định"]
    assert all(abs(a.x0 - b.x0) <= 1 / 32 and abs(a.y1 - b.y1) <= 1 / 32 for a, b in zip(words, back, strict=True))
    assert [(word.block, word.line) for word in back] == [(3, 1), (3, 1)]


def test_packed_words_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack_words([Word(0, 0, 1, 1, "x" * 900, 0, 0)] * 20)
    monkeypatch.setattr(page_words, "MAX_PACKED", 8 + 20 * 24 + 20 * 901 - 1)
    unpack_words(packed)
    monkeypatch.setattr(page_words, "MAX_PACKED", 8 + 20 * 24 + 20 * 901 - 2)
    with pytest.raises(LimitExceeded):
        unpack_words(packed)


@pytest.mark.parametrize("bad", [b"", b"\x00" * 40, b"x\x9c\x03\x00"])
def test_packed_words_of_another_shape_are_refused(bad: bytes) -> None:
    with pytest.raises((FormatRefused, LimitExceeded)):
        unpack_words(bad)


def test_the_generator_is_repeatable() -> None:
    def once() -> list[list[Word]]:
        source = Source(random.Random(5))
        return lay_out(revise(source, source.text(4)), Layout()).pages

    assert once() == once()
    assert revisions.PAPER == PAPER


def test_a_paper_written_anew_loses_no_note() -> None:
    rng = random.Random(3)
    old = lay_out(Source(rng).text(8), Layout())
    fresh = [[Word(60, 80 + 20 * n, 100, 92 + 20 * n, f"mới{page}_{n}", 0, n) for n in range(30)] for page in range(5)]
    known = make_notes(old, rng, 80)
    found = place(Document(old.pages, old.sizes), Document(fresh), *(one.note for one in known))
    assert [one.source for one in found] == [one.note for one in known]
    assert not any(one.sure for one in found)
    assert all(one.targets[0].page < 5 for one in found)
