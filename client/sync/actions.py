# SPDX-License-Identifier: AGPL-3.0-or-later
"""The closed union of things the engine can do, and the two views the planner decides from.

Every action is small enough to be repeated after a crash: it persists its own result and nothing else. Ids
only; titles, keys and bytes never travel in an action, so a log of actions is safe to keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from client.domain.ballot import PollState
from client.domain.ids import Hash, ItemId, Moment, PackId, PaperId, PollId, SessionId
from client.domain.outbox import OutboxItem
from client.domain.pack import PackRevision


@dataclass(frozen=True, slots=True)
class SuspendOutbox:
    """The directory no longer lists this device as active: everything that waits is kept, suspended."""


@dataclass(frozen=True, slots=True)
class ResumeOutbox:
    """The device is active again: what was suspended waits in the queue once more."""


@dataclass(frozen=True, slots=True)
class SendStatement:
    """Send statement ``n``; acts on one ``subject`` go out in order."""

    n: int
    subject: str


@dataclass(frozen=True, slots=True)
class AskOther:
    """Get the vote of another device that act ``n`` met, so that the member sees both choices."""

    n: int
    subject: str


@dataclass(frozen=True, slots=True)
class NotePack:
    """Record that a revision exists."""

    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class FetchKey:
    """Get the envelope for this device and keep the scope key it holds."""

    pack: PackId
    rev: int
    scope: PackId
    epoch: int


@dataclass(frozen=True, slots=True)
class OpenManifest:
    """Get, open and check the manifest."""

    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class RefreshPoll:
    """Ask where a poll stands."""

    poll: PollId
    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class CheckClosing:
    """Get a closed poll's signed list and look for the own vote in it."""

    poll: PollId


@dataclass(frozen=True, slots=True)
class RecallPapers:
    """Erase from every other revision of the pack what revision ``rev`` says is recalled."""

    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class ExchangeNotes:
    """Take what the member's other devices wrote and tell them what was written here."""


@dataclass(frozen=True, slots=True)
class ExchangeShared:
    """Take what others shared with the member and tell what the member shares."""


@dataclass(frozen=True, slots=True)
class FetchBulletins:
    """Take answers to comments and later deadlines."""


@dataclass(frozen=True, slots=True)
class CheckCertified:
    """Get the certified result of a closed poll."""

    poll: PollId


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """Ask where a live session stands."""

    session: SessionId
    pack: PackId


@dataclass(frozen=True, slots=True)
class FetchConclusion:
    """Get and open an item's conclusion."""

    session: SessionId
    pack: PackId
    item: ItemId
    blob: Hash


@dataclass(frozen=True, slots=True)
class FollowAudit:
    """Check that the service's audit chain extends the head seen last."""


@dataclass(frozen=True, slots=True)
class FetchPaper:
    """Get one paper's sealed bytes, from where the last attempt stopped."""

    pack: PackId
    rev: int
    paper: PaperId
    blob: Hash


@dataclass(frozen=True, slots=True)
class ReadyPack:
    """All papers are here: the revision becomes what the member reads."""

    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class RefetchPack:
    """A ready revision lost bytes (``papers.db`` was damaged): fetch them again."""

    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class RetirePack:
    """An unfinished revision that a newer one overtook."""

    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class ExpirePack:
    """The reading time of a revision is over."""

    pack: PackId
    rev: int


@dataclass(frozen=True, slots=True)
class ShredPack:
    """Remove the bytes and keys of an expired revision."""

    pack: PackId
    rev: int


Action = (
    SuspendOutbox
    | ResumeOutbox
    | SendStatement
    | AskOther
    | NotePack
    | FetchKey
    | OpenManifest
    | RefreshPoll
    | CheckClosing
    | RecallPapers
    | ExchangeNotes
    | ExchangeShared
    | FetchBulletins
    | CheckCertified
    | RefreshSession
    | FetchConclusion
    | FollowAudit
    | FetchPaper
    | ReadyPack
    | RefetchPack
    | RetirePack
    | ExpirePack
    | ShredPack
)


NEWS: Final = (RefreshSession, RefreshPoll, FetchBulletins)
"""What is asked again within one look when the room has news."""


def phase(action: Action) -> int:
    """Which stretch of a look an action belongs to; between two stretches the plan is made anew."""
    return _PHASES[type(action)]


_PHASES: Final[dict[type, int]] = {
    SuspendOutbox: 0,
    ResumeOutbox: 0,
    SendStatement: 1,
    AskOther: 1,
    NotePack: 2,
    FetchKey: 3,
    OpenManifest: 4,
    RecallPapers: 5,
    RefreshSession: 6,
    RefreshPoll: 6,
    CheckClosing: 7,
    CheckCertified: 7,
    FetchConclusion: 7,
    FetchBulletins: 7,
    ExchangeNotes: 8,
    ExchangeShared: 8,
    FetchPaper: 9,
    ReadyPack: 9,
    RefetchPack: 9,
    RetirePack: 10,
    ExpirePack: 10,
    ShredPack: 10,
    FollowAudit: 11,
}


@dataclass(frozen=True, slots=True)
class RemotePack:
    """A pack revision as the signed index lists it."""

    pack: PackId
    rev: int
    scope: PackId
    epoch: int


@dataclass(frozen=True, slots=True)
class Remote:
    """What the service's signed index says now."""

    packs: tuple[RemotePack, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownPoll:
    """A poll named by an opened manifest; ``state`` is None until its definition was checked.

    Attributes:
        uncertified: Its result is judged, and what the service certifies may still come.
    """

    poll: PollId
    pack: PackId
    rev: int
    state: PollState | None = None
    uncertified: bool = False


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session of an opened manifest, as far as it is known to run.

    Attributes:
        over: Its signed state says that it is closed.
        conclusions: Items concluded and the blobs that hold the words.
    """

    session: SessionId
    pack: PackId
    over: bool = False
    conclusions: tuple[tuple[ItemId, Hash], ...] = ()


@dataclass(frozen=True, slots=True)
class Local:
    """What this device holds.

    Attributes:
        active: The directory lists this device as active.
        packs: Every revision known here.
        keys: Scope and epoch of each key held.
        present: Blobs whose bytes are here and were checked.
        polls: Polls that opened manifests name.
        sessions: Sessions that opened manifests describe.
        concluded: Blobs of conclusions that are here.
        outbox: Every act, whatever its state.
        now: The estimate of present time.
        sure: ``now`` rests on a signed time, so that what it ends has ended.
        published: There is an opened pack that a bulletin could be about.
        audit_due: The audit chain was not looked at for a while.
        held: Packs that the member does not want fetched now.
        first: The pack, and the paper in it, that the member opened last.
        shared: Notes are exchanged: the member has another device, or this one told something before.
        others: There is somebody else with whom things may be shared.
    """

    now: Moment
    active: bool = True
    packs: tuple[PackRevision, ...] = ()
    keys: frozenset[tuple[PackId, int]] = frozenset()
    present: frozenset[Hash] = frozenset()
    polls: tuple[KnownPoll, ...] = ()
    sessions: tuple[KnownSession, ...] = ()
    concluded: frozenset[Hash] = frozenset()
    outbox: tuple[OutboxItem, ...] = ()
    sure: bool = True
    shared: bool = False
    published: bool = False
    audit_due: bool = False
    held: frozenset[PackId] = frozenset()
    first: tuple[PackId, PaperId | None] | None = None
    others: bool = False
