# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives the scans of a folder a text layer before it is published, so that they can be searched and marked like text.

Words come from a file ``NAME.hocr`` beside the scan, else from tesseract where this machine has it with Vietnamese.
Nothing is recognised by anybody else's machine.

Rules:
1. A paper with text is left as it is, and so is one with a digital signature: any change would break it.
2. The paper is put in place whole or not at all; the scan as it came stays beside it as ``NAME.pdf.goc``, which is
   never published.
3. What was recognised may be wrong: readers say so beside every hit (the words lie unseen under a picture).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from client import durable
from client.errors import BadInput, EcabinetError, PaperFault
from server.secretariat import hocr
from server.secretariat.inspect.text_layer import Scan

KEPT: Final = ".goc"
SIDECAR: Final = ".hocr"
BESIDE: Final = (KEPT, SIDECAR)
"""Ends of names of what stands beside a scan."""
LANGUAGE: Final = "vie"
PAGE_S: Final = 180.0
"""For recognising one page."""

Outcome = Literal["done", "would", "has_text", "signed", "no_words", "failed"]
Recognise = Callable[[bytes], str]


class TextReport(Struct, frozen=True):
    """What became of one paper.

    Attributes:
        file: Its name within the folder.
        words: How many were laid under its pictures.
        why: Code of an error, where it failed.
    """

    file: str
    outcome: Outcome
    words: int = 0
    why: str = ""


def tesseract() -> Recognise | None:
    """Tesseract with Vietnamese on this machine; None where it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603
    if LANGUAGE not in listed.stdout.split():
        return None

    def recognise(picture: bytes) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - a program found on this machine, no shell
                [program, "stdin", "stdout", "-l", LANGUAGE, "--dpi", "300", "hocr"],
                input=picture,
                capture_output=True,
                timeout=PAGE_S,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise BadInput("tesseract") from error
        return done.stdout.decode("utf-8", "replace")

    return recognise


def add_text(
    folder: Path,
    *,
    recognise: Recognise | None,
    dry_run: bool = False,
    progress: Callable[[str, int, int], object] = lambda _file, _done, _all: None,
) -> tuple[TextReport, ...]:
    """Go through the folder's papers.

    Args:
        folder: Is published later.
        recognise: Turns a page's picture (PNG) into hOCR; None where only sidecars are used.
        dry_run: Look and tell, change nothing.
        progress: Called with a file, pages done, and pages to do.

    Raises:
        BadInput: There is no such folder.
    """
    if not folder.is_dir():
        raise BadInput("folder")
    return tuple(_one(folder, path, recognise, dry_run=dry_run, progress=progress) for path in _papers(folder))


def _papers(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.casefold() == ".pdf" and path.is_file() and not path.is_symlink() and not hidden:
            yield path


def _one(
    folder: Path, path: Path, recognise: Recognise | None, *, dry_run: bool, progress: Callable[[str, int, int], object]
) -> TextReport:
    name = path.relative_to(folder).as_posix()
    try:
        with Scan(path) as scan:
            seen = scan.look()
            if seen.has_text or seen.signed:
                return TextReport(name, "has_text" if seen.has_text else "signed")
            sidecar = path.with_suffix(SIDECAR)
            if recognise is None and not sidecar.is_file():
                return TextReport(name, "no_words")
            if dry_run:
                return TextReport(name, "would")
            pages = (
                _from_sidecar(sidecar)
                if sidecar.is_file()
                else _recognised(scan, seen.pages, recognise, lambda done: progress(name, done, seen.pages))
            )
            words = sum(len(page.words) for page in pages)
            if not words:
                return TextReport(name, "no_words")
            _put(path, scan.with_words(pages))
    except (PaperFault, EcabinetError) as error:
        return TextReport(name, "failed", why=error.code)
    return TextReport(name, "done", words)


def _from_sidecar(path: Path) -> tuple[hocr.Page, ...]:
    try:
        if path.stat().st_size > hocr.MAX_CHARS:
            raise BadInput("hOCR: too large")
        return hocr.parse(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("hOCR: cannot be read") from error


def _recognised(
    scan: Scan, count: int, recognise: Recognise | None, progress: Callable[[int], object]
) -> tuple[hocr.Page, ...]:
    assert recognise is not None
    pages = []
    for number in range(count):
        pages.append(hocr.parse(recognise(scan.picture(number)))[0])
        progress(number + 1)
    return tuple(pages)


def _put(path: Path, data: bytes) -> None:
    """The scan as it came is kept first; then the new paper takes its name in one step."""
    kept = path.with_name(path.name + KEPT)
    if not kept.exists():
        try:
            os.link(path, kept)
        except OSError:  # a file system without links
            shutil.copy2(path, kept)
    durable.replace(path, data)
