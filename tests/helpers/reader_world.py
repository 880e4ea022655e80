# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's device with real PDFs in its store and a real render process, for tests of the reader."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymupdf

from client.clock import SystemClock
from client.domain.annotation import Annotation
from client.domain.ids import Hash, ItemId, Moment, PackId, PaperId, SessionId
from client.domain.pack import PackRevision
from client.domain.paper import PaperKind, PaperVersion, SecrecyLevel
from client.domain.session import AgendaItem, Session, SessionKind
from client.settings import Settings
from client.store import annotations, packs, papers, search
from client.surroundings import render_command
from client.viewer.host import RenderHost
from tests.helpers.ui_world import UiWorld, make_world, paper, revision

PACK = PackId("p_reader")
DRAFT, STUB, ABSENT, BROKEN = (PaperId(name) for name in ("r_draft", "r_stub", "r_absent", "r_broken"))
LINE = "Chính phủ thống nhất thông qua dự thảo Nghị quyết phiên họp (dữ liệu giả định)."


def make_pdf(pages: int = 12, *, salt: str = "") -> bytes:
    """A paper of lines with Vietnamese words and a table of contents."""
    fonts = Path(__file__).resolve().parents[2] / "resources" / "fonts"
    file = next(path for path in sorted(fonts.glob("**/*.ttf")) if "Regular" in path.name)
    with pymupdf.open() as made:
        for number in range(pages):
            page = made.new_page(width=595, height=842)
            page.insert_font(fontname="F0", fontfile=str(file))
            for row in range(24):
                text = f"Điều {number + 1}.{row + 1}. {LINE}"
                page.insert_text((60, 90 + 28 * row), text, fontname="F0", fontsize=11)
        made.set_toc([[1, f"Chương {number + 1}: Quy định chung {salt}", number + 1] for number in range(pages)])
        return bytes(made.tobytes(deflate=True, garbage=3))


def keep_paper(world: UiWorld, data: bytes, version: PaperVersion) -> PaperVersion:
    """Put a PDF into ``papers.db`` as the synchroniser does; the version then names it."""
    plain = Hash("sha256:" + hashlib.sha256(data).hexdigest())
    blob = Hash("sha256:" + hashlib.sha256(b"sealed" + data).hexdigest())
    for index, at in enumerate(range(0, len(data), papers.CHUNK)):
        part = data[at : at + papers.CHUNK]
        world.core.papers.write(lambda c, i=index, part=part: papers.append(c, blob, i, part)).result()
    world.core.papers.write(lambda c: papers.finish(c, blob, plain, len(data))).result()
    return _replace(version, plain=plain, blob=blob, size=len(data), blob_size=len(data) + 64, key=os.urandom(32))


def _replace(version: PaperVersion, **changes: Any) -> PaperVersion:
    import msgspec

    return msgspec.structs.replace(version, **changes)


def reader_pack(*versions: PaperVersion, rev: int = 1) -> PackRevision:
    """A pack of these papers, all in one item."""
    item = AgendaItem(ItemId("r_item"), "Nội dung chính", tuple(one.id for one in versions), "Bộ Tài chính")
    title = "Phiên họp thử trình đọc (dữ liệu giả định)"
    session = Session(
        SessionId("s_reader"), title, SessionKind.THEMATIC, Moment("2026-11-30T01:00:00.000Z"), "", (item,)
    )
    return revision(PACK, session, versions, rev=rev)


@dataclass
class ReaderWorld:
    """The device and the paper most tests read."""

    world: UiWorld
    draft: PaperVersion
    data: bytes

    @property
    def plain(self) -> Hash:
        assert self.draft.plain is not None
        return self.draft.plain

    def marks(self) -> tuple[Annotation, ...]:
        """What the store has for the draft."""
        return self.world.core.record.read(lambda c: annotations.of_paper(c, self.draft.id)).result()

    def index(self) -> None:
        """Put the draft's words into the search index, as the indexer does."""
        with pymupdf.open(stream=self.data, filetype="pdf") as made:
            texts = [page.get_text() for page in made]
        for page, text in enumerate(texts):
            self.world.core.papers.write(
                lambda c, page=page, text=text: search.index_page(c, self.plain, page, text)
            ).result()


@contextmanager
def reader_world(folder: Path, data: bytes | None = None, settings: Settings | None = None) -> Iterator[ReaderWorld]:
    """A device with a readable draft, a stub, a paper that is not here, and one that is no PDF."""
    world = make_world(folder, fill=False, settings=settings)
    host = RenderHost(render_command(), SystemClock(), world.bridge.post_render_event)
    host.start()
    world.ctx = dataclasses.replace(world.ctx, render=host)
    try:
        body = data or make_pdf()
        with pymupdf.open(stream=body, filetype="pdf") as opened:
            count = opened.page_count
        title = "Dự thảo Nghị định quy định chi tiết một số điều của Luật mẫu (dữ liệu giả định)"
        draft = keep_paper(
            world, body, paper(DRAFT, title, PaperKind.DRAFT, count, number="07/2026", agency="Bộ Tài chính")
        )
        broken = keep_paper(world, b"%PDF-1.7 not really", paper(BROKEN, "Phụ lục hỏng", PaperKind.ANNEX, 3))
        stub = paper(STUB, "Báo cáo chuyên đề", PaperKind.REPORT, secrecy=SecrecyLevel.SECRET, copy_number="17/27")
        absent = paper(ABSENT, "Báo cáo chưa tải", PaperKind.REPORT, 4)
        world.write(lambda c: packs.upsert(c, reader_pack(draft, stub, absent, broken)))
        yield ReaderWorld(world, draft, body)
    finally:
        host.stop()
        world.close()
