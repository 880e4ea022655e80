# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed targets, the index over them, envelopes, and the device directory the index points to.

It decides whether a new index or target may be stored; it cannot read a pack. Rules:
1. A target's bytes never change under one name.
2. An index is signed by the publisher, its version is greater than the last, every target it names is here
   with the stated hash and length, and it names exactly one directory, signed by the registrar, not older
   than the one before.
3. The directory in force is the one the newest index names; it is parsed once per version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from client.crypto import dsse, hashing
from client.domain.ids import DeviceId, PackId
from client.errors import FormatRefused
from client.protocol import codec, names
from client.protocol.http import Problem
from client.protocol.messages import DeviceEntry, Directory, EnvelopeBody, Index, KeyRole, Root, Target
from server import sizes
from server.problems import Refusal
from server.storage.schema import envelopes, indexes, targets
from server.storage.transaction import Transaction

_IN_FORCE: Final = select(indexes.c.directory).order_by(indexes.c.version.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class DirectoryView:
    """The directory in force, ready for look-ups."""

    name: str
    devices: dict[DeviceId, DeviceEntry]


class Directories:
    """Reads the directory in force and keeps the parsed form.

    Args:
        root: Whose signature a directory must bear.
    """

    def __init__(self, root: Root) -> None:
        self._root = root
        self.latest: DirectoryView | None = None

    def current(self, conn: Connection) -> DirectoryView | None:
        """The directory as this transaction sees it; None before the first index."""
        name = conn.scalar(_IN_FORCE)
        if name is None:
            return None
        view = self.latest  # one read: another thread may replace it
        if view is not None and view.name == name:
            return view
        data = conn.scalar(select(targets.c.data).where(targets.c.name == name))
        directory = open_directory(data or b"", self._root.registrar)
        return DirectoryView(name, {entry.id: entry for entry in directory.devices})


def open_directory(envelope: bytes, registrar: KeyRole) -> Directory:
    """Verify and read a directory.

    Raises:
        SignatureInvalid: Not signed by the registrar.
        FormatRefused: Not a directory.
    """
    opened = dsse.open_(envelope, {registrar.id: registrar.sign}, limit=sizes.DIRECTORY)
    return codec.decode(opened.payload, Directory, limit=codec.MAX_DIRECTORY)


def put_target(tx: Transaction, root: Root, name: str, data: bytes) -> None:
    """Store a target; the same bytes again change nothing.

    Raises:
        Refusal: Other bytes are there, or a directory is not what its name says.
        SignatureInvalid: A directory without the registrar's signature.
    """
    kind, _, version = names.split_target(name)
    if kind == names.DIRECTORY.partition("/")[0]:
        directory = open_directory(data, root.registrar)
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


def put_index(tx: Transaction, root: Root, envelope: bytes) -> None:
    """Make a new index the one in force.

    Raises:
        Refusal: Not newer, or it names what is not here.
        SignatureInvalid: Not the publisher's.
        FormatRefused: Not an index.
    """
    opened = dsse.open_(envelope, {root.publisher.id: root.publisher.sign}, limit=sizes.INDEX)
    index = codec.decode(opened.payload, Index, limit=codec.MAX_INDEX)
    last = tx.conn.execute(select(indexes).order_by(indexes.c.version.desc()).limit(1)).one_or_none()
    if last is not None and last.version == index.version and last.payload == opened.hash:
        return
    if last is not None and index.version <= last.version:
        raise Refusal(Problem.VERSION_CONFLICT, f"version {index.version}, have {last.version}")
    name = _directory_name(index)
    version = names.split_target(name)[2]
    if last is not None and version < last.directory_version:
        raise Refusal(Problem.VERSION_CONFLICT, f"directory {version}, have {last.directory_version}")
    _check_targets(tx.conn, index.targets)
    open_directory(target(tx.conn, name) or b"", root.registrar)
    tx.conn.execute(
        insert(indexes).values(
            version=index.version,
            payload=opened.hash,
            directory=name,
            directory_version=version,
            envelope=envelope,
            put_at=tx.at,
        )
    )
    tx.log("index.put", subject=str(index.version), detail=opened.hash)
    tx.hint("index", str(index.version))


def _directory_name(index: Index) -> str:
    found = [name for name in index.targets if name.startswith(names.DIRECTORY + ".")]
    if len(found) != 1:
        raise FormatRefused(f"index names {len(found)} directories")
    return found[0]


def _check_targets(conn: Connection, wanted: dict[str, Target]) -> None:
    have = {row.name: (row.sha256, row.size) for row in conn.execute(select(*_KNOWN))}
    for name, entry in wanted.items():
        if have.get(name) != (entry.sha256, entry.size):
            raise Refusal(Problem.HASH_MISMATCH, name)


_KNOWN = (targets.c.name, targets.c.sha256, targets.c.size)


def current_index(conn: Connection) -> tuple[int, bytes] | None:
    """Version and envelope of the index in force."""
    row = conn.execute(
        select(indexes.c.version, indexes.c.envelope).order_by(indexes.c.version.desc()).limit(1)
    ).one_or_none()
    return None if row is None else (row.version, row.envelope)


def put_envelope(tx: Transaction, root: Root, data: bytes, *, scope: PackId, epoch: int, device: DeviceId) -> None:
    """Store a scope key's envelope for one device; sealing is random, so a repeated one replaces the first.

    Raises:
        Refusal: Its fields are not those of its path.
        SignatureInvalid: Not the publisher's.
    """
    opened = dsse.open_(data, {root.publisher.id: root.publisher.sign}, limit=sizes.ENVELOPE)
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
