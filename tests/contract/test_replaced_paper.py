# SPDX-License-Identifier: AGPL-3.0-or-later
"""A paper is replaced on a real device: real PDFs, real stores, a real render process reading the words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pymupdf
import pytest

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, Quote, TextNote
from client.domain.ids import AnnotationId, Hash, Moment
from client.domain.paper import PaperKind, PaperVersion
from client.store import annotations, carry, packs, page_words, papers, reading, search
from client.viewer.compare import Kind, unpack_comparison
from client.viewer.highlight import line_rects
from client.viewer.ink import InkPoint, pack_points
from client.viewer.messages import Word
from client.viewer.page_words import unpack_words
from tests.helpers.reader_world import DRAFT, ReaderWorld, keep_paper, reader_pack, reader_world
from tests.helpers.ui_world import paper

FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts"
ARTICLES = (
    "Nghị định này quy định chi tiết về quản lý dữ liệu dùng chung của các cơ quan nhà nước",
    "Thời hạn chuyển tiếp là 06 tháng kể từ ngày nghị định có hiệu lực thi hành",
    "Bộ trưởng, Thủ trưởng cơ quan ngang bộ chịu trách nhiệm thi hành nghị định này",
    "Kinh phí thực hiện do ngân sách nhà nước bảo đảm theo phân cấp hiện hành",
)
FRESH = "Cơ sở dữ liệu quốc gia được kết nối qua nền tảng tích hợp do đơn vị chủ quản vận hành"


def make_pdf(*pages: str, top: float = 100) -> bytes:
    file = next(path for path in sorted(FONT.glob("**/*.ttf")) if "Regular" in path.name)
    with pymupdf.open() as made:
        for text in pages:
            page = made.new_page(width=595, height=842)
            page.insert_font(fontname="F0", fontfile=str(file))
            words = text.split()
            for row in range(0, len(words), 8):
                at = (60, top + 2.5 * row)
                page.insert_text(at, " ".join(words[row : row + 8]), fontname="F0", fontsize=11)
        return bytes(made.tobytes(garbage=3))


@pytest.fixture
def device(tmp_path: Path) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path, make_pdf(*ARTICLES)) as world:
        world.world.core.indexer.start()
        yield world
        world.world.core.indexer.stop()


def replace_draft(device: ReaderWorld, data: bytes, *, rev: int = 2) -> PaperVersion:
    with pymupdf.open(stream=data, filetype="pdf") as opened:
        pages = opened.page_count
    title = "Dự thảo Nghị định (dữ liệu giả định)"
    version = paper(DRAFT, title, PaperKind.DRAFT, pages, version=rev)
    later = keep_paper(device.world, data, version)
    device.world.write(lambda c: packs.upsert(c, reader_pack(later, rev=rev)))
    return later


def settled(device: ReaderWorld) -> None:
    assert device.world.core.indexer.wait_idle(30)


def words_of(device: ReaderWorld, plain: Hash, page: int) -> tuple[Word, ...]:
    kept = device.world.core.papers.read(lambda c: page_words.of_paper(c, plain, (page,))).result()
    return unpack_words(kept[page].words)


def marks_on(device: ReaderWorld, plain: Hash) -> tuple[Annotation, ...]:
    return device.world.core.record.read(lambda c: annotations.of_paper(c, DRAFT, plain)).result()


def annotate(device: ReaderWorld) -> dict[str, Annotation]:
    words = words_of(device, device.plain, 1)
    on = {"paper": DRAFT, "plain": device.plain, "made": Moment("2026-11-21T02:00:00.000Z")}
    some = words[:7]
    made: dict[str, Annotation] = {
        "highlight": Highlight(
            id=AnnotationId("a_high"), page=1, colour="#FFD54A", rects=line_rects(some),
            quote=Quote(" ".join(word.text for word in some)), **on,
        ),
        "ink": InkStroke(
            id=AnnotationId("a_ink0"), page=1, colour="#B3261E", width=2.0,
            points=pack_points([InkPoint(20, some[0].y0), InkPoint(40, some[0].y1)]), **on,
        ),
        "note": TextNote(id=AnnotationId("a_note"), page=3, at=line_rects(words_of(device, device.plain, 3)[:1])[0],
                         text="Hỏi Bộ Tài chính", **on),
        "bookmark": Bookmark(id=AnnotationId("a_mark"), page=2, **on),
    }  # fmt: skip
    for one in made.values():
        device.world.write(lambda c, one=one: annotations.add(c, one))
    return made


def test_notes_follow_their_passages_and_what_changed_is_known(device: ReaderWorld) -> None:
    settled(device)
    made = annotate(device)
    device.world.write(lambda c: reading.mark_page_seen(c, device.plain, 0))
    first, second, third, _ = ARTICLES
    later = replace_draft(device, make_pdf(first, FRESH, second.replace("06", "12"), third, top=300))
    settled(device)
    plain = later.plain
    assert plain is not None
    assert set(marks_on(device, device.plain)) == set(made.values()), "what was written on the old version stays there"
    carried = {type(one): one for one in marks_on(device, plain)}
    assert {kind: one.page for kind, one in carried.items()} == {Highlight: 2, InkStroke: 2, Bookmark: 3}
    mark = carried[Highlight]
    assert isinstance(mark, Highlight)
    under = [
        word.text for word in words_of(device, plain, 2)
        if any(box.x0 <= (word.x0 + word.x1) / 2 <= box.x1 and box.y0 <= (word.y0 + word.y1) / 2 <= box.y1
               for box in mark.rects)
    ]  # fmt: skip
    assert " ".join(under) == "Thời hạn chuyển tiếp là 12 tháng"
    (asked,) = device.world.core.record.read(lambda c: carry.doubtful(c, [plain])).result()
    assert (asked.source, asked.doubt) == (made["note"], "gone")
    body = device.world.core.papers.read(lambda c: page_words.comparison(c, device.plain, plain)).result()
    assert body is not None
    found = unpack_comparison(body)
    assert [(one.kind, one.new_page) for one in found.passages] == [
        (Kind.ADDED, 1),
        (Kind.REWORDED, 2),
        (Kind.REMOVED, 3),
    ]
    assert (found.new_pages, found.removed_pages) == ((1, 2, 3), (3,))


def test_a_note_that_arrives_for_an_old_version_goes_on_too(device: ReaderWorld) -> None:
    settled(device)
    later = replace_draft(device, make_pdf(FRESH, *ARTICLES))
    settled(device)
    assert later.plain is not None
    assert marks_on(device, later.plain) == ()
    annotate(device)
    settled(device)
    assert {one.page for one in marks_on(device, later.plain)} == {2, 3, 4}


def test_without_the_old_version_quotations_are_found_and_the_rest_is_asked_about(device: ReaderWorld) -> None:
    settled(device)
    made = annotate(device)
    device.world.core.papers.write(lambda c: papers.forget(c, device.draft.blob)).result()  # type: ignore[arg-type]
    later = replace_draft(device, make_pdf(FRESH, *ARTICLES))
    settled(device)
    assert later.plain is not None
    (only,) = marks_on(device, later.plain)
    assert (type(only), only.page) == (Highlight, 2)
    asked = device.world.core.record.read(lambda c: carry.doubtful(c, [later.plain])).result()
    assert {one.source for one in asked} == set(made.values()) - {made["highlight"]}


def test_a_version_that_cannot_be_read_loses_no_note(device: ReaderWorld) -> None:
    settled(device)
    made = annotate(device)
    data = b"%PDF-1.7 broken"
    version = keep_paper(device.world, data, paper(DRAFT, "Dự thảo (dữ liệu giả định)", PaperKind.DRAFT, 4, version=2))
    device.world.write(lambda c: packs.upsert(c, reader_pack(version, rev=2)))
    settled(device)
    assert version.plain is not None
    asked = device.world.core.record.read(lambda c: carry.doubtful(c, [version.plain])).result()
    assert {one.source for one in asked} == set(made.values())
    assert device.world.core.papers.read(lambda c: search.is_complete(c, version.plain)).result()
    third = replace_draft(device, make_pdf(FRESH, *ARTICLES), rev=3)
    settled(device)
    assert third.plain is not None
    assert len(marks_on(device, third.plain)) == len(made), "placed from where they are, once a version can be read"


def test_words_kept_equal_words_read(device: ReaderWorld) -> None:
    settled(device)
    kept = words_of(device, device.plain, 0)
    assert " ".join(word.text for word in kept) == ARTICLES[0]
    page = device.world.core.papers.read(lambda c: page_words.of_paper(c, device.plain)).result()[0]
    assert (round(page.width), round(page.height), page.recognised) == (595, 842, False)
    assert msgspec.structs.asdict(kept[0])["block"] == kept[0].block
