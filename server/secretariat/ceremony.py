# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key ceremony: a root of three keys of which two sign, and whom they trust with devices and papers.

Decides what root and top-level targets say, how long they count, and what a replaced key means. Knows no file and no
desk; keys come as ``SigningPort``, from wherever they are kept.

Rules:
1. Root metadata is signed by the threshold of the root before it and by its own: nobody is locked out by accident.
2. A replaced key of registrar or publisher moves to the earlier ones; nothing new counts under it.
3. Whatever is signed here is verified as a client would before it is handed back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, structs

from client.clock import Millis
from client.crypto.metadata import verify, write
from client.crypto.metadata.keys import SigningPort
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, TARGETS, TIMESTAMP, FileInfo
from client.errors import BadInput
from client.protocol.messages import KeyRole, Target

ROOT_KEYS: Final = 3
THRESHOLD: Final = 2
DAY_MS: Final = 86_400_000
ROOT_DAYS: Final = 3 * 365
"""Root and top-level targets: signing them needs two people and a safe, so they last."""
ROLE_DAYS: Final = 180
"""Registrar's and publisher's metadata; signed anew with every release, and in any release of their last 120 days."""
RENEW_DAYS: Final = 120


class Trusted(Struct, frozen=True):
    """What the ceremony made and releases build on.

    Attributes:
        roots: The whole chain.
        targets: Top-level targets.
        registrar, publisher: Their newest metadata; None before the first release.
    """

    roots: tuple[bytes, ...]
    targets: bytes
    registrar: bytes | None = None
    publisher: bytes | None = None

    def __repr__(self) -> str:
        """Counts alone."""
        return f"Trusted({len(self.roots)} roots)"


def begin(
    offline: Sequence[SigningPort], *, online: KeyRole, registrar: KeyRole, publisher: KeyRole, now: Millis
) -> Trusted:
    """The first root and targets.

    Raises:
        BadInput: Not three different root keys, or a key used twice.
    """
    if len(offline) != ROOT_KEYS:
        raise BadInput(f"{len(offline)} root keys, {ROOT_KEYS} needed")
    plan = write.RootPlan({port.keyid: port.public for port in offline}, THRESHOLD, {online.id: online.sign})
    everyone = [*plan.root.values(), online.sign, registrar.sign, publisher.sign]
    if len(set(everyone)) != len(everyone):
        raise BadInput("one key for two purposes")
    root = write.root(plan, version=1, expires=_after(now, ROOT_DAYS), signers=offline)
    who = write.Delegation({registrar.id: registrar.sign}, {publisher.id: publisher.sign})
    targets = write.targets(who, version=1, expires=_after(now, ROOT_DAYS), signers=offline[:THRESHOLD])
    return _checked(Trusted((root,), targets))


def replace_root_key(
    trusted: Trusted, *, old: str, new: SigningPort | None, signers: Sequence[SigningPort], now: Millis
) -> Trusted:
    """The next root, with one key replaced, or (``new`` is None) all kept and its time prolonged.

    Args:
        trusted: What counts now.
        old: Id of the key that goes.
        new: The key that comes; it signs as well.
        signers: Enough keys of the present root; the lost one is not needed.
        now: The time.

    Raises:
        BadInput: No such key, a key used twice, or too few signers.
    """
    known = dict(verify.root_keys(trusted.roots))
    online = verify.root_keys(trusted.roots, TIMESTAMP)
    if new is not None:
        if old not in known or new.keyid in known:
            raise BadInput("root key: none of that name, or the new name is taken")
        del known[old]
        known[new.keyid] = new.public
    version = verify.root_version(trusted.roots) + 1
    able = [*signers, *(() if new is None else (new,))]
    root = write.root(
        write.RootPlan(known, THRESHOLD, online), version=version, expires=_after(now, ROOT_DAYS), signers=able
    )
    after = structs.replace(trusted, roots=(*trusted.roots, root))
    # The replaced key no longer signs for the targets either: they are signed again by keys that stay.
    staying = [port for port in able if port.keyid in known]
    return _with_targets(after, _delegation(trusted), signers=staying, now=now)


def replace_role_key(
    trusted: Trusted, role: str, new: KeyRole, *, signers: Sequence[SigningPort], now: Millis
) -> Trusted:
    """New top-level targets in which registrar or publisher has another key.

    Raises:
        BadInput: The id or the key is in use.
    """
    who = _delegation(trusted)
    keys = {REGISTRAR: who.registrar, PUBLISHER: who.publisher}
    earlier = {name: dict(who.earlier.get(name, {})) for name in keys}
    used = {**who.registrar, **who.publisher, **earlier[REGISTRAR], **earlier[PUBLISHER]}
    if new.id in used or new.sign in used.values():
        raise BadInput(f"{role} key: id or key in use")
    earlier[role] |= keys[role]
    keys[role] = {new.id: new.sign}
    return _with_targets(trusted, write.Delegation(keys[REGISTRAR], keys[PUBLISHER], earlier), signers=signers, now=now)


def sign_role(
    role: str, files: Mapping[str, Target], before: bytes | None, *, signer: SigningPort, now: Millis
) -> bytes:
    """Registrar's or publisher's next metadata over ``files``."""
    return sign_files(role, described(files), before, signer=signer, now=now)


def sign_files(
    role: str, files: Mapping[str, FileInfo], before: bytes | None, *, signer: SigningPort, now: Millis
) -> bytes:
    """The same over files as metadata holds them."""
    version = 1 if before is None else verify.peek_unverified(role, before)[0] + 1
    return write.files(files, version=version, expires=_after(now, ROLE_DAYS), signers=[signer])


def described(files: Mapping[str, Target]) -> dict[str, FileInfo]:
    """Targets as metadata holds them."""
    return {
        name: FileInfo(
            target.sha256,
            target.size,
            {} if target.scope is None else {"scope": target.scope, "epoch": target.epoch, "key_hash": target.key_hash},
        )
        for name, target in files.items()
    }


def is_old(role: str, data: bytes, now: Millis) -> bool:
    """Whether a role's metadata is in its last days and should be signed anew."""
    return verify.peek_unverified(role, data)[1] - now < RENEW_DAYS * DAY_MS


def _with_targets(trusted: Trusted, who: write.Delegation, *, signers: Sequence[SigningPort], now: Millis) -> Trusted:
    version = verify.peek_unverified(TARGETS, trusted.targets)[0] + 1
    targets = write.targets(who, version=version, expires=_after(now, ROOT_DAYS), signers=signers)
    return _checked(structs.replace(trusted, targets=targets))


def _delegation(trusted: Trusted) -> write.Delegation:
    keys, earlier = verify.delegated_keys(trusted.roots, trusted.targets)
    return write.Delegation(keys[REGISTRAR], keys[PUBLISHER], earlier)


def _checked(trusted: Trusted) -> Trusted:
    """Rule 3."""
    verify.delegated_keys(trusted.roots, trusted.targets)
    return trusted


def _after(now: Millis, days: int) -> Millis:
    return Millis(now + days * DAY_MS)
