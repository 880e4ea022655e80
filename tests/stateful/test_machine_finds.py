# SPDX-License-Identifier: AGPL-3.0-or-later
"""The machine can fail: small faults are planted in client and service, and it writes a history that shows each.

A fault is a few lines that replace one function for the time of a test. Without a fault the same machine with the same
histories finds nothing (``test_histories.py``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase
from hypothesis.stateful import run_state_machine_as_test
from msgspec import structs

from client.domain.ids import Hash
from client.domain.notes import Head, NoteState
from client.domain.outbox import OutboxState
from client.errors import Unreachable
from client.protocol import codec
from client.protocol.http import NoteParcel
from client.store import notes as stored_notes
from client.store import outbox, packs, papers, received
from client.store.changes import NOTHING, ChangeSet
from client.store.sealed_copy import SealedCopies
from client.sync import acts, parcels, receipts, recovery, sending, sharing
from client.sync import live as listening
from client.sync import packs as packing
from client.sync.transport import NotSent, Transport
from server import live, voting
from server.config import DATABASE_FILE
from server.storage import statements
from server.storage.polls import PollRow
from tests.helpers.device import MemoryAnchor
from tests.helpers.inprocess import InProcessService
from tests.helpers.machine import (
    DEVICES,
    NOTES,
    OUTBOX,
    PACKS,
    ROOM,
    SHARING,
    TAKING_BACK,
    TELLING,
    VOTING,
    Theme,
    how,
    machine,
)
from tests.helpers.scene import Scene

EXAMPLES, STEPS = 60, 12
Plant = Callable[[pytest.MonkeyPatch], None]


# -- in the client -----------------------------------------------------------------------------------------------------


def no_sealed_copy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SealedCopies, "write", lambda *_: None)


def anchor_not_written(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MemoryAnchor, "write", lambda *_: None)


def no_recovery(patch: pytest.MonkeyPatch) -> None:
    """After a death nothing is compared, nothing finished."""
    patch.setattr(recovery, "recover", lambda *_, **__: recovery.RecoveryReport())


def tries_not_marked(patch: pytest.MonkeyPatch) -> None:
    """An act that may have left can still be taken back."""

    def unmarked(conn: Any, n: int) -> Any:
        item = outbox.item(conn, n)
        if item.state is not OutboxState.QUEUED:
            return None, ChangeSet()
        return (item, outbox.envelope(conn, n)), ChangeSet()

    patch.setattr(sending, "_claim", unmarked)


def receipt_not_verified(patch: pytest.MonkeyPatch) -> None:
    def gullible(envelope: bytes, item: Any, **_: Any) -> receipts.Accepted:
        return receipts.Accepted(OutboxState.RECEIPTED, item.made)

    patch.setattr(receipts, "accept", gullible)


def silence_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """A lost answer ends the act instead of leaving it queued."""
    honest = sending.send

    def hasty(means: Any, n: int) -> Any:
        try:
            return honest(means, n)
        except NotSent:
            raise
        except Unreachable:
            means.record.write(lambda conn: outbox.mark(conn, n, state=OutboxState.REFUSED)).result()
            raise

    patch.setattr(sending, "send", hasty)


def older_vote_stays_counted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sending, "let_newest_stand", lambda *_: ChangeSet())


def revoked_acts_are_dropped(patch: pytest.MonkeyPatch) -> None:
    def dropped(means: Any) -> None:
        def write(conn: Any) -> Any:
            for item in outbox.pending(conn):
                conn.execute("DELETE FROM outbox WHERE n = ?", (item.n,))
            return None, NOTHING

        means.record.write(write).result()

    patch.setattr(sending, "suspend_all", dropped)


def older_papers_go_first(patch: pytest.MonkeyPatch) -> None:
    """The readable revision loses its papers as soon as a newer one is known."""
    honest = packing.open_pack

    def hasty(means: Any, action: Any) -> None:
        honest(means, action)
        for each in means.record.read(packs.all_revisions).result():
            for paper in each.papers if each.rev < action.rev else ():
                means.papers.write(lambda conn, blob=paper.blob: papers.forget(conn, blob)).result()

    patch.setattr(packing, "open_pack", hasty)


def recall_is_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(packing, "recall", lambda *_: None)


def deletions_do_not_arrive(patch: pytest.MonkeyPatch) -> None:
    """What is here stays as it is, whatever another tablet tells."""
    honest = stored_notes.merged

    def deaf(known: NoteState | None, change: Any) -> NoteState:
        return honest(known, change) if known is None or not known.here else structs.replace(known, told=True)

    patch.setattr(stored_notes, "merged", deaf)


def lost_notes_count_as_sent(patch: pytest.MonkeyPatch) -> None:
    honest = Transport.put

    def careless(self: Transport, path: str, body: bytes) -> bytes:
        try:
            return honest(self, path, body)
        except Unreachable:
            parcel = codec.decode(body, NoteParcel, limit=1 << 22)
            n = int(path.rsplit("/", 1)[1])
            return codec.encode(Head(n, Hash(_payload_hash(parcel.batch))))

    patch.setattr(Transport, "put", careless)


def comment_kept_in_the_clear(patch: pytest.MonkeyPatch) -> None:
    honest = acts.Acts.send_comment

    def leaky(self: acts.Acts, draft: Any) -> Any:
        copies: SealedCopies = self._copies
        found = honest(self, draft)
        found.result()
        (copies._folder / "draft.txt").write_text(draft.text)
        return found

    patch.setattr(acts.Acts, "send_comment", leaky)


# -- in the service ----------------------------------------------------------------------------------------------------


def service_forgets_what_stands(patch: pytest.MonkeyPatch) -> None:
    """A second tablet's vote takes the place of the first one's without naming it."""
    honest = statements.set_head
    patch.setattr(statements, "head", lambda *_: None)

    def overwrite(conn: Any, poll: Any, member: Any, digest: Any, *, replace: bool) -> None:
        query = "SELECT count(*) FROM heads WHERE poll = ? AND member = ?"
        known = conn.exec_driver_sql(query, (poll, member)).scalar()
        honest(conn, poll, member, digest, replace=bool(known))

    patch.setattr(statements, "set_head", overwrite)


def repeated_votes_are_new(patch: pytest.MonkeyPatch) -> None:
    """The service does not know a statement again."""
    patch.setattr(statements, "find", lambda *_: None)


def late_votes_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PollRow, "ended", property(lambda _: False))


def closing_forgets_one(patch: pytest.MonkeyPatch) -> None:
    honest = statements.counted
    patch.setattr(statements, "counted", lambda conn, poll: honest(conn, poll)[1:])


def a_death_takes_the_last_commit(patch: pytest.MonkeyPatch) -> None:
    """The answer leaves before the disk has it."""
    honest = InProcessService.die

    def forgetful(self: InProcessService) -> None:
        with closing(sqlite3.connect(self._folder / DATABASE_FILE)) as conn, conn:
            conn.execute("PRAGMA foreign_keys=OFF")
            last = conn.execute("SELECT hash FROM statements ORDER BY position DESC LIMIT 1").fetchone()
            if last is not None:
                conn.execute("DELETE FROM heads WHERE statement = ?", last)
                conn.execute("DELETE FROM statements WHERE hash = ?", last)
        honest(self)

    patch.setattr(InProcessService, "die", forgetful)


def receipts_are_made_anew(patch: pytest.MonkeyPatch) -> None:
    """Asked again, the service signs another receipt."""

    def anew(known: Any, device: Any) -> Any:
        raise voting.Refusal(voting.Problem.NOT_FOUND)

    patch.setattr(voting, "_again", anew)


def shared_with_everybody(patch: pytest.MonkeyPatch) -> None:
    """What is meant for one is sealed to every device there is."""
    honest = sharing._tell

    def tell(means: Any, kind: Any, reader: Any, _devices: Any) -> None:
        honest(means, kind, reader, parcels.active_devices(means))

    patch.setattr(sharing, "_tell", tell)


def withdrawn_shares_stay(patch: pytest.MonkeyPatch) -> None:
    """The reader's device keeps what it has, whatever its author takes back."""
    honest = received.apply

    def apply(conn: Any, author: Any, changes: Any, *, at: Any) -> Any:
        return honest(conn, author, [each for each in changes if each.marks % 2 == 0], at=at)

    patch.setattr(received, "apply", apply)


def acts_in_the_room_are_not_hinted(patch: pytest.MonkeyPatch) -> None:
    """Who asked to speak is in the room's state, and nobody is told to look at it."""
    honest = live.hear

    def hear(tx: Any, *given: Any) -> Any:
        heard = honest(tx, *given)
        tx.hints[:] = [hint for hint in tx.hints if hint.kind != "session"]
        return heard

    patch.setattr(live, "hear", hear)


def the_line_goes_on_as_if_nothing_was_missed(patch: pytest.MonkeyPatch) -> None:
    """After a lost line the next one begins with what comes then."""
    honest = listening.Live._listen

    def listen(self: Any) -> None:
        if self._failures:
            self._last_id, self._failures = "", 0
        honest(self)

    patch.setattr(listening.Live, "_listen", listen)


def _payload_hash(envelope: bytes) -> str:
    from tests.helpers.invariants import hash_of, payload_of

    return hash_of(payload_of(envelope))


@dataclass(frozen=True)
class Planted:
    """A fault, the histories that meet it, how its report begins."""

    plant: Plant
    theme: Theme
    report: str | tuple[str, ...]


PLANTED = (
    Planted(no_sealed_copy, OUTBOX, "S no sealed copy"),
    Planted(anchor_not_written, OUTBOX, "S the anchor is behind"),
    Planted(no_recovery, OUTBOX, "S "),
    Planted(tries_not_marked, TAKING_BACK, "L act "),
    Planted(receipt_not_verified, VOTING, "L "),
    Planted(silence_is_a_refusal, OUTBOX, "R "),
    Planted(older_vote_stays_counted, VOTING, "D two votes"),
    Planted(revoked_acts_are_dropped, DEVICES, "L act"),
    Planted(older_papers_go_first, PACKS, "U paper"),
    Planted(recall_is_ignored, PACKS, "N "),
    Planted(deletions_do_not_arrive, NOTES, "L "),
    Planted(lost_notes_count_as_sent, TELLING, "L "),
    Planted(comment_kept_in_the_clear, OUTBOX, "N a comment lies open"),
    Planted(service_forgets_what_stands, VOTING, "D vote"),
    Planted(repeated_votes_are_new, OUTBOX, "R "),
    Planted(late_votes_count, VOTING, "D "),
    Planted(closing_forgets_one, VOTING, "D "),
    Planted(a_death_takes_the_last_commit, VOTING, ("L ", "D ")),
    Planted(receipts_are_made_anew, OUTBOX, "R "),
    Planted(shared_with_everybody, SHARING, "N batch "),
    Planted(withdrawn_shares_stay, SHARING, "N note "),
    Planted(acts_in_the_room_are_not_hinted, ROOM, "L d_"),
    Planted(the_line_goes_on_as_if_nothing_was_missed, ROOM, "L d_"),
)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.plant.__name__)
def test_the_machine_finds(
    scene: Scene, room_scene: Scene, stage_folder: Path, monkeypatch: pytest.MonkeyPatch, planted: Planted
) -> None:
    where = room_scene if planted.theme.room else scene
    planted.plant(monkeypatch)
    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(
            machine(where, stage_folder, planted.theme), settings=how(EXAMPLES, STEPS, phases=(Phase.generate,))
        )
    monkeypatch.undo()
    assert str(found.value).startswith(planted.report), str(found.value)[:600]
