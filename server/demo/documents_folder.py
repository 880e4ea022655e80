# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the demo's folders: PDFs and the ``session.toml`` the publish tool reads.

Decides: dates, file places and the TOML. Refuses: publishing, and reading the clock (the session's start is passed).

Rules:
1. The same start and options give the same bytes in every file.
2. ``session.toml`` is written last and carries a stamp; a folder whose stamp and files are current is left alone, so
   a second ``make demo`` costs nothing.
3. A secret paper is metadata only; its bytes are written only when a test asks for them, to see them refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from server.demo.content.agenda import REGULAR
from server.demo.content.agenda_more import OPINION, SMALL
from server.demo.content.papers import REVISED_FILE
from server.demo.content.spec import PaperSpec, PollSpec, SessionSpec
from server.demo.content.styles import build
from server.demo.content.topics_report import REFORM
from server.demo.documents_scan import scan
from server.documents.layout import NOTICE, Typesetter
from server.documents.writer import TypeFamily, write_pdf

EDITION: Final = 1
"""Raise when the text, the form or the TOML changes, so that kept folders are written anew."""
SESSION_FILE: Final = "session.toml"
OPINION_FOLDER: Final = "phieu-lay-y-kien"
WITHHELD_FILE: Final = "08-01-tai-lieu-mat.pdf"
SCAN_SEED: Final = 20261127


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFolder:
    """What was written.

    Attributes:
        session: Folder of the regular session, with ``session.toml``.
        opinion: Folder of the opinion ballot, or ``None`` in the small demo.
        papers: PDF files in ``session``.
        revised: File that `write_revision` replaces.
    """

    session: Path
    opinion: Path | None
    papers: int
    revised: Path


def write_demo_folder(
    target: Path, *, fonts: Path, start: datetime, small: bool = False, secret_bytes: bool = False
) -> DemoFolder:
    """Write the demo session, and beside it the opinion ballot.

    Args:
        target: Folder of the session; made if missing. The ballot goes to ``target.parent / OPINION_FOLDER``.
        fonts: Folder with the Noto Serif files.
        start: Start of the session, aware, in local time.
        small: 5 papers on 12 pages and no ballot, for quick tests.
        secret_bytes: Also place a file for the secret paper and name it in the TOML, so that the publish tool can
            be seen to refuse it.

    Raises:
        OSError: The folder cannot be written or a font is missing.
        ValueError: ``start`` has no time zone.
    """
    if start.utcoffset() is None:
        raise ValueError("start needs a time zone")
    session = SMALL if small else REGULAR
    if secret_bytes:
        session = _with_secret_file(session)
    family = _Fonts(fonts)
    _write_session(target, session, family, start)
    opinion = None
    if not small:
        opinion = target.parent / OPINION_FOLDER
        _write_session(opinion, OPINION, family, start)
    papers = sum(1 for _, spec in _papers(session) if spec.file)
    return DemoFolder(session=target, opinion=opinion, papers=papers, revised=target / REVISED_FILE)


def write_revision(target: Path, *, fonts: Path, start: datetime, small: bool = False) -> Path:
    """Replace the draft in ``target`` by its second version ("bản 2") and return its path.

    The second version rewrites a clause in some articles and, in the full demo, adds an article a page long. Name,
    number and ``session.toml`` stay; the stamp goes, so the next `write_demo_folder` restores the first version.
    """
    session = SMALL if small else REGULAR
    spec = next(spec for _, spec in _papers(session) if spec.file == REVISED_FILE)
    path = target / REVISED_FILE
    path.write_bytes(_render(spec, session, TypeFamily(fonts), start, revision=2))
    toml = target / SESSION_FILE
    toml.write_text(toml.read_text("utf-8").replace(_stamp(start), "# bản 2", 1), "utf-8")
    return path


class _Fonts:
    """Loads the type family when the first paper is really written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._family: TypeFamily | None = None

    def family(self) -> TypeFamily:
        if self._family is None:
            self._family = TypeFamily(self._folder)
        return self._family


def _with_secret_file(session: SessionSpec) -> SessionSpec:
    items = tuple(
        replace(
            item,
            papers=tuple(
                replace(paper, file=WITHHELD_FILE, style="report", weight=1, topic=REFORM)
                if paper.secrecy != "normal"
                else paper
                for paper in item.papers
            ),
        )
        for item in session.items
    )
    return replace(session, items=items)


def _papers(session: SessionSpec) -> Iterator[tuple[int, PaperSpec]]:
    for index, item in enumerate(session.items, 1):
        for paper in item.papers:
            yield index, paper


def _write_session(target: Path, session: SessionSpec, fonts: _Fonts, start: datetime) -> None:
    target.mkdir(parents=True, exist_ok=True)
    files = [spec for _, spec in _papers(session) if spec.file]
    toml = _toml(session, start)
    stored = target / SESSION_FILE
    if stored.is_file() and stored.read_text("utf-8") == toml and all((target / spec.file).is_file() for spec in files):
        return
    stored.unlink(missing_ok=True)
    for spec in files:
        (target / spec.file).write_bytes(_render(spec, session, fonts.family(), start))
    stored.write_text(toml, "utf-8")


def _render(spec: PaperSpec, session: SessionSpec, family: TypeFamily, start: datetime, *, revision: int = 1) -> bytes:
    made = start - timedelta(days=spec.age)
    blocks = build(spec, made.date(), session, _times(session, start), revision=revision)
    layout = Typesetter(family.metrics).typeset(blocks)
    title = spec.title if NOTICE in spec.title else f"{spec.title} {NOTICE}"
    paper = write_pdf(layout, family, title=title, agency=spec.agency, made=made, old_encoding=spec.form == "old")
    return scan(paper, seed=SCAN_SEED) if spec.form == "scan" else paper


def _times(session: SessionSpec, start: datetime) -> list[tuple[str, str]]:
    times = []
    at = start
    for item in session.items:
        end = at + timedelta(minutes=item.minutes)
        times.append((at.strftime("%H:%M"), end.strftime("%H:%M")))
        at = end
    return times


def _stamp(start: datetime) -> str:
    return f"# demo {EDITION} {start.isoformat()}"


def _toml(session: SessionSpec, start: datetime) -> str:
    opens = start if session.kind != "opinion" else start - timedelta(days=4)
    lines = [
        _stamp(start),
        f"title = {_quoted(session.title)}",
        f"kind = {_quoted(session.kind)}",
        f"starts = {opens.isoformat()}",
    ]
    if session.place:
        lines.append(f"place = {_quoted(session.place)}")
    for item, (begin, end) in zip(session.items, _times(session, start), strict=True):
        lines += ["", "[[agenda]]", f"title = {_quoted(item.title)}"]
        if item.minutes:
            lines += [f"starts = {_quoted(begin)}", f"ends = {_quoted(end)}"]
        lines.append(f"agency = {_quoted(item.agency)}")
        for paper in item.papers:
            lines += ["", *_paper_toml(paper, start)]
    for poll in session.polls:
        lines += ["", *_poll_toml(poll, start)]
    return "\n".join(lines) + "\n"


def _paper_toml(paper: PaperSpec, start: datetime) -> list[str]:
    lines = ["[[agenda.papers]]"]
    if paper.file:
        lines.append(f"file = {_quoted(paper.file)}")
    lines += [
        f"kind = {_quoted(paper.kind)}",
        f"number = {_quoted(paper.number)}",
        f"title = {_quoted(paper.title)}",
        f"issued = {(start - timedelta(days=paper.age)).date().isoformat()}",
        f"agency = {_quoted(paper.agency)}",
        f"urgency = {_quoted(paper.urgency)}",
        f"secrecy = {_quoted(paper.secrecy)}",
    ]
    if paper.copy:
        lines.append(f"copy = {_quoted(paper.copy)}")
    return lines


def _poll_toml(poll: PollSpec, start: datetime) -> list[str]:
    lines = ["[[polls]]", f"kind = {_quoted(poll.kind)}"]
    if poll.item:
        lines.append(f"item = {poll.item}")
    if poll.closes:
        lines.append(f"closes = {(start + timedelta(hours=poll.closes)).isoformat()}")
        lines.append('short_notice = "Yêu cầu của buổi trình diễn (dữ liệu giả định)"')
    for question in poll.questions:
        lines += ["", "[[polls.questions]]", f"text = {_quoted(question.text)}"]
        if question.choices:
            lines.append(f"choices = {_list(question.choices)}")
    for issue in poll.issues:
        lines += ["", "[[polls.open_issues]]", f"text = {_quoted(issue.text)}", "options = ["]
        lines += [
            f"  {{ text = {_quoted(option)}, held_by = {_list(holders)} }},"
            for option, holders in zip(issue.options, issue.held_by, strict=True)
        ]
        lines.append("]")
        if issue.pages:
            links = ", ".join(f"{{ file = {_quoted(file)}, page = {page} }}" for file, page in issue.pages)
            lines.append(f"pages = [{links}]")
    return lines


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _list(texts: tuple[str, ...]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)
