# SPDX-License-Identifier: AGPL-3.0-or-later
"""Releases: everything one change needs at the service, prepared whole, sent in order, repeatable.

Rules:
1. A release is written to the desk before its first byte leaves; what is sent is what was written.
2. Order: blobs, targets, envelopes, polls, and the metadata last. Nothing counts before the metadata does, so a
   cut anywhere publishes nothing by halves.
3. Every step may be repeated: bytes have names, and the service takes the same bytes under one name again.
4. The service's metadata must be what this desk put there. Newer means another copy of this desk was used (or a
   backup restored): refused, nothing sent.
5. A role is signed anew when what it lists changed, or when it is in its last months.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import structs

from client.crypto import dsse, hashing, hpke
from client.crypto.metadata import verify
from client.crypto.metadata.keys import SigningPort
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, TARGETS
from client.domain.ids import Hash, Moment, PackId
from client.errors import RollbackDetected, Text
from client.protocol import codec, names
from client.protocol.http import MetadataUpload
from client.protocol.messages import DeviceEntry, DeviceState, Directory, EnvelopeBody, Target
from server.secretariat import ceremony, rules, spool
from server.secretariat.ceremony import Trusted
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

_DECIDED: Final = frozenset({Purpose.DIRECTORY, Purpose.APPROVE, Purpose.REVOKE, Purpose.KEYS})

Progress = Callable[[int, int], None]
"""Told bytes done and bytes in all."""


class DeskOutdated(RollbackDetected):
    """The service holds metadata this desk did not make: the desk is an old copy."""

    code = "untrusted.desk_outdated"
    title = Text("Bàn làm việc này cũ hơn máy chủ", "This desk is older than the service")
    next_step = Text(
        "Không gửi gì đi. Dùng bàn làm việc mới nhất; nếu đã mất, báo cán bộ kỹ thuật.",
        "Nothing was sent. Use the newest copy of the desk; if it is lost, tell IT staff.",
    )


class ServiceBehind(RollbackDetected):
    """The service holds older metadata than this desk put there, or none: restored, or another service."""

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
    """Complete a release with directory, rule sets and metadata, and write it to the desk.

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
    papers = {stored.name: stored.target for stored in after.rules.values()}
    papers |= {names.pack_target(pack, record.rev): record.target for pack, record in live.items()}
    people = {after.directory.name: after.directory.target}
    trusted = core.state.trusted
    trusted = structs.replace(
        trusted,
        registrar=_sign_role(core, REGISTRAR, people, trusted.registrar, core.registrar),
        publisher=_sign_role(core, PUBLISHER, papers, trusted.publisher, core.publisher),
    )
    after = structs.replace(after, trusted=trusted, released=core.state.released + 1)
    release = Release(
        purpose=purpose,
        digest=digest,
        metadata=whole(trusted),
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
    service.put_release(release.metadata, registrar=_replaces_publisher(pending))
    _take_over(core, pending)
    return core.state


def settle(core: DeskCore) -> bool:
    """Compare with the service; take over a release whose metadata arrived although its answer was lost.

    Returns:
        Whether a pending release turned out to be published.

    Raises:
        DeskOutdated: The service's metadata is not this desk's.
        ServiceBehind: It is older than what this desk put there.
    """
    found, pending = _published_at(core, core.require_service()), core.pending
    if pending is not None and found == _published_by(pending.after):
        _take_over(core, pending)
        return True
    ours = _published_by(core.state)
    if found != ours:
        behind = any(found.get(role, (0, ""))[0] < version for role, (version, _) in ours.items())
        numbers = {role: (version, found.get(role, (0, ""))[0]) for role, (version, _) in ours.items()}
        raise (ServiceBehind if behind else DeskOutdated)(f"desk and service: {numbers}")
    return False


def _replaces_publisher(pending: Pending | None) -> bool:
    """Whether the publisher's key is on its way out: the service may know either, so the registrar asks."""
    return pending is not None and pending.release.purpose is Purpose.KEYS and pending.note == PUBLISHER


def _take_over(core: DeskCore, pending: Pending) -> None:
    """The service holds the release: its state is the desk's, its keys sign from now on."""
    core.save(pending.after)
    spool.clear(core)
    core.require_service().sign_as(publisher=core.publisher, registrar=core.registrar)


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

    Call only after :func:`settle`: then its metadata is known not to be published.
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
    """The target that ``data`` is."""
    return msgspec.convert({"sha256": hashing.sha256(data), "size": len(data), **more}, Target)


def whole(trusted: Trusted) -> MetadataUpload:
    """Everything that was signed here; the service takes what it does not hold yet."""
    return MetadataUpload(trusted.roots, trusted.targets, trusted.registrar, trusted.publisher)


def _published_at(core: DeskCore, service: ServiceClient) -> dict[str, tuple[int, str]]:
    """Role to version and hash, by the service's signed snapshot; nothing before the first release."""
    data = service.snapshot(registrar=_replaces_publisher(core.pending))
    return {} if data is None else dict(verify.snapshot_of(core.state.trusted.roots, data))


def _published_by(state: DeskState) -> dict[str, tuple[int, str]]:
    """What that must be by this desk."""
    trusted = state.trusted
    if trusted.registrar is None or trusted.publisher is None:
        return {}
    signed = {TARGETS: trusted.targets, REGISTRAR: trusted.registrar, PUBLISHER: trusted.publisher}
    return {role: (verify.peek_unverified(role, data)[0], hashing.sha256(data)) for role, data in signed.items()}


def _sign_role(core: DeskCore, role: str, files: dict[str, Target], before: bytes | None, signer: SigningPort) -> bytes:
    """Rule 5."""
    now = core.clock.now()
    unchanged = before is not None and verify.files_unverified(role, before) == ceremony.described(files)
    if before is not None and unchanged and not ceremony.is_old(role, before, now):
        return before
    return ceremony.sign_role(role, files, before, signer=signer, now=now)


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
