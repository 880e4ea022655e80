# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that opens one scan, draws its pages for text recognition, and lays the words under its pictures.

Apart for the same reason as ``worker``: a hostile PDF may hang or kill MuPDF. It reads the one file it was started
with, writes none, and answers on its output: a line of JSON, then as many bytes as the line says.

Words are text in rendering mode 3 (neither filled nor stroked: ISO 32000-1, 9.3.6), each stretched to its box, so that
readers select and find what is seen in the picture.

Run as ``python -m server.secretariat.inspect.text_worker PATH FONT``.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import msgspec
import pymupdf

from server.secretariat.hocr import Page
from server.secretariat.inspect.text_layer import MAX_PIXELS, Answer, Question
from server.secretariat.inspect.worker import restrict

_mupdf: Any = pymupdf  # the library carries no complete annotations

DPI: Final = 300
"""What tesseract reads best."""
_INVISIBLE: Final = 3
_ASCENT: Final = 0.8
"""Share of a box above the base line."""


def answer(document: Any, font_file: str, question: Question) -> tuple[Answer, bytes]:
    """One answer; a fault of the file is one too."""
    if question.do == "look":
        texts = any(page.get_text("text").strip() for page in document)
        return Answer(pages=document.page_count, has_text=texts, signed=document.get_sigflags() > 0), b""
    if question.do == "picture":
        page = document.load_page(question.page)
        scale = min(DPI / 72, (MAX_PIXELS / max(1.0, page.rect.width * page.rect.height)) ** 0.5)
        drawn = page.get_pixmap(matrix=_mupdf.Matrix(scale, scale), colorspace=_mupdf.csGRAY, alpha=False)
        data = bytes(drawn.tobytes("png"))
        return Answer(size=len(data)), data
    for number, words in enumerate(question.pages[: document.page_count]):
        _lay(document.load_page(number), words, font_file)
    document.subset_fonts()
    data = bytes(document.tobytes(garbage=1, deflate=True))
    return Answer(size=len(data)), data


def _lay(page: Any, found: Page, font_file: str) -> None:
    if not found.words:
        return
    if page.rotation:
        page.remove_rotation()
    page.insert_font(fontname="ocr", fontfile=font_file)
    font = _mupdf.Font(fontfile=font_file)
    across, down = page.rect.width / found.width, page.rect.height / found.height
    shape = page.new_shape()
    for word in found.words:
        size = max(1.0, (word.y1 - word.y0) * down)
        base = _mupdf.Point(word.x0 * across, word.y0 * down + size * _ASCENT) + page.rect.tl
        natural = font.text_length(word.text, size)
        if natural > 0:
            stretch = _mupdf.Matrix((word.x1 - word.x0) * across / natural, 0, 0, 1, 0, 0)
            shape.insert_text(  # the space keeps neighbours apart, whatever lies between them
                base, f"{word.text} ", fontname="ocr", fontsize=size, render_mode=_INVISIBLE, morph=(base, stretch)
            )
    shape.commit(overlay=True)


def main(path: str, font_file: str) -> None:
    """Answer questions until the input ends."""
    restrict()
    _mupdf.TOOLS.mupdf_display_errors(False)
    _mupdf.TOOLS.mupdf_display_warnings(False)
    try:
        document = _mupdf.open(path, filetype="pdf")
        usable = not document.needs_pass and document.page_count > 0
    except (RuntimeError, ValueError, MemoryError, _mupdf.mupdf.FzErrorBase):
        usable = False
    for line in sys.stdin.buffer:
        said, data = Answer(ok=False), b""
        if usable:
            try:
                said, data = answer(document, font_file, msgspec.json.decode(line, type=Question))
            except (RuntimeError, ValueError, MemoryError, _mupdf.mupdf.FzErrorBase):
                said, data = Answer(ok=False), b""
        sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n" + data)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
