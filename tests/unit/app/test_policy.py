# SPDX-License-Identifier: AGPL-3.0-or-later
"""A policy that cannot be read is never replaced by a weaker one."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.policy import MAX_POLICY, Policy, PolicyUnreadable, load


def test_no_file_means_no_policy(tmp_path: Path) -> None:
    assert load(tmp_path / "policy.json") == Policy()


def test_a_policy_is_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"server_url":"https://ecabinet.example","allow_export":false}')
    assert load(path) == Policy(server_url="https://ecabinet.example", allow_export=False)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"allow_export":"no"}', '{"allow_exprot":false}', '{"auto_lock_s":5}', "\x00"]
)
def test_a_damaged_policy_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "policy.json"
    path.write_text(text)
    with pytest.raises(PolicyUnreadable):
        load(path)


def test_size_limit(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text("{}" + " " * (MAX_POLICY - 2))
    assert load(path) == Policy()
    path.write_text("{}" + " " * (MAX_POLICY - 1))
    with pytest.raises(PolicyUnreadable):
        load(path)
