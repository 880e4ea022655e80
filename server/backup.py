# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups of a service that keeps its data in a folder, and how they come back.

A backup is a folder: a consistent copy of the database taken while the service runs, every blob it names, the receipt
key, and a list of hashes written last. It holds votes in the open and the key that signs receipts: keep it as the
service itself is kept.

Rules:
1. A backup is whole or it is none: without its list it is not restored.
2. Before anything is restored, all of it is checked: hashes, names of blobs, the audit chain from the first entry,
   and every receipt, under the key that comes with it and at its place in the chain. So a receipt that a member holds
   is as valid after a restore as before.
3. What happened after the backup is lost with the old service, and devices notice: their audit chain and their own
   receipts lead further than the restored one. That is told to the operator here and by every device there.
4. A restore never writes into a folder that has a database.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from msgspec import Struct

from client import durable
from client.clock import Millis, to_rfc3339
from client.crypto import dsse, hashing
from client.domain.ids import Hash, Moment
from client.errors import BadInput, ContentMismatch, EnvironmentFault
from client.protocol import codec
from client.protocol.messages import AnyReceipt, LogPosition
from server import config
from server.storage import log, statements
from server.storage.blobs import BlobFolder
from server.storage.database import Database

LIST: Final = "backup.json"
PIECE: Final = 1 << 20
MAX_LIST: Final = 64 * codec.MIB


class BackupList(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", tag="ecab.backup/1"):
    """What a backup holds; names below its folder with the hashes of their bytes."""

    made: Moment
    head: LogPosition
    files: dict[str, Hash]


class BackupReport(Struct, frozen=True):
    """What was backed up or restored."""

    made: Moment
    index: int
    statements: int
    blobs: int


def make(data: Path, out: Path, *, now: Millis) -> BackupReport:
    """Back up the service in ``data`` into the new folder ``out``; the service may go on running.

    Raises:
        BadInput: There is no SQLite database in ``data``, or ``out`` exists.
        EnvironmentFault: It cannot be read or written.
        ContentMismatch, StoreDamaged: What would be backed up is not sound; nothing is left in ``out``.
    """
    database = data / config.DATABASE_FILE
    if not database.exists():
        raise BadInput("--data: no database; with PostgreSQL use pg_dump and copy blobs and receipt.key")
    try:
        out.mkdir(mode=0o700)
    except FileExistsError as error:
        raise BadInput("the backup's folder exists already") from error
    except OSError as error:
        raise EnvironmentFault(f"backup: {error.strerror}") from error
    try:
        with (
            closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(out / config.DATABASE_FILE)) as target,
        ):
            source.backup(target)
        shutil.copyfile(data / config.KEY_FILE, out / config.KEY_FILE)
        (out / config.KEY_FILE).chmod(0o600)
        for name in _blobs(out):
            _copy_blob(data, out, name)
        files = {str(path.relative_to(out)): _digest(path) for path in sorted(out.rglob("*")) if path.is_file()}
        head, counted = _judge(out)
        moment = Moment(to_rfc3339(now))
        durable.write_through(out / LIST, codec.encode(BackupList(moment, head, files)))
    except OSError as error:
        shutil.rmtree(out, ignore_errors=True)
        raise EnvironmentFault(f"backup: {error.strerror}") from error
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
    return BackupReport(moment, head.index, counted, len(_blobs(out)))


def check(folder: Path) -> BackupReport:
    """Rule 2.

    Raises:
        BadInput: Not a whole backup.
        ContentMismatch, Untrusted, StoreDamaged: Something in it is not what it was.
    """
    try:
        data = (folder / LIST).read_bytes()
    except OSError as error:
        raise BadInput(f"no whole backup: {LIST}: {error.strerror}") from error
    kept = codec.decode(data, BackupList, limit=MAX_LIST)
    for name, digest in kept.files.items():
        path = folder / name
        if ".." in Path(name).parts or not path.is_file() or _digest(path) != digest:
            raise ContentMismatch(f"backup: {name}")
    head, counted = _judge(folder)
    if head != kept.head:
        raise ContentMismatch(f"backup: chain ends at {head.index}, listed {kept.head.index}")
    return BackupReport(kept.made, head.index, counted, len(_blobs(folder)))


def restore(folder: Path, data: Path) -> BackupReport:
    """Put a backup into an empty data folder.

    Raises:
        BadInput: ``data`` has a database already, or ``folder`` is no whole backup.
        ContentMismatch, Untrusted, StoreDamaged: The backup is not sound; nothing was written.
    """
    if (data / config.DATABASE_FILE).exists():
        raise BadInput("--data: has a database already")
    report = check(folder)
    listed = codec.decode((folder / LIST).read_bytes(), BackupList, limit=MAX_LIST)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The database last: a restore that was cut short has none, and can simply be made again.
        for name in sorted(listed.files, key=lambda name: name == config.DATABASE_FILE):
            target = data / name
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = durable.left_over(target)
            shutil.copyfile(folder / name, aside)
            aside.chmod(0o600)
            aside.replace(target)
    except OSError as error:
        raise EnvironmentFault(f"restore: {error.strerror}") from error
    return report


def _judge(folder: Path) -> tuple[LogPosition, int]:
    """The chain's end and the number of statements; every receipt verifies and lies on the chain."""
    key = config.load_receipt_key(folder)
    database = Database(config.sqlite_url(folder), connections=1)
    try:
        with database.read() as conn:
            head = log.verify(conn)
            places = log.heads_by_place(conn)
            counted = 0
            for stored in statements.every(conn):
                opened = dsse.open_(stored.receipt, {config.RECEIPT_ID: key.public}, limit=2 * codec.MAX_RECEIPT)
                receipt: AnyReceipt = codec.decode(opened.payload, AnyReceipt, limit=codec.MAX_RECEIPT)  # type: ignore[arg-type]
                if places.get(receipt.log.index) != receipt.log.head:
                    raise ContentMismatch(f"a receipt at {receipt.log.index} is not on the chain")
                counted += 1
    finally:
        database.close()
        for suffix in ("-wal", "-shm"):
            (folder / f"{config.DATABASE_FILE}{suffix}").unlink(missing_ok=True)
    return head, counted


def _blobs(folder: Path) -> tuple[Hash, ...]:
    with closing(sqlite3.connect(f"{(folder / config.DATABASE_FILE).absolute().as_uri()}?mode=ro", uri=True)) as conn:
        return tuple(Hash(name) for (name,) in conn.execute("SELECT hash FROM blobs ORDER BY hash"))


def _copy_blob(data: Path, out: Path, name: Hash) -> None:
    source = BlobFolder(data / config.BLOB_FOLDER).path(name)
    target = BlobFolder(out / config.BLOB_FOLDER).path(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if _digest(target) != name:
        raise ContentMismatch(f"blob {hashing.short(name)}")


def _digest(path: Path) -> Hash:
    hasher = hashing.Hasher()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            hasher.update(piece)
    return Hash(hasher.digest())
