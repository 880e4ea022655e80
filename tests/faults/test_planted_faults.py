# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lab can fail: faults are planted in the product and each is reported by the invariant it breaks.

Every scenario is also played without the fault and must then be clean; otherwise a report would prove nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from client.core import Core
from client.crypto.hashing import sha256
from client.domain.ballot import Answer
from client.domain.ids import ChoiceCode, Hash, PackId, PollId, QuestionId
from client.domain.outbox import OutboxState
from client.keys.anchor import FreshnessAnchor
from client.store import annotations as marks
from client.store import outbox, packs, papers, polls
from client.store.changes import ChangeSet
from client.store.sealed_copy import SealedCopies
from client.sync import acts, receipts, recovery, sending
from client.sync.transport import Transport
from server.storage import statements
from tests.helpers.invariants import UNLOCK_S, Diary, breaches, device_evidence, service_evidence
from tests.helpers.lab import Lab, Trial
from tests.helpers.weather import Line

POST = ("POST", "/statements")
Plant = Callable[[pytest.MonkeyPatch], None]
Scenario = Callable[[Trial], list[str]]


# -- scenarios -------------------------------------------------------------------------------------------------------


def a_vote_saved(trial: Trial) -> list[str]:
    tablet = trial.member()
    trial.vote(tablet)
    return trial.breaches(tablet)


def a_vote_sent(trial: Trial) -> list[str]:
    tablet = trial.member()
    trial.vote(tablet)
    tablet.sync()
    trial.says(tablet)
    return trial.breaches(tablet, settled=True)


def a_record_rolled_back(trial: Trial) -> list[str]:
    """The record of yesterday is put back over a vote of today."""
    record = trial.tablet_folder / "profile" / "record.db"
    yesterday = trial.folder / "yesterday.db"
    shutil.copy(record, yesterday)
    tablet = trial.member()
    trial.vote(tablet)
    tablet.close()
    shutil.copy(yesterday, record)
    return trial.breaches(trial.member())


def a_forged_receipt(trial: Trial) -> list[str]:
    """Somebody else answers in the service's place, with the receipt of an earlier comment."""
    tablet = trial.member()
    trial.diary.told(tablet.comment(trial.lab.paper, "Ý kiến (dữ liệu giả định)"))
    tablet.sync()
    receipt = trial.weather.asked(*POST)[0].answers[0]

    def forged(line: Line) -> None:
        line.deliver(receipt)

    trial.vote(tablet)
    trial.weather.lay(*POST, forged)
    tablet.sync()
    trial.says(tablet)
    return trial.breaches(tablet)


def a_stroke(trial: Trial) -> list[str]:
    tablet = trial.member()
    trial.diary.drew(trial.lab.paper, tablet.annotate(trial.lab.paper))
    return trial.breaches(tablet)


def two_votes_and_a_count(trial: Trial) -> list[str]:
    tablet = trial.member()
    for choice in ("yes", "no"):
        trial.vote(tablet, choice)
        tablet.sync()
        trial.says(tablet)
    return trial.closing_breaches(tablet)


def a_vote_beside_another(trial: Trial) -> list[str]:
    """A second vote that names no first one; the service ought to refuse it."""
    tablet = trial.member()
    trial.vote(tablet)
    tablet.sync()
    poll = tablet.core.record.read(lambda conn: polls.get(conn, PollId(trial.lab.poll))).result()
    assert poll is not None
    tablet.core.acts.cast_vote(poll, (Answer(QuestionId("q1"), ChoiceCode("yes")),)).result()
    tablet.sync()
    trial.says(tablet)
    return trial.breaches(tablet)


# -- faults ----------------------------------------------------------------------------------------------------------


def no_sealed_copy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SealedCopies, "write", lambda *_: None)


def anchor_not_written(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(FreshnessAnchor, "write", lambda *_: None)


def neither_copy_nor_report(patch: pytest.MonkeyPatch) -> None:
    no_sealed_copy(patch)
    honest = recovery.recover

    def silent(*given: Any, **named: Any) -> Any:
        found = honest(*given, **named)
        return recovery.RecoveryReport(restored=found.restored, discarded=found.discarded, finished=found.finished)

    patch.setattr(recovery, "recover", silent)


def receipt_not_verified(patch: pytest.MonkeyPatch) -> None:
    def gullible(envelope: bytes, item: Any, **_: Any) -> receipts.Accepted:
        return receipts.Accepted(OutboxState.RECEIPTED, item.made)

    patch.setattr(receipts, "accept", gullible)


def counted_before_the_receipt_is_stored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outbox, "_check_arrow", lambda *_, **__: None)

    def hasty(means: Any, item: Any, receipt: bytes) -> None:
        means.record.write(lambda conn: outbox.mark(conn, item.n, state=OutboxState.RECEIPTED)).result()

    patch.setattr(sending, "receipted", hasty)


def random_idempotency_key(patch: pytest.MonkeyPatch) -> None:
    honest = Transport.post_statement
    patch.setattr(
        Transport, "post_statement", lambda self, envelope, key: honest(self, envelope, Hash(sha256(os.urandom(8))))
    )


def other_answers_shown(patch: pytest.MonkeyPatch) -> None:
    honest = outbox.encode_answers
    patch.setattr(
        outbox,
        "encode_answers",
        lambda given: honest([structs.replace(each, choice=ChoiceCode("no")) for each in given]),
    )


def another_act_kept(patch: pytest.MonkeyPatch) -> None:
    """The database takes other bytes than were signed, and reading back looks away."""
    honest = outbox.queue

    def careless(conn: Any, item: Any, envelope: bytes, body: bytes) -> Any:
        return honest(conn, structs.replace(item, statement=Hash(sha256(b"another"))), envelope, body)

    def looks_away(self: Any, conn: Any, item: Any, envelope: bytes, keep: Any) -> ChangeSet:
        with conn.transaction():
            changes: ChangeSet = keep(conn, item, envelope)
        return changes

    patch.setattr(outbox, "queue", careless)
    patch.setattr(acts.Acts, "_commit", looks_away)


def strokes_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(marks, "add", lambda *_: (None, ChangeSet()))


def closing_counts_everything(patch: pytest.MonkeyPatch) -> None:
    honest = statements.counted

    def doubled(conn: Any, poll: PollId) -> Any:
        return honest(conn, poll) * 2

    patch.setattr(statements, "counted", doubled)


def service_forgets_what_stands(patch: pytest.MonkeyPatch) -> None:
    honest = statements.set_head
    patch.setattr(statements, "head", lambda *_: None)

    def overwrite(conn: Any, poll: Any, member: Any, digest: Any, *, replace: bool) -> None:
        known = conn.exec_driver_sql("SELECT count(*) FROM heads").scalar()
        honest(conn, poll, member, digest, replace=bool(known))

    patch.setattr(statements, "set_head", overwrite)


@dataclass(frozen=True)
class Planted:
    """A fault, the scenario that meets it, the beginning of the report."""

    plant: Plant
    scenario: Scenario
    report: str


PLANTED = (
    Planted(no_sealed_copy, a_vote_saved, "S no sealed copy of act 1"),
    Planted(no_sealed_copy, a_record_rolled_back, "L act 1 was shown as saved and is nowhere"),
    Planted(neither_copy_nor_report, a_record_rolled_back, "S missing acts [1] were not reported"),
    Planted(anchor_not_written, a_vote_saved, "S the anchor is behind act 1"),
    Planted(receipt_not_verified, a_forged_receipt, "L act 2 was shown as counted and the service does not have it"),
    Planted(receipt_not_verified, a_forged_receipt, "L the receipt of act 2 is another act's"),
    Planted(counted_before_the_receipt_is_stored, a_vote_sent, "L act 1 is receipted without a receipt"),
    Planted(random_idempotency_key, a_vote_sent, "R act 1 is refused (hash-mismatch)"),
    Planted(other_answers_shown, a_vote_saved, "C vote 1 shows other answers than were signed"),
    Planted(another_act_kept, a_vote_saved, "C the stored act 1 is not the one that was shown"),
    Planted(strokes_forgotten, a_stroke, "L note "),
    Planted(closing_counts_everything, two_votes_and_a_count, "D the published result does not verify"),
    Planted(service_forgets_what_stands, a_vote_beside_another, "D vote 2 of "),
)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: f"{p.plant.__name__}-{p.scenario.__name__}")
def test_a_planted_fault_is_reported(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: Planted
) -> None:
    with lab.trial(tmp_path) as trial:
        planted.plant(monkeypatch)
        found = planted.scenario(trial)
        monkeypatch.undo()
    assert any(line.startswith(planted.report) for line in found), found


@pytest.mark.parametrize("scenario", dict.fromkeys(p.scenario for p in PLANTED), ids=lambda s: s.__name__)
def test_without_a_fault_nothing_is_reported(lab: Lab, tmp_path: Path, scenario: Scenario) -> None:
    with lab.trial(tmp_path) as trial:
        assert scenario(trial) == []


def test_papers_that_do_not_open_and_a_slow_unlock_are_reported(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.says(tablet)
        revision = tablet.core.record.read(lambda conn: packs.readable(conn, PackId(lab.pack))).result()
        assert revision is not None
        blob = next(p.blob for p in revision.papers if p.id == lab.paper)
        assert blob is not None
        tablet.core.papers.write(lambda conn: papers.forget(conn, blob)).result()
        trial.unlock_s = UNLOCK_S + 0.1
        found = trial.breaches(tablet)
        assert f"U unlocking took {trial.unlock_s:.1f} s" in found
        assert any(line.startswith(f"U paper {lab.paper} does not open") for line in found)


def test_an_empty_diary_promises_nothing(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        tablet.vote(lab.poll, {"q1": "yes"})
        device = device_evidence(tablet, recovery=trial.recovery, unlock_s=0.0)
        service = service_evidence(trial.service_folder)
        assert breaches(Diary(), device, service, services={}, settled=True) == []
        assert isinstance(tablet.core, Core)
