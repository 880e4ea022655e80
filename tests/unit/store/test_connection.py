# SPDX-License-Identifier: AGPL-3.0-or-later
"""The encrypted file itself: what is on the disk, who may open it, what a fault turns into."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from client.crypto.secret import Secret
from client.errors import DiskFull, EcabinetError, InternalFault, StoreBusy, StoreDamaged, StoreTooNew
from client.store import connection, settings
from client.store.connection import Connection, open_papers, open_record

CANARY = "KÍN-d41c6f0b-canary"


def pragma(connection: Connection, name: str) -> object:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    assert row is not None
    return row[0]


def test_settings_of_the_irreplaceable_file(record: Connection) -> None:
    found = {
        name: pragma(record, name) for name in ("journal_mode", "synchronous", "cipher_page_size", "secure_delete")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2, "cipher_page_size": "4096", "secure_delete": 1}
    assert pragma(record, "cipher_use_hmac") == "1"
    assert pragma(record, "temp_store") == 2
    assert pragma(record, "foreign_keys") == 1


def test_settings_of_the_refetchable_file(papers_db: Connection) -> None:
    found = {
        name: pragma(papers_db, name) for name in ("journal_mode", "synchronous", "cipher_page_size", "auto_vacuum")
    }
    assert found == {"journal_mode": "wal", "synchronous": 1, "cipher_page_size": "16384", "auto_vacuum": 2}
    assert pragma(papers_db, "cipher_hmac_algorithm") == "HMAC_SHA256"


def test_a_file_of_papers_from_before_is_read_and_written_as_it_is(
    tmp_path: Path, key: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "older.db"
    with monkeypatch.context() as patched:
        patched.setattr(connection, "_PAPERS", replace(connection._PAPERS, hmacs=("HMAC_SHA512",)))
        older = open_papers(path, key)
        older.execute("INSERT INTO documents (plain) VALUES ('before')")
        older.close()
    for written in ("once", "twice"):
        again = open_papers(path, key)
        assert pragma(again, "cipher_hmac_algorithm") == "HMAC_SHA512"
        again.execute("INSERT INTO documents (plain) VALUES (?)", (written,))
        again.check()
        again.close()
    reader = open_papers(path, key, read_only=True)
    assert reader.execute("SELECT count(*) FROM documents").fetchone() == (3,)
    reader.close()
    with pytest.raises(StoreDamaged):
        open_papers(path, Secret(bytes(48)))


def test_nothing_readable_reaches_the_disk(tmp_path: Path, record: Connection) -> None:
    settings.put(record, "canary", CANARY * 500)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    record.checkpoint()
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert before["record.db-wal"]
    assert after["record.db"]
    for files in (before, after):
        for name, data in files.items():
            assert not data.startswith(b"SQLite format 3"), name
            for form in ("utf-8", "utf-16-le"):
                assert CANARY.encode(form) not in data, name
            assert b"settings" not in data, name
    assert after["record.db-wal"] == b""


def test_files_are_for_their_owner_only(tmp_path: Path, record: Connection) -> None:
    settings.put(record, "a", 1)
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert set(modes) == {"record.db", "record.db-wal", "record.db-shm", "record.db.lock"}
    assert set(modes.values()) == {0}


def test_wrong_key_is_refused_and_not_named(tmp_path: Path, record: Connection) -> None:
    record.close()
    wrong = Secret(b"\x01" * 48)
    with pytest.raises(StoreDamaged) as caught:
        open_record(tmp_path / "record.db", wrong)
    assert "01" * 8 not in str(caught.value)
    open_record(tmp_path / "record.db", Secret(bytes(range(48)))).close()


@pytest.mark.parametrize("length", [0, 32, 47, 49])
def test_key_of_another_length_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(InternalFault):
        open_record(tmp_path / "record.db", Secret(bytes(length)))
    assert list(tmp_path.iterdir()) == []


def test_second_writer_is_refused_until_the_first_closes(tmp_path: Path, key: Secret, record: Connection) -> None:
    with pytest.raises(StoreBusy):
        open_record(tmp_path / "record.db", key)
    record.close()
    open_record(tmp_path / "record.db", key).close()


def test_read_only_connection_sees_commits_and_writes_nothing(tmp_path: Path, key: Secret, record: Connection) -> None:
    settings.put(record, "a", 1)
    record.checkpoint()
    settings.put(record, "b", 2)
    reader = open_record(tmp_path / "record.db", key, read_only=True)
    assert (settings.get(reader, "a", int, 0), settings.get(reader, "b", int, 0)) == (1, 2)
    with pytest.raises(StoreDamaged):
        settings.put(reader, "c", 3)
    reader.close()
    record.checkpoint()


def test_read_only_creates_nothing(tmp_path: Path, key: Secret) -> None:
    with pytest.raises(StoreDamaged):
        open_record(tmp_path / "record.db", key, read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_and_foreign_file_are_damage(tmp_path: Path, key: Secret) -> None:
    with pytest.raises(StoreDamaged):
        open_record(tmp_path / "none" / "record.db", key)
    (tmp_path / "record.db").write_bytes(b"not a database, and long enough to be looked at" * 200)
    with pytest.raises(StoreDamaged):
        open_record(tmp_path / "record.db", key)


def test_flipped_byte_is_found(tmp_path: Path, key: Secret, record: Connection) -> None:
    settings.put(record, "a", "x" * 20_000)
    record.checkpoint()
    record.check()
    record.close()
    data = bytearray((tmp_path / "record.db").read_bytes())
    data[len(data) - 2000] ^= 1
    (tmp_path / "record.db").write_bytes(data)
    connection = open_record(tmp_path / "record.db", key)
    with pytest.raises(StoreDamaged):
        connection.check()
    connection.close()


def test_newer_schema_is_refused_and_left_alone(tmp_path: Path, key: Secret) -> None:
    path = tmp_path / "papers.db"
    connection = open_papers(path, key)
    connection.execute("PRAGMA user_version=999")
    connection.close()
    for read_only in (False, True):
        with pytest.raises(StoreTooNew):
            open_papers(path, key, read_only=read_only)
    raw = path.read_bytes()
    with pytest.raises(StoreTooNew):
        open_papers(path, key)
    assert path.read_bytes() == raw


def test_failed_block_leaves_nothing(record: Connection) -> None:
    def broken() -> None:
        with record.transaction():
            settings.put(record, "a", 1)
            raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert settings.get(record, "a", int, 0) == 0
    assert not record.in_transaction


def test_joined_part_that_failed_dooms_the_whole(record: Connection) -> None:
    def part() -> None:
        with record.transaction():
            settings.put(record, "half", 1)
            raise KeyError

    def whole() -> None:
        with record.transaction():
            settings.put(record, "other", 1)
            with pytest.raises(KeyError):
                part()

    with pytest.raises(InternalFault):
        whole()
    assert (settings.get(record, "half", int, 0), settings.get(record, "other", int, 0)) == (0, 0)
    with record.transaction():
        settings.put(record, "next", 1)
    assert settings.get(record, "next", int, 0) == 1


def test_full_disk_is_named_and_half_writes_nothing(record: Connection) -> None:
    settings.put(record, "before", 1)
    record.checkpoint()
    pages = pragma(record, "page_count")
    record.execute(f"PRAGMA max_page_count={pages}")

    def write() -> None:
        with record.transaction():
            settings.put(record, "small", 1)
            settings.put(record, "large", "x" * 100_000)

    with pytest.raises(DiskFull):
        write()
    assert not record.in_transaction
    assert settings.get(record, "small", int, 0) == 0
    assert settings.get(record, "before", int, 0) == 1
    record.execute("PRAGMA max_page_count=100000")
    settings.put(record, "large", "x" * 100_000)
    assert len(settings.get(record, "large", str, "")) == 100_000


def test_checkpoint_says_when_it_could_not(tmp_path: Path, key: Secret, record: Connection) -> None:
    settings.put(record, "a", 1)
    reader = open_record(tmp_path / "record.db", key, read_only=True)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM settings")
    settings.put(record, "b", 1)
    with pytest.raises(StoreBusy):
        record.checkpoint()
    reader.close()
    record.checkpoint()
    with pytest.raises(InternalFault), record.transaction():
        record.checkpoint()


def test_errors_name_no_sql_and_no_values(record: Connection) -> None:
    with pytest.raises(InternalFault) as caught:
        record.execute("INSERT INTO settings (name, value) VALUES (?, ?), (?, ?)", ("Tên", b"", "Tên", b""))
    assert "Tên" not in str(caught.value)
    with pytest.raises(InternalFault) as caught:
        record.execute("SELECT Bí_mật")
    assert "Bí" not in str(caught.value)


def test_foreign_thread_is_refused(record: Connection) -> None:
    caught: list[EcabinetError] = []

    def use() -> None:
        try:
            record.execute("SELECT 1")
        except EcabinetError as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert [type(error) for error in caught] == [InternalFault]


def test_closed_connection_is_refused_and_closes_twice(tmp_path: Path, key: Secret) -> None:
    connection = open_record(tmp_path / "record.db", key)
    connection.close()
    connection.close()
    with pytest.raises(InternalFault):
        connection.execute("SELECT 1")


def test_stream_gives_rows_one_by_one_and_translates(record: Connection) -> None:
    for number in range(5):
        settings.put(record, f"s{number}", number)
    rows = record.stream("SELECT name FROM settings ORDER BY name")
    assert next(rows) == ("s0",)
    rows.close()  # type: ignore[attr-defined]  # a generator
    record.checkpoint()
    with pytest.raises(InternalFault):
        list(record.stream("SELECT nothing"))
