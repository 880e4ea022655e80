# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keys that are gone had signed: named by number, compared with the service once, told until confirmed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from client import left_behind
from client.domain.ids import DeviceId, Moment
from client.errors import KeyFileDamaged, Unreachable
from client.left_behind import LeftAct, LeftBehind
from client.paths import ProfilePaths

OLD = DeviceId("d_0001")


def profile(folder: Path, *names: str) -> ProfilePaths:
    paths = ProfilePaths(folder / "profile")
    paths.create()
    for name in names:
        copy = paths.sealed_copies / name
        copy.write_bytes(b"sealed")
        os.utime(copy, (1_764_000_000, 1_764_000_000))
    return paths


def test_copies_tell_numbers_and_dates_without_keys(tmp_path: Path) -> None:
    paths = profile(tmp_path, "1", "2", "2.withdrawn", "10", "3.new", "x")
    found = left_behind.look(paths, OLD)
    assert [act.n for act in found.acts] == [1, 10], "withdrawn and unfinished ones were never meant to arrive"
    assert {act.saved for act in found.acts} == {"2025-11-24T16:00:00.000Z"}


def test_only_what_the_service_does_not_have_is_told_until_confirmed(tmp_path: Path) -> None:
    paths = profile(tmp_path, "1", "2", "3")
    left_behind.keep(paths, left_behind.look(paths, OLD))

    def away(_device: DeviceId) -> frozenset[int]:
        raise Unreachable

    with pytest.raises(Unreachable):
        left_behind.compare(paths, away)
    lost = left_behind.compare(paths, lambda device: frozenset({1, 2}) if device == OLD else frozenset())
    assert lost is not None
    assert [act.n for act in lost.acts] == [3]
    assert left_behind.compare(paths, away) == lost, "asked once"
    left_behind.confirm(paths)
    assert left_behind.compare(paths, away) is None


def test_nothing_lost_leaves_nothing_to_tell(tmp_path: Path) -> None:
    paths = profile(tmp_path, "1")
    left_behind.keep(paths, left_behind.look(paths, OLD))
    assert left_behind.compare(paths, lambda _device: frozenset({1})) is None
    assert not paths.left_behind.exists()


def test_only_the_newest_are_kept_and_fit_the_file(tmp_path: Path) -> None:
    paths = profile(tmp_path)
    acts = tuple(LeftAct(10**9 + n, Moment("2026-11-25T01:02:03.004Z")) for n in range(left_behind.MOST))
    left_behind.keep(paths, LeftBehind(OLD, acts))
    found = left_behind.load(paths)
    assert found is not None
    assert found.acts == acts


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    paths = profile(tmp_path)
    paths.left_behind.write_bytes(b"{}")
    with pytest.raises(KeyFileDamaged):
        left_behind.load(paths)
