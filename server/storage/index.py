# SPDX-License-Identifier: AGPL-3.0-or-later
"""Targets, envelopes, and the device directory in force.

It decides whether a target or envelope may be stored; it cannot read a pack. Rules:
1. A target's bytes never change under one name.
2. A release names only targets that are here with the stated hash and length, and exactly one directory.
3. The directory in force is the one the registrar's newest metadata names; it is parsed once per version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, insert, select, update

from client.crypto import dsse, hashing
from client.crypto.metadata import verify
from client.crypto.metadata.verify import REGISTRAR, Verified
from client.domain.ids import DeviceId, PackId
from client.domain.people import Person
from client.protocol import codec, names
from client.protocol.http import Problem
from client.protocol.messages import DeviceEntry, Directory, EnvelopeBody
from server import sizes
from server.problems import Refusal
from server.storage import metadata
from server.storage.schema import envelopes, targets
from server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DirectoryView:
    """The directory in force, ready for look-ups."""

    name: str
    devices: dict[DeviceId, DeviceEntry]
    people: tuple[Person, ...] = ()


class Directories:
    """Reads the directory in force and keeps the parsed form."""

    def __init__(self) -> None:
        self.latest: DirectoryView | None = None

    def current(self, conn: Connection) -> DirectoryView | None:
        """The directory as this transaction sees it; None before the first release."""
        signed = metadata.find(conn, REGISTRAR)
        if signed is None:
            return None
        name = _directory_of(signed)
        view = self.latest  # one read: another thread may replace it
        if view is not None and view.name == name:
            return view
        payload, _ = dsse.peek_unverified(target(conn, name) or b"", limit=sizes.DIRECTORY)
        directory = codec.decode(payload, Directory, limit=codec.MAX_DIRECTORY)
        people = tuple(Person(each.id, each.name, each.role, each.serves) for each in directory.members)
        return DirectoryView(name, {entry.id: entry for entry in directory.devices}, people)


@lru_cache(maxsize=4)
def _directory_of(signed: bytes) -> str:
    """Which directory the registrar's metadata names: verified when it was stored, and asked with every vote."""
    return _directory_name(verify.files_unverified(REGISTRAR, signed))


def open_directory(envelope: bytes, registrar: Mapping[str, str]) -> Directory:
    """Verify and read a directory.

    Raises:
        SignatureInvalid: Not signed by the registrar.
        FormatRefused: Not a directory.
    """
    opened = dsse.open_(envelope, registrar, limit=sizes.DIRECTORY)
    return codec.decode(opened.payload, Directory, limit=codec.MAX_DIRECTORY)


def put_target(tx: Transaction, registrar: Mapping[str, str], name: str, data: bytes) -> None:
    """Store a target; the same bytes again change nothing.

    Raises:
        Refusal: Other bytes are there, or a directory is not what its name says.
        SignatureInvalid: A directory without the registrar's signature.
    """
    kind, _, version = names.split_target(name)
    if kind == names.DIRECTORY.partition("/")[0]:
        directory = open_directory(data, registrar)
        if name != names.directory_target(directory.version) or version != directory.version:
            raise Refusal(Problem.BAD_REQUEST, "directory version and name differ")
    digest = hashing.sha256(data)
    known = tx.conn.scalar(select(targets.c.sha256).where(targets.c.name == name))
    if known == digest:
        return
    if known is not None:
        raise Refusal(Problem.VERSION_CONFLICT, name)
    tx.conn.execute(insert(targets).values(name=name, sha256=digest, size=len(data), data=data))
    tx.log("target.put", subject=name, detail=digest)


def target(conn: Connection, name: str) -> bytes | None:
    """The bytes under a target's name."""
    return conn.scalar(select(targets.c.data).where(targets.c.name == name))


def check_release(conn: Connection, verified: Verified) -> None:
    """Whether everything a verified set names is here, and one readable directory is among it.

    Raises:
        Refusal: Something is missing or other bytes, or no single directory.
    """
    have = {row.name: (row.sha256, row.size) for row in conn.execute(select(*_KNOWN))}
    for name, info in verified.files.items():
        if have.get(name) != (info.sha256, info.size):
            raise Refusal(Problem.HASH_MISMATCH, name[:80])
    _directory_name(verified.files)


def _directory_name(found: Iterable[str]) -> str:
    directories = [name for name in found if name.startswith(names.DIRECTORY + ".")]
    if len(directories) != 1:
        raise Refusal(Problem.BAD_REQUEST, f"{len(directories)} directories")
    return directories[0]


_KNOWN = (targets.c.name, targets.c.sha256, targets.c.size)


def put_envelope(
    tx: Transaction, publisher: Mapping[str, str], data: bytes, *, scope: PackId, epoch: int, device: DeviceId
) -> None:
    """Store a scope key's envelope for one device; sealing is random, so a repeated one replaces the first.

    Raises:
        Refusal: Its fields are not those of its path.
        SignatureInvalid: Not the publisher's.
    """
    opened = dsse.open_(data, publisher, limit=sizes.ENVELOPE)
    body = codec.decode(opened.payload, EnvelopeBody, limit=codec.MAX_ENVELOPE)
    if (body.scope, body.epoch, body.device) != (scope, epoch, device):
        raise Refusal(Problem.BAD_REQUEST, "envelope and path differ")
    where = (envelopes.c.scope == scope, envelopes.c.epoch == epoch, envelopes.c.device == device)
    known = tx.conn.scalar(select(envelopes.c.data).where(*where))
    if known == data:
        return
    if known is None:
        tx.conn.execute(insert(envelopes).values(scope=scope, epoch=epoch, device=device, data=data))
    else:
        tx.conn.execute(update(envelopes).where(*where).values(data=data))
    tx.log("envelope.put", subject=f"{scope}/{epoch}/{device}", detail=opened.hash)


def envelope(conn: Connection, *, scope: PackId, epoch: int, device: DeviceId) -> bytes | None:
    """One device's envelope."""
    where = (envelopes.c.scope == scope, envelopes.c.epoch == epoch, envelopes.c.device == device)
    return conn.scalar(select(envelopes.c.data).where(*where))
