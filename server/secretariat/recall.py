# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recalls a paper or a whole pack: the next revision says so, and members' devices erase what they have.

The paper keeps its place in the agenda without anything that leads to bytes. What was seen cannot be unseen, and a
device that never meets the network again keeps what it has until its lease ends; the tool says so nowhere else.
"""

from __future__ import annotations

from typing import Final

from msgspec import structs

from client.crypto import hashing
from client.domain.ids import Hash, Moment, PaperId
from client.domain.paper import PaperVersion
from client.errors import BadInput
from server.secretariat import ballots, build, publish, release, replace
from server.secretariat.build import Draft
from server.secretariat.core import DeskCore
from server.secretariat.findings import finding
from server.secretariat.folder import FoundPaper
from server.secretariat.model import PackRecord, Purpose
from server.secretariat.recognise import Matched, MatchedPaper
from server.secretariat.reports import Change, PublishReport

HIDDEN: Final = "Tài liệu đã thu hồi"


def recall(
    core: DeskCore, pack: str, paper: str | None = None, *, hide_title: bool = False, dry_run: bool = False
) -> PublishReport:
    """Publish the pack's next revision without the bytes of a paper, or of all its papers.

    Args:
        core: The desk.
        pack: Its id, or the words of its title.
        paper: The paper's id, file, number or title; None for the whole pack.
        hide_title: Members see that a paper was recalled and not which.
        dry_run: Check only; sends nothing.

    Raises:
        BadInput: No such pack or paper, or nothing of it has bytes.
        ServiceError: Interrupted; the same command goes on.
    """
    digest = Hash(hashing.sha256(f"recall|{pack}|{paper}|{hide_title}".encode()))
    if not dry_run:
        core.require_service()
        resumed = release.begin(core, purpose=Purpose.RECALL, digest=digest)
        if resumed is not None:
            release.send(core, resumed=True)
    record = replace.find_pack(core, pack)
    papers = build.manifest_of(record).papers
    wanted = papers if paper is None else (replace.find_paper(record, paper),)
    doomed = {each.id for each in wanted if each.carries_bytes}
    if not doomed and paper is None:
        raise BadInput("pack: nothing left to recall")
    draft = _draft(core, record, doomed, hide_title=hide_title)
    if dry_run:
        return publish.report(draft, None, dry_run=True)
    return publish.send(core, draft, purpose=Purpose.RECALL, digest=digest)


def recalled(paper: PaperVersion, at: Moment, *, hide_title: bool) -> PaperVersion:
    """The paper's entry once it is recalled: id, kind and place, nothing that leads to bytes."""
    bare = PaperVersion(id=paper.id, kind=paper.kind, title=HIDDEN, version=paper.version, sent=paper.sent, recalled=at)
    if hide_title:
        return bare
    return structs.replace(bare, title=paper.title, number=paper.number, agency=paper.agency)


def _draft(core: DeskCore, record: PackRecord, doomed: set[PaperId], *, hide_title: bool) -> Draft:
    before = build.manifest_of(record)
    matched = Matched(
        tuple(_match(record, paper, doomed, core.now(), hide_title=hide_title) for paper in before.papers), ()
    )
    manifest = structs.replace(
        before,
        rev=record.burnt + 1,
        prev=Hash(hashing.sha256(record.manifest)),
        papers=tuple(paper.version for paper in matched.papers),
    )
    gone = [paper for paper in matched.papers if paper.change is Change.RECALLED]
    report = build.report_of(
        core,
        before.session,
        replace.items_of(before, matched),
        matched,
        polls=ballots.Ballots(record.polls, frozenset(), ()),
        findings=tuple(finding("paper.recalled", paper.found.file or paper.found.title) for paper in gone),
    )
    return Draft(record, record.folder, manifest, {}, record.files, record.polls, frozenset(), report)


def _match(
    record: PackRecord, paper: PaperVersion, doomed: set[PaperId], at: Moment, *, hide_title: bool
) -> MatchedPaper:
    found = FoundPaper(title=paper.title, kind=paper.kind, file=record.files.get(paper.id, ""))
    if paper.id in doomed:
        return MatchedPaper(found, recalled(paper, at, hide_title=hide_title), Change.RECALLED)
    if paper.recalled is not None:
        return MatchedPaper(found, paper, Change.RECALLED)
    return MatchedPaper(found, paper, Change.STUB if paper.is_stub else Change.UNCHANGED)
