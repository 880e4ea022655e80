# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes, comments and sessions are found as pages are: accents optional, exact first, the last word unfinished."""

from __future__ import annotations

import msgspec
import pytest

from client.domain.annotation import Bookmark, Highlight, InkStroke, Quote, Rect, TextNote
from client.domain.comment import Comment, CommentDraft
from client.domain.handover import HandOver, SheetItem
from client.domain.ids import AnnotationId, CommentId, ItemId, MemberId, PackId, PaperId, SessionId
from client.domain.pack import PackState
from client.domain.session import AgendaItem, Session, SessionKind
from client.domain.sharing import ShareChange
from client.store import annotations as marks
from client.store import carry, comments, packs, received
from client.store.carry import Carried, CarryState, successor
from client.store.connection import Connection
from client.store.search import BEGIN, END
from client.store.search_record import RecordHit, Where, search_record
from tests.unit.store.samples import PACK, PAPER, T1, named, paper, revision

V1, V2 = named(f"{PAPER}1"), named(f"{PAPER}2")


@pytest.fixture
def filled(record: Connection) -> Connection:
    session = Session(
        SessionId("s_one1"), "Phiên họp thường kỳ tháng 11 (dữ liệu giả định)", SessionKind.REGULAR, T1,
        "Phòng họp số 1", (AgendaItem(ItemId("item_1"), "Dự thảo Nghị định về đường sắt", (PaperId(PAPER),)),),
    )  # fmt: skip
    titled = msgspec.structs.replace(paper(PAPER), title="Báo cáo thẩm định", number="318/BCTĐ-BTP")
    kept = msgspec.structs.replace(revision(1, titled, state=PackState.READY), session=session)
    packs.upsert(record, kept)
    on = {"paper": PaperId(PAPER), "plain": V1, "made": T1}
    box = Rect(1, 2, 3, 4)
    for one in (
        TextNote(id=AnnotationId("a_note"), page=3, at=box, text="Hỏi Bộ Tư pháp về đường sắt", **on),
        Highlight(
            id=AnnotationId("a_high"), page=4, colour="#FFD54A", rects=(box,), quote=Quote("thời hạn chuyển tiếp"), **on
        ),
        Bookmark(id=AnnotationId("a_mark"), page=5, label="Xem lại với Thứ trưởng", **on),
        InkStroke(id=AnnotationId("a_ink0"), page=6, colour="#B3261E", width=1, points=b"\x00" * 12, **on),
    ):
        marks.add(record, one)
    draft = CommentDraft(pack=PACK, text="Đề nghị làm rõ nguồn vốn", paper=PaperId(PAPER), page=7, quote="ngân sách")
    comments.add(record, Comment(id=CommentId("c_0001"), n=1, draft=draft, made=T1))
    return record


def found(conn: Connection, query: str) -> list[tuple[Where, int | None, bool]]:
    return [(hit.where, hit.page, hit.exact) for hit in search_record(conn, query)]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("đường sắt", [(Where.NOTE, 3, True), (Where.SESSION, None, True)]),
        ("duong sat", [(Where.NOTE, 3, False), (Where.SESSION, None, False)]),
        ("chuyen ti", [(Where.NOTE, 4, False)]),
        ("thứ trưởng", [(Where.NOTE, 5, True)]),
        ("nguon von", [(Where.COMMENT, 7, False)]),
        ("ngân sách", [(Where.COMMENT, 7, True)]),
        ("thuong ky", [(Where.SESSION, None, False)]),
        ("318", [(Where.SESSION, None, True)]),
        ("phap tu", [(Where.NOTE, 3, False)]),
        ("không có gì", []),
        ("", []),
        ('"*(:', []),
    ],
)
def test_what_is_found(filled: Connection, query: str, hits: list[tuple[Where, int | None, bool]]) -> None:
    assert found(filled, query) == hits


def test_words_are_marked(filled: Connection) -> None:
    (hit, *_) = search_record(filled, "duong sat")
    assert hit.snippet == f"Hỏi Bộ Tư pháp về {BEGIN}đường sắt{END}"
    assert hit == RecordHit(Where.NOTE, PACK, hit.snippet, False, PaperId(PAPER), 3, V1)


def test_one_session_only(filled: Connection) -> None:
    assert search_record(filled, "đường sắt", within=(PackId("p_other"),)) == ()
    assert len(search_record(filled, "đường sắt", within=(PACK,))) == 2
    assert len(search_record(filled, "đường sắt", limit=1)) == 1


def test_a_note_that_went_on_is_found_where_it_is_now(filled: Connection) -> None:
    note = next(one for one in marks.all_live(filled) if one.id == "a_note")
    target = msgspec.structs.replace(note, id=successor(note.id, V2, 0), plain=V2, page=9)
    carry.keep(filled, [Carried(note, V2, CarryState.PLACED, "", (target,))])
    assert found(filled, "bo tu phap") == [(Where.NOTE, 9, False)]


def test_a_deleted_note_is_not_found(filled: Connection) -> None:
    marks.delete(filled, AnnotationId("a_note"), T1)
    assert found(filled, "bộ tư pháp") == []


def test_what_others_shared_is_found_until_it_is_hidden_or_taken_back(filled: Connection) -> None:
    aide = MemberId("m_801")
    on = {"paper": PaperId(PAPER), "made": T1, "at": Rect(1, 2, 3, 4)}
    here = TextNote(id=AnnotationId("an_here"), page=8, plain=V1, text="Cần hỏi về bồi thường", **on)
    elsewhere = TextNote(id=AnnotationId("an_there"), page=9, plain=V2, text="Cần hỏi về tái định cư", **on)
    item = SheetItem(ItemId("item_1"), 1, "Dự thảo", None, "Giữ nguyên phương án bồi thường")
    sheet = HandOver(id=AnnotationId("ho_0001"), pack=PACK, title="Phiên họp", starts=T1, made=T1, items=(item,))
    changes = tuple(ShareChange(one.id, 0, one) for one in (here, elsewhere, sheet))
    received.apply(filled, aide, changes, at=T1)
    assert found(filled, "boi thuong") == [(Where.NOTE, 8, False), (Where.NOTE, None, False)]
    assert found(filled, "tái định cư") == [(Where.NOTE, None, True)], "on another version no page is named"
    received.hide(filled, aide, [here.id], hidden=True)
    received.apply(filled, aide, (ShareChange(sheet.id, 1),), at=T1)
    assert found(filled, "bồi thường") == []
