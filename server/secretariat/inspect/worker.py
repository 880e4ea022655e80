# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that opens PDFs somebody sent: one request a line in, one finding a line out, then the next.

An exception of the import table: the tool must know pages, passwords and damage before it seals a paper. It runs
apart because a hostile PDF may hang or kill MuPDF; limits on memory, processor time and written files are set
before the first paper. It holds no key and prints nothing but its answers.

Run as ``python -m server.secretariat.inspect.worker``.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import msgspec
import pymupdf

from server.secretariat.inspect import MAX_LINE, MAX_LINES, Inspected, InspectRequest

_mupdf: Any = pymupdf  # the library carries no complete annotations

MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024
CPU_SECONDS: Final = 600
SAMPLED_PAGES: Final = 8
"""Pages looked at to tell a scan from a text."""
MAX_OBJECTS: Final = 50_000
"""Objects searched for scripts and launch actions; larger papers are searched this far."""


def inspect(path: str) -> Inspected:
    """Open the PDF and look; never follows a link, runs a script or renders."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a plain read that tells "no access" from "no PDF"
            if b"%PDF-" not in file.read(1024):  # ISO 32000-1, annex H, note 13
                return Inspected("broken")
    except OSError:
        return Inspected("unreadable")
    try:
        with _mupdf.open(path, filetype="pdf") as document:
            return _look(document)
    except (RuntimeError, ValueError, MemoryError, _mupdf.mupdf.FzErrorBase):
        return Inspected("broken")


def _look(document: Any) -> Inspected:
    if document.needs_pass:
        return Inspected("locked")
    pages = document.page_count
    if pages == 0:
        return Inspected("empty")
    first = document.load_page(0)
    lines = [line[:MAX_LINE] for line in first.get_text("text").splitlines()[: MAX_LINES // 2]]
    for annotation in first.annots() or ():
        lines += [line[:MAX_LINE] for line in annotation.info.get("content", "").splitlines()]
    javascript, launch = _actions(document)
    return Inspected(
        state="ok",
        pages=pages,
        repaired=bool(document.is_repaired),
        has_text=any(line.strip() for line in lines) or _any_text(document, pages),
        lines=tuple(lines[:MAX_LINES]),
        javascript=javascript,
        launch=launch,
        embedded=document.embfile_count(),
    )


def _any_text(document: Any, pages: int) -> bool:
    step = max(1, pages // SAMPLED_PAGES)
    return any(document.load_page(page).get_text("text").strip() for page in range(0, pages, step))


def _actions(document: Any) -> tuple[bool, bool]:
    javascript = launch = False
    for xref in range(1, min(document.xref_length(), MAX_OBJECTS)):
        text = document.xref_object(xref, compressed=True)
        javascript = javascript or "/JavaScript" in text or "/JS" in text
        launch = launch or "/Launch" in text
        if javascript and launch:
            break
    return javascript, launch


def restrict() -> None:
    """Lowers this process's limits for good; on Windows the parent's time limit alone holds."""
    if sys.platform == "win32":
        return
    import resource

    for which, wanted in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (limit, hard))


def main() -> None:
    """Answer requests until the input ends."""
    restrict()
    _mupdf.TOOLS.mupdf_display_errors(False)
    _mupdf.TOOLS.mupdf_display_warnings(False)
    for line in sys.stdin.buffer:
        request = msgspec.json.decode(line, type=InspectRequest)
        sys.stdout.buffer.write(msgspec.json.encode(inspect(request.path)) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
