# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing and saving, on real files: six steps, and nothing is shown as saved when any of them fails."""

from __future__ import annotations

import contextlib
import resource
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.domain.ballot import Answer, VoteMode
from client.domain.comment import CommentDraft
from client.domain.ids import ChoiceCode, PollId, QuestionId
from client.domain.outbox import OutboxState
from client.errors import BadInput, InternalFault, NotSaved, StoreDamaged
from client.protocol.messages import VoteStatement
from client.store import outbox, polls
from client.store.changes import ChangeSet, Topic
from client.store.connection import Connection, open_record
from client.sync import crashpoints, sending, statements
from client.sync.means import Means
from client.sync.recovery import RecoveryReport
from client.sync.statements import Identity
from tests.helpers.ceremony import Ceremony, held
from tests.helpers.device import Device, answers
from tests.unit.sync.samples import PACK, POLL, digest, poll

ROOT = Ceremony(held("receipt-1"), 0).root


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "device", ROOT, "http://127.0.0.1:9")
    device.start()
    device.record.write(lambda conn: polls.save(conn, poll())).result()
    yield device
    device.close()


def sql(device: Device, text: str) -> None:
    device.record.call(lambda conn: conn.execute(text)).result()


def read_back(device: Device, n: int) -> VoteStatement:
    envelope = device.record.read(lambda conn: outbox.envelope(conn, n)).result()
    found, _ = statements.read_back(envelope, Identity(device.member, device.device, device.signing))
    assert isinstance(found, VoteStatement)
    return found


def copies(device: Device) -> list[str]:
    folder = device.folder / "outbox"
    return sorted(each.name for each in folder.iterdir() if each.name.isdigit()) if folder.is_dir() else []


# -- what a saved act is -------------------------------------------------------------------------------------


def test_a_saved_vote_is_in_three_places_before_anybody_is_told(device: Device) -> None:
    told: list[ChangeSet] = []
    poked: list[tuple[int, str] | None] = []
    device.record.subscribe(told.append)
    device.acts.on_saved = lambda: poked.append(device.anchor.value)
    before: list[list[ChangeSet]] = []
    crashpoints.install(lambda name: before.append(list(told)) if name == "act.anchored" else None)
    try:
        item = device.vote(POLL)
    finally:
        crashpoints.install(None)
    assert before == [[]], "no screen hears of it before the anchor moved"
    assert Topic.OUTBOX in told[0].topics
    assert device.anchor.value == (1, item.statement)
    assert poked == [(1, item.statement)]
    assert copies(device) == ["1"]
    assert device.items() == (item,)
    assert (item.state, item.tries, item.unknown) == (OutboxState.QUEUED, 0, False)
    assert device.acts.held() == frozenset()


def test_numbers_grow_and_each_act_names_the_one_before(device: Device) -> None:
    items = [device.vote(POLL) for _ in range(3)]
    assert [item.n for item in items] == [1, 2, 3]
    assert [read_back(device, n).prev for n in (1, 2, 3)] == [None, items[0].statement, items[1].statement]
    assert len({read_back(device, n).nonce for n in (1, 2, 3)}) == 3


def test_acts_that_are_made_at_once_do_not_share_a_number(device: Device) -> None:
    futures = [device.acts.cast_vote(poll(), answers()) for _ in range(8)]
    assert sorted(future.result().n for future in futures) == list(range(1, 9))


def test_a_database_behind_the_anchor_does_not_give_a_number_twice(device: Device) -> None:
    first = digest("an act this database has lost")
    device.anchor.value = 41, first
    assert device.vote(POLL).n == 42
    assert read_back(device, 42).prev == first
    report = device.acts.recover().result()
    assert report.alarm
    assert report.missing == tuple(range(1, 42))


# -- every step may fail ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def no_room_for_the_copy(device: Device) -> Iterator[None]:
    in_the_way = device.folder / "outbox" / "2.new"
    in_the_way.mkdir()
    yield
    in_the_way.rmdir()


@contextlib.contextmanager
def the_commit_fails(device: Device) -> Iterator[None]:
    sql(device, "CREATE TRIGGER no BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END")
    yield
    sql(device, "DROP TRIGGER no")


@contextlib.contextmanager
def the_checkpoint_is_held_up(device: Device) -> Iterator[None]:
    """Another reader keeps the log from being emptied."""
    reader = open_record(device.folder / "record.db", device.record_key, read_only=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM outbox").fetchone()
    yield
    reader.execute("ROLLBACK")
    reader.close()


@contextlib.contextmanager
def other_bytes_are_kept(device: Device) -> Iterator[None]:
    sql(
        device,
        "CREATE TRIGGER other AFTER INSERT ON outbox BEGIN UPDATE outbox SET envelope = x'7b7d' WHERE n = new.n; END",
    )
    yield
    sql(device, "DROP TRIGGER other")


@contextlib.contextmanager
def it_cannot_be_read_back(device: Device) -> Iterator[None]:
    honest, device.acts._reopen = device.acts._reopen, lambda: open_record(device.folder, device.record_key)
    yield
    device.acts._reopen = honest


@contextlib.contextmanager
def the_keystore_fails(device: Device) -> Iterator[None]:
    device.anchor.broken = True
    yield
    device.anchor.broken = False


def at(point: str, error: type[Exception]) -> Callable[[Device], contextlib.AbstractContextManager[None]]:
    @contextlib.contextmanager
    def broken(_device: Device) -> Iterator[None]:
        def fail(name: str) -> None:
            if name == point:
                raise error(point)

        crashpoints.install(fail)
        try:
            yield
        finally:
            crashpoints.install(None)

    return broken


STEPS = {
    "1 copy": no_room_for_the_copy,
    "2 commit": the_commit_fails,
    "3 checkpoint": the_checkpoint_is_held_up,
    "4 read back, other bytes": other_bytes_are_kept,
    "4 read back, no connection": it_cannot_be_read_back,
    "5 anchor": the_keystore_fails,
    **{name: at(name, OSError) for name in crashpoints.NAMES if name.startswith("act.") and name != "act.queued"},
    "anything else": at("act.anchored", RuntimeError),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_fails_and_the_vote_is_not_saved(device: Device, step: str) -> None:
    told: list[ChangeSet] = []
    poked: list[bool] = []
    device.acts.on_saved = lambda: poked.append(True)
    first = device.vote(POLL)
    device.record.subscribe(told.append)
    poked.clear()
    with STEPS[step](device), pytest.raises(NotSaved):
        device.vote(POLL, "no")
    assert poked == []
    assert [item for item in device.items() if item.state is not OutboxState.WITHDRAWN] == [first]
    assert device.record.read(outbox.pending).result() == (first,), "nothing of it will ever be sent"
    assert device.acts.held() == frozenset()
    assert copies(device) == ["1"], "no copy that recovery would put back"

    second = device.vote(POLL, "no")
    assert second.n not in {item.n for item in device.items() if item != second}
    assert device.anchor.value == (second.n, second.statement)
    device.restart()
    report = device.acts.recover().result()
    assert not report.alarm
    assert report.restored == ()
    assert device.record.read(outbox.pending).result() == (first, second)


@pytest.mark.expects_warnings("an act that can neither be saved nor withdrawn is logged by number")
def test_what_cannot_be_withdrawn_either_is_held_back(device: Device) -> None:
    sql(device, "CREATE TRIGGER stuck BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END")
    device.anchor.broken = True
    with pytest.raises(NotSaved):
        device.vote(POLL)
    [item] = device.items()
    assert item.state is OutboxState.QUEUED
    assert device.acts.held() == {item.n}
    assert device.engine._look._executor.look(active=True)[0].outbox == (), "the engine never sees it"
    sql(device, "DROP TRIGGER stuck")
    device.anchor.broken = False
    report = device.restart().acts.recover().result()
    assert (report.withdrawn, report.rolled_back, report.alarm) == ((1,), (), False)
    assert [(each.n, each.state) for each in device.items()] == [(1, OutboxState.WITHDRAWN)]
    assert copies(device) == []


def test_a_full_disk_is_not_saved(device: Device) -> None:
    """The file may not grow: the copy's write meets the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, hard))
    try:
        with pytest.raises(NotSaved):
            device.vote(POLL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert device.items() == ()
    assert device.vote(POLL).n == 1


# -- what may not be signed at all -----------------------------------------------------------------------------


def test_an_unfinished_vote_is_not_signed(device: Device) -> None:
    for given in ((), (Answer(QuestionId("q1"), ChoiceCode("no")),)):
        with pytest.raises(BadInput):
            device.acts.cast_vote(poll(), given).result()
    assert device.items() == ()
    assert copies(device) == []
    assert device.acts.held() == frozenset()


def test_a_comment_needs_a_pack_that_is_here(device: Device) -> None:
    with pytest.raises(BadInput):
        device.acts.send_comment(CommentDraft(PACK, "Góp ý")).result()
    assert device.items() == ()


def test_a_saved_vote_ends_its_draft(device: Device) -> None:
    drafts = PollId(POLL)
    device.record.write(lambda conn: outbox.save_draft(conn, drafts, tuple(answers()), VoteMode.IN_ROOM, None)).result()
    device.vote(POLL)
    assert device.record.read(lambda conn: outbox.draft(conn, drafts)).result() is None


# -- taking back -----------------------------------------------------------------------------------------------


def test_what_was_never_tried_can_be_withdrawn(device: Device) -> None:
    first, second = device.vote(POLL), device.vote(POLL)
    assert device.acts.withdraw(first.n).result().state is OutboxState.WITHDRAWN
    assert copies(device) == ["2"]
    with pytest.raises(BadInput):
        device.acts.withdraw(first.n).result()
    assert device.record.read(outbox.pending).result() == (second,)
    assert device.vote(POLL).n == 3, "its number is not given again"
    assert not device.restart().acts.recover().result().alarm


def test_a_withdrawal_that_cannot_be_kept_leaves_no_note(device: Device) -> None:
    item = device.vote(POLL)
    sql(device, "CREATE TRIGGER stuck BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(InternalFault):
        device.acts.withdraw(item.n).result()
    sql(device, "DROP TRIGGER stuck")
    assert device.acts._copies.withdrawn(item.n) is None
    assert device.acts.recover().result() == RecoveryReport()
    assert device.items() == (item,)


def test_a_withdrawal_that_cannot_be_noted_does_not_happen(device: Device) -> None:
    item = device.vote(POLL)
    (device.folder / "outbox" / "1.withdrawn.new").mkdir()
    with pytest.raises(StoreDamaged):
        device.acts.withdraw(item.n).result()
    assert device.items() == (item,)


def test_withdrawing_twice_keeps_the_note_of_the_first(device: Device) -> None:
    item = device.vote(POLL)
    device.acts.withdraw(item.n).result()
    with pytest.raises(BadInput):
        device.acts.withdraw(item.n).result()
    assert device.acts._copies.withdrawn(item.n) == item.statement


@pytest.mark.parametrize("marks", [{"tries": 1}, {"unknown": True}, {"state": OutboxState.SUSPENDED}], ids=str)
def test_what_may_have_left_cannot(device: Device, marks: dict[str, object]) -> None:
    item = device.vote(POLL)
    device.record.write(lambda conn: outbox.mark(conn, item.n, **marks)).result()  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        device.acts.withdraw(item.n).result()
    assert copies(device) == ["1"]


def test_a_withdrawal_between_plan_and_sending_wins(device: Device) -> None:
    """The planner saw it queued; by the time it is to be sent the member has taken it back."""
    item = device.vote(POLL)
    means = device.engine._look._means
    assert sending.send(with_held(means, lambda: withdrawn(device, item.n)), item.n) is sending.Sent.WAITS
    [after] = device.items()
    assert (after.state, after.tries, after.unknown) == (OutboxState.WITHDRAWN, 0, False)


def test_suspending_leaves_an_act_alone_whose_save_is_going_on(device: Device) -> None:
    first, second = device.vote(POLL), device.vote(POLL)
    means = with_held(device.engine._look._means, lambda: frozenset({second.n}))
    sending.suspend_all(means)
    assert [item.state for item in device.items()] == [OutboxState.SUSPENDED, OutboxState.QUEUED]
    sending.resume_all(means)
    assert device.record.read(outbox.pending).result() == (first, second)


def with_held(means: Means, held: Callable[[], frozenset[int]]) -> Means:
    return replace(means, held=held)


def withdrawn(device: Device, n: int) -> frozenset[int]:
    device.acts.withdraw(n).result()
    return frozenset()


# -- after a loss ----------------------------------------------------------------------------------------------


def wipe_outbox(conn: Connection) -> tuple[None, ChangeSet]:
    conn.execute("DELETE FROM outbox")
    return None, ChangeSet()


def test_acts_the_database_lost_are_put_back_and_cannot_be_withdrawn(device: Device) -> None:
    items = [device.vote(POLL), device.vote(POLL, "no")]
    device.record.write(wipe_outbox).result()
    report = device.acts.recover().result()
    assert report.restored == (1, 2)
    assert not report.alarm
    assert [item.statement for item in device.items()] == [item.statement for item in items]
    assert [item.deadline for item in device.items()] == [poll().closes] * 2
    with pytest.raises(BadInput):
        device.acts.withdraw(1).result()
    assert device.acts.recover().result() == type(report)(), "once is enough"


def test_a_copy_that_was_altered_is_told_and_not_used(device: Device) -> None:
    device.vote(POLL)
    device.record.write(wipe_outbox).result()
    path = device.folder / "outbox" / "1"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    report = device.acts.recover().result()
    assert (report.unreadable, report.missing, report.alarm) == ((1,), (1,), True)
    assert device.items() == ()


def test_a_copy_in_anothers_place_is_not_used(device: Device) -> None:
    device.vote(POLL)
    device.vote(POLL)
    device.record.write(wipe_outbox).result()
    folder = device.folder / "outbox"
    (folder / "2").replace(folder / "1")
    report = device.acts.recover().result()
    assert report.unreadable == (1,)
    assert report.missing == (1, 2)


def test_a_copy_that_was_never_shown_as_saved_goes(device: Device) -> None:
    device.vote(POLL)
    device.acts._copies.write(2, b"signed, and the power went")
    report = device.acts.recover().result()
    assert report.discarded == (2,)
    assert copies(device) == ["1"]


@pytest.mark.parametrize("state", [OutboxState.QUEUED, OutboxState.SUSPENDED])
def test_a_withdrawal_cut_short_is_finished(device: Device, state: OutboxState) -> None:
    item = device.vote(POLL)
    if state is not item.state:
        device.record.write(lambda conn: outbox.mark(conn, item.n, state=state)).result()
    device.acts._copies.note_withdrawal(item.n, item.statement)
    report = device.acts.recover().result()
    assert (report.withdrawn, report.rolled_back, report.alarm) == ((1,), (), False)
    assert [each.state for each in device.items()] == [OutboxState.WITHDRAWN]
    assert copies(device) == []
    assert device.acts.recover().result() == RecoveryReport()


def test_a_withdrawn_act_the_database_lost_comes_back_as_withdrawn(device: Device) -> None:
    """Its copy could not be removed when it was withdrawn."""
    item = device.vote(POLL)
    device.acts._copies.note_withdrawal(item.n, item.statement)
    device.record.write(wipe_outbox).result()
    report = device.acts.recover().result()
    assert (report.restored, report.withdrawn) == ((1,), (1,))
    assert [(each.statement, each.state) for each in device.items()] == [(item.statement, OutboxState.WITHDRAWN)]


def test_what_was_tried_is_not_called_withdrawn_whatever_its_note_says(device: Device) -> None:
    item = device.vote(POLL)
    device.acts._copies.note_withdrawal(item.n, item.statement)
    tried = device.record.write(lambda conn: outbox.mark(conn, item.n, tries=1, unknown=True)).result()
    report = device.acts.recover().result()
    assert (report.withdrawn, report.rolled_back, report.alarm) == ((), (1,), True)
    assert device.items() == (tried,)


def test_a_note_of_another_act_withdraws_nothing(device: Device) -> None:
    item = device.vote(POLL)
    device.acts._copies.note_withdrawal(item.n, digest("another act that had this number"))
    assert device.acts.recover().result() == RecoveryReport()
    assert device.items() == (item,)


def test_a_note_that_was_altered_is_told(device: Device) -> None:
    item = device.vote(POLL)
    (device.folder / "outbox" / "1.withdrawn").write_bytes(b"x" * 100)
    assert device.acts.recover().result().unreadable == (1,)
    assert device.items() == (item,)


@pytest.mark.parametrize("state", [OutboxState.QUEUED, OutboxState.SUSPENDED])
def test_a_waiting_act_gets_its_copy_again(device: Device, state: OutboxState) -> None:
    item = device.vote(POLL)
    if state is not item.state:
        device.record.write(lambda conn: outbox.mark(conn, item.n, state=state)).result()
    device.acts._copies.remove(item.n)
    report = device.acts.recover().result()
    assert (report.copied, report.alarm) == ((1,), False)
    envelope = device.record.read(lambda conn: outbox.envelope(conn, item.n)).result()
    assert device.acts._copies.read(item.n) == envelope


def test_a_waiting_act_that_does_not_verify_is_told_and_not_copied(device: Device) -> None:
    device.vote(POLL)
    second = device.vote(POLL)
    for n in (1, 2):
        device.acts._copies.remove(n)
    sql(device, "UPDATE outbox SET envelope = (SELECT envelope FROM outbox WHERE n = 2) WHERE n = 1")
    sql(device, "UPDATE outbox SET envelope = x'7b7d' WHERE n = 2")
    report = device.acts.recover().result()
    assert (report.unreadable, report.copied) == ((1, 2), ())
    assert copies(device) == []
    assert device.items()[-1] == second


def test_another_act_at_the_anchor_is_an_alarm(device: Device) -> None:
    device.vote(POLL)
    device.anchor.value = 1, digest("another")
    assert device.acts.recover().result().altered
