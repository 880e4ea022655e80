# SPDX-License-Identifier: AGPL-3.0-or-later
"""A paper is replaced on a real device: real PDFs, real stores, a real render process reading the words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke
from client.domain.ids import Hash
from client.domain.paper import PaperKind
from client.store import annotations, carry, packs, page_words, papers, reading, search
from client.viewer.changes import unpack_summary
from client.viewer.compare import Kind
from tests.helpers.reader_world import DRAFT, ReaderWorld, keep_paper, reader_pack, reader_world
from tests.helpers.replaced import ARTICLES, FRESH, annotate, make_pdf, replace_draft, settled, words_of
from tests.helpers.ui_world import paper


@pytest.fixture
def device(tmp_path: Path) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path, make_pdf(*ARTICLES)) as world:
        world.world.core.indexer.start()
        yield world
        world.world.core.indexer.stop()


def marks_on(device: ReaderWorld, plain: Hash) -> tuple[Annotation, ...]:
    return device.world.core.record.read(lambda c: annotations.of_paper(c, DRAFT, plain)).result()


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
    found = unpack_summary(body)
    assert [(one.kind, one.new_page, one.old_text, one.new_text) for one in found.changes] == [
        (Kind.ADDED, 1, "", FRESH),
        (Kind.REWORDED, 2, "06", "12"),
        (Kind.REMOVED, 3, ARTICLES[3], ""),
    ]
    assert (found.new_pages, found.removed_pages) == ((1, 2, 3), (3,))
    (box,) = found.changes[1].new_rects
    (word,) = (word for word in words_of(device, plain, 2) if word.text == "12")
    assert (box.x0, box.y1) == (word.x0, word.y1)


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
