# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup taken from a running service comes back whole: the same receipts, blobs and chain, or nothing at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from client.crypto import hashing
from client.errors import BadInput, EcabinetError
from server import backup, config
from server.__main__ import cli
from tests.unit.server.world import World, ok

PAPER = b"sealed bytes of a paper" * 100


@pytest.fixture
def lived(world: World) -> World:
    """A service that has counted a vote and holds a paper."""
    definition = world.a_poll()
    world.cast(world.an, definition)
    ok(world.send("PUT", f"/blobs/{hashing.sha256(PAPER)}", PAPER, who="publisher"))
    return world


def made(lived: World, tmp_path: Path) -> Path:
    out = tmp_path / "backup"
    report = backup.make(tmp_path / "service", out, now=lived.clock.now())
    assert (report.statements, report.blobs) == (1, 1)
    return out


def test_a_receipt_is_as_valid_after_a_restore(lived: World, tmp_path: Path) -> None:
    definition = lived.definition()
    vote = lived.vote(lived.binh, definition)
    before = ok(lived.post(lived.binh, vote)).content
    out = tmp_path / "backup"
    assert backup.make(tmp_path / "service", out, now=lived.clock.now()).statements == 2
    lived.embedded.stop()
    shutil.rmtree(tmp_path / "service")
    assert backup.restore(out, tmp_path / "service").statements == 2
    lived.embedded.start()
    assert ok(lived.post(lived.binh, vote)).content == before, "the same receipt again"
    answer = lived.send("GET", f"/blobs/{hashing.sha256(PAPER)}", who=lived.an)
    assert answer.content == PAPER


@pytest.mark.parametrize("what", ["blob", "database", "key", "list", "missing", "receipt"])
def test_a_backup_that_is_not_sound_is_not_restored(lived: World, tmp_path: Path, what: str) -> None:
    out = made(lived, tmp_path)
    blob = next(path for path in (out / config.BLOB_FOLDER).rglob("*") if path.is_file())
    spoiled = {
        "blob": blob,
        "database": out / config.DATABASE_FILE,
        "key": out / config.KEY_FILE,
        "list": out / backup.LIST,
        "missing": blob,
        "receipt": out / config.DATABASE_FILE,
    }[what]
    if what == "missing":
        spoiled.unlink()
    else:
        data = bytearray(spoiled.read_bytes())
        at = data.index(b"ecab.receipt") if what == "receipt" and b"ecab.receipt" in data else len(data) // 2
        data[at] ^= 1
        spoiled.write_bytes(data)
    target = tmp_path / "new"
    with pytest.raises(EcabinetError):
        backup.restore(out, target)
    assert not target.exists()


def test_nothing_is_overwritten_and_nothing_half_is_taken(lived: World, tmp_path: Path) -> None:
    out = made(lived, tmp_path)
    with pytest.raises(BadInput):
        backup.make(tmp_path / "service", out, now=lived.clock.now())
    with pytest.raises(BadInput):
        backup.restore(out, tmp_path / "service")
    (out / backup.LIST).unlink()
    with pytest.raises(BadInput):
        backup.restore(out, tmp_path / "new")
    with pytest.raises(BadInput):
        backup.make(tmp_path / "absent", tmp_path / "other", now=lived.clock.now())


def test_by_the_command_line(lived: World, tmp_path: Path) -> None:
    out, new = tmp_path / "backup", tmp_path / "new"
    run = CliRunner().invoke
    answer = run(cli, ["backup", "--data", str(tmp_path / "service"), str(out)])
    assert answer.exit_code == 0, answer.output
    assert "1 statements, 1 blobs" in answer.output
    assert run(cli, ["restore", str(out), "--data", str(new)]).exit_code == 0
    assert run(cli, ["restore", str(out), "--data", str(new)]).exit_code == 2
    assert (new / config.KEY_FILE).stat().st_mode & 0o077 == 0
