# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a folder to members' devices: check, seal, sign, send; the same command again finishes or does nothing.

Rules: nothing leaves this machine while one error is found; a dry run makes no request at all; sealing is complete
and written to the desk before the first byte is sent; the metadata is last (``release.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import structs

from client.crypto import hashing, stream
from client.crypto.secret import Secret
from client.domain.ids import Hash, PaperId
from client.domain.paper import PaperVersion
from client.errors import BadInput, SecretWithBytes
from client.protocol import codec, names
from client.protocol.messages import PackManifest
from server.secretariat import build, folder, release, spool
from server.secretariat.build import Draft
from server.secretariat.core import DeskCore
from server.secretariat.findings import FolderRefused
from server.secretariat.folder import FoundFolder
from server.secretariat.inspect import Inspector
from server.secretariat.model import EnvelopeFile, NewTarget, PackRecord, Pending, Purpose, SealedBlob
from server.secretariat.reports import FolderReport, PublishReport

KEY_SIZE: Final = 32

Progress = Callable[[str, int, int], None]
"""Told the step (``seal`` or ``send``), bytes done and bytes in all."""


def check(core: DeskCore, path: Path) -> FolderReport:
    """What a publish of the folder would do and what stands against it; sends nothing, writes nothing."""
    with Inspector() as inspector:
        return build.draft(core, path, folder.read(path, inspector)).report


def publish(core: DeskCore, path: Path, *, dry_run: bool = False, progress: Progress | None = None) -> PublishReport:
    """Publish the folder as a new pack or the next revision of its pack.

    Raises:
        FolderRefused: It cannot be published; nothing was sent.
        ServiceError: Interrupted; the same command goes on.
        DeskOutdated: Another copy of this desk was used.
    """
    with Inspector() as inspector:
        found = folder.read(path, inspector)
    first = build.draft(core, path, found)
    if not first.report.is_ready:
        raise FolderRefused(first.report.findings)
    if dry_run:
        return report(first, None, dry_run=True)
    core.require_service()
    digest = _digest(path, found)
    resumed = release.begin(core, purpose=Purpose.PUBLISH, digest=digest)
    if resumed is not None:
        release.send(core, _step(progress, "send"), resumed=True)
        return report(first, resumed, resumed=True)
    ready = build.draft(core, path, found)  # again: making way may have finished another release
    if not ready.report.is_ready:
        raise FolderRefused(ready.report.findings)
    return send(core, ready, purpose=Purpose.PUBLISH, digest=digest, progress=progress)


def send(
    core: DeskCore, draft: Draft, *, purpose: Purpose, digest: Hash, progress: Progress | None = None
) -> PublishReport:
    """Seal and send a draft; nothing happens when the service has exactly this already."""
    if draft.is_unchanged:
        return report(draft, None)
    spool.clear(core)
    papers, blobs = _seal(core, draft, _step(progress, "seal"))
    manifest = structs.replace(draft.manifest, papers=papers)
    _check_no_secret_bytes(manifest)
    record, target, envelopes = _record(core, draft, manifest)
    after = structs.replace(core.state, packs={**core.state.packs, record.pack: record})
    pending = release.prepare(
        core,
        after,
        purpose=purpose,
        digest=digest,
        blobs=blobs,
        targets=(target,),
        envelopes=envelopes,
        polls=tuple((poll.id, poll.envelope) for poll in draft.polls if poll.id in draft.new_polls),
        note=record.pack,
    )
    release.send(core, _step(progress, "send"))
    return report(draft, pending)


def _seal(
    core: DeskCore, draft: Draft, progress: release.Progress | None
) -> tuple[tuple[PaperVersion, ...], tuple[SealedBlob, ...]]:
    done, total = 0, sum(found.size for found in draft.sources.values())

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    blobs: list[SealedBlob] = []
    papers: list[PaperVersion] = []
    for paper in draft.manifest.papers:
        found = draft.sources.get(PaperId(paper.id))
        if found is None:
            papers.append(paper)
            continue
        assert found.path is not None
        assert found.plain is not None
        key = core.rng(KEY_SIZE)
        blob = spool.seal(core, found.path, found.plain, Secret(key), advance)
        blobs.append(blob)
        papers.append(structs.replace(paper, blob=blob.hash, blob_size=blob.size, key=key))
    return tuple(papers), tuple(blobs)


def _check_no_secret_bytes(manifest: PackManifest) -> None:
    """The last gate before anything is signed: a graded or recalled paper leads to no bytes, any other to all."""
    for paper in manifest.papers:
        whole = paper.plain and paper.blob and paper.key and paper.blob_size == stream.sealed_size(paper.size)
        if not paper.can_open:
            whole = not paper.carries_bytes
        if not whole:
            raise SecretWithBytes(paper.id)


def _record(
    core: DeskCore, draft: Draft, manifest: PackManifest
) -> tuple[PackRecord, NewTarget, tuple[EnvelopeFile, ...]]:
    known = draft.record
    fresh = known is None or known.rekey
    epoch = 1 if known is None else known.epoch + 1 if fresh else known.epoch
    key = core.rng(KEY_SIZE) if known is None or fresh else known.scope_key
    payload = codec.encode(manifest)
    if len(payload) > codec.MAX_MANIFEST:
        raise BadInput("manifest size")
    sealed = stream.seal_bytes(Secret(key), names.manifest_context(manifest.pack, manifest.rev), payload, rng=core.rng)
    record = PackRecord(
        pack=manifest.pack,
        folder=draft.folder,
        rev=manifest.rev,
        burnt=manifest.rev,
        manifest=payload,
        target=release.described(sealed, scope=manifest.pack, epoch=epoch, key_hash=hashing.sha256(key)),
        epoch=epoch,
        scope_key=key,
        files=draft.files,
        polls=draft.polls,
        read_until=manifest.read_until,
        rules=draft.rules,
        chair=draft.chair,
    )
    devices = release.active_devices(core.state) if fresh else ()
    envelopes = tuple(release.envelope(core, record, device) for device in devices)
    return record, NewTarget(names.pack_target(manifest.pack, manifest.rev), sealed), envelopes


def _digest(path: Path, found: FoundFolder) -> Hash:
    """Names the folder's content: what is said of it and the hash of every paper."""
    papers = [[structs.replace(paper, path=None) for paper in item.papers] for item in found.items]
    entries = [item.entry for item in found.items]
    return Hash(hashing.sha256(codec.encode([str(path.resolve()), found.session, entries, papers])))


def _step(progress: Progress | None, step: str) -> release.Progress | None:
    if progress is None:
        return None
    return lambda done, total: progress(step, done, total)


def report(draft: Draft, pending: Pending | None, *, dry_run: bool = False, resumed: bool = False) -> PublishReport:
    """What a draft became; without ``pending`` nothing was sent."""
    if pending is None:
        changed = dry_run and not draft.is_unchanged
        pack = draft.record.pack if draft.record else None
        rev = draft.manifest.rev if changed or draft.record is None else draft.record.rev
        return PublishReport(pack, rev, changed, dry_run, draft.report)
    sent = pending.release
    record = next(record for pack, record in pending.after.packs.items() if pack == pending.note)
    return PublishReport(
        pack=record.pack,
        rev=record.rev,
        changed=True,
        dry_run=False,
        folder=draft.report,
        resumed=resumed,
        blobs=len(sent.blobs),
        blob_bytes=sum(blob.size for blob in sent.blobs),
        envelopes=len(sent.envelopes),
        polls=len(sent.polls),
        release=pending.after.released,
    )
