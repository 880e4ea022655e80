# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vietnamese search: the table of ux.md section 6, order of hits, hostile queries, limits."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.errors import InternalFault
from client.store import search
from client.store.connection import Connection
from client.store.fold import clean, fold, variants
from tests.unit.store.samples import named

A, B = named("a"), named("b")
TEXT = "Nghị định về đầu tư đường sắt. Bộ trưởng phân quyền cho Ủy ban nhân dân; hoà giải ở cơ sở."


def pages(conn: Connection, query: str, **options) -> list[tuple[int, bool]]:
    return [(hit.page, hit.exact) for hit in search.search(conn, query, **options)]


@pytest.mark.parametrize(
    "query", ["nghi dinh", "dau tu", "duong sat", "bo truong", "uy ban", "phan quyen", "DUONG SAT", "hòa giải", "co so"]
)
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
def test_unaccented_queries_find_accented_text(papers_db: Connection, query: str, stored: str) -> None:
    search.index_page(papers_db, A, 0, unicodedata.normalize(stored, TEXT))  # type: ignore[arg-type]
    assert pages(papers_db, query) == [(0, False)]


@pytest.mark.parametrize("query", ["nghị định", "ĐẦU TƯ", "đường sắt", "Ủy ban", "hoà giải"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_accented_queries_are_exact_in_either_form(papers_db: Connection, query: str, stored: str, typed: str) -> None:
    search.index_page(papers_db, A, 0, unicodedata.normalize(stored, TEXT))  # type: ignore[arg-type]
    assert pages(papers_db, unicodedata.normalize(typed, query)) == [(0, True)]  # type: ignore[arg-type]


def test_exact_first_then_side_by_side_then_apart(papers_db: Connection) -> None:
    for page, text in enumerate(
        ["suy nghĩ về gia đình", "nghi dinh viết không dấu", "Nghị định số 5", "định kỳ nghị sự", "nghỉ đỉnh núi"]
    ):
        search.index_page(papers_db, A, page, text)
    found = pages(papers_db, "nghị định")
    assert found[:2] == [(2, True), (3, True)]
    assert sorted(found[2:4]) == [(1, False), (4, False)]
    assert found[4:] == [(0, False)]


def test_the_last_word_may_be_unfinished(papers_db: Connection) -> None:
    search.index_page(papers_db, A, 0, TEXT)
    for query in ("đầu t", "đườ", "123", "dau tu duon"):
        assert bool(pages(papers_db, query)) is (query != "123")
    assert pages(papers_db, "đầ tư") == []


def test_document_numbers_are_found(papers_db: Connection) -> None:
    search.index_page(papers_db, A, 0, "Tờ trình số 123/TTr-BTC ngày 20/11/2026")
    assert pages(papers_db, "123/TTr-BTC") == [(0, True)]
    assert pages(papers_db, "20/11/2026") == [(0, True)]


def test_snippets_show_the_text_as_written(papers_db: Connection) -> None:
    search.index_page(papers_db, A, 0, "mở đầu " * 60 + "\n" + TEXT + "\x02\x03" + " kết thúc" * 60)
    (hit,) = search.search(papers_db, "duong sat")
    assert f"{search.BEGIN}đường sắt{search.END}" in hit.snippet
    assert hit.snippet.startswith("… ")
    assert hit.snippet.endswith(" …")
    assert len(hit.snippet) < search.SNIPPET + 10
    assert "\n" not in hit.snippet
    assert hit.snippet.count(search.BEGIN) == hit.snippet.count(search.END) == 1


def test_only_within_the_given_papers(papers_db: Connection) -> None:
    for plain in (A, B):
        search.index_page(papers_db, plain, 7, TEXT)
    assert {hit.plain for hit in search.search(papers_db, "uy ban")} == {A, B}
    assert [hit.plain for hit in search.search(papers_db, "uy ban", within=[B])] == [B]
    assert search.search(papers_db, "uy ban", within=[named("c")]) == ()
    assert search.search(papers_db, "uy ban", within=[]) == ()


def test_indexing_again_replaces_and_dropping_removes(papers_db: Connection) -> None:
    search.index_page(papers_db, A, 0, "đường sắt")
    search.index_page(papers_db, A, 0, "đường bộ")
    assert pages(papers_db, "sat") == []
    assert pages(papers_db, "bo") == [(0, False)]
    search.drop(papers_db, A)
    search.drop(papers_db, A)
    assert pages(papers_db, "bo") == []
    assert papers_db.execute("SELECT count(*) FROM page_texts").fetchone() == (0,)


def test_indexing_says_how_far_it_is(papers_db: Connection) -> None:
    assert search.indexed_pages(papers_db, A) == 0
    search.index_page(papers_db, A, 0, "")
    search.index_page(papers_db, A, 1, "hai")
    assert search.indexed_pages(papers_db, A) == 2
    search.mark_indexed(papers_db, A, 40)
    assert search.indexed_pages(papers_db, A) == 40
    search.mark_indexed(papers_db, B, 0)
    assert search.indexed_pages(papers_db, B) == 0


HOSTILE = [
    "",
    " ",
    '"',
    '""" AND "',
    "AND",
    "NOT đường",
    "NEAR(a b)",
    "text : x",
    "{text folded} : a",
    "a*",
    "^a",
    "-a",
    "a + b",
    "(((",
    "\x00",
    "đường\x00sắt",
    "\ud800",
    "'; DROP TABLE chunks; --",
    "%_",
    "🏛️",
    "a" * 100_000,
    "đ " * 10_000,
    "\u0301\u0323",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_are_only_words(papers_db: Connection, query: str) -> None:
    search.index_page(papers_db, A, 0, TEXT)
    assert isinstance(search.search(papers_db, query), tuple)
    assert search.search(papers_db, query, within=[A], limit=1)[1:] == ()
    assert pages(papers_db, "uy ban") == [(0, False)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(codec=None), max_size=60))
def test_no_query_is_an_error(papers_db: Connection, query: str) -> None:
    for hit in search.search(papers_db, query):
        assert hit.plain == A


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None), max_size=200))
def test_any_page_can_be_indexed_and_its_words_found(papers_db: Connection, text: str) -> None:
    search.index_page(papers_db, B, 3, text + " mốcneo")
    assert pages(papers_db, "mocneo", within=[B]) == [(3, False)]


def test_limits_one_under_and_one_over(papers_db: Connection) -> None:
    filler = "x" * (search.MAX_PAGE_TEXT - 4)
    search.index_page(papers_db, A, search.MAX_PAGES - 1, filler + " abc")
    assert pages(papers_db, "abc") == [(search.MAX_PAGES - 1, True)]
    search.index_page(papers_db, A, search.MAX_PAGES - 1, filler + "  abc")
    assert [hit.exact for hit in search.search(papers_db, "abc")] == []
    for page in (-1, search.MAX_PAGES):
        with pytest.raises(InternalFault):
            search.index_page(papers_db, A, page, "")
    search.index_page(papers_db, A, 0, "một hai")
    under = "một " * (search.MAX_WORDS - 1)
    assert pages(papers_db, under + "khác") == []
    assert pages(papers_db, under + "hai ") == pages(papers_db, under + "hai khác") == [(0, True)]
    assert pages(papers_db, "hai" + " " * (search.MAX_QUERY - 3) + "khác")
    assert pages(papers_db, "hai" + " " * (search.MAX_QUERY - 7) + "khác") == []


def test_as_many_hits_as_wanted_and_no_page_twice(papers_db: Connection) -> None:
    for page in range(30):
        search.index_page(papers_db, A, page, "ủy ban" if page % 2 else "uy ban")
    assert len(pages(papers_db, "uy ban", limit=10)) == 10
    found = pages(papers_db, "uy ban", limit=20)
    assert [exact for _, exact in found] == [True] * 15 + [False] * 5
    assert len({page for page, _ in found}) == 20
    assert pages(papers_db, "uy ban", limit=0) == pages(papers_db, "uy ban", limit=-5) == []


def test_folding() -> None:
    assert fold("ĐƯỜNG SẮT Hoà hòa ổ Ợ") == "duong sat hoa hoa o o"
    assert fold(unicodedata.normalize("NFD", "Đường")) == fold("Đường") == "duong"
    assert {"d", "D", "đ", "Đ"} <= set(variants("d"))
    assert {"o", "ộ", "Ỡ"} <= set(variants("o"))
    assert clean("a\x00b\ud800") == "a b?"
