# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a published release means for the program that runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.domain.releases import Release, Standing, is_newer, judge, numbers

VERSIONS = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20)).map(lambda v: ".".join(map(str, v)))
RELEASES = st.builds(
    Release,
    version=VERSIONS,
    channel=st.sampled_from(["production", "test"]),
    target=st.sampled_from(["linux", "win-x64"]),
    min_version=VERSIONS,
)


def test_versions_are_compared_by_number() -> None:
    assert is_newer("1.10.0", "1.9.9")
    assert not is_newer("1.9.9", "1.10.0")
    assert not is_newer("1.9.9", "1.9.9")


@pytest.mark.parametrize(
    ("version", "minimum", "standing"),
    [
        ("1.2.3", "1.0.0", Standing.CURRENT),
        ("1.2.2", "1.2.2", Standing.CURRENT),
        ("1.2.4", "1.2.3", Standing.NEWER),
        ("1.3.0", "1.2.4", Standing.TOO_OLD),
    ],
)
def test_standings(version: str, minimum: str, standing: Standing) -> None:
    found = judge([Release(version, "test", "linux", minimum)], running="1.2.3", channel="test", target="linux")
    assert found == (standing, version if standing is not Standing.CURRENT else "")


@given(st.lists(RELEASES, max_size=6), VERSIONS, st.sampled_from(["production", "test", "source"]))
def test_only_a_higher_release_for_this_system_is_ever_named(
    releases: list[Release], running: str, channel: str
) -> None:
    standing, version = judge(releases, running=running, channel=channel, target="linux")
    mine = [r for r in releases if r.target == "linux" and (channel != "production" or r.channel == "production")]
    assert bool(version) == (standing is not Standing.CURRENT)
    if version:
        assert numbers(version) > numbers(running)
        assert numbers(version) == max(numbers(r.version) for r in mine)
    else:
        assert all(numbers(r.version) <= numbers(running) for r in mine)
    assert judge(reversed(releases), running=running, channel=channel, target="linux")[1] == version
