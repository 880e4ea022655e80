# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the engine tells: one status and a closed union of events, frozen, for any thread.

Events carry ids and errors of ours, never titles, names or bytes. They are hints to look at the store again;
a screen that misses one is late, not wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from client.domain.ids import Moment, PackId, PaperId
from client.domain.lease import NO_LEASE, Lease
from client.domain.outbox import Standing
from client.errors import EcabinetError


class Connectivity(Enum):
    """What the last look found."""

    NEVER = "never"
    """No complete synchronisation since the device was enrolled."""
    OFFLINE = "offline"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class PackProgress:
    """Sealed bytes fetched of those a revision needs, and of the paper in hand."""

    pack: PackId
    done: int
    total: int
    paper: PaperId | None = None
    paper_done: int = 0
    paper_total: int = 0


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Where synchronisation stands.

    Attributes:
        online: What the last look found.
        last_sync: Estimated time of the last complete synchronisation, also from earlier runs.
        pending: Acts that wait to be sent.
        next_try_s: Seconds until the next look; None while one runs or when none is planned.
        error: Why the last look was not complete, if it was not.
        progress: Packs being fetched.
        active: The directory lists this device as active.
        suspended: The signed directory, not merely an answer, says that this device may not act.
        wipe: The registrar asked this device to destroy its keys and data.
        lease: How long the device stays open without the service.
        working: A look is going on.
    """

    online: Connectivity = Connectivity.NEVER
    last_sync: Moment | None = None
    pending: int = 0
    next_try_s: float | None = None
    error: EcabinetError | None = None
    progress: tuple[PackProgress, ...] = ()
    active: bool = True
    suspended: bool = False
    wipe: bool = False
    lease: Lease = NO_LEASE
    working: bool = False


@dataclass(frozen=True, slots=True)
class SyncStarted:
    """A look began."""


@dataclass(frozen=True, slots=True)
class SyncFinished:
    """A look ended; ``status.error`` says how."""

    status: SyncStatus


@dataclass(frozen=True, slots=True)
class PackReady:
    """A revision became what the member reads."""

    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class ReceiptArrived:
    """Statement ``n`` was answered for good; ``standing`` is the sentence that is true now."""

    n: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Problem:
    """Something did not work or did not verify; ``subject`` is the id it concerns, if any."""

    error: EcabinetError
    subject: str = ""


EngineEvent = SyncStarted | SyncFinished | PackProgress | PackReady | ReceiptArrived | Problem
