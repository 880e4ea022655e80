# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file is the old one or the new one, whatever the disk does in between."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from client import durable


def test_a_file_is_replaced_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "profile"
    durable.replace(path, b"old")
    durable.replace(path, b"new\r\n\n")
    assert path.read_bytes() == b"new\r\n\n"
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, steps = tmp_path / "profile", []
    flush, rename = os.fsync, Path.replace

    def noted_flush(handle: int) -> None:
        target = Path(f"/proc/self/fd/{handle}").readlink()
        steps.append(("flush", target.name))
        flush(handle)

    def noted_rename(self: Path, target: Path) -> Path:
        steps.append(("rename", self.name))
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noted_flush)
    monkeypatch.setattr(Path, "replace", noted_rename)
    durable.replace(path, b"new")
    assert steps == [("flush", "profile.new"), ("rename", "profile.new"), ("flush", tmp_path.name)]


@pytest.mark.parametrize("step", ["fsync", "open"])
def test_a_full_disk_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "profile"
    durable.replace(path, b"old")

    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(OSError, match="No space"):
            durable.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_cut_left_beside_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "profile"
    durable.left_over(path).write_bytes(b"half of it, and longer than the next one")
    durable.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
