# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a folder of papers into a plan; decides what may be sent and says why for everything that may not.

Rules:
1. A file with a secrecy grade in ``session.toml`` is never opened, not even to hash it: it becomes a stub.
2. Names are compared in NFC without case, so two files that a member's machine would merge are refused.
3. Nothing outside the folder is read: no ``..``, no absolute path, no link that leads out.
4. Sizes are checked before reading. Each paper is hashed in pieces, then looked at by the inspecting process.
5. Nothing is sent here, and one bad file never hides another: all findings are collected.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path
from typing import Final

from msgspec import Struct, structs

from client.domain.ids import Hash
from client.domain.paper import PaperKind, PaperPolicy, SecrecyLevel, Urgency
from client.errors import RendererLost, RenderTimeout
from client.protocol.codec import MAX_PAPERS
from server.secretariat import grades, guess
from server.secretariat.findings import Finding, finding
from server.secretariat.inspect import Inspected, Inspector
from server.secretariat.scan import Scanner, hash_file, why
from server.secretariat.session_file import FILE_NAME, MAX_FILE, ItemEntry, PaperEntry, SessionFile, parse
from server.secretariat.text import BESIDE

MAX_PAGES: Final = 20_000


class FoundPaper(Struct, frozen=True):
    """One paper of the plan.

    Attributes:
        file: Name inside the folder, ``/`` between folders; empty for a stub without a file.
        path: The file to seal; None for a stub.
        plain, size, pages: Of the PDF; a stub has none.
    """

    title: str
    kind: PaperKind
    file: str = ""
    path: Path | None = None
    plain: Hash | None = None
    size: int = 0
    pages: int = 0
    number: str = ""
    agency: str = ""
    issued: date | None = None
    urgency: Urgency = Urgency.NORMAL
    secrecy: SecrecyLevel = SecrecyLevel.NORMAL
    copy_number: str = ""
    policy: PaperPolicy = PaperPolicy()


class FoundItem(Struct, frozen=True):
    """One agenda item with its papers."""

    entry: ItemEntry
    papers: tuple[FoundPaper, ...]


class FoundFolder(Struct, frozen=True):
    """The folder as read; only without errors may it be published.

    Attributes:
        session: ``session.toml`` or its defaults; ``starts`` may be open.
        has_toml: False when everything was guessed.
    """

    session: SessionFile
    has_toml: bool
    items: tuple[FoundItem, ...]
    findings: tuple[Finding, ...]


class _Reader(Scanner):
    """The folder with an inspecting process at hand; keeps the lines of each first page for guesses."""

    def __init__(self, folder: Path, inspector: Inspector) -> None:
        super().__init__(folder)
        self.inspector = inspector
        self.lines: dict[str, tuple[str, ...]] = {}

    def paper(self, entry: PaperEntry, name: str, disk: str) -> FoundPaper | None:
        """A paper with its bytes hashed and looked at, or None with findings."""
        path = self.settle(name, disk)
        if path is None:
            return None
        try:
            plain, size = hash_file(path)
        except OSError as error:
            self.add("file.unreadable", name, why=why(error))
            return None
        seen = self._inspect(name, path)
        if seen is None:
            return None
        return structs.replace(_plain(entry, name), path=path, plain=plain, size=size, pages=seen.pages)

    def _inspect(self, name: str, path: Path) -> Inspected | None:
        try:
            seen = self.inspector.inspect(path)
        except RenderTimeout:
            self.add("paper.timeout", name, seconds=int(self.inspector.timeout_s))
            return None
        except RendererLost:
            self.add("paper.crashed", name)
            return None
        grade = grades.stamped(seen.lines)
        if seen.state == "unreadable":
            self.add("file.unreadable", name, why="open")
        elif seen.state != "ok":
            self.add(f"paper.{seen.state}", name)
        elif seen.pages > MAX_PAGES:
            self.add("paper.too_many_pages", name, pages=seen.pages, limit=MAX_PAGES)
        elif grade is not None:
            self.add("secret.stamp", name, mark=grades.NAMES[grade])
        else:
            self._warn(name, seen)
            self.lines[name] = seen.lines
            return seen
        return None

    def _warn(self, name: str, seen: Inspected) -> None:
        for holds, code in (
            (seen.repaired, "paper.repaired"),
            (seen.javascript, "paper.javascript"),
            (seen.launch, "paper.launch"),
            (not seen.has_text, "paper.scan"),
        ):
            if holds:
                self.add(code, name)
        if seen.embedded:
            self.add("paper.embedded", name, count=seen.embedded)


def read(folder: Path, inspector: Inspector) -> FoundFolder:
    """Read and check ``folder``; findings say everything that is wrong, nothing is raised for bad input."""
    reader = _Reader(folder, inspector)
    empty = SessionFile(title=unicodedata.normalize("NFC", folder.resolve().name)[:600] or "-")
    if not folder.is_dir():
        return FoundFolder(empty, False, (), (finding("folder.missing", str(folder)),))
    session, has_toml = _session(reader)
    if session is None:
        return FoundFolder(empty, has_toml, (), tuple(reader.findings))
    names = reader.names()
    items = _named(reader, session, names) if has_toml and session.agenda else _guessed(reader, names)
    count = sum(len(item.papers) for item in items)
    if count > MAX_PAPERS:
        reader.add("folder.too_many", count=count, limit=MAX_PAPERS)
    if count == 0 and not any(found.file for found in reader.findings):
        reader.add("folder.empty")
    return FoundFolder(session, has_toml, items, tuple(reader.findings))


def read_one(path: Path, inspector: Inspector, entry: PaperEntry) -> tuple[FoundPaper | None, tuple[Finding, ...]]:
    """One paper outside any folder, under the same rules; None with findings that say why not."""
    reader = _Reader(path.parent, inspector)
    return reader.paper(entry, unicodedata.normalize("NFC", path.name), path.name), tuple(reader.findings)


def _session(reader: _Reader) -> tuple[SessionFile | None, bool]:
    path = reader.folder / FILE_NAME
    if not path.exists() and not path.is_symlink():
        name = unicodedata.normalize("NFC", reader.root.name)[:600] or "-"
        return SessionFile(title=name, starts=guess.starts_of_name(name)), False
    settled = reader.settle(FILE_NAME, FILE_NAME)
    if settled is None:
        return None, True
    try:
        with settled.open("rb") as file:
            parsed = parse(file.read(MAX_FILE + 1))
    except OSError as error:
        parsed = finding("file.unreadable", FILE_NAME, why=why(error))
    if isinstance(parsed, Finding):
        reader.findings.append(parsed)
        return None, True
    return parsed, True


def _named(reader: _Reader, session: SessionFile, names: dict[str, str]) -> tuple[FoundItem, ...]:
    """The papers ``session.toml`` names, in its order."""
    used: set[str] = set()
    items = []
    for item in session.agenda:
        papers = [paper for entry in item.papers if (paper := _one(reader, entry, names, used)) is not None]
        items.append(FoundItem(item, tuple(papers)))
    for name in names:
        if name not in used:
            reader.add("file.unnamed", name)
    return tuple(items)


def _one(reader: _Reader, entry: PaperEntry, names: dict[str, str], used: set[str]) -> FoundPaper | None:
    name = unicodedata.normalize("NFC", entry.file or "").replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name:
        reader.add("file.outside", name)
        return None
    if name in used:
        reader.add("file.twice", name)
        return None
    used.add(name) if name else None
    if entry.secrecy is not SecrecyLevel.NORMAL:
        reader.add("secret.stub", entry.title if not entry.hide_title else entry.number)
        if name and name in names:
            reader.add("secret.bytes_refused", name, mark=grades.NAMES[entry.secrecy])
        return _plain(entry, name)
    if name not in names:
        reader.add("file.missing", name)
        return None
    return reader.paper(entry, name, names[name])


def _guessed(reader: _Reader, names: dict[str, str]) -> tuple[FoundItem, ...]:
    """Papers and items from file names and first pages."""
    groups: dict[str, list[FoundPaper]] = {}
    for name in sorted(names, key=guess.natural_key):
        if name.casefold().endswith(BESIDE):
            continue  # of a scan's text layer, see ``text.py``
        if not name.casefold().endswith(".pdf"):
            reader.add("file.not_pdf", name)
            continue
        entry = PaperEntry(title=guess.title_of_name(name) or "-", file=name, kind=guess.kind(name))
        paper = reader.paper(entry, name, names[name])
        if paper is not None:
            groups.setdefault(guess.group(name), []).append(_from_page(paper, reader.lines[name]))
    return tuple(FoundItem(ItemEntry(title=_item_title(key, group)), tuple(group)) for key, group in groups.items())


def _from_page(paper: FoundPaper, lines: tuple[str, ...]) -> FoundPaper:
    return structs.replace(
        paper,
        title=guess.title_of_page(lines) or paper.title,
        number=guess.number_of_page(lines),
        issued=guess.issued_of_page(lines),
    )


def _item_title(key: str, papers: list[FoundPaper]) -> str:
    if key.startswith("/"):
        return guess.title_of_name(key[1:]) or key[1:]
    if not key:
        return "Tài liệu"
    lead = next((paper for paper in papers if paper.kind is PaperKind.SUBMISSION), papers[0])
    return lead.title


def _plain(entry: PaperEntry, name: str) -> FoundPaper:
    """What the entry says of itself: all of a stub, the words of any other paper."""
    return FoundPaper(
        title="Tài liệu mật" if entry.hide_title else entry.title,
        kind=entry.kind,
        file=name,
        number=entry.number,
        agency=entry.agency,
        issued=entry.issued,
        urgency=entry.urgency,
        secrecy=entry.secrecy,
        copy_number=entry.copy,
        policy=entry.policy,
    )
