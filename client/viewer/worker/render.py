# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only import of pymupdf: opens papers from memory and turns pages into pixels, words and links.

Decides: how a page is drawn (annotations as printed, forms as their appearance). Refuses: every format but
PDF, every password, and to run anything a paper asks for; what a paper would have run is only listed. Rules:
foreign exceptions leave this module as ``client.errors.PaperFault`` with a detail that quotes no content; all
coordinates are those of the page as displayed, which a display list has and PyMuPDF's page methods do not.

Sources: MuPDF 1.28 ``fz_*`` functions (mupdf.readthedocs.io), ISO 32000-1 for names of PDF objects.
"""

from __future__ import annotations

import math
import mmap
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import pymupdf as _pymupdf
from msgspec.structs import replace

from client.errors import PaperBroken, PaperEmpty, PaperFault, PaperLocked, PaperTooBig
from client.viewer.messages import (
    BYTES_PER_PIXEL,
    MAX_LINKS,
    MAX_OUTLINE,
    MAX_PAGES,
    MAX_SIDE_PT,
    MAX_WORDS,
    Link,
    OutlineEntry,
    RenderTile,
    Word,
)
from client.viewer.worker import legacy
from client.viewer.worker.limits import KEPT_LISTS, PAGES_BETWEEN_SHRINKS, check_tile, give_memory_back

pymupdf: Any = _pymupdf  # it says it is typed and is not
mupdf: Any = _pymupdf.mupdf

_MAGIC_WITHIN: Final = 1024
"""A PDF header may stand this far in (ISO 32000-1, annex H.3, note 13)."""
_FAR: Final = 19_999.0
_UNSEEN: Final = 3
"""Text rendering mode: neither fill nor stroke (ISO 32000-1, table 106)."""

_CATALOG_FEATURES: Final = (
    ("Names/JavaScript", "javascript"),
    ("Names/EmbeddedFiles", "embedded_files"),
    ("AcroForm/XFA", "xfa"),
    ("AcroForm/Fields", "forms"),
    ("OpenAction", "open_action"),
    ("AA", "open_action"),
    ("Collection", "portfolio"),
)
_BYTE_FEATURES: Final = (
    (b"/JavaScript", "javascript"),
    (b"/Launch", "launch"),
    (b"/GoToR", "remote_links"),
    (b"/SubmitForm", "submit_form"),
    (b"/RichMedia", "rich_media"),
    (b"/EmbeddedFile", "embedded_files"),
)

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


def version() -> str:
    """MuPDF's version, for the doctor."""
    return str(mupdf.FZ_VERSION)


@contextmanager
def translated() -> Iterator[None]:
    """MuPDF's errors become ours; the messages are dropped because they quote the paper."""
    try:
        yield
    except PaperFault:
        raise
    except (MemoryError, mupdf.FzErrorSystem, mupdf.FzErrorLimit) as error:
        raise PaperTooBig("memory") from error
    except Exception as error:  # process boundary: MuPDF's SWIG layer raises many unrelated types
        raise PaperBroken(type(error).__name__[:60]) from error
    finally:
        pymupdf.TOOLS.reset_mupdf_warnings()


_LOOKED_AT: Final = 2_000
SEPIA_INK: Final = 0x2E2416
SEPIA_PAPER: Final = 0xF6ECD8
"""What black and white become, ``0xRRGGBB``; the contrast is 13:1."""


class _Paper:
    """One open paper and its newest display lists."""

    def __init__(self, buffer: bytes | mmap.mmap) -> None:
        self.buffer = buffer
        self.view = memoryview(buffer)
        self.pdf: Any = None
        self.sizes: tuple[tuple[float, float], ...] = ()
        self.lists: OrderedDict[int, Any] = OrderedDict()
        self.interpreted = 0

    def page_list(self, number: int) -> Any:
        """The page's display list, interpreted at most once while it stays among the newest."""
        found = self.lists.get(number)
        if found is None:
            found = self.pdf[number].get_displaylist()
            while len(self.lists) >= KEPT_LISTS:
                self.lists.popitem(last=False)
            self.lists[number] = found
            self.interpreted += 1
            if self.interpreted % PAGES_BETWEEN_SHRINKS == 0:
                pymupdf.TOOLS.store_shrink(50)
                give_memory_back()
        self.lists.move_to_end(number)
        return found

    def close(self) -> None:
        self.lists.clear()
        if self.pdf is not None:
            self.pdf.close()
            self.pdf.stream = None
            self.pdf = None
        self.view.release()
        if isinstance(self.buffer, mmap.mmap):
            self.buffer.close()


class Renderer:
    """All open papers of the render process, by the parent's numbers. Not thread-safe."""

    def __init__(self) -> None:
        self._papers: dict[int, _Paper] = {}

    def warm_up(self) -> None:
        """Draws one made-up page so that everything lazy is loaded while files may still be opened."""
        with pymupdf.open() as made:
            made.new_page(width=72, height=72).insert_text((4, 20), "Aa")
            data = made.tobytes()
        self.open(-1, data)
        tile = RenderTile(req=0, doc=0, page=0, scale=1.0, x=0, y=0, width=72, height=72, night=True)
        self._draw(self._papers[-1], tile, memoryview(bytearray(72 * 72 * BYTES_PER_PIXEL)))
        self.words(-1, 0)
        self.recognised(-1, 0)
        self.links(-1, 0)
        self.outline(-1)
        self.close(-1)

    def open(self, doc: int, buffer: bytes | mmap.mmap) -> tuple[tuple[tuple[float, float], ...], tuple[str, ...]]:
        """Opens a paper that stays open under ``doc``; takes ``buffer`` over, also when it fails.

        Returns:
            ``(pages, left_out)``: width and height of each page in points, and features never executed.

        Raises:
            PaperBroken: Not a PDF or beyond repair.
            PaperLocked: Needs a password.
            PaperEmpty: No pages.
            PaperTooBig: More pages than ``MAX_PAGES``, or out of memory.
        """
        self.close(doc)
        paper = _Paper(buffer)
        try:
            with translated():
                self._load(paper)
                left_out = _left_out(paper)
        except PaperFault:
            paper.close()
            raise
        self._papers[doc] = paper
        return paper.sizes, left_out

    def _load(self, paper: _Paper) -> None:
        if bytes(paper.view[:_MAGIC_WITHIN]).find(b"%PDF") < 0:
            raise PaperBroken("no PDF header")
        paper.pdf = pymupdf.open(stream=paper.view, filetype="pdf")
        if paper.pdf.needs_pass:
            raise PaperLocked
        count = paper.pdf.page_count
        if count < 1:
            raise PaperEmpty
        if count > MAX_PAGES:
            raise PaperTooBig(f"{count} pages")
        paper.sizes = _page_sizes(paper.pdf, count)

    def close(self, doc: int) -> None:
        """Forgets a paper; unknown numbers are fine."""
        paper = self._papers.pop(doc, None)
        if paper is not None:
            paper.close()

    def tile(self, tile: RenderTile, target: memoryview) -> int:
        """Draws RGBX into ``target`` (at least ``width * height * 4`` bytes) on white paper.

        Returns:
            The stride in bytes.

        Raises:
            PaperBroken: The page cannot be drawn.
            PaperTooBig: Too many pixels, or memory ran out.
        """
        check_tile(tile)
        paper = self._paper(tile.doc, tile.page)
        with translated():
            return self._draw(paper, tile, target)

    def _draw(self, paper: _Paper, tile: RenderTile, target: memoryview) -> int:
        size = tile.width * tile.height * BYTES_PER_PIXEL
        area = mupdf.FzIrect(tile.x, tile.y, tile.x + tile.width, tile.y + tile.height)
        contents = paper.page_list(tile.page).this
        pixmap = mupdf.fz_new_pixmap_with_bbox_and_data(
            mupdf.fz_device_rgb(), area, mupdf.FzSeparations(), 1, mupdf.python_mutable_buffer_data(target[:size])
        )
        mupdf.fz_clear_pixmap_with_value(pixmap, 255)
        device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap)
        matrix = mupdf.FzMatrix(*_matrix(paper.sizes[tile.page], tile.scale, tile.rotation))
        mupdf.fz_run_display_list(contents, device, matrix, mupdf.FzRect(area), mupdf.FzCookie())
        mupdf.fz_close_device(device)
        if tile.night:
            mupdf.fz_invert_pixmap_luminance(pixmap)
        elif tile.sepia:
            mupdf.fz_tint_pixmap(pixmap, SEPIA_INK, SEPIA_PAPER)
        return tile.width * BYTES_PER_PIXEL

    def words(self, doc: int, page: int) -> tuple[Word, ...]:
        """Words of a page, at most ``MAX_WORDS``; none on a scan without a text layer.

        Raises:
            PaperBroken: The page cannot be read.
        """
        paper = self._paper(doc, page)
        with translated():
            text = pymupdf.TextPage(paper.page_list(page).get_textpage(pymupdf.TEXT_MEDIABOX_CLIP))
            found = text.extractWORDS()[:MAX_WORDS]
            words = tuple(
                Word(x0, y0, x1, y1, _clean(word, 1_000), block, line)
                for x0, y0, x1, y1, word, block, line, _ in found
                if _near(x0, y0, x1, y1)
            )
            if any(legacy.suspicious(word.text) for word in words):
                return _in_unicode(words, text)
            return words

    def recognised(self, doc: int, page: int) -> bool:
        """Whether the words of a page lie unseen over a picture, as text recognition leaves them.

        Raises:
            PaperBroken: The page cannot be read.
        """
        paper = self._paper(doc, page)
        with translated():
            if not paper.pdf.get_page_images(page):
                return False
            shown = [span["type"] for span in paper.pdf[page].get_texttrace()]
            return bool(shown) and all(kind == _UNSEEN for kind in shown)

    def outline(self, doc: int) -> tuple[OutlineEntry, ...]:
        """The table of contents.

        Raises:
            PaperBroken: The outline cannot be read.
        """
        paper = self._paper(doc, 0)
        with translated():
            return tuple(
                OutlineEntry(min(max(level, 1), 64), _clean(title, 512), page - 1 if 0 < page <= MAX_PAGES else -1)
                for level, title, page in paper.pdf.get_toc(simple=True)[:MAX_OUTLINE]
            )

    def links(self, doc: int, page: int) -> tuple[Link, ...]:
        """Links of a page, at most ``MAX_LINKS``.

        Raises:
            PaperBroken: The links cannot be read.
        """
        paper = self._paper(doc, page)
        found: list[Link] = []
        with translated():
            held = paper.pdf[page]  # links refer to their page weakly
            link = held.first_link
            while link is not None and len(found) < MAX_LINKS:
                box, uri = link.rect, link.uri or ""
                target = -1 if link.is_external else _target(paper, uri)
                if _near(*box):
                    shown = _clean(uri, 2_048) if link.is_external else ""
                    found.append(Link(box.x0, box.y0, box.x1, box.y1, target, shown))
                link = link.next
        return tuple(found)

    def bytes_of(self, doc: int) -> memoryview:
        """The paper as it was given.

        Raises:
            PaperBroken: It is not open.
        """
        return self._paper(doc, 0).view

    def _paper(self, doc: int, page: int) -> _Paper:
        paper = self._papers.get(doc)
        if paper is None:
            raise PaperBroken("not open")
        if page >= len(paper.sizes):
            raise PaperBroken(f"no page {page}")
        return paper


def _in_unicode(words: tuple[Word, ...], text: Any) -> tuple[Word, ...]:
    """Words set in fonts from before Unicode, converted; the font of a word is that of the span under its middle."""
    spans: dict[tuple[int, int], list[tuple[float, str]]] = {}
    for block_number, block in enumerate(text.extractDICT()["blocks"]):
        for line_number, line in enumerate(block.get("lines", ())):
            spans[block_number, line_number] = [(span["bbox"][2], span["font"]) for span in line["spans"]]
    converted: list[str | None] = []
    for word in words:
        middle = (word.x0 + word.x1) / 2
        line_spans = spans.get((word.block, word.line), [])
        font = next((name for right, name in line_spans if middle <= right), "")
        converted.append(legacy.by_font(word.text, font))
    if not any(converted):
        whole = legacy.by_reading([word.text for word in words])
        converted = list(whole or (None,) * len(words))
    return tuple(
        word if new is None else replace(word, text=_clean(new, 1_000))
        for word, new in zip(words, converted, strict=True)
    )


def _page_sizes(pdf: Any, count: int) -> tuple[tuple[float, float], ...]:
    """Sizes straight from the page objects: loading 20,000 pages would take seconds.

    Raises:
        PaperTooBig: If a side exceeds ``MAX_SIDE_PT``.
    """
    low = pymupdf._as_pdf_document(pdf)  # noqa: SLF001 - its own bridge to the mupdf module
    box, matrix = mupdf.FzRect(), mupdf.FzMatrix()
    sizes: list[tuple[float, float]] = []
    for number in range(count):
        mupdf.pdf_page_obj_transform(mupdf.pdf_lookup_page_obj(low, number), box, matrix)
        shown = mupdf.fz_transform_rect(box, matrix)
        width, height = shown.x1 - shown.x0, shown.y1 - shown.y0
        if not (0 < width <= MAX_SIDE_PT and 0 < height <= MAX_SIDE_PT):
            raise PaperTooBig(f"page {number} has sides beyond {MAX_SIDE_PT:.0f} pt")
        sizes.append((width, height))
    return tuple(sizes)


def _left_out(paper: _Paper) -> tuple[str, ...]:
    """Features named in the catalog or in plain bytes; a list for people, not a guard."""
    catalog = paper.pdf.pdf_catalog()
    found = set()
    for key, name in _CATALOG_FEATURES:
        kind, value = paper.pdf.xref_get_key(catalog, key)
        if kind != "null" and value != "[]":
            found.add(name)
    found.update(name for pattern, name in _BYTE_FEATURES if paper.buffer.find(pattern) >= 0)
    if paper.buffer.find(b"/ObjStm") >= 0:  # objects may be compressed: look into the first of them
        for number in range(1, min(paper.pdf.xref_length(), _LOOKED_AT)):
            with suppress(RuntimeError):  # a broken object runs nothing; the page that needs it says so itself
                text = paper.pdf.xref_object(number, compressed=True).encode("utf-8", "replace")
                found.update(name for pattern, name in _BYTE_FEATURES if pattern in text)
    return tuple(sorted(found))


def _matrix(size: tuple[float, float], scale: float, rotation: int) -> tuple[float, float, float, float, float, float]:
    """Page points to pixels of the scaled page turned clockwise by ``rotation`` degrees."""
    width, height = size[0] * scale, size[1] * scale
    match rotation:
        case 90:
            return 0.0, scale, -scale, 0.0, height, 0.0
        case 180:
            return -scale, 0.0, 0.0, -scale, width, height
        case 270:
            return 0.0, -scale, scale, 0.0, 0.0, width
        case _:
            return scale, 0.0, 0.0, scale, 0.0, 0.0


def _target(paper: _Paper, uri: str) -> int:
    """Page number a link inside the paper leads to, -1 if none."""
    if not uri:
        return -1
    place = mupdf.fz_resolve_link(paper.pdf.this, uri)
    number = mupdf.fz_page_number_from_location(paper.pdf.this, place[0])
    return number if 0 <= number < len(paper.sizes) else -1


def _near(*values: float) -> bool:
    return all(math.isfinite(value) and abs(value) <= _FAR for value in values)


def _clean(text: str, limit: int) -> str:
    """Text that survives UTF-8: lone surrogates from broken fonts become question marks."""
    return text[:limit].encode("utf-8", "replace").decode("utf-8")
