# SPDX-License-Identifier: AGPL-3.0-or-later
"""The invariants of the fault lab, judged from what the member was shown and what tablet and service hold.

A breach is one line that begins with its letter:

- **L** an act shown as saved is in the outbox or at the service; one shown as counted is at the service, stands or was
  replaced by one that does, and its receipt is here and verifies; one shown as taken back is not at the service; a
  note shown as kept is kept.
- **D** at most one counted vote per member and poll; counted votes form one chain; totals are the heads, counted anew.
- **C** the stored and the sent payload have the hash that was shown, and hold the answers that are shown.
- **S** what is missing is reported by recovery, and nothing else is; copy and anchor witness every act shown as saved.
- **U** unlocking takes at most five seconds and every paper shown as readable opens with its hash.
- **R** (only when settled) every act shown as saved has its one receipt.

The service's database is read as a stranger would, with the standard library, so that a fault planted in the
product's own reading cannot hide itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from client.crypto import dsse
from client.domain.ballot import Answer
from client.domain.ids import PollId
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState
from client.errors import EcabinetError
from client.keys.anchor import FreshnessAnchor
from client.store import annotations as marks
from client.store import outbox, packs, papers
from client.store.connection import Connection
from client.store.gate import Gate
from server.config import DATABASE_FILE
from server.secretariat.results import PollResult
from tests.helpers.member import Member

UNLOCK_S = 5.0
_ANSWERED = frozenset({OutboxState.RECEIPTED, OutboxState.LATE})
_COUNTED = frozenset({"counted", "replaced", "recorded"})


class Diary:
    """What one member was shown.

    Attributes:
        acts: Number to statement hash (empty while only the number was shown) of acts shown as saved.
        counted: Numbers shown as counted or recorded.
        notes: Annotations shown as kept.
        papers: Papers shown as readable.
        disagreed: Numbers of which two hashes were shown.
        taken_back: Statements shown as not saved or withdrawn.
    """

    def __init__(self) -> None:
        self.acts: dict[int, str] = {}
        self.counted: set[int] = set()
        self.notes: dict[str, set[str]] = defaultdict(set)
        self.papers: set[tuple[str, str]] = set()
        self.disagreed: set[int] = set()
        self.taken_back: dict[int, str] = {}

    def told(self, n: int) -> None:
        """An acting command answered: "saved on this device"."""
        self.acts.setdefault(n, "")

    def drew(self, paper: str, note: str) -> None:
        """A stroke was kept."""
        self.notes[paper].add(note)

    def rubbed_out(self, note: str) -> None:
        """Somebody deleted it on purpose."""
        for kept in self.notes.values():
            kept.discard(note)

    def saw(self, status: Mapping[str, Any]) -> None:
        """A whole screen, as ``Member.status`` gives it."""
        for item in status["outbox"]:
            n, statement = item["n"], item["statement"]
            if item["says"] in {"not_saved", "withdrawn"}:
                self.taken_back[n] = statement
                continue
            if self.acts.get(n, "") not in {"", statement}:
                self.disagreed.add(n)
            self.acts[n] = statement
            if item["says"] in _COUNTED:
                self.counted.add(n)
        for pack in status["packs"]:
            if pack["state"] == "ready":
                self.papers |= {(pack["pack"], paper) for paper in pack["papers"]}


@dataclass(frozen=True)
class Kept:
    """One act in the tablet's outbox."""

    item: OutboxItem
    payload: bytes
    receipt: bytes | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class DeviceEvidence:
    """What the tablet holds."""

    acts: dict[int, Kept]
    copies: frozenset[int]
    anchor: tuple[int, str] | None
    recovery: Mapping[str, Any]
    unlock_s: float
    notes: dict[str, frozenset[str]]
    unreadable: dict[tuple[str, str], str]


@dataclass(frozen=True)
class Stored:
    """One statement at the service."""

    hash: str
    kind: str
    member: str
    device: str
    n: int
    subject: str
    status: str
    position: int
    payload: bytes
    receipt: bytes

    @property
    def receipt_text(self) -> str:
        """The receipt as an answer carries it."""
        return base64.b64encode(self.receipt).decode()

    @property
    def fields(self) -> dict[str, Any]:
        """What was signed."""
        found: dict[str, Any] = json.loads(self.payload)
        return found


@dataclass(frozen=True)
class ServiceEvidence:
    """What the service holds."""

    statements: dict[str, Stored]
    heads: dict[tuple[str, str], str]
    rows: int = field(default=0)

    def count_breaches(self, result: PollResult) -> list[str]:
        """Compare a published result with a count of our own."""
        mine = [self.statements[head] for (poll, _), head in self.heads.items() if poll == result.poll]
        found = [] if result.counted == len(mine) else [f"D result counts {result.counted}, {len(mine)} votes stand"]
        for question in result.questions:
            given = (a["choice"] for vote in mine for a in vote.fields["answers"] if a["q"] == question.q)
            if Counter(given) != Counter({choice: n for choice, n in question.counts.items() if n}):
                found.append(f"D totals of {question.q} are not the votes that stand")
        return found


# -- gathering --------------------------------------------------------------------------------------------------------


def payload_of(envelope: bytes) -> bytes:
    """The signed bytes inside a DSSE envelope, unverified."""
    return base64.b64decode(json.loads(envelope)["payload"])


def hash_of(payload: bytes) -> str:
    """As the protocol names a payload."""
    return f"sha256:{hashlib.sha256(payload).hexdigest()}"


def service_evidence(folder: Path) -> ServiceEvidence:
    """Read a service's database, running or not."""
    columns = "hash, kind, member, device, n, subject, status, position, envelope, receipt"
    with closing(sqlite3.connect(f"file:{folder / DATABASE_FILE}?mode=ro", uri=True)) as conn:
        rows = conn.execute(f"SELECT {columns} FROM statements ORDER BY position").fetchall()
        heads = conn.execute("SELECT poll, member, statement FROM heads").fetchall()
    stored = [
        Stored(
            hash=row[0],
            kind=row[1],
            member=row[2],
            device=row[3],
            n=row[4],
            subject=row[5],
            status=row[6],
            position=row[7],
            payload=payload_of(row[8]),
            receipt=row[9],
        )
        for row in rows
    ]
    return ServiceEvidence(
        {each.hash: each for each in stored}, {(poll, member): head for poll, member, head in heads}, len(rows)
    )


def device_evidence(member: Member, *, recovery: Mapping[str, Any], unlock_s: float) -> DeviceEvidence:
    """Read an unlocked tablet."""
    core = member.core
    return evidence_of(
        core.record,
        core.papers,
        copies=member.paths.sealed_copies,
        anchor=FreshnessAnchor(member.around.keystore, core.profile.device).read(),
        recovery=recovery,
        unlock_s=unlock_s,
    )


def evidence_of(
    record: Gate,
    papers_gate: Gate,
    *,
    copies: Path,
    anchor: tuple[int, str] | None,
    recovery: Mapping[str, Any],
    unlock_s: float,
) -> DeviceEvidence:
    """Read open stores."""
    acts = {item.n: record.read(partial(_kept, item=item)).result() for item in record.read(outbox.items).result()}
    notes: dict[str, set[str]] = defaultdict(set)
    for note in record.read(marks.all_live).result():
        notes[note.paper].add(note.id)
    return DeviceEvidence(
        acts=acts,
        copies=frozenset(int(path.name) for path in copies.glob("*") if path.name.isdigit()),
        anchor=None if anchor is None else (anchor[0], anchor[1]),
        recovery=recovery,
        unlock_s=unlock_s,
        notes={paper: frozenset(ids) for paper, ids in notes.items()},
        unreadable=_unreadable(record, papers_gate),
    )


def _kept(conn: Connection, item: OutboxItem) -> Kept:
    votes = outbox.of_poll(conn, PollId(item.subject))
    answers = next((given for vote, given in votes if vote.n == item.n), ())
    return Kept(item, payload_of(outbox.envelope(conn, item.n)), outbox.receipt(conn, item.n), answers)


def _unreadable(record: Gate, papers_gate: Gate) -> dict[tuple[str, str], str]:
    """Papers of each pack's readable revision that do not open; of a pack without one, all."""
    found: dict[tuple[str, str], str] = {}
    for listed in {revision.pack for revision in record.read(packs.all_revisions).result()}:
        revision = record.read(partial(packs.readable, pack=listed)).result()
        if revision is None:
            found[listed, ""] = "no readable revision"
            continue
        for paper in revision.papers:
            blob, plain = paper.blob, paper.plain
            if blob is None or plain is None:
                continue
            try:
                papers_gate.read(partial(papers.read, blob=blob, plain=plain)).result()
            except EcabinetError as error:
                found[listed, paper.id] = error.code
    return found


# -- judging ----------------------------------------------------------------------------------------------------------


def breaches(
    diary: Diary,
    device: DeviceEvidence,
    service: ServiceEvidence,
    *,
    services: Mapping[str, str],
    settled: bool = False,
) -> list[str]:
    """Every invariant that does not hold; ``services`` are the receipt keys the directory lists."""
    return [
        *_lost(diary, device, service, services),
        *_doubled(service),
        *_two_stand(device),
        *_changed(diary, device, service),
        *_unseen(diary, device),
        *_locked_out(diary, device),
        *(_open_ends(diary, device) if settled else ()),
    ]


def _lost(diary: Diary, device: DeviceEvidence, service: ServiceEvidence, services: Mapping[str, str]) -> Iterator[str]:
    for n, statement in sorted(diary.acts.items()):
        if n not in device.acts and statement not in service.statements:
            yield f"L act {n} was shown as saved and is nowhere"
    yield from (
        f"L act {n} was shown as taken back and the service has it"
        for n, statement in sorted(diary.taken_back.items())
        if statement in service.statements
    )
    yield from _not_counted(diary, service)
    for n, kept in device.acts.items():
        if kept.item.state in _ANSWERED:
            yield from _bad_receipt(n, kept, service, services)
    for paper, shown in diary.notes.items():
        for note in sorted(shown - device.notes.get(paper, frozenset())):
            yield f"L note {note} is gone"


def _not_counted(diary: Diary, service: ServiceEvidence) -> Iterator[str]:
    for n in sorted(diary.counted):
        stored = service.statements.get(diary.acts[n])
        if stored is None:
            yield f"L act {n} was shown as counted and the service does not have it"
        elif stored.kind == "vote" and not _stands(stored, service):
            yield f"L vote {n} was shown as counted and neither stands nor was replaced"


def _stands(stored: Stored, service: ServiceEvidence) -> bool:
    """Whether a vote is in the chain that ends in the head."""
    current = service.heads.get((stored.subject, stored.member))
    while current is not None and current != stored.hash:
        current = service.statements[current].fields["replaces"]
    return current == stored.hash


def _bad_receipt(n: int, kept: Kept, service: ServiceEvidence, services: Mapping[str, str]) -> Iterator[str]:
    if kept.receipt is None:
        yield f"L act {n} is {kept.item.state.value} without a receipt"
        return
    try:
        receipt = json.loads(dsse.open_(kept.receipt, services).payload)
    except EcabinetError as error:
        yield f"L the receipt of act {n} does not verify: {error.code}"
        return
    vote = kept.item.kind is OutboxKind.VOTE
    if receipt.get("vote" if vote else "statement") != kept.item.statement:
        yield f"L the receipt of act {n} is another act's"
    elif vote and (receipt["status"] == "late") != (kept.item.state is OutboxState.LATE):
        yield f"L vote {n} is {kept.item.state.value}, its receipt says {receipt['status']}"
    stored = service.statements.get(kept.item.statement)
    if stored is not None and stored.receipt != kept.receipt:
        yield f"D act {n} has two receipts"


def _doubled(service: ServiceEvidence) -> Iterator[str]:
    if service.rows != len(service.statements):
        yield f"D {service.rows} rows for {len(service.statements)} statements"
    numbers = Counter((stored.device, stored.n) for stored in service.statements.values())
    yield from (
        f"D number {n} of {device} is used {times} times" for (device, n), times in numbers.items() if times > 1
    )
    chains: dict[tuple[str, str], str | None] = {}
    for stored in service.statements.values():  # in the order of receipt
        if stored.kind == "vote" and stored.status == "counted":
            place = stored.subject, stored.member
            if stored.fields["replaces"] != chains.get(place):
                yield f"D vote {stored.n} of {stored.device} was counted beside another"
            chains[place] = stored.hash
    if chains != service.heads:
        yield "D the votes that stand are not the ends of the chains of counted votes"


def _two_stand(device: DeviceEvidence) -> Iterator[str]:
    items = [kept.item for kept in device.acts.values() if kept.item.kind is OutboxKind.VOTE]
    shown = Counter(item.subject for item in items if item.state is OutboxState.RECEIPTED and not item.replaced)
    yield from (f"D two votes on {poll} are shown as counted" for poll, votes in shown.items() if votes > 1)


def _changed(diary: Diary, device: DeviceEvidence, service: ServiceEvidence) -> Iterator[str]:
    yield from (f"C two hashes were shown for act {n}" for n in sorted(diary.disagreed))
    for n, kept in device.acts.items():
        if hash_of(kept.payload) != kept.item.statement or diary.acts.get(n, "") not in {"", kept.item.statement}:
            yield f"C the stored act {n} is not the one that was shown"
        if kept.item.kind is OutboxKind.VOTE:
            signed = [(a["q"], a["choice"], a.get("note")) for a in json.loads(kept.payload)["answers"]]
            if signed != [(a.q, a.choice, a.note) for a in kept.answers]:
                yield f"C vote {n} shows other answers than were signed"
    for stored in service.statements.values():
        if hash_of(stored.payload) != stored.hash:
            yield f"C the service keeps number {stored.n} under another hash"


def _unseen(diary: Diary, device: DeviceEvidence) -> Iterator[str]:
    gone = {n for n in diary.acts if n not in device.acts}
    reported = set(device.recovery["missing"])
    if gone - reported:
        yield f"S missing acts {sorted(gone - reported)} were not reported"
    if reported & device.acts.keys() or (device.recovery["altered"] and not gone):
        yield "S recovery raised a false alarm"
    if device.recovery["unreadable"]:
        yield f"S sealed copies {list(device.recovery['unreadable'])} do not open"
    for n, kept in device.acts.items():
        if n in diary.acts and kept.item.state is OutboxState.QUEUED and n not in device.copies:
            yield f"S no sealed copy of act {n}"
    newest = max(diary.acts, default=0)
    if newest and (device.anchor is None or device.anchor[0] < newest):
        yield f"S the anchor is behind act {newest}"
    elif device.anchor is not None:
        kept_there = device.acts.get(device.anchor[0])
        if kept_there is not None and kept_there.item.statement != device.anchor[1]:
            yield f"S the anchor names another act {device.anchor[0]}"


def _locked_out(diary: Diary, device: DeviceEvidence) -> Iterator[str]:
    if device.unlock_s > UNLOCK_S:
        yield f"U unlocking took {device.unlock_s:.1f} s"
    for pack, paper in sorted(diary.papers):
        why = device.unreadable.get((pack, paper)) or device.unreadable.get((pack, ""))
        if why is not None:
            yield f"U paper {paper} does not open: {why}"


def _open_ends(diary: Diary, device: DeviceEvidence) -> Iterator[str]:
    for n in sorted(diary.acts):
        kept = device.acts.get(n)
        if kept is not None and kept.item.state not in _ANSWERED:
            yield f"R act {n} is {kept.item.state.value} ({kept.item.reason or 'no reason'})"
