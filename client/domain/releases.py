# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a published release means for the program that runs: pure rules, no clock, no network.

Rules:
1. Only releases for this system count; a production build looks at production releases only.
2. The newest release decides. A lower one than what runs means nothing: somebody is testing.
3. Below the newest release's minimum, the program that runs should not be used any more; it says so and goes on:
   nobody is locked out of their papers by an update server.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, Struct

from client.domain.ids import Moment

VERSION: Final = r"^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,5}$"
Version = Annotated[str, Meta(pattern=VERSION)]
PRODUCTION: Final = "production"


class Release(Struct, frozen=True):
    """One release as its publisher describes it.

    Attributes:
        target: System it is for: ``linux``, ``win-x64``, ``macos``.
        min_version: The lowest version that may still be used.
    """

    version: Version
    channel: str
    target: str
    min_version: Version


class Standing(StrEnum):
    """How the running program stands to what is published."""

    UNKNOWN = "unknown"
    """Nothing was read yet."""
    CURRENT = "current"
    NEWER = "newer"
    """There is a newer release."""
    TOO_OLD = "too_old"
    """What runs is below the minimum."""


class ReleaseNews(Struct, frozen=True):
    """What can be told.

    Attributes:
        version: The newest release, where it is newer than what runs.
        looked: When it was last read from the publisher; None before the first time.
        trouble: Code of the error of the last look; empty when it went well.
    """

    standing: Standing = Standing.UNKNOWN
    version: str = ""
    looked: Moment | None = None
    trouble: str = ""


def numbers(version: str) -> tuple[int, ...]:
    """``1.2.10`` as it is compared."""
    return tuple(int(part) for part in version.split("."))


def is_newer(version: str, running: str) -> bool:
    """Whether ``version`` comes after ``running``."""
    return numbers(version) > numbers(running)


def judge(releases: Iterable[Release], *, running: str, channel: str, target: str) -> tuple[Standing, str]:
    """Where ``running`` stands, and the newer version if there is one."""
    mine = [r for r in releases if r.target == target and (channel != PRODUCTION or r.channel == PRODUCTION)]
    if not mine:
        return Standing.CURRENT, ""
    newest = max(mine, key=lambda release: numbers(release.version))
    if not is_newer(newest.version, running):
        return Standing.CURRENT, ""
    too_old = is_newer(newest.min_version, running)
    return (Standing.TOO_OLD if too_old else Standing.NEWER), newest.version
