# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a folder as read to the next revision of a pack, before anything is sealed.

Decides which pack this is, its times and what the secretary must be told. Reads no file, seals and sends nothing; the
report it makes is the dry run's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import UNSET, structs

from client.clock import from_rfc3339
from client.crypto import hashing
from client.domain.ids import Hash, MemberId, Moment, PackId, PaperId, RuleSetId, SessionId
from client.domain.paper import DAYS_AHEAD, PaperKind
from client.domain.session import AgendaItem, Session, SessionKind
from client.protocol import codec
from client.protocol.messages import PackManifest
from server.secretariat import ballots, recognise, release
from server.secretariat.core import DeskCore
from server.secretariat.desk_file import random_id
from server.secretariat.findings import Finding, finding
from server.secretariat.folder import FoundFolder, FoundPaper
from server.secretariat.model import PackRecord, PollRecord
from server.secretariat.recognise import Matched
from server.secretariat.reports import Change, FolderReport, ItemReport, PollReport
from server.secretariat.session_file import VIETNAM, SessionFile, moment

SEAL_FIELDS: Final = 200
"""Bytes that blob, size and key add to a paper in the manifest."""
READ_DAYS: Final = 90
"""Days after the session that members may read, unless the folder says otherwise."""
_DAY_S: Final = 86_400
_DOSSIER: Final = {
    PaperKind.SUBMISSION: "tờ trình",
    PaperKind.DRAFT: "dự thảo",
    PaperKind.APPRAISAL: "thẩm định",
    PaperKind.RESPONSE: "tiếp thu, giải trình",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A revision that waits to be sealed.

    Attributes:
        record: The pack as published before, if it was.
        manifest: Complete but for blob, size and key of the papers in ``sources``.
        sources: Papers to seal, and from where.
    """

    record: PackRecord | None
    folder: str
    manifest: PackManifest
    sources: dict[PaperId, FoundPaper]
    files: dict[PaperId, str]
    polls: tuple[PollRecord, ...]
    new_polls: frozenset[str]
    report: FolderReport
    rules: RuleSetId | None = None
    chair: MemberId | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the service has exactly this already."""
        if self.record is None or self.record.rekey or self.sources:
            return False
        before = manifest_of(self.record)
        return structs.replace(self.manifest, rev=before.rev, prev=before.prev) == before


def manifest_of(record: PackRecord) -> PackManifest:
    """The manifest published last."""
    return codec.decode(record.manifest, PackManifest, limit=codec.MAX_MANIFEST)


def draft(core: DeskCore, folder: Path, found: FoundFolder) -> Draft:
    """The next revision of the folder's pack, with the report of everything found."""
    path = str(folder.resolve())
    record = _recognise(core, path, found.session)
    before = manifest_of(record) if record else None
    pack = record.pack if record else found.session.pack or PackId(random_id("pk", core.rng))
    findings = list(found.findings)
    starts = _starts(core, found.session, before, findings)
    matched = recognise.papers(
        [paper for item in found.items for paper in item.papers],
        before=before.papers if before else (),
        files=record.files if record else {},
        now=core.now(),
        rng=core.rng,
    )
    agenda, items = _agenda(core, found, matched, before, starts)
    for item in items:
        _check_dossier(item, findings)
    session = Session(
        id=before.session.id if before else SessionId(random_id("se", core.rng)),
        title=found.session.title,
        kind=found.session.kind,
        starts=starts,
        place=found.session.place,
        agenda=agenda,
        comments_until=moment(found.session.comments_until) if found.session.comments_until else UNSET,
    )
    by_file = {paper.found.file: paper.version.id for paper in matched.papers if paper.found.file}
    known = record.polls if record else ()
    polls = ballots.build(core, found.session, session, pack, known=known, files=by_file)
    findings += polls.findings
    manifest = PackManifest(
        pack=pack,
        rev=record.burnt + 1 if record else 1,
        prev=Hash(hashing.sha256(record.manifest)) if record else None,
        grade="normal",
        read_until=_read_until(core, found.session, starts, before),
        session=session,
        papers=tuple(paper.version for paper in matched.papers),
        polls=tuple(poll.wording for poll in polls.records),
    )
    findings += _late(items)
    findings += frozen(core, record, matched)
    findings += _recalled_before(before, matched)
    if len(codec.encode(manifest)) + SEAL_FIELDS * len(manifest.papers) > codec.MAX_MANIFEST:
        findings.append(finding("manifest.too_big"))
    report = report_of(core, session, items, matched, polls=polls, findings=tuple(findings))
    sources = {paper.version.id: paper.found for paper in matched.papers if paper.needs_sealing}
    files = {paper.version.id: paper.found.file for paper in matched.papers}
    made = Draft(record, path, manifest, sources, files, polls.records, polls.new, report)
    return replace(made, rules=found.session.rules, chair=found.session.chair)


def _agenda(
    core: DeskCore, found: FoundFolder, matched: Matched, before: PackManifest | None, starts: Moment
) -> tuple[tuple[AgendaItem, ...], list[ItemReport]]:
    papers = iter(matched.papers)
    idents = recognise.items([item.entry.title for item in found.items], before, core.rng)
    judged = starts if found.session.kind is not SessionKind.OPINION else None
    agenda: list[AgendaItem] = []
    reports: list[ItemReport] = []
    for ident, item in zip(idents, found.items, strict=True):
        own = [next(papers) for _ in item.papers]
        entry = item.entry
        ids = tuple(paper.version.id for paper in own)
        guests = entry.guests or UNSET
        agenda.append(AgendaItem(ident, entry.title, ids, entry.agency, entry.starts, entry.ends, entry.chair, guests))
        reports.append(ItemReport(entry.title, tuple(paper.report(judged) for paper in own)))
    return tuple(agenda), reports


def _recognise(core: DeskCore, path: str, file: SessionFile) -> PackRecord | None:
    """The pack this folder was published as: by its id, else folder and title, else title and start."""
    if file.pack is not None:
        return release.find_pack(core.state, file.pack)
    starts = moment(file.starts) if file.starts else None
    for record in reversed(core.state.packs.values()):
        session = manifest_of(record).session
        same_title = (session.title, session.kind) == (file.title, file.kind)
        same_folder = record.folder == path and session.kind is file.kind
        if (same_folder and (same_title or session.starts == starts)) or (same_title and session.starts == starts):
            return record
    return None


def _starts(core: DeskCore, file: SessionFile, before: PackManifest | None, findings: list[Finding]) -> Moment:
    if file.starts is not None:
        starts = moment(file.starts)
    elif before is not None:
        starts = before.session.starts
    else:
        day = datetime.fromtimestamp(core.clock.now() / 1000, VIETNAM) + timedelta(days=DAYS_AHEAD + 1)
        local = day.replace(hour=8, minute=0, second=0, microsecond=0)
        starts = moment(local)
        findings.append(finding("session.start_assumed", starts=local.strftime("%H:%M %d/%m/%Y")))
    if starts <= core.now() and file.kind is not SessionKind.OPINION:
        findings.append(finding("session.past"))
    return starts


def _read_until(core: DeskCore, file: SessionFile, starts: Moment, before: PackManifest | None) -> Moment:
    if file.read_until is not None:
        return moment(file.read_until)
    if before is not None and before.session.starts == starts and before.read_until > core.now():
        return before.read_until
    ahead_s = max(0, from_rfc3339(starts) - core.clock.now()) // 1000
    return core.now(ahead_s + READ_DAYS * _DAY_S)


def _check_dossier(item: ItemReport, findings: list[Finding]) -> None:
    """An item that carries a draft, an appraisal or a response is a dossier and needs all four parts."""
    kinds = {paper.kind for paper in item.papers}
    if kinds & {PaperKind.DRAFT, PaperKind.APPRAISAL, PaperKind.RESPONSE}:
        missing = [name for kind, name in _DOSSIER.items() if kind not in kinds]
        if missing:
            findings.append(finding("dossier.missing", item=item.title, what=", ".join(missing)))


def _late(items: list[ItemReport]) -> list[Finding]:
    papers = [paper for item in items for paper in item.papers if paper.late and paper.change is not Change.UNCHANGED]
    return [finding("paper.late", paper.file or paper.title, days=DAYS_AHEAD) for paper in papers]


def _recalled_before(before: PackManifest | None, matched: Matched) -> list[Finding]:
    """Papers that were recalled and would be published again, because the folder still has their files."""
    gone = {paper.id for paper in before.papers if paper.recalled is not None} if before else set()
    back = [paper for paper in matched.papers if paper.version.id in gone and paper.version.carries_bytes]
    return [finding("paper.recalled_again", paper.found.file) for paper in back]


def frozen(core: DeskCore, record: PackRecord | None, matched: Matched) -> list[Finding]:
    """Papers of an opinion ballot do not change once it is open (product.md, section 2)."""
    if record is None:
        return []
    if not any(ballots.is_open(ballots.definition_of(poll), core.now()) for poll in record.polls):
        return []
    changed = [paper for paper in matched.papers if paper.change in (Change.NEW, Change.CHANGED)]
    if matched.removed and not changed:
        return [finding("poll.frozen")]
    return [finding("poll.frozen", paper.found.file) for paper in changed]


def report_of(
    core: DeskCore,
    session: Session,
    items: Sequence[ItemReport],
    matched: Matched,
    *,
    polls: ballots.Ballots,
    findings: tuple[Finding, ...],
) -> FolderReport:
    """The dry run's answer."""
    papers = [paper for item in items for paper in item.papers]
    sending = [paper for paper in papers if paper.change in (Change.NEW, Change.CHANGED)]
    return FolderReport(
        title=session.title,
        kind=session.kind,
        starts=session.starts,
        items=tuple(items),
        polls=tuple(_poll_report(record, new=record.id in polls.new) for record in polls.records),
        findings=findings,
        removed=tuple(paper.title for paper in matched.removed),
        to_send=len(sending),
        to_send_bytes=sum(paper.size for paper in sending),
        unchanged=sum(1 for paper in papers if paper.change is Change.UNCHANGED),
        stubs=sum(1 for paper in papers if paper.change is Change.STUB),
        pages=sum(paper.pages for paper in papers),
        devices=len(release.active_devices(core.state)),
    )


def _poll_report(record: PollRecord, *, new: bool) -> PollReport:
    definition = ballots.definition_of(record)
    return PollReport(
        id=record.id,
        kind=definition.kind,
        title=record.wording.title,
        questions=len(definition.questions),
        eligible=len(definition.eligible),
        opens=definition.opens,
        closes=definition.closes,
        new=new,
    )
