# SPDX-License-Identifier: AGPL-3.0-or-later
"""Replaces one paper of a published pack by a new file ("bản 2"), without the folder it once came from."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from msgspec import structs

from client.crypto import hashing
from client.domain.ids import Hash, Moment
from client.domain.paper import PaperVersion
from client.domain.session import SessionKind
from client.errors import BadInput
from client.protocol.messages import PackManifest
from server.secretariat import ballots, build, folder, guess, publish, release
from server.secretariat.ballots import Renewal
from server.secretariat.build import Draft
from server.secretariat.core import DeskCore
from server.secretariat.findings import Finding, FolderRefused
from server.secretariat.folder import FoundPaper
from server.secretariat.inspect import Inspector
from server.secretariat.model import PackRecord, PollRecord, Purpose
from server.secretariat.publish import Progress
from server.secretariat.recognise import Matched, MatchedPaper
from server.secretariat.reports import Change, ItemReport, PublishReport
from server.secretariat.session_file import PaperEntry


def replace_paper(
    core: DeskCore,
    pack: str,
    paper: str,
    file: Path,
    *,
    renewal: Renewal | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> PublishReport:
    """Publish the pack's next revision with one paper changed.

    Args:
        core: The desk.
        pack: Its id, or the words of its title.
        paper: The paper's id, the name of the file it came from, its number or its title.
        file: The new PDF.
        renewal: Papers under an open ballot do not change; with this, that ballot is voided first and the same
            questions are asked anew about the changed papers.
        dry_run: Check only; sends nothing.
        progress: As for a publish.

    Raises:
        BadInput: No such pack or paper, or a graded one.
        FolderRefused: The file cannot be published.
        ServiceError: Interrupted; the same command goes on.
    """
    with Inspector() as inspector:
        found, findings = folder.read_one(file, inspector, _entry(find_paper(_pack(core, pack), paper)))
    if found is None or found.plain is None:
        raise FolderRefused(findings)
    digest = Hash(hashing.sha256(f"replace|{pack}|{paper}|{found.plain}".encode()))
    if not dry_run:
        core.require_service()
        resumed = release.begin(core, purpose=Purpose.REPLACE, digest=digest)
        if resumed is not None:
            release.send(core, resumed=True)
    record = _pack(core, pack)
    draft = _draft(core, record, find_paper(record, paper), found, findings, renewal=renewal)
    if not draft.report.is_ready:
        raise FolderRefused(draft.report.findings)
    if dry_run:
        return publish.report(draft, None, dry_run=True)
    if renewal is not None and not draft.is_unchanged:
        _void(core, record)
    return publish.send(core, draft, purpose=Purpose.REPLACE, digest=digest, progress=progress)


def find_pack(core: DeskCore, wanted: str) -> PackRecord:
    """A pack by id or title.

    Raises:
        BadInput: None, or more than one.
    """
    return _pack(core, wanted)


def _pack(core: DeskCore, wanted: str) -> PackRecord:
    by_id = release.find_pack(core.state, wanted)
    if by_id is not None:
        return by_id
    folded = guess.fold(wanted)
    found = [
        record
        for record in core.state.packs.values()
        if folded and folded in guess.fold(build.manifest_of(record).session.title)
    ]
    if len(found) != 1:
        raise BadInput(f"pack: {len(found)} match")
    return found[0]


def find_paper(record: PackRecord, wanted: str) -> PaperVersion:
    """A paper by id, file, number or title.

    Raises:
        BadInput: None or several, or one without bytes.
    """
    papers = build.manifest_of(record).papers
    folded = guess.fold(wanted)
    for same in (
        lambda paper: paper.id == wanted,
        lambda paper: record.files.get(paper.id) == wanted,
        lambda paper: paper.number == wanted,
        lambda paper: guess.fold(paper.title) == folded,
    ):
        found = [paper for paper in papers if same(paper)]
        if len(found) == 1:
            if found[0].is_stub:
                raise BadInput("paper: graded, it has no file")
            if found[0].recalled is not None:
                raise BadInput("paper: recalled already")
            return found[0]
    raise BadInput("paper: none or several match")


def _entry(paper: PaperVersion) -> PaperEntry:
    return PaperEntry(
        title=paper.title,
        kind=paper.kind,
        number=paper.number,
        agency=paper.agency,
        urgency=paper.urgency,
        policy=paper.policy,
    )


def _draft(
    core: DeskCore,
    record: PackRecord,
    old: PaperVersion,
    found: FoundPaper,
    findings: tuple[Finding, ...],
    *,
    renewal: Renewal | None,
) -> Draft:
    before = build.manifest_of(record)
    unchanged = old.plain == found.plain
    fresh = structs.replace(
        old,
        version=old.version + 1,
        sent=core.now(),
        plain=found.plain,
        size=found.size,
        pages=found.pages,
        blob=None,
        blob_size=0,
        key=None,
    )
    matched = Matched(tuple(_match(record, paper, old, fresh, found) for paper in before.papers), ())
    if unchanged:
        matched = Matched(tuple(_match(record, paper, old, old, found) for paper in before.papers), ())
    polls = ballots.Ballots(record.polls, frozenset(), ())
    if renewal is not None and not unchanged:
        frozen = frozenset(poll.id for poll in _open_ballots(core, record))
        polls = ballots.renew(core, record.polls, frozen, renewal)
    manifest = structs.replace(
        before,
        rev=record.burnt + 1,
        prev=Hash(hashing.sha256(record.manifest)),
        papers=tuple(paper.version for paper in matched.papers),
        polls=tuple(poll.wording for poll in polls.records),
    )
    report = build.report_of(
        core,
        before.session,
        items_of(before, matched),
        matched,
        polls=polls,
        findings=(*findings, *polls.findings, *(() if renewal is not None else build.frozen(core, record, matched))),
    )
    sources = {} if unchanged else {old.id: found}
    made = Draft(record, record.folder, manifest, sources, record.files, polls.records, polls.new, report)
    return dataclasses.replace(made, rules=record.rules, chair=record.chair)


def _open_ballots(core: DeskCore, record: PackRecord) -> tuple[PollRecord, ...]:
    return tuple(poll for poll in record.polls if ballots.is_open(ballots.definition_of(poll), core.now()))


def _void(core: DeskCore, record: PackRecord) -> None:
    """No vote may be cast any more on papers that are about to change; doing it again changes nothing."""
    for poll in _open_ballots(core, record):
        core.require_service().close_poll(poll.id, poll.wording.definition, void=True)


def _match(
    record: PackRecord, paper: PaperVersion, old: PaperVersion, fresh: PaperVersion, found: FoundPaper
) -> MatchedPaper:
    name = record.files.get(paper.id, "")
    if paper.id == old.id:
        change = Change.CHANGED if fresh is not old else Change.UNCHANGED
        return MatchedPaper(structs.replace(found, file=name), fresh, change)
    kept = FoundPaper(title=paper.title, kind=paper.kind, file=name)
    return MatchedPaper(kept, paper, Change.STUB if paper.is_stub else Change.UNCHANGED)


def items_of(before: PackManifest, matched: Matched) -> list[ItemReport]:
    """The agenda with what becomes of its papers."""
    starts: Moment | None = before.session.starts
    if before.session.kind is SessionKind.OPINION:
        starts = None
    by_id = {paper.version.id: paper.report(starts) for paper in matched.papers}
    return [ItemReport(item.title, tuple(by_id[paper] for paper in item.papers)) for item in before.session.agenda]
