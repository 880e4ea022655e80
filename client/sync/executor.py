# SPDX-License-Identifier: AGPL-3.0-or-later
"""Performs one action and persists its result; decides nothing about what comes next.

Also gives the planner its view of this device. The outbox is read before the set of held numbers is asked for, so
that an act whose save steps are still going on can never slip into a plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from client.domain.ballot import LatePolicy, Poll, PollState
from client.domain.ids import Hash, PackId
from client.domain.live import LiveSession, SessionPhase
from client.domain.outbox import OutboxItem
from client.domain.pack import PackRevision, PackState
from client.domain.session import SessionKind
from client.errors import Untrusted
from client.protocol.messages import PollWording
from client.store import live, outbox, packs, papers, polls, trusted
from client.store.connection import Connection
from client.sync import actions, audit, balloting, bulletins, download, notes, sending, sessions, sharing
from client.sync import packs as packing
from client.sync.actions import Action, KnownPoll, KnownSession, Local, Remote, RemotePack
from client.sync.committer import Committer
from client.sync.events import PackProgress, Problem
from client.sync.fetchers import Fetchers, Outcome
from client.sync.means import Brake, Means
from client.sync.planner import wanted
from client.sync.progress import Progress

_OPENED = frozenset({PackState.MANIFEST_OK, PackState.FETCHING, PackState.READY})
SURE_MS = 3_600_000
"""Nothing is taken away at the end of its reading time while the time may be further off than this."""


@dataclass(frozen=True, slots=True)
class _Seen:
    revisions: tuple[PackRevision, ...]
    items: tuple[OutboxItem, ...]
    polls: tuple[KnownPoll, ...]
    sessions: tuple[LiveSession, ...]
    concluded: frozenset[Hash]
    keys: frozenset[tuple[PackId, int]]


class Executor:
    """The hands of the engine.

    Args:
        means: Ports.
        watch: When the audit chain was looked at.
    """

    def __init__(self, means: Means, watch: audit.AuditWatch) -> None:
        self._means = means
        self._watch = watch
        self._committer = Committer(means.papers)
        self._fetchers = Fetchers(self._fetch, means.brake, means.transport.abort, means.streams)
        self._wordings = packing.Wordings(means)
        self._progress = Progress(means.emit)
        self._told: set[tuple[PackId, int]] = set()

    def progress(self) -> tuple[PackProgress, ...]:
        """Packs being fetched."""
        return self._progress.all()

    def look(self, *, active: bool) -> tuple[Local, Remote]:
        """Both views the planner decides from."""
        means = self._means
        remote = packing.remote_packs(means)
        seen = means.record.read(lambda conn: _read(conn, remote)).result()
        held = means.held()
        known = {poll.poll: poll for poll in seen.polls}
        newest: dict[PackId, PackRevision] = {}
        for revision in seen.revisions:
            if revision.state in _OPENED:
                newest[revision.pack] = revision  # ascending by revision
        named = tuple(
            KnownPoll(
                wording.id,
                pack,
                revision.rev,
                known[wording.id].state if wording.id in known else None,
                uncertified=wording.id in known and known[wording.id].uncertified,
            )
            for pack, revision in newest.items()
            for wording in self._wordings_or_told(pack, revision.rev)
        )
        left = self._left(seen.polls, named, remote)
        error_ms = means.time.error_ms()
        local = Local(
            now=means.time.moment(),
            active=active,
            packs=seen.revisions,
            keys=seen.keys,
            present=means.papers.read(papers.present).result(),
            polls=(*named, *left),
            sessions=_sessions(newest.values(), seen.sessions),
            concluded=seen.concluded,
            outbox=tuple(item for item in seen.items if item.n not in held),
            sure=error_ms is not None and error_ms <= SURE_MS,
            shared=len(notes.own_devices(means)) > 1,
            others=sharing.concerns(means),
            audit_due=self._watch.due(),
            published=bool(newest),
            held=means.downloads.held(),
            first=means.downloads.first(),
        )
        return local, Remote(remote)

    def _left(
        self, known: tuple[KnownPoll, ...], named: tuple[KnownPoll, ...], remote: tuple[RemotePack, ...]
    ) -> tuple[KnownPoll, ...]:
        """Polls a newer revision no longer names, where their wording still opens: none may look open for ever."""
        here, listed = {poll.poll for poll in named}, {entry.pack for entry in remote}
        return tuple(
            poll
            for poll in known
            if poll.poll not in here
            and poll.pack in listed
            and any(wording.id == poll.poll for wording in self._wordings_or_told(poll.pack, poll.rev))
        )

    def _wordings_or_told(self, pack: PackId, rev: int) -> tuple[PollWording, ...]:
        """A kept manifest that no longer opens is told once and must not hold up the outbox."""
        try:
            return self._wordings.of(pack, rev)
        except Untrusted as error:
            if (pack, rev) not in self._told:
                self._told.add((pack, rev))
                self._means.emit(Problem(error, pack))
            return ()

    def perform(self, action: Action) -> Outcome:
        """Do one thing.

        Raises:
            EcabinetError: It did not work; what was persisted before stands.
            Stopped: The brake was pulled.
        """
        means = self._means
        match action:
            case actions.SuspendOutbox():
                sending.suspend_all(means)
            case actions.ResumeOutbox():
                sending.resume_all(means)
            case actions.SendStatement(n=n):
                return _done(sending.send(means, n) is sending.Sent.ANSWERED)
            case actions.FollowAudit():
                audit.follow(means)
                self._watch.done()
            case actions.ExchangeNotes() | actions.ExchangeShared():
                exchange = notes.exchange if isinstance(action, actions.ExchangeNotes) else sharing.exchange
                exchange(means)
            case actions.FetchPaper():
                return self._fetchers.take(action)
            case actions.RefreshPoll() | actions.CheckClosing() | actions.CheckCertified() | actions.AskOther():
                return self._perform_poll(action)
            case actions.RefreshSession() | actions.FetchConclusion() | actions.FetchBulletins():
                return self._perform_news(action)
            case _:
                return self._perform_pack(action)
        return Outcome.DONE

    def _perform_news(
        self, action: actions.RefreshSession | actions.FetchConclusion | actions.FetchBulletins
    ) -> Outcome:
        match action:
            case actions.RefreshSession():
                sessions.refresh(self._means, action)
            case actions.FetchConclusion():
                return _done(sessions.fetch_conclusion(self._means, action))
            case actions.FetchBulletins():
                return _done(bulletins.fetch(self._means))
        return Outcome.DONE

    def _perform_poll(
        self, action: actions.RefreshPoll | actions.CheckClosing | actions.CheckCertified | actions.AskOther
    ) -> Outcome:
        means = self._means
        match action:
            case actions.RefreshPoll():
                balloting.refresh(means, self._wordings, action)
                return Outcome.DONE
            case actions.CheckClosing():
                return self._check_closing(action)
            case actions.CheckCertified():
                return _done(balloting.check_certified(means, action))
            case actions.AskOther():
                return _done(balloting.ask_other(means, action))

    def _perform_pack(
        self,
        action: actions.NotePack
        | actions.FetchKey
        | actions.OpenManifest
        | actions.ReadyPack
        | actions.RefetchPack
        | actions.RecallPapers
        | actions.RetirePack
        | actions.ExpirePack
        | actions.ShredPack,
    ) -> Outcome:
        means = self._means
        match action:
            case actions.NotePack():
                packing.note(means, action)
            case actions.FetchKey():
                packing.fetch_key(means, action)
            case actions.OpenManifest():
                packing.open_pack(means, action)
            case actions.ReadyPack():
                return _done(self._ready(action))
            case actions.RefetchPack():
                packing.move(means, action.pack, action.rev, PackState.FETCHING)
            case actions.RecallPapers():
                packing.recall(means, action)
            case actions.RetirePack():
                packing.move(means, action.pack, action.rev, PackState.SUPERSEDED)
            case actions.ExpirePack():
                packing.move(means, action.pack, action.rev, PackState.EXPIRED)
            case actions.ShredPack():
                packing.shred(means, action)
            case _:
                assert_never(action)
        return Outcome.DONE

    def _ready(self, action: actions.ReadyPack) -> bool:
        ready = packing.ready(self._means, action)
        if ready:
            self._progress.forget(action.pack)
        return ready

    def _check_closing(self, action: actions.CheckClosing) -> Outcome:
        poll = self._means.record.read(lambda conn: polls.get(conn, action.poll)).result()
        if poll is None:
            return Outcome.NOT_YET
        wording = next((each for each in self._wordings.of(poll.pack, poll.rev) if each.id == action.poll), None)
        if wording is None:  # its revision gave way: the definition did not change, any wording of it will do
            wording = next((each for each in self._any_wording(poll.pack) if each.id == action.poll), None)
        if wording is None:
            return Outcome.NOT_YET
        balloting.check_closing(self._means, action, wording)
        return Outcome.DONE

    def _any_wording(self, pack: PackId) -> tuple[PollWording, ...]:
        listed = [entry for entry in packing.remote_packs(self._means) if entry.pack == pack]
        return tuple(wording for entry in listed for wording in self._wordings.of(pack, entry.rev))

    def ahead(self, actions: Iterable[Action]) -> None:
        """What is performed next, so that papers can be asked for before their turn."""
        self._fetchers.ahead(actions)

    def drop(self) -> None:
        """The look goes another way: end what was begun ahead."""
        self._fetchers.drop()

    def _fetch(self, action: actions.FetchPaper, brake: Brake) -> Outcome:
        means = replace(self._means, brake=brake)
        revision = packing.begin_fetching(means, action.pack, action.rev)
        if revision is None:
            return Outcome.NOT_YET
        papers_wanted = wanted(revision)
        here = means.papers.read(papers.present).result()
        paper = next((each for each in papers_wanted if each.blob == action.blob), None)
        if paper is None or action.blob in here:
            return Outcome.DONE
        counter = self._progress.begin(revision.pack, paper, papers_wanted, here)
        fetched = download.fetch(means, self._committer, paper, counter)
        if fetched is download.Fetched.STEPPED_ASIDE:
            return Outcome.STEPPED_ASIDE
        self._keep_progress(revision)
        return Outcome.DONE

    def _keep_progress(self, revision: PackRevision) -> None:
        known = self._progress.of(revision.pack)
        if known is not None:
            done, total = known.done, known.total
            self._means.record.write(
                lambda conn: packs.set_progress(conn, revision.pack, revision.rev, done, total)
            ).result()


def _done(done: bool) -> Outcome:
    return Outcome.DONE if done else Outcome.NOT_YET


def _uncertified(poll: Poll) -> bool:
    """Whether late votes may still be admitted: the rule leaves it to the secretary and nothing was certified yet."""
    judged = poll.state in {PollState.RESULT_VERIFIED, PollState.RESULT_DISPUTED}
    return judged and poll.late is LatePolicy.SECRETARY_DECIDES and not poll.certified


def _sessions(revisions: Iterable[PackRevision], known: Iterable[LiveSession]) -> tuple[KnownSession, ...]:
    """Sessions of opened packs; opinion rounds between sessions have none."""
    lives = {each.session: each for each in known}
    found: list[KnownSession] = []
    for revision in revisions:
        session = revision.session
        if session is None or session.kind is SessionKind.OPINION:
            continue
        here = lives.get(session.id)
        done = () if here is None else here.room.items
        found.append(
            KnownSession(
                session.id,
                revision.pack,
                over=here is not None and here.room.phase is SessionPhase.CLOSED,
                conclusions=tuple((item.id, item.conclusion.blob) for item in done if item.conclusion is not None),
            )
        )
    return tuple(found)


def _read(conn: Connection, remote: tuple[RemotePack, ...]) -> _Seen:
    return _Seen(
        revisions=packs.all_revisions(conn),
        items=outbox.items(conn),
        polls=tuple(
            KnownPoll(poll.id, poll.pack, poll.rev, poll.state, _uncertified(poll)) for poll in polls.all(conn)
        ),
        sessions=live.all(conn),
        concluded=live.conclusion_blobs(conn),
        keys=frozenset(
            (entry.scope, entry.epoch)
            for entry in remote
            if trusted.load_scope_key(conn, entry.scope, entry.epoch) is not None
        ),
    )
