# SPDX-License-Identifier: AGPL-3.0-or-later
"""A draft on a real device, and its replacement: PDFs of a few articles, words as the indexer keeps them, notes."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, Quote, TextNote
from client.domain.ids import AnnotationId, Hash, Moment
from client.domain.paper import PaperKind, PaperVersion
from client.store import annotations as marks
from client.store import packs, page_words
from client.viewer.highlight import line_rects
from client.viewer.ink import InkPoint, pack_points
from client.viewer.messages import Word
from client.viewer.page_words import unpack_words
from tests.helpers.reader_world import DRAFT, ReaderWorld, keep_paper, reader_pack
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
        device.world.write(lambda c, one=one: marks.add(c, one))
    return made
