# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a copy of a paper with the member's notes as PDF annotations that other viewers show and can edit.

Decides: which annotation each note becomes (ISO 32000-1, 12.5.6: Ink, Highlight, Underline, Text, FreeText) and how
the watermark lies on the page. Refuses: papers that cannot be opened. What a paper could run (scripts, launch
actions, embedded files) is taken out of the copy, because it goes where nobody confines it. Works in the render
process on bytes in memory; nothing is written to a file here. Notes come in page points as displayed; annotations
are stored unrotated, so each point is turned back by the page's own rotation.
"""

from __future__ import annotations

import codecs
import html
import struct
from collections import defaultdict
from typing import Any, Final

import pymupdf as _pymupdf

from client.errors import PaperBroken
from client.viewer.messages import ExportPaper
from client.viewer.messages.marks import BandMark, Box, InkMark, Mark, NoteMark, PageMark
from client.viewer.worker.render import translated

pymupdf: Any = _pymupdf  # it says it is typed and is not
codecs.lookup("raw_unicode_escape")  # PyMuPDF asks for it late, when no module can be loaded any more

_POINT: Final = struct.Struct("<iiHH")
_UNITS: Final = 256
_THINNEST: Final = 0.35
"""Nib width without pressure, as on screen (``client.viewer.ink``)."""
_BAND_OPACITY: Final = 0.55
_STAMP_PT: Final = 15
_STAMPS: Final = 4
"""Rows of the watermark down a page."""
_STAMP_OPACITY: Final = 0.28
_LABEL_PT: Final = 10


def annotated_copy(data: memoryview | bytes, wanted: ExportPaper) -> bytes:
    """The paper with ``wanted.marks`` as annotations and ``wanted.stamp`` across each page.

    Raises:
        PaperBroken: The paper cannot be copied; notes on pages that do not exist count as that.
        PaperTooBig: Out of memory.
    """
    by_page: dict[int, list[Mark]] = defaultdict(list)
    for mark in wanted.marks:
        by_page[mark.page].append(mark)
    with translated(), pymupdf.open(stream=data, filetype="pdf") as paper:
        if by_page and max(by_page) >= paper.page_count:
            raise PaperBroken("note beyond the last page")
        paper.scrub(
            attached_files=True, clean_pages=False, embedded_files=True, hidden_text=False, javascript=True,
            metadata=False, redactions=False, remove_links=False, reset_fields=False, reset_responses=False,
            thumbnails=False, xml_metadata=False,
        )  # fmt: skip
        stamps = _Stamps(wanted.stamp) if wanted.stamp else None
        for number in range(paper.page_count) if stamps is not None else sorted(by_page):
            page = paper[number]
            if stamps is not None:
                stamps.put_on(page)
            for mark in by_page.get(number, ()):
                _write(page, mark, wanted.author)
        return bytes(paper.tobytes(garbage=1, deflate=True))


def _write(page: Any, mark: Mark, author: str) -> None:
    back = page.derotation_matrix
    match mark:
        case InkMark():
            made, text = _ink(page, mark, back), ""
        case BandMark():
            made, text = _band(page, mark, back), mark.text
        case NoteMark():
            made, text = page.add_text_annot(pymupdf.Point(mark.at.x0, mark.at.y0) * back, mark.text, icon="Note"), ""
            made.set_colors(stroke=_rgb(mark.colour))
        case PageMark():
            made, text = _label(page, mark, back), ""
    info = {"title": author, "creationDate": mark.date, "modDate": mark.date}
    if text:
        info["content"] = text
    made.set_info(info)
    if not isinstance(mark, PageMark):  # its look was made with its words
        made.update()


def _ink(page: Any, mark: InkMark, back: Any) -> Any:
    points = [pymupdf.Point(x / _UNITS, y / _UNITS) * back for x, y, _, _ in _POINT.iter_unpack(mark.points)]
    pressures = [pressure / 65_535 for _, _, pressure, _ in _POINT.iter_unpack(mark.points)]
    mean = sum(pressures) / len(pressures)
    if len(points) == 1:
        points.append(points[0] + pymupdf.Point(0.01, 0))
    made = page.add_ink_annot([[(point.x, point.y) for point in points]])
    made.set_border(width=mark.width * (_THINNEST + (1 - _THINNEST) * mean))
    made.set_colors(stroke=_rgb(mark.colour))
    return made


def _band(page: Any, mark: BandMark, back: Any) -> Any:
    quads = [(_rect(box)).quad * back for box in mark.boxes]
    made = page.add_underline_annot(quads) if mark.underline else page.add_highlight_annot(quads)
    made.set_colors(stroke=_rgb(mark.colour))
    if not mark.underline:
        made.set_opacity(_BAND_OPACITY)
    return made


def _label(page: Any, mark: PageMark, back: Any) -> Any:
    width = min(220.0, page.rect.width / 2)
    lines = 1 + len(mark.text) // 34
    box = pymupdf.Rect(page.rect.width - width - 12, 12, page.rect.width - 12, 12 + lines * _LABEL_PT * 1.6 + 6) * back
    return page.add_freetext_annot(
        box.normalize(), mark.text, fontsize=_LABEL_PT, text_color=_rgb(mark.colour), rotate=page.rotation
    )


class _Stamps:
    """The watermark, set once for each size of page and then only referred to: its font is in the copy once."""

    def __init__(self, text: str) -> None:
        self._body = f'<p style="color:#5a6470;font-size:{_STAMP_PT}px;text-align:center">{html.escape(text)}</p>'
        self._made: dict[tuple[int, int], Any] = {}

    def put_on(self, page: Any) -> None:
        """Over everything on the page, so that it prints."""
        shown = page.rect
        size = (round(shown.width), round(shown.height))
        if size not in self._made:
            self._made[size] = self._make(*size)
        page.show_pdf_page(page.rect * page.derotation_matrix, self._made[size], 0, rotate=-page.rotation % 360)

    def _make(self, width: int, height: int) -> Any:
        made = pymupdf.open()
        page = made.new_page(width=width, height=height)
        for row in range(_STAMPS):
            top = height * (row + 0.5) / _STAMPS - _STAMP_PT
            page.insert_htmlbox(pymupdf.Rect(0, top, width, top + 2 * _STAMP_PT), self._body, opacity=_STAMP_OPACITY)
        made.subset_fonts()
        return made


def _rect(box: Box) -> Any:
    return pymupdf.Rect(box.x0, box.y0, box.x1, box.y1)


def _rgb(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255
