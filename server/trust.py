# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the service publishes of TUF: it verifies what the secretariat signed, and signs snapshot and timestamp itself.

Rules:
1. Registrar and publisher are whoever the newest top-level targets say; the installed root file is the beginning,
   and a newer one given at start counts as soon as it verifies.
2. A release comes into force as a whole, in one transaction, or not at all. It must be newer, signed by its roles,
   name only targets that are here, and pass ``verify.follow`` exactly as at a client that holds the set before.
3. Snapshot and timestamp end soon. They are signed anew on the way to whoever asks, once half their time is over.
4. Their version numbers are at least the time in seconds: a service put back from a backup does not fall behind what
   clients saw of its own signatures. What the secretariat signed cannot be lifted that way, and clients notice.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from client.clock import Millis, from_rfc3339
from client.crypto.metadata import verify, write
from client.crypto.metadata.keys import HeldKey
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, Kept, Verified
from client.errors import RollbackDetected
from client.protocol.http import MetadataUpload, Problem
from client.protocol.messages import Root
from server.problems import Refusal
from server.storage import index, metadata
from server.storage.transaction import Transaction

log = logging.getLogger(__name__)

SIGNED: Final = (TARGETS, REGISTRAR, PUBLISHER)
"""Roles the secretariat signs; the other two are the service's."""


@dataclass(frozen=True, slots=True)
class Lives:
    """How long the service's own signatures count, seconds."""

    timestamp_s: int = 24 * 3600
    snapshot_s: int = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class RoleKeys:
    """Whose word counts now: key id to public key."""

    registrar: Mapping[str, str]
    publisher: Mapping[str, str]
    earlier: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def directory(self) -> Mapping[str, str]:
        """Who may have signed the directory in force: a replaced registrar's last one stands until the next."""
        return {**self.earlier.get(REGISTRAR, {}), **self.registrar}


class Authority:
    """The rules above, for one service.

    Args:
        root: As installed.
        online: Signs snapshot and timestamp.
        lives: How long those count.

    Raises:
        Untrusted: The installed root does not verify.
    """

    def __init__(self, root: Root, online: HeldKey, lives: Lives) -> None:
        self._installed = Kept(root.roots, {TARGETS: root.targets})
        self._online = online
        self._lives = lives
        verify.delegated_keys(root.roots, root.targets)

    def kept(self, tx_roots: tuple[bytes, ...], current: Kept | None) -> Kept:
        """Roots and roles to build on: what is stored, or what was installed where that is newer."""
        first = _version(ROOT, self._installed.roots[0])
        stored = [data for data in tx_roots if _version(ROOT, data) >= first + len(self._installed.roots)]
        roles = dict(current.roles) if current is not None else {}
        installed = self._installed.roles[TARGETS]
        if TARGETS not in roles or _version(TARGETS, roles[TARGETS]) < _version(TARGETS, installed):
            roles[TARGETS] = installed
        return Kept((*self._installed.roots, *stored), roles)

    def keys(self, kept: Kept) -> RoleKeys:
        """Rule 1."""
        found, earlier = verify.delegated_keys(kept.roots, kept.roles[TARGETS])
        return RoleKeys(found[REGISTRAR], found[PUBLISHER], earlier)

    def release(self, tx: Transaction, upload: MetadataUpload) -> None:
        """Put new metadata in force (rule 2); the same again changes nothing.

        Raises:
            Refusal: Not newer, or it names what is not here.
            Untrusted: It does not verify.
        """
        current = metadata.current(tx.conn)
        before = self.kept(metadata.roots(tx.conn), current)
        roots = _with_roots(before.roots, upload.roots)
        given = {TARGETS: upload.targets, REGISTRAR: upload.registrar, PUBLISHER: upload.publisher}
        stored = {} if current is None else current.roles
        new = {role: data for role, data in given.items() if data is not None and _is_new(role, data, stored.get(role))}
        signed = {role: new.get(role) or before.roles.get(role) for role in SIGNED}
        whole = {role: data for role, data in signed.items() if data is not None}
        if len(whole) != len(SIGNED):
            raise Refusal(Problem.BAD_REQUEST, "the first release needs registrar and publisher")
        changed = {role: data for role, data in whole.items() if stored.get(role) != data}
        if not changed and len(roots) == len(before.roots):
            return
        made = self._sign(whole, stored, now_of(tx))
        after = Kept(roots, {**whole, **made})
        verified = self._as_a_client(before.roots, stored, after, now_of(tx))
        index.check_release(tx.conn, verified)
        for data in roots:
            if data not in metadata.roots(tx.conn):
                metadata.put(tx, ROOT, _version(ROOT, data), data)
        for role, data in {**changed, **made}.items():
            metadata.put(tx, role, _version(role, data), data)
        for role, data in changed.items():
            version, _, digest = verify.peek_unverified(role, data)
            tx.log("metadata.put", subject=f"{role}.{version}", detail=digest)
        tx.hint("index", str(_version(SNAPSHOT, made[SNAPSHOT])))

    def is_stale(self, roles: Mapping[str, bytes], now: Millis) -> bool:
        """Whether half the time of snapshot or timestamp is over; not before the first release."""
        lives = {TIMESTAMP: self._lives.timestamp_s, SNAPSHOT: self._lives.snapshot_s}
        return any(_end(role, roles[role]) - now < life * 1000 // 2 for role, life in lives.items() if role in roles)

    def freshen(self, tx: Transaction) -> None:
        """Sign timestamp, and if need be snapshot, anew (rule 3)."""
        current, now = metadata.current(tx.conn), now_of(tx)
        if current is None or not self.is_stale(current.roles, now):
            return
        if self._online.keyid not in verify.root_keys(current.roots, TIMESTAMP):
            log.error("the root does not list %s for timestamps: nothing is signed", self._online.keyid)
            return
        whole = {role: current.roles[role] for role in SIGNED}
        stale = self.is_stale({SNAPSHOT: current.roles[SNAPSHOT]}, now)
        made = self._sign(whole, current.roles, now, snapshot=None if stale else current.roles[SNAPSHOT])
        for role, data in made.items():
            if data != current.roles[role]:
                metadata.put(tx, role, _version(role, data), data)
                tx.log("metadata.signed", subject=f"{role}.{_version(role, data)}", detail="")

    def _sign(
        self, whole: Mapping[str, bytes], before: Mapping[str, bytes], now: Millis, *, snapshot: bytes | None = None
    ) -> dict[str, bytes]:
        if snapshot is None:
            snapshot = write.snapshot(
                {role: (_version(role, data), data) for role, data in whole.items()},
                version=_next(SNAPSHOT, before, now),
                expires=Millis(now + self._lives.snapshot_s * 1000),
                signer=self._online,
            )
        timestamp = write.timestamp(
            (_version(SNAPSHOT, snapshot), snapshot),
            version=_next(TIMESTAMP, before, now),
            expires=Millis(now + self._lives.timestamp_s * 1000),
            signer=self._online,
        )
        return {SNAPSHOT: snapshot, TIMESTAMP: timestamp}

    @staticmethod
    def _as_a_client(roots: tuple[bytes, ...], stored: Mapping[str, bytes], after: Kept, now: Millis) -> Verified:
        try:
            verified, _ = verify.follow(Kept(roots, stored), verify.KeptSource(after), at=now)
        except RollbackDetected as error:
            raise Refusal(Problem.VERSION_CONFLICT, error.detail) from error
        return verified


def now_of(tx: Transaction) -> Millis:
    """The transaction's moment."""
    return from_rfc3339(tx.at)


def _with_roots(chain: tuple[bytes, ...], new: tuple[bytes, ...]) -> tuple[bytes, ...]:
    for data in new:
        if data in chain:
            continue
        if _version(ROOT, data) <= _version(ROOT, chain[-1]):
            raise Refusal(Problem.VERSION_CONFLICT, f"root {_version(ROOT, data)}")
        chain = (*chain, data)
    return chain


def _is_new(role: str, data: bytes, known: bytes | None) -> bool:
    """Whether ``data`` takes the place of ``known``.

    Raises:
        Refusal: It is older, or another one of the same version.
    """
    if known is None:
        return True
    (version, _, digest), (have, _, held) = verify.peek_unverified(role, data), verify.peek_unverified(role, known)
    if digest == held:
        return False
    if version <= have:
        raise Refusal(Problem.VERSION_CONFLICT, f"{role} {version}, have {have}")
    return True


def _next(role: str, before: Mapping[str, bytes], now: Millis) -> int:
    """Rule 4."""
    last = _version(role, before[role]) if role in before else 0
    return max(last + 1, int(now) // 1000)


def _version(role: str, data: bytes) -> int:
    return verify.peek_unverified(role, data)[0]


def _end(role: str, data: bytes) -> Millis:
    return verify.peek_unverified(role, data)[1]
