# SPDX-License-Identifier: AGPL-3.0-or-later
"""Releases: everything one change needs at the service, prepared whole, sent in order, repeatable.

Rules:
1. A release is written to the desk before its first byte leaves; what is sent is what was written.
2. Order: blobs, targets, envelopes, polls, and the index last. Nothing counts before the index does, so a cut
   anywhere publishes nothing by halves.
3. Every step may be repeated: bytes have names, and the service takes the same bytes under one name again.
4. The service's index must be the one this desk put there. A newer one means another copy of this desk was used
   (or a backup restored): refused, nothing sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import structs

from client.crypto import dsse, hashing, hpke
from client.domain.ids import Hash, Moment, PackId
from client.errors import RollbackDetected, Text
from client.protocol import codec, names
from client.protocol.messages import DeviceEntry, DeviceState, Directory, EnvelopeBody, Index, Target
from server.secretariat import rules, spool
from server.secretariat.core import DeskCore
from server.secretariat.model import (
    DeskState,
    EnvelopeFile,
    NewTarget,
    PackRecord,
    Pending,
    Purpose,
    Release,
    SealedBlob,
    StoredTarget,
)
from server.secretariat.transport import ServiceClient

INDEX_DAYS: Final = 180
"""How long clients accept an index; every command that changes something signs a new one."""
_DAY_S: Final = 86_400

_DECIDED: Final = frozenset({Purpose.DIRECTORY, Purpose.APPROVE, Purpose.REVOKE})

Progress = Callable[[int, int], None]
"""Told bytes done and bytes in all."""


class DeskOutdated(RollbackDetected):
    """The service holds an index this desk did not make: the desk is an old copy."""

    code = "untrusted.desk_outdated"
    title = Text("Bàn làm việc này cũ hơn máy chủ", "This desk is older than the service")
    next_step = Text(
        "Không gửi gì đi. Dùng bàn làm việc mới nhất; nếu đã mất, báo cán bộ kỹ thuật.",
        "Nothing was sent. Use the newest copy of the desk; if it is lost, tell IT staff.",
    )


class ServiceBehind(RollbackDetected):
    """The service holds an older index than this desk put there, or none: restored, or another service."""

    code = "untrusted.service_behind"
    title = Text("Máy chủ này thiếu những gì bàn làm việc đã gửi", "This service lacks what the desk has sent")
    next_step = Text(
        "Không gửi gì đi. Kiểm tra địa chỉ máy chủ; nếu máy chủ vừa được khôi phục, báo cán bộ kỹ thuật.",
        "Nothing was sent. Check the server's address; if it was restored from a backup, tell IT staff.",
    )


def prepare(
    core: DeskCore,
    after: DeskState,
    *,
    purpose: Purpose,
    digest: Hash,
    blobs: tuple[SealedBlob, ...] = (),
    targets: tuple[NewTarget, ...] = (),
    envelopes: tuple[EnvelopeFile, ...] = (),
    polls: tuple[tuple[str, bytes], ...] = (),
    note: str = "",
) -> Pending:
    """Complete a release with directory, rule sets and index, and write it to the desk.

    Args:
        core: The desk.
        after: The state the release leads to, apart from what is completed here.
        purpose: What it is for.
        digest: Names the input, so that the same command resumes.
        blobs: Sealed papers in the spool.
        targets: Manifests.
        envelopes: Scope keys for devices.
        polls: Ids and signed definitions.
        note: What a repeated command reports; a pack id.

    Raises:
        DiskFull, DeskFault: Nothing was written.
    """
    after, own = _sign_directory(core, after)
    after, preset = _sign_rules(core, after)
    live = {pack: record for pack, record in after.packs.items() if record.read_until > core.now()}
    assert after.directory is not None
    entries = {after.directory.name: after.directory.target}
    entries |= {stored.name: stored.target for stored in after.rules.values()}
    entries |= {names.pack_target(pack, record.rev): record.target for pack, record in live.items()}
    version = core.state.index_version + 1
    index = Index(version=version, issued=core.now(), expires=core.now(INDEX_DAYS * _DAY_S), targets=entries)
    payload = codec.encode(index)
    signed = dsse.sign(payload, keyid=core.publisher.keyid, key=core.publisher.key)
    after = structs.replace(after, index_version=version, index_hash=Hash(hashing.sha256(payload)))
    release = Release(
        purpose=purpose,
        digest=digest,
        index_version=version,
        index_hash=Hash(hashing.sha256(payload)),
        index=signed,
        blobs=blobs,
        targets=(*own, *preset, *targets),
        envelopes=envelopes,
        polls=tuple(polls),  # type: ignore[arg-type]  # ids are strings at run time
    )
    pending = Pending(release, after, note)
    core.save(core.state, pending)
    return pending


def send(core: DeskCore, progress: Progress | None = None, *, resumed: bool = False) -> DeskState:
    """Send the desk's pending release and take over the state it leads to.

    Raises:
        ServiceError: Interrupted; the same command goes on where it stopped.
    """
    pending, service = core.pending, core.require_service()
    assert pending is not None
    release = pending.release
    done, total = 0, sum(blob.size for blob in release.blobs)

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    for blob in release.blobs:
        if resumed and service.has_blob(blob.hash):
            advance(blob.size)
        else:
            service.put_blob(blob.hash, spool.path_of(core, blob.hash), blob.size, advance)
    for target in release.targets:
        service.put_target(target.name, target.data, registrar=target.registrar)
    for file in release.envelopes:
        service.put_envelope(file.scope, file.epoch, file.device, file.data)
    for poll, definition in release.polls:
        service.put_poll(poll, definition)
    service.put_index(release.index)
    core.save(pending.after)
    spool.clear(core)
    return core.state


def settle(core: DeskCore) -> bool:
    """Compare with the service; take over a release whose index arrived although its answer was lost.

    Returns:
        Whether a pending release turned out to be published.

    Raises:
        DeskOutdated: The service's index is not this desk's.
        ServiceBehind: It is older than what this desk put there.
    """
    version, found = _index_at(core, core.require_service())
    pending = core.pending
    if pending is not None and found == pending.release.index_hash:
        core.save(pending.after)
        spool.clear(core)
        return True
    if found != core.state.index_hash:
        kind = ServiceBehind if version < core.state.index_version else DeskOutdated
        raise kind(f"desk at {core.state.index_version}, service at {version}")
    return False


def begin(core: DeskCore, *, purpose: Purpose, digest: Hash) -> Pending | None:
    """Make way for a new release; every command that changes something starts here.

    A directory, approval or revocation on its way is finished first: it was decided. A publish on its way is
    resumed by the same input and abandoned by any other.

    Returns:
        The pending release to resume with :func:`send`, or None to prepare a new one.

    Raises:
        DeskOutdated: Another copy of this desk was used.
    """
    settle(core)
    pending = core.pending
    if pending is None:
        return None
    if (pending.release.purpose, pending.release.digest) == (purpose, digest):
        return pending
    if pending.release.purpose in _DECIDED:
        send(core, resumed=True)
    else:
        abandon(core)
    return None


def abandon(core: DeskCore) -> bool:
    """Forget a pending release for good; its revision numbers are not used again.

    Call only after :func:`settle`: then its index is known not to be published.
    """
    pending = core.pending
    if pending is None:
        return False
    packs = dict(core.state.packs)
    for pack, record in pending.after.packs.items():
        if pack in packs:
            packs[pack] = structs.replace(packs[pack], burnt=max(packs[pack].burnt, record.rev))
    # A directory number may be taken at the service already, with other bytes under it.
    version = max(core.state.directory_version, pending.after.directory_version)
    core.save(structs.replace(core.state, packs=packs, directory_version=version, directory_stale=True))
    spool.clear(core)
    return True


def envelope(core: DeskCore, record: PackRecord, device: DeviceEntry) -> EnvelopeFile:
    """A pack's scope key for one device, signed by the publisher."""
    info = names.envelope_info(record.pack, record.epoch, device.id)
    sealed = hpke.seal_to(device.seal, info, record.scope_key)
    body = EnvelopeBody(scope=record.pack, epoch=record.epoch, device=device.id, sealed=sealed)
    signed = dsse.sign(codec.encode(body), keyid=core.publisher.keyid, key=core.publisher.key)
    return EnvelopeFile(record.pack, record.epoch, device.id, signed)


def active_devices(state: DeskState) -> tuple[DeviceEntry, ...]:
    """Devices that get envelopes."""
    return tuple(device for device in state.devices if device.state is DeviceState.ACTIVE)


def live_packs(state: DeskState, now: Moment) -> tuple[PackRecord, ...]:
    """Packs that members may still read."""
    return tuple(record for record in state.packs.values() if record.read_until > now)


def find_pack(state: DeskState, pack: str) -> PackRecord | None:
    """A pack by its id."""
    return state.packs.get(PackId(pack))


def described(data: bytes, **more: object) -> Target:
    """The index entry for ``data``."""
    return msgspec.convert({"sha256": hashing.sha256(data), "size": len(data), **more}, Target)


def _index_at(core: DeskCore, service: ServiceClient) -> tuple[int, Hash | None]:
    """Version and payload hash of the service's index; 0 and None before the first."""
    envelope_bytes = service.index()
    if envelope_bytes is None:
        return 0, None
    root = core.root()
    opened = dsse.open_(envelope_bytes, {root.publisher.id: root.publisher.sign}, limit=2 * codec.MAX_INDEX)
    return codec.decode(opened.payload, Index, limit=codec.MAX_INDEX).version, Hash(opened.hash)


def _sign_directory(core: DeskCore, after: DeskState) -> tuple[DeskState, tuple[NewTarget, ...]]:
    if not after.directory_stale and after.directory is not None:
        return after, ()
    version = after.directory_version + 1
    directory = Directory(
        version=version,
        devices=after.devices,
        members=after.members,
        services=after.services,
        readers=(core.reader_entry(),),
    )
    data = dsse.sign(codec.encode(directory), keyid=core.registrar.keyid, key=core.registrar.key)
    name = names.directory_target(version)
    after = structs.replace(
        after,
        directory_version=version,
        directory=StoredTarget(name, described(data)),
        directory_stale=False,
    )
    return after, (NewTarget(name, data, registrar=True),)


def _sign_rules(core: DeskCore, after: DeskState) -> tuple[DeskState, tuple[NewTarget, ...]]:
    stored, new = dict(after.rules), []
    for ident, rule_set in rules.PRESETS.items():
        if ident in stored:
            continue
        stem, _, version = ident.partition("/")
        data = dsse.sign(codec.encode(rule_set), keyid=core.publisher.keyid, key=core.publisher.key)
        name = names.rules_target(stem, int(version))
        stored[ident] = StoredTarget(name, described(data))
        new.append(NewTarget(name, data))
    return structs.replace(after, rules=stored), tuple(new)
