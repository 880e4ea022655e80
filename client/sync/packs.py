# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions on packs: from a name in the index to a revision the member reads, and to its end.

Each function performs one action of ``sync.actions`` and persists its result. A publisher's fault that repeating
cannot cure blocks the revision; a fault of the way (hash, cut bytes) leaves it where it was for the next look.
"""

from __future__ import annotations

import threading

from msgspec import structs

from client.domain.ids import PackId
from client.domain.pack import PackRevision, PackState
from client.errors import ContentMismatch, DecryptionFailed, FormatRefused, SecretWithBytes, Untrusted
from client.protocol import names
from client.protocol.messages import PackManifest, PollWording, Target
from client.store import bulletins, packs, papers, trusted
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync import actions
from client.sync.actions import RemotePack
from client.sync.crashpoints import crash_point
from client.sync.events import PackReady
from client.sync.manifest import MAX_SEALED_MANIFEST, open_envelope, open_manifest
from client.sync.means import Means
from client.sync.planner import wanted


def remote_packs(means: Means) -> tuple[RemotePack, ...]:
    """The pack revisions in force."""
    found: list[RemotePack] = []
    for name, target in means.trust.targets().items():
        kind, stem, rev = names.split_target(name)
        if kind == names.PACK and target.scope is not None:
            found.append(RemotePack(PackId(stem), rev, target.scope, target.epoch))
    return tuple(found)


def note(means: Means, action: actions.NotePack) -> None:
    """Record that a revision exists."""
    revision = PackRevision(pack=action.pack, rev=action.rev, state=PackState.KNOWN)
    means.record.write(lambda conn: packs.upsert(conn, revision)).result()
    crash_point("pack.noted")


def fetch_key(means: Means, action: actions.FetchKey) -> None:
    """Keep the scope key that the envelope for this device holds.

    Raises:
        ServiceRefused: There is no envelope for this device yet.
        Untrusted: It is not what the index and a publisher vouch for.
    """
    entry, target = _listed(means, action.pack, action.rev)
    envelope = means.transport.get_envelope(entry.scope, entry.epoch, means.device)
    key = open_envelope(
        envelope,
        entry,
        target=target,
        device=means.device,
        sealing=means.sealing,
        publishers=means.trust.publisher_keys(),
    )

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = trusted.save_scope_key(conn, entry.scope, entry.epoch, key)[1]
        known = packs.get(conn, action.pack, action.rev)
        if known is not None and known.state is PackState.KNOWN:
            changes |= packs.move(conn, action.pack, action.rev, PackState.KEYED)[1]
        return None, changes

    means.record.write(write).result()
    crash_point("pack.keyed")


def open_pack(means: Means, action: actions.OpenManifest) -> None:
    """Get, open and check the manifest; the revision's papers are known from here on.

    Raises:
        SecretWithBytes: Its key is destroyed and the revision blocked.
        Untrusted: Blocked if it is the publisher's doing, else to be tried again.
    """
    entry, target = _listed(means, action.pack, action.rev)
    name = names.pack_target(action.pack, action.rev)
    sealed = means.trust.check_target(name, means.transport.get_target(name, MAX_SEALED_MANIFEST))
    key = means.record.read(lambda conn: trusted.load_scope_key(conn, entry.scope, entry.epoch)).result()
    if key is None or target.size > MAX_SEALED_MANIFEST:
        raise ContentMismatch(f"{name}: key or size")
    try:
        manifest, digest = open_manifest(sealed, key=key, pack=action.pack, rev=action.rev)
        _check_chain(means, manifest)
    except (DecryptionFailed, FormatRefused, ContentMismatch, SecretWithBytes) as error:
        _block(means, entry, error)
        raise
    revision = PackRevision(
        pack=action.pack,
        rev=action.rev,
        state=PackState.MANIFEST_OK,
        session=manifest.session,
        papers=manifest.papers,
        manifest=digest,
        read_until=manifest.read_until,
    )
    here = means.papers.read(papers.present).result()
    total = sum(paper.blob_size for paper in wanted(revision) if paper.blob not in here)

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = trusted.save_target(conn, name, sealed)[1]
        return None, changes | packs.upsert(conn, structs.replace(revision, total_bytes=total))[1]

    means.record.write(write).result()
    crash_point("pack.opened")


def ready(means: Means, action: actions.ReadyPack) -> bool:
    """Make the revision readable if every paper is here; the older one gives way in the same transaction."""
    here = means.papers.read(papers.present).result()

    def write(conn: Connection) -> tuple[bool, ChangeSet]:
        revision = packs.get(conn, action.pack, action.rev)
        if revision is None or any(paper.blob not in here for paper in wanted(revision)):
            return False, ChangeSet()
        return True, packs.move(conn, action.pack, action.rev, PackState.READY)[1]

    done = means.record.write(write).result()
    if done:
        crash_point("pack.ready")
        means.emit(PackReady(action.pack, action.rev))
    return done


def move(means: Means, pack: PackId, rev: int, state: PackState) -> None:
    """Follow one arrow."""
    means.record.write(lambda conn: packs.move(conn, pack, rev, state)).result()


def begin_fetching(means: Means, pack: PackId, rev: int) -> PackRevision | None:
    """The revision as it is once its first paper is asked for; several may ask at once."""

    def write(conn: Connection) -> tuple[PackRevision | None, ChangeSet]:
        known = packs.get(conn, pack, rev)
        if known is None or known.state is not PackState.MANIFEST_OK:
            return known, ChangeSet()
        return known, packs.move(conn, pack, rev, PackState.FETCHING)[1]

    return means.record.write(write).result()


def shred(means: Means, action: actions.ShredPack) -> None:
    """Remove bytes and keys that no other live revision needs."""
    revisions = means.record.read(packs.all_revisions).result()
    doomed = next(each for each in revisions if (each.pack, each.rev) == (action.pack, action.rev))
    gone = {PackState.EXPIRED, PackState.SHREDDED}
    others = [each for each in revisions if each.state not in gone and each != doomed]
    needed = {paper.blob for each in others for paper in each.papers}
    for paper in wanted(doomed):
        if paper.blob is not None and paper.blob not in needed:
            blob = paper.blob
            means.papers.write(lambda conn, blob=blob: papers.forget(conn, blob)).result()  # type: ignore[misc]
    alone = all(each.pack != action.pack for each in others)

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = packs.move(conn, action.pack, action.rev, PackState.SHREDDED)[1]
        if alone:
            changes |= trusted.drop_scope_keys(conn, action.pack)[1] | bulletins.drop_pack(conn, action.pack)[1]
        return None, changes

    means.record.write(write).result()


def recall(means: Means, action: actions.RecallPapers) -> None:
    """Erase recalled papers: bytes, index, blob keys, and the older manifests that name them."""
    revisions = [each for each in means.record.read(packs.all_revisions).result() if each.pack == action.pack]
    latest = next(each for each in revisions if each.rev == action.rev)
    gone = {paper.id: paper for paper in latest.papers if paper.recalled is not None}
    older = [each for each in revisions if each.rev != action.rev and any(p.id in gone and p.blob for p in each.papers)]
    kept = {paper.blob for each in revisions for paper in each.papers if paper.id not in gone}
    for blob in {paper.blob for each in older for paper in each.papers if paper.id in gone} - kept - {None}:
        means.papers.write(lambda conn, blob=blob: papers.forget(conn, blob)).result()  # type: ignore[misc]
    crash_point("pack.recalled")

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = ChangeSet()
        for each in older:
            changes |= packs.strip(conn, each.pack, each.rev, gone)[1]
            changes |= trusted.drop_target(conn, names.pack_target(each.pack, each.rev))[1]
        return None, changes

    means.record.write(write).result()


class Wordings:
    """Poll wordings of opened manifests; opened again from what is kept, and remembered while this process lives."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._lock = threading.Lock()
        self._known: dict[tuple[PackId, int], tuple[PollWording, ...]] = {}

    def of(self, pack: PackId, rev: int) -> tuple[PollWording, ...]:
        """The wordings in one revision; empty while its manifest or key is not here.

        Raises:
            Untrusted: What was kept no longer opens.
        """
        with self._lock:
            known = self._known.get((pack, rev))
        if known is not None:
            return known
        # A revision that is no longer listed was sealed under a key that a listed one usually shares.
        entries = [each for each in remote_packs(self._means) if each.pack == pack]
        for entry in sorted(entries, key=lambda each: each.rev != rev):
            found = self._open(pack, rev, entry)
            if found is not None:
                with self._lock:
                    self._known[pack, rev] = found
                return found
        return ()

    def _open(self, pack: PackId, rev: int, entry: RemotePack) -> tuple[PollWording, ...] | None:
        name, scope, epoch = names.pack_target(pack, rev), entry.scope, entry.epoch
        sealed = self._means.record.read(lambda conn: trusted.load_target(conn, name)).result()
        key = self._means.record.read(lambda conn: trusted.load_scope_key(conn, scope, epoch)).result()
        if sealed is None or key is None:
            return None
        try:
            return open_manifest(sealed, key=key, pack=pack, rev=rev)[0].polls
        except DecryptionFailed:
            if entry.rev == rev:
                raise
            return None


def _listed(means: Means, pack: PackId, rev: int) -> tuple[RemotePack, Target]:
    """The index entry of a revision.

    Raises:
        ContentMismatch: It is no longer listed.
    """
    name = names.pack_target(pack, rev)
    target = means.trust.target(name)
    if target is None or target.scope is None:
        raise ContentMismatch(f"{name} is not listed")
    return RemotePack(pack, rev, target.scope, target.epoch), target


def _check_chain(means: Means, manifest: PackManifest) -> None:
    """A revision must name the manifest of the one before it, where that one was opened here."""
    before = means.record.read(lambda conn: packs.get(conn, manifest.pack, manifest.rev - 1)).result()
    if before is not None and before.manifest is not None and before.manifest != manifest.prev:
        raise ContentMismatch(f"{manifest.pack} rev {manifest.rev}: not the successor of what was opened here")


def _block(means: Means, entry: RemotePack, error: Untrusted) -> None:
    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = packs.move(conn, entry.pack, entry.rev, PackState.BLOCKED, error.code)[1]
        if isinstance(error, SecretWithBytes):
            changes |= trusted.drop_scope_keys(conn, entry.scope)[1]
        return None, changes

    means.record.write(write).result()
