# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed copies of signed acts: unreadable, bound to their number, whole or absent."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.errors import DecryptionFailed, DiskFull, LimitExceeded, StoreDamaged
from client.store.sealed_copy import MAX_ENVELOPE, MAX_NOTE, SealedCopies


@pytest.fixture
def copies(tmp_path: Path, key: Secret) -> SealedCopies:
    return SealedCopies(tmp_path / "outbox", key, system_random)


def test_copies_come_back_and_go(tmp_path: Path, copies: SealedCopies) -> None:
    assert copies.numbers() == ()
    for n in (10, 2, 57):
        copies.write(n, b"act %d" % n)
    copies.write(2, b"act 2 again")
    assert copies.numbers() == (2, 10, 57)
    assert (copies.read(2), copies.read(57)) == (b"act 2 again", b"act 57")
    copies.remove(10)
    copies.remove(10)
    assert copies.numbers() == (2, 57)
    with pytest.raises(StoreDamaged):
        copies.read(10)
    assert sorted(path.name for path in (tmp_path / "outbox").iterdir()) == ["2", "57"]
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "outbox").iterdir()} == {0}


def test_copies_are_sealed_under_their_number_and_key(tmp_path: Path, key: Secret, copies: SealedCopies) -> None:
    copies.write(1, b"canary-4f00" * 100)
    sealed = (tmp_path / "outbox" / "1").read_bytes()
    assert b"4f00" not in sealed
    (tmp_path / "outbox" / "2").write_bytes(sealed)
    with pytest.raises(DecryptionFailed):
        copies.read(2)
    with pytest.raises(DecryptionFailed):
        SealedCopies(tmp_path / "outbox", Secret(bytes(48)), system_random).read(1)
    assert SealedCopies(tmp_path / "outbox", key, system_random).read(1) == b"canary-4f00" * 100


@pytest.mark.parametrize("keep", [0, 10, 56, 72, -1])
def test_cut_copies_are_refused(tmp_path: Path, copies: SealedCopies, keep: int) -> None:
    copies.write(1, b"x" * 100)
    path = tmp_path / "outbox" / "1"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DecryptionFailed):
        copies.read(1)


def test_limit_one_under_and_one_over(tmp_path: Path, copies: SealedCopies) -> None:
    copies.write(1, bytes(MAX_ENVELOPE))
    assert copies.read(1) == bytes(MAX_ENVELOPE)
    with pytest.raises(LimitExceeded):
        copies.write(1, bytes(MAX_ENVELOPE + 1))
    path = tmp_path / "outbox" / "1"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(LimitExceeded):
        copies.read(1)


def test_notes_of_withdrawal_stand_beside_the_copies(tmp_path: Path, key: Secret, copies: SealedCopies) -> None:
    assert copies.withdrawn(1) is None
    copies.write(2, b"act 2")
    copies.note_withdrawal(1, "sha256:4f00")
    copies.note_withdrawal(1, "sha256:4f01")
    assert (copies.withdrawn(1), copies.withdrawn(2), copies.numbers()) == ("sha256:4f01", None, (2,))
    note = tmp_path / "outbox" / "1.withdrawn"
    sealed = note.read_bytes()
    assert b"4f01" not in sealed
    (tmp_path / "outbox" / "2.withdrawn").write_bytes(sealed)
    (tmp_path / "outbox" / "1").write_bytes(sealed)
    for misplaced in (lambda: copies.withdrawn(2), lambda: copies.read(1)):
        with pytest.raises(DecryptionFailed):
            misplaced()
    note.write_bytes(sealed[:-1])
    with pytest.raises(DecryptionFailed):
        copies.withdrawn(1)
    copies.forget_withdrawal(1)
    copies.forget_withdrawal(1)
    assert copies.withdrawn(1) is None


def test_notes_have_a_limit_one_under_and_one_over(tmp_path: Path, copies: SealedCopies) -> None:
    copies.note_withdrawal(1, "x" * MAX_NOTE)
    assert copies.withdrawn(1) == "x" * MAX_NOTE
    with pytest.raises(LimitExceeded):
        copies.note_withdrawal(1, "x" * (MAX_NOTE + 1))
    note = tmp_path / "outbox" / "1.withdrawn"
    note.write_bytes(note.read_bytes() + b"x")
    with pytest.raises(LimitExceeded):
        copies.withdrawn(1)
    assert copies.withdrawn(2) is None


def test_failed_write_leaves_the_earlier_copy(
    tmp_path: Path, copies: SealedCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies.write(1, b"first")

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(DiskFull):
        copies.write(1, b"second")
    monkeypatch.undo()
    assert copies.read(1) == b"first"
    assert copies.numbers() == (1,)


def test_a_folder_that_cannot_be_is_damage(tmp_path: Path, key: Secret) -> None:
    (tmp_path / "file").write_bytes(b"")
    copies = SealedCopies(tmp_path / "file" / "outbox", key, system_random)
    with pytest.raises(StoreDamaged):
        copies.write(1, b"x")
