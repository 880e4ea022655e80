# SPDX-License-Identifier: AGPL-3.0-or-later
"""One thread, one connection, and who hears what when."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from client.crypto.secret import Secret
from client.errors import InternalFault, StoreBusy, StoreDamaged
from client.store import settings
from client.store.changes import NOTHING, ChangeSet, Topic, Written, wrote
from client.store.connection import Connection, open_record
from client.store.gate import Gate


@pytest.fixture
def gate(tmp_path: Path, key: Secret) -> Iterator[Gate]:
    gate = Gate(lambda: open_record(tmp_path / "record.db", key), "record")
    gate.start().result(10)
    yield gate
    gate.stop()


def put(name: str, value: object):
    return lambda conn: settings.put(conn, name, value)


def value(gate: Gate, name: str) -> int:
    return gate.read(lambda conn: settings.get(conn, name, int, 0)).result(10)


def test_everything_runs_on_the_gates_own_thread(gate: Gate) -> None:
    seen: list[object] = []
    gate.subscribe(lambda _: seen.append(threading.current_thread()))
    gate.write(put("a", 1)).result(10)
    seen.append(gate.read(lambda _: threading.current_thread()).result(10))
    seen.append(gate.call(lambda _: threading.current_thread()).result(10))
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert seen[0] is not threading.current_thread()
    assert gate.read(lambda _: gate.on_thread()).result(10)
    assert not gate.on_thread()


def test_connection_taken_out_of_the_gate_is_refused(gate: Gate) -> None:
    connection = gate.read(lambda conn: conn).result(10)
    with pytest.raises(InternalFault):
        connection.execute("SELECT 1")


def test_listener_hears_after_the_commit_and_before_the_future(tmp_path: Path, key: Secret, gate: Gate) -> None:
    seen: list[tuple[ChangeSet, int]] = []

    def listener(changes: ChangeSet) -> None:
        other = open_record(tmp_path / "record.db", key, read_only=True)
        seen.append((changes, settings.get(other, "a", int, 0)))
        other.close()

    forget = gate.subscribe(listener)
    gate.write(put("a", 7)).result(10)
    assert seen == [(ChangeSet.of(Topic.SETTINGS, "a"), 7)]
    gate.write(lambda _: (None, NOTHING)).result(10)
    forget()
    gate.write(put("a", 8)).result(10)
    assert len(seen) == 1


def test_exception_reaches_the_future_and_rolls_back(gate: Gate) -> None:
    heard: list[ChangeSet] = []
    gate.subscribe(heard.append)

    def broken(conn: Connection) -> Written[None]:
        settings.put(conn, "a", 1)
        raise KeyError("a")

    with pytest.raises(KeyError):
        gate.write(broken).result(10)
    assert heard == []
    assert value(gate, "a") == 0


@pytest.mark.expects_warnings("the failing listener is logged, by the type of its error only")
def test_failing_listener_harms_nobody(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    def bad(_: ChangeSet) -> None:
        raise ValueError("Tên riêng")

    heard: list[ChangeSet] = []
    gate.subscribe(bad)
    gate.subscribe(heard.append)
    gate.write(put("a", 1)).result(10)
    assert len(heard) == 1
    assert "ValueError" in caplog.text
    assert "Tên" not in caplog.text


def test_transaction_left_open_is_taken_back(gate: Gate) -> None:
    def leaves(conn: Connection) -> None:
        conn.execute("BEGIN")
        settings.put(conn, "a", 1)

    with pytest.raises(InternalFault):
        gate.call(leaves).result(10)
    assert value(gate, "a") == 0
    gate.call(lambda conn: conn.checkpoint()).result(10)


def test_order_is_kept_and_stop_finishes_what_was_submitted(tmp_path: Path, key: Secret) -> None:
    gate = Gate(lambda: open_record(tmp_path / "record.db", key), "record")
    early = [gate.write(put("a", number)) for number in range(50)]
    gate.start()
    gate.stop()
    assert all(future.done() for future in early)
    gate.stop()
    with pytest.raises(InternalFault):
        gate.read(lambda _: 1).result(10)
    connection = open_record(tmp_path / "record.db", key)
    assert settings.get(connection, "a", int, -1) == 49
    connection.close()


def test_cancelled_work_is_not_done(gate: Gate) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        entered.set()
        go_on.wait(10)

    held = gate.read(hold)
    assert entered.wait(10)
    cancelled = gate.write(put("a", 1))
    assert cancelled.cancel()
    go_on.set()
    held.result(10)
    with pytest.raises(CancelledError):
        cancelled.result(10)
    assert value(gate, "a") == 0


def test_opening_that_fails_fails_everything_after(tmp_path: Path, key: Secret, gate: Gate) -> None:
    second = Gate(lambda: open_record(tmp_path / "record.db", key), "record")
    with pytest.raises(StoreBusy):
        second.start().result(10)
    with pytest.raises(StoreBusy):
        second.read(lambda _: 1).result(10)
    second.stop()
    never = Gate(lambda: open_record(tmp_path / "none" / "record.db", key), "record")
    with pytest.raises(StoreDamaged):
        never.start().result(10)
    never.stop()


def test_gate_that_never_started_does_not_hang(tmp_path: Path, key: Secret) -> None:
    gate = Gate(lambda: open_record(tmp_path / "record.db", key), "record")
    waiting = gate.read(lambda _: 1)
    gate.stop()
    with pytest.raises(InternalFault):
        waiting.result(10)


def test_stopping_from_inside_is_refused(gate: Gate) -> None:
    with pytest.raises(InternalFault):
        gate.call(lambda _: gate.stop()).result(10)
    with pytest.raises(InternalFault):
        gate.start()


def test_changes_join() -> None:
    both = ChangeSet.of(Topic.PACKS, "pk_1") | wrote(Topic.POLLS, "po_1")[1]
    assert both == ChangeSet(frozenset({Topic.PACKS, Topic.POLLS}), frozenset({"pk_1", "po_1"}))
    assert both
    assert not NOTHING
    assert (NOTHING | both) == both
