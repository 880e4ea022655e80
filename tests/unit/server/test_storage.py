# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold on every database the service supports: one suite, SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from client.clock import SystemClock
from client.domain.ids import Hash, Moment
from client.errors import StoreDamaged, StoreTooNew
from client.protocol import codec
from client.protocol.http import CloseRequest, OpenRequest, StatementAnswer
from client.protocol.messages import Receipt, ReceiptStatus
from server import watch
from server.config import sqlite_url
from server.problems import Refusal
from server.service import Service
from server.storage import log, schema
from server.storage.database import Database
from server.storage.transaction import Transaction
from tests.unit.server.world import World, at, digest, ok, problem


def service(world: World) -> Service:
    assert world.embedded.service is not None
    return world.embedded.service


def test_migrations_make_exactly_the_declared_schema(either: World) -> None:
    with service(either).database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), schema.metadata) == []


def test_newer_schema_is_refused(either: World) -> None:
    database = service(either).database
    with database.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew):
        database.migrate()


def test_vote_replace_close_and_repeat(either: World) -> None:
    definition = either.a_poll()
    vote = either.vote(either.an, definition)
    first = ok(either.post(either.an, vote)).content
    second = either.cast(either.an, definition, "no", replaces=digest(vote))
    assert problem(either.post(either.an2, either.vote(either.an2, definition))) == (409, "vote-conflict")
    either.clock.pass_s(3600)
    assert [line.vote for line in either.closing("po_12").counted] == [second.vote]
    assert either.cast(either.binh, definition).status is ReceiptStatus.LATE
    assert either.post(either.an, vote).content == first


def test_failed_transaction_leaves_nothing(either: World) -> None:
    database = service(either).database
    with database.read() as conn:
        before = log.head(conn)
    with pytest.raises(RuntimeError), service(either).write() as tx:  # noqa: PT012
        tx.log("test", subject="x")
        tx.conn.execute(insert(schema.blobs).values(hash="sha256:0", size=1, put_at=tx.at))
        raise RuntimeError
    with database.read() as conn:
        assert log.head(conn) == before
        assert conn.scalar(select(schema.blobs.c.size)) is None


def test_chain_notices_every_alteration(either: World) -> None:
    either.cast(either.an, either.a_poll())
    database = service(either).database
    with database.read() as conn:
        last = log.verify(conn)
    for change in (
        "UPDATE audit SET detail = 'other' WHERE position = 2",
        "UPDATE audit SET at = '2026-01-01T00:00:00.000Z' WHERE position = 1",
        f"DELETE FROM audit WHERE position = {last.index}",
        "DELETE FROM audit WHERE position = 1",
        "UPDATE audit_head SET position = position - 1",
    ):
        with pytest.raises(StoreDamaged), database.write() as conn:  # noqa: PT012  # rolled back by the error
            conn.execute(text(change))
            log.verify(conn)
    with database.read() as conn:
        assert log.verify(conn) == last


def test_spent_nonce_is_refused_and_forgotten_after_ten_minutes(either: World) -> None:
    with service(either).write() as tx:
        tx.spend(keyid="publisher-1", nonce="n" * 16)
    with pytest.raises(Refusal), service(either).write() as tx:
        tx.spend(keyid="publisher-1", nonce="n" * 16)
    either.clock.pass_s(601)
    with service(either).write() as tx:
        tx.spend(keyid="other-1", nonce="m" * 16)
        assert tx.conn.scalars(select(schema.nonces.c.nonce)).all() == ["m" * 16]


def test_close_race_every_counted_receipt_is_in_the_list(either: World) -> None:
    extra = [type(either.an)(f"d_race{i:02d}", f"m_race{i:02d}") for i in range(12)]
    either.devices += extra
    either.put_directory()
    definition = either.a_poll(eligible=tuple(device.member for device in extra))
    requests = []
    for device in extra:
        vote = either.vote(device, definition)
        headers = {"Idempotency-Key": digest(vote)}
        requests.append(either.request("POST", "/statements", device.sign(vote), who=device, headers=headers))
    close = codec.encode(CloseRequest(digest(definition)))
    requests.insert(6, either.request("POST", "/polls/po_12/close", close, who="publisher"))
    answers: dict[int, bytes] = {}
    gate = threading.Barrier(len(requests))

    def send(number: int) -> None:
        gate.wait()
        answers[number] = ok(either.http.send(requests[number])).content

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bodies = [answers[number] for number in range(len(requests)) if number != 6]
    receipts = [either.opened(codec.decode(body, StatementAnswer, limit=codec.MIB).receipt, Receipt) for body in bodies]
    counted = {receipt.vote for receipt in receipts if receipt.status is ReceiptStatus.COUNTED}
    closing = either.closing("po_12")
    assert {line.vote for line in closing.counted} == counted
    assert all((r.log.index < closing.log.index) == (r.vote in counted) for r in receipts)
    assert len(receipts) == 12


def test_saying_when_a_poll_closes_is_not_repeated_by_a_replay(either: World) -> None:
    definition = either.a_poll(closes=None)
    wish = codec.encode(OpenRequest(digest(definition), at(120)))
    request = either.request("POST", "/polls/po_12/open", wish, who="publisher")
    ok(either.http.send(request))
    either.embedded.stop()
    either.embedded.start()  # forgets the nonces in memory
    assert problem(either.http.send(request)) == (401, "replay")


def test_two_processes_share_one_postgresql(cluster: object, tmp_path: Path) -> None:
    url = cluster.new_database()  # type: ignore[attr-defined]
    one = World(tmp_path / "one", database_url=url)
    one.start()
    other = type(one.embedded)(tmp_path / "two", root=one.root, clock=one.clock, database_url=url)
    try:
        other.start()
        definition = one.a_poll()
        vote = one.vote(one.an, definition)
        headers = {"Idempotency-Key": digest(vote)}
        body = one.an.sign(vote)
        first = ok(one.send("POST", "/statements", body, who=one.an, headers=headers)).content
        there = other.url + "/statements"
        assert ok(one.send("POST", "", body, who=one.an, headers=headers, url=there)).content == first
        one.an.until = Moment("2026-01-01T00:00:00.000Z")
        one.put_directory()
        assert problem(one.send("POST", "", body, who=one.an, headers=headers, url=there)) == (401, "device-revoked")
    finally:
        other.stop()
        one.stop()


def test_sqlite_is_durable_and_waits_for_its_turn(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path), connections=4)
    database.migrate()
    with database.read() as conn:
        settings = [conn.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert settings == ["wal", 2, 1]
    positions: list[int] = []

    def append() -> None:
        for _ in range(20):
            with database.write() as conn:
                tx = Transaction(conn, SystemClock().now)
                positions.append(tx.log("test", subject="x", detail=Hash("sha256:" + "0" * 64)).index)

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(positions) == list(range(1, 81))
    with database.read() as conn:
        assert log.verify(conn).index == 80
    database.close()


def test_hints_reach_every_process_that_shares_the_database(either: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes share a database, each tells its readers of what any of them did."""
    here = service(either)
    other = Service(here.config)
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(other.hub, "publish", lambda hints: told.extend((hint.kind, hint.id) for hint in hints))
    try:
        watch.look(other)
        definition = either.a_poll()
        either.put_directory()
        watch.look(other)
        shared = other.database.shared
        assert (("poll", definition.poll) in told and "index" in {kind for kind, _ in told}) is shared
        told.clear()
        watch.look(other)
        assert told == [], "nothing is told twice"
        assert (other.directories.latest is not None) is shared, "and a new directory is in force there"
    finally:
        other.close()
