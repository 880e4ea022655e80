# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns a typeset paper into what an office scanner returns.

Decides: resolution, angle, dust, compression. Refuses: to leave any text in the file.
The same paper and seed give the same bytes.
"""

from __future__ import annotations

import random
from typing import Any, Final

import pymupdf as _untyped

from server.documents.layout import PAGE_HEIGHT, PAGE_WIDTH
from server.documents.writer import finish

pymupdf: Any = _untyped

SCAN_DPI: Final = 300
SCAN_QUALITY: Final = 38
"""JPEG quality of scanned pages: visible ringing, about 350 kB a page, as office scanners give."""


def scan(paper: bytes, *, seed: int) -> bytes:
    """The paper as an office scanner returns it: grey 300-dpi images, a little askew, specks, no text.

    Args:
        paper: A PDF made by `write_pdf`.
        seed: Decides angle and specks of each page.
    """
    chance = random.Random(seed)  # noqa: S311 - dust on a page, not a secret
    source: Any = pymupdf.open(stream=paper, filetype="pdf")
    result: Any = pymupdf.open()
    for page in source:
        _dust(page, chance)
        zoom = SCAN_DPI / 72
        matrix = pymupdf.Matrix(zoom, zoom).prerotate(chance.uniform(-0.7, 0.7))
        turned = page.get_pixmap(matrix=matrix, colorspace=pymupdf.csGRAY, alpha=False, annots=False)
        width, height = round(PAGE_WIDTH * zoom), round(PAGE_HEIGHT * zoom)
        sheet = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, width, height), 0)
        sheet.clear_with(243)
        turned.set_origin((width - turned.width) // 2, (height - turned.height) // 2)
        sheet.copy(turned, pymupdf.IRect(turned.irect) & pymupdf.IRect(sheet.irect))
        target = result.new_page(width=PAGE_WIDTH, height=PAGE_HEIGHT)
        target.insert_image(target.rect, stream=sheet.tobytes("jpeg", jpg_quality=SCAN_QUALITY))
    return finish(result)


def _dust(page: Any, chance: random.Random) -> None:
    """Yellowed paper turned grey, specks, and the shadow of the lid, drawn into the page before it is imaged."""
    marks = ["q 0.955 g 0 0 595 842 re f Q", "q 0.86 g 0 0 7 842 re f 0.91 g 7 0 4 842 re f Q q 0.35 g"]
    for _ in range(900):
        side = chance.choice((0.25, 0.3, 0.4, 0.7))
        marks.append(f"{chance.uniform(0, 595):.1f} {chance.uniform(0, 842):.1f} {side} {side} re f")
    marks.append("Q")
    document = page.parent
    under = document.get_new_xref()
    document.update_object(under, "<<>>")
    document.update_stream(under, "\n".join(marks).encode("ascii"))
    contents = " ".join(f"{xref} 0 R" for xref in (under, *page.get_contents()))
    document.xref_set_key(page.xref, "Contents", f"[{contents}]")
