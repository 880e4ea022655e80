# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lays out the one-page guides as PDF: ``python -m tests.helpers.guides`` writes ``docs/guides/*.pdf``.

The HTML beside them is the source. A guide that does not fit on one A4 page is an error, not a smaller font.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Final

import pymupdf

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "docs" / "guides"
FONTS: Final = ROOT / "resources" / "fonts"
A4: Final = pymupdf.paper_rect("a4")
MARGIN: Final = 48
"""Points on each side."""
CSS: Final = """
@font-face { font-family: guide; src: url(NotoSans-Regular.ttf); }
@font-face { font-family: guide; font-weight: bold; src: url(NotoSans-SemiBold.ttf); }
body { font-family: guide; font-size: 12.5pt; color: #1B2430; line-height: 1.35; }
h1 { font-size: 22pt; color: #0F4C81; margin: 0 0 4pt 0; }
h2 { font-size: 15pt; color: #0F4C81; margin: 12pt 0 3pt 0; }
p.lead { font-size: 13pt; color: #52606D; margin: 0 0 4pt 0; }
li { margin: 3pt 0; }
code { font-family: guide; font-weight: bold; }
p.foot { margin-top: 16pt; color: #52606D; }
"""


def pages(html: str) -> list[bytes]:
    """The laid out guide, a PDF for each page it needs."""
    story = pymupdf.Story(html=html, user_css=CSS, archive=pymupdf.Archive(str(FONTS)))
    where = A4 + (MARGIN, MARGIN, -MARGIN, -MARGIN)
    made, more = [], True
    while more:
        out = io.BytesIO()
        writer = pymupdf.DocumentWriter(out)
        device = writer.begin_page(A4)
        more, _ = story.place(where)
        story.draw(device)
        writer.end_page()
        writer.close()
        made.append(out.getvalue())
    return made


def finished(html: str) -> bytes:
    """The one page, with its fonts cut to what is used and no dates in it.

    Raises:
        ValueError: It needs more than one page.
    """
    laid_out = pages(html)
    if len(laid_out) != 1:
        raise ValueError(f"{len(laid_out)} pages")
    document = pymupdf.open(stream=laid_out[0], filetype="pdf")
    document.subset_fonts()
    document.set_metadata({})
    data: bytes = document.tobytes(garbage=4, deflate=True, no_new_id=True)
    return data


def main() -> None:
    """Write all of them."""
    for source in sorted(FOLDER.glob("*.html")):
        source.with_suffix(".pdf").write_bytes(finished(source.read_text("utf-8")))
        print(source.stem)


if __name__ == "__main__":
    sys.exit(main())
