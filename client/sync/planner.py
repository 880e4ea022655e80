# SPDX-License-Identifier: AGPL-3.0-or-later
"""What to do next, in which order: pure, from what is here, what is there and what waits.

Rules:
1. An inactive device sends nothing and fetches nothing; what waits is suspended. Back in favour, it resumes.
2. Acts come first, by number; an act is left out while an earlier act on the same subject waits unanswered.
3. Only the newest listed revision of a pack is fetched. Its key comes before its manifest, its manifest before
   its papers, and it becomes ready only when every paper's bytes are present.
4. Manifests and polls of all packs come before any paper: a ballot must not wait behind a download.
5. Packs are fetched in the order of their sessions, the next one first; papers in the order of the agenda. What the
   member opened comes before that; a pack the member holds is not fetched.
6. A blocked revision is left alone until a newer one is listed.
7. An unfinished revision retires once a newer one's manifest was opened; a ready one is superseded only by the
   store, in the transaction that makes the newer one ready.
8. Bytes that are present are never fetched again. A ready revision that lost some of its papers stays readable
   while they are fetched; one that lost all is being fetched again.
9. At the end of its reading time a ready revision expires and is shredded; one that was superseded is shredded,
   one that was never finished retires first. Nothing ends while the time is not known well.
10. A live session is asked about until it is closed, before the polls; a conclusion is fetched once. Bulletins are
    asked for once in a look, when there is a pack they could be about.
11. What the newest opened revision says is recalled is erased from the others at once, before any paper is fetched.
12. Notes between the member's devices, then what is shared with others, are exchanged after the ballots and before
    any paper.

The planner performs nothing and remembers nothing: asked again with the same views it gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from client.domain.ballot import PollState
from client.domain.ids import Hash, Moment, PackId, PaperId
from client.domain.outbox import OutboxState
from client.domain.pack import PackRevision, PackState
from client.domain.paper import PaperVersion
from client.sync.actions import (
    Action,
    AskOther,
    CheckCertified,
    CheckClosing,
    ExchangeNotes,
    ExchangeShared,
    ExpirePack,
    FetchBulletins,
    FetchConclusion,
    FetchKey,
    FetchPaper,
    FollowAudit,
    Local,
    NotePack,
    OpenManifest,
    ReadyPack,
    RecallPapers,
    RefetchPack,
    RefreshPoll,
    RefreshSession,
    Remote,
    RemotePack,
    ResumeOutbox,
    RetirePack,
    SendStatement,
    ShredPack,
    SuspendOutbox,
)

_OPENED = frozenset({PackState.MANIFEST_OK, PackState.FETCHING, PackState.READY})
_UNFINISHED = frozenset(
    {PackState.KNOWN, PackState.KEYED, PackState.MANIFEST_OK, PackState.FETCHING, PackState.BLOCKED}
)
_UNSETTLED = frozenset({OutboxState.QUEUED, OutboxState.SUSPENDED})
"""A conflict is answered: the vote that a member casts after seeing both must not wait behind it."""
_JUDGED = frozenset({PollState.RESULT_VERIFIED, PollState.RESULT_DISPUTED})
_LAST: Moment = Moment("9999-12-31T23:59:59.999Z")


def plan(local: Local, remote: Remote) -> tuple[Action, ...]:
    """The actions that can be decided now, in order; empty when both ends agree."""
    if not local.active:
        queued = any(item.state is OutboxState.QUEUED for item in local.outbox)
        return (SuspendOutbox(),) if queued else ()
    newest = newest_of(remote.packs)
    return (
        *_outbox(local),
        *_manifests(local, newest),
        *_recalls(local),
        *_sessions(local),
        *_polls(local),
        *((FetchBulletins(),) if local.published else ()),
        *((ExchangeNotes(),) if local.shared else ()),
        *((ExchangeShared(),) if local.others else ()),
        *_papers(local, newest),
        *_housekeeping(local),
        *((FollowAudit(),) if local.audit_due else ()),
    )


def newest_of(packs: Iterable[RemotePack]) -> dict[PackId, RemotePack]:
    """The newest listed revision of each pack."""
    newest: dict[PackId, RemotePack] = {}
    for entry in packs:
        known = newest.get(entry.pack)
        if known is None or entry.rev > known.rev:
            newest[entry.pack] = entry
    return newest


def wanted(revision: PackRevision) -> tuple[PaperVersion, ...]:
    """Papers of a revision that have bytes, each blob once, in the order of the agenda."""
    papers = {paper.id: paper for paper in revision.papers}
    listed: list[PaperId] = []
    if revision.session is not None:
        listed = [paper for item in revision.session.agenda for paper in item.papers if paper in papers]
    ordered = dict.fromkeys([*listed, *papers])
    found: dict[Hash, PaperVersion] = {}
    for paper in (papers[name] for name in ordered):
        if paper.blob is not None and not paper.is_stub:
            found.setdefault(paper.blob, paper)
    return tuple(found.values())


def _outbox(local: Local) -> Iterator[Action]:
    """Rules 1 and 2."""
    if any(item.state is OutboxState.SUSPENDED for item in local.outbox):
        yield ResumeOutbox()
    waiting: set[str] = set()
    for item in sorted(local.outbox, key=lambda item: item.n):
        if item.state is OutboxState.CONFLICT and item.other is not None and item.other.made is None:
            yield AskOther(item.n, item.subject)
        if item.state not in _UNSETTLED:
            continue
        if item.state is OutboxState.QUEUED and item.subject not in waiting:
            yield SendStatement(item.n, item.subject)
        waiting.add(item.subject)


def _manifests(local: Local, newest: dict[PackId, RemotePack]) -> Iterator[Action]:
    """Rules 3 and 4: one step for each pack; the next step is planned from its result."""
    here = {(revision.pack, revision.rev): revision for revision in local.packs}
    for pack in sorted(newest):
        entry = newest[pack]
        revision = here.get((pack, entry.rev))
        if revision is None:
            yield NotePack(pack, entry.rev)
        elif revision.state is PackState.KNOWN:
            yield FetchKey(pack, entry.rev, entry.scope, entry.epoch)
        elif revision.state is PackState.KEYED:
            if (entry.scope, entry.epoch) in local.keys:
                yield OpenManifest(pack, entry.rev)
            else:
                yield FetchKey(pack, entry.rev, entry.scope, entry.epoch)


def _sessions(local: Local) -> Iterator[Action]:
    """Rule 10."""
    for session in local.sessions:
        if not session.over:
            yield RefreshSession(session.session, session.pack)


def _recalls(local: Local) -> Iterator[Action]:
    """Rule 11."""
    newest: dict[PackId, PackRevision] = {}
    for revision in local.packs:
        if revision.state in _OPENED and revision.rev >= newest.get(revision.pack, revision).rev:
            newest[revision.pack] = revision
    for pack, latest in newest.items():
        gone = {paper.id for paper in latest.papers if paper.recalled is not None}
        others = (each for each in local.packs if each.pack == pack and each.rev != latest.rev)
        if gone and any(paper.id in gone and paper.blob is not None for each in others for paper in each.papers):
            yield RecallPapers(pack, latest.rev)


def _polls(local: Local) -> Iterator[Action]:
    for known in local.polls:
        if known.state is PollState.CLOSED:
            yield CheckClosing(known.poll)
        elif known.state not in _JUDGED:
            yield RefreshPoll(known.poll, known.pack, known.rev)
        elif known.uncertified:
            yield CheckCertified(known.poll)
    for session in local.sessions:
        for item, blob in session.conclusions:
            if blob not in local.concluded:
                yield FetchConclusion(session.session, session.pack, item, blob)


def _papers(local: Local, newest: dict[PackId, RemotePack]) -> Iterator[Action]:
    """Rules 3, 5 and 8."""
    for revision in _by_session(local, newest):
        missing = [paper for paper in wanted(revision) if paper.blob not in local.present]
        missing.sort(key=lambda paper: (revision.pack, paper.id) != local.first)  # stable: the agenda's order otherwise
        ready = revision.state is PackState.READY
        lost = ready and missing and len(missing) == len(wanted(revision))
        if lost:
            yield RefetchPack(revision.pack, revision.rev)
        for paper in missing:
            assert paper.blob is not None
            yield FetchPaper(revision.pack, revision.rev, paper.id, paper.blob)
        if lost or not ready:
            yield ReadyPack(revision.pack, revision.rev)


def _by_session(local: Local, newest: dict[PackId, RemotePack]) -> list[PackRevision]:
    """Revisions whose manifest is open and that are worth fetching: coming sessions first, then past ones."""
    live = [
        revision
        for revision in local.packs
        if revision.state in _OPENED
        and revision.pack in newest
        and newest[revision.pack].rev == revision.rev
        and revision.pack not in local.held
        and (revision.read_until is None or revision.read_until > local.now)
    ]

    def order(revision: PackRevision) -> tuple[bool, bool, Moment, PackId]:
        starts = revision.session.starts if revision.session is not None else _LAST
        opened = local.first is not None and local.first[0] == revision.pack
        return not opened, starts < local.now, starts, revision.pack

    return sorted(live, key=order)


def _housekeeping(local: Local) -> Iterator[Action]:
    """Rules 6, 7 and 9."""
    opened: dict[PackId, int] = {}
    for revision in local.packs:
        if revision.state in _OPENED:
            opened[revision.pack] = max(opened.get(revision.pack, 0), revision.rev)
    for revision in local.packs:
        ended = local.sure and revision.read_until is not None and revision.read_until <= local.now
        overtaken = opened.get(revision.pack, 0) > revision.rev
        if revision.state in _UNFINISHED and (overtaken or ended):
            yield RetirePack(revision.pack, revision.rev)
        elif revision.state is PackState.READY and ended:
            yield ExpirePack(revision.pack, revision.rev)
        elif revision.state is PackState.EXPIRED or (revision.state is PackState.SUPERSEDED and ended):
            yield ShredPack(revision.pack, revision.rev)
