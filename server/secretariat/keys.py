# SPDX-License-Identifier: AGPL-3.0-or-later
"""Replacing keys at a desk in use: root keys, the registrar's, the publisher's.

Rules:
1. A replacement is a release: written to the desk with its new key before its first byte leaves, resumed by the
   same command, never made twice.
2. The request is signed by the key that stays: the registrar's when the publisher's goes, and the other way round.
3. What the role listed is signed again by the new key in the same release, so that nothing is without a signature.
4. Before the first release nothing is sent: service and members get the new root file instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from client.crypto import hashing
from client.crypto.metadata import verify
from client.crypto.metadata.keys import SigningPort
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, ROOT, TARGETS
from client.domain.ids import Hash
from client.protocol.messages import KeyRole
from server.secretariat import ceremony, release
from server.secretariat.ceremony import Trusted
from server.secretariat.core import DeskCore
from server.secretariat.model import DeskState, NamedKey, Pending, Purpose, Release


class KeyLine(Struct, frozen=True):
    """One role and who signs for it.

    Attributes:
        keys: Their ids.
        days: Until its metadata ends, or None before it was signed; below 0 it has ended.
    """

    role: str
    keys: tuple[str, ...]
    threshold: int
    version: int
    days: int | None


def status(core: DeskCore) -> tuple[KeyLine, ...]:
    """Root, targets, registrar and publisher as this desk holds them."""
    trusted = core.state.trusted
    offline = tuple(sorted(verify.root_keys(trusted.roots)))
    delegated, _ = verify.delegated_keys(trusted.roots, trusted.targets)
    lines = [_line(core, ROOT, offline, trusted.roots[-1], ceremony.THRESHOLD)]
    lines.append(_line(core, TARGETS, offline, trusted.targets, ceremony.THRESHOLD))
    for role, data in ((REGISTRAR, trusted.registrar), (PUBLISHER, trusted.publisher)):
        lines.append(_line(core, role, tuple(delegated[role]), data, 1))
    return tuple(lines)


def replace_root(core: DeskCore, old: str, new: SigningPort | None, *, signers: Sequence[SigningPort]) -> bool:
    """Replace a root key, or (``new`` is None) prolong root and targets; returns whether it was sent.

    Raises:
        BadInput: No such key, or a key used twice.
        SignatureInvalid: Too few of the present root keys sign.
        ServiceError: Interrupted; the same command goes on.
    """
    if resume(core, ROOT):
        return True
    after = ceremony.replace_root_key(core.state.trusted, old=old, new=new, signers=signers, now=core.clock.now())
    return _install(core, structs.replace(core.state, trusted=after), ROOT)


def replace_role(
    core: DeskCore, role: str, new: SigningPort, named: NamedKey, *, signers: Sequence[SigningPort]
) -> bool:
    """Replace the registrar's or the publisher's key; returns whether it was sent.

    Raises:
        BadInput: The id or the key is in use.
        SignatureInvalid: Too few root keys sign.
        ServiceError: Interrupted; the same command goes on.
    """
    if resume(core, role):
        return True
    state, now = core.state, core.clock.now()
    after = ceremony.replace_role_key(state.trusted, role, KeyRole(new.keyid, new.public), signers=signers, now=now)
    if role == REGISTRAR:
        after = structs.replace(after, registrar=_again(after, REGISTRAR, new, core))
        return _install(core, structs.replace(state, trusted=after, registrar=named, directory_stale=True), role)
    after = structs.replace(after, publisher=_again(after, PUBLISHER, new, core))
    return _install(core, structs.replace(state, trusted=after, publisher=named), role)


def next_id(core: DeskCore, prefix: str) -> str:
    """``publisher-2`` where ``publisher-1`` is known: an id that was never used here."""
    trusted = core.state.trusted
    delegated, earlier = verify.delegated_keys(trusted.roots, trusted.targets)
    known = {keyid for chain in range(1, len(trusted.roots) + 1) for keyid in verify.root_keys(trusted.roots[:chain])}
    for keys in (*delegated.values(), *earlier.values()):
        known |= set(keys)
    numbers = [int(keyid.removeprefix(prefix + "-")) for keyid in known if keyid.startswith(prefix + "-")]
    return f"{prefix}-{max(numbers, default=0) + 1}"


def resume(core: DeskCore, role: str) -> bool:
    """Finish a replacement that was on its way (rule 1); returns whether there was one."""
    if core.service is None:
        return False
    pending = core.pending
    mine = pending is not None and pending.release.purpose is Purpose.KEYS and pending.note == role
    settled = release.settle(core)
    if mine and not settled:
        release.send(core, resumed=True)
    return mine


def _again(after: Trusted, role: str, new: SigningPort, core: DeskCore) -> bytes | None:
    """Rule 3."""
    before = after.registrar if role == REGISTRAR else after.publisher
    if before is None:
        return None
    files = verify.files_unverified(role, before)  # signed here
    return ceremony.sign_files(role, files, before, signer=new, now=core.clock.now())


def _install(core: DeskCore, after: DeskState, role: str) -> bool:
    digest = Hash(hashing.sha256(b"keys|" + role.encode() + after.trusted.roots[-1] + after.trusted.targets))
    if not core.state.released:
        core.save(after, core.pending)
        return False
    release.begin(core, purpose=Purpose.KEYS, digest=digest)
    after = structs.replace(after, released=core.state.released + 1)
    sent = Release(purpose=Purpose.KEYS, digest=digest, metadata=release.whole(after.trusted))
    core.save(core.state, Pending(sent, after, role))
    release.send(core)
    return True


def _line(core: DeskCore, role: str, keys: tuple[str, ...], data: bytes | None, threshold: int) -> KeyLine:
    if data is None:
        return KeyLine(role, keys, threshold, 0, None)
    version, end, _ = verify.peek_unverified(role, data)
    return KeyLine(role, keys, threshold, version, (end - core.clock.now()) // ceremony.DAY_MS)
