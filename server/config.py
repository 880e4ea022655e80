# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the service is told at start: where things lie, whom it trusts, how much it accepts.

It decides nothing at run time and reads no environment variable; the command line and the tests build one
``ServiceConfig`` and hand it to ``create_app``.

Rules: the receipt key is a file of mode 0600 beside the data and is made once; the root file is the one the
secretariat exports (``Root`` in its canonical JSON); nothing here is ever logged.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from client.clock import Clock, SystemClock
from client.crypto.random import Random, system_random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.errors import BadInput, EnvironmentFault
from client.protocol import codec
from client.protocol.messages import KeyId, KeyRole, Root
from server.trust import Lives

RECEIPT_ID: KeyId = "receipt-1"
KEY_FILE = "receipt.key"
DATABASE_FILE = "service.db"
BLOB_FOLDER = "blobs"
MAX_KEY_FILE = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the service takes on; sizes of single bodies stand in ``client.protocol.codec``.

    Attributes:
        window_s: How far a request's ``created`` may lie from the service's clock, seconds.
        blob_quota: Most bytes of blobs altogether; None for no limit.
        streams: Most open event streams; ``streams_per_device`` the most of one device.
        ring: Hints kept for ``Last-Event-ID``.
        heartbeat_s: Silence after which a stream sends a comment line.
        tick_s: Longest pause between two looks at the polls' times.
        ticket_s: Longest life of an enrolment ticket, seconds.
        ticket_tries: Failed enrolments of one network address, or with one ticket, before it must wait.
        notes_bytes: Most bytes of notes that one member may keep; ``notes_batches`` the most batches.
        shared_bytes: Most bytes that one member may send to others; ``shared_batches`` the most batches.
        workers: Threads for database and disk.
    """

    window_s: int = 300
    blob_quota: int | None = None
    streams: int = 4000
    streams_per_device: int = 4
    ring: int = 1024
    heartbeat_s: float = 15.0
    tick_s: float = 1.0
    ticket_s: int = 15 * 60
    ticket_tries: int = 5
    notes_bytes: int = 256 * codec.MIB
    notes_batches: int = 100_000
    shared_bytes: int = 128 * codec.MIB
    shared_batches: int = 50_000
    workers: int = 8


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """Everything one service process needs.

    Attributes:
        database_url: SQLAlchemy URL, ``sqlite+pysqlite:///...`` or ``postgresql+psycopg://...``.
        blob_folder: Where sealed papers lie, named by their hash.
        root: Whose signatures count, to begin with.
        lives: How long the service's own TUF signatures count.
        receipt_key: Signs receipts, time, closings, snapshots and timestamps;
            the directory lists its public half under ``receipt_id``.
        public_urls: Origins (``https://host[:port]``) under which clients reach the service; when given, a
            request signed for any other is refused. Empty: the ``Host`` header as received.
    """

    database_url: str
    blob_folder: Path
    root: Root
    receipt_key: SigningKey
    receipt_id: KeyId = RECEIPT_ID
    lives: Lives = field(default_factory=Lives)
    clock: Clock = field(default_factory=SystemClock)
    rng: Random = system_random
    limits: Limits = field(default_factory=Limits)
    public_urls: tuple[str, ...] = ()


def sqlite_url(folder: Path) -> str:
    """The default database of a data folder."""
    return f"sqlite+pysqlite:///{(folder / DATABASE_FILE).resolve()}"


def load_root(path: Path) -> Root:
    """Read the secretariat's exported root.

    Raises:
        BadInput: The file cannot be read.
        FormatRefused: It is not a root.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"root file: {error.strerror}") from error
    return codec.decode(data.strip(), Root, limit=codec.MAX_SMALL)


def prepare_data(folder: Path) -> KeyRole:
    """Make the data folder and the receipt key if they are missing; the key's public half.

    The registrar lists what this returns in the directory, so it is called before there is a root.

    Raises:
        EnvironmentFault: The folder or key file cannot be made or read.
    """
    return KeyRole(id=RECEIPT_ID, sign=load_receipt_key(folder, create=True).public)


def load_receipt_key(folder: Path, *, create: bool = False) -> SigningKey:
    """The receipt key of a data folder.

    Raises:
        EnvironmentFault: Missing (and ``create`` is off), unreadable, or no key.
    """
    path = folder / KEY_FILE
    try:
        if create and not path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_new(path, SigningKey.generate().private_bytes().reveal())
        data = path.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{KEY_FILE}: {error.strerror}") from error
    if len(data) > MAX_KEY_FILE:
        raise EnvironmentFault(f"{KEY_FILE}: {len(data)} bytes")
    return SigningKey.from_private(Secret(data))


def _write_new(path: Path, data: bytes) -> None:
    """Write aside, sync, link into place: two starts at once end with one key, never with half of one."""
    aside = path.with_suffix(f".{os.getpid()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return  # the other start won; its key is the key
    finally:
        aside.unlink()
