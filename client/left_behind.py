# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was signed under keys that are gone: which acts never reached the service, said one by one.

When a member enrols again without the old keys, the sealed copies of the old device tell only their numbers and when
they were written. The service tells which of those numbers it has. What is left is lost, and the member is told so
instead of finding out on the day of the count.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

from msgspec import Meta, Struct

from client.clock import Millis, to_rfc3339
from client.domain.ids import DeviceId, Moment
from client.errors import FormatRefused, KeyFileDamaged
from client.keys import files
from client.paths import ProfilePaths
from client.protocol import codec

MOST: Final = 500
"""Newest acts that are remembered by number."""
_WITHDRAWN: Final = ".withdrawn"


class LeftAct(Struct, frozen=True, forbid_unknown_fields=True):
    """One signed act of the old device: its number, and when it was saved by the old device's clock."""

    n: int
    saved: Moment


class LeftBehind(Struct, frozen=True, forbid_unknown_fields=True):
    """The old device and its acts, oldest first.

    Attributes:
        compared: The service was asked; ``acts`` are those it does not have.
    """

    device: DeviceId
    acts: Annotated[tuple[LeftAct, ...], Meta(max_length=MOST)]
    compared: bool = False


def look(paths: ProfilePaths, device: DeviceId) -> LeftBehind:
    """What the sealed copies of a device tell without its keys: numbers and dates of acts that were not withdrawn."""
    folder = paths.sealed_copies
    names = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    acts = [
        LeftAct(int(name), Moment(to_rfc3339(Millis(round(path.stat().st_mtime * 1000)))))
        for name, path in names.items()
        if name.isascii() and name.isdecimal() and f"{name}{_WITHDRAWN}" not in names
    ]
    return LeftBehind(device, tuple(sorted(acts, key=lambda act: act.n)[-MOST:]))


def keep(paths: ProfilePaths, left: LeftBehind) -> None:
    """Remember for the new enrolment; nothing to remember leaves no file."""
    if left.acts:
        files.write(paths.left_behind, codec.encode(left))
    else:
        files.remove(paths.left_behind)


def load(paths: ProfilePaths) -> LeftBehind | None:
    """What was left behind, None for nothing.

    Raises:
        KeyFileDamaged: The file cannot be read.
    """
    data = files.read(paths.left_behind)
    try:
        return None if data is None else codec.decode(data, LeftBehind, limit=codec.MAX_SMALL)
    except FormatRefused as error:
        raise KeyFileDamaged("left behind") from error


def compare(paths: ProfilePaths, has: Callable[[DeviceId], frozenset[int]]) -> LeftBehind | None:
    """Ask the service once, keep the answer until the member confirms it.

    Args:
        paths: The profile.
        has: Numbers of a device's statements that the service has.

    Returns:
        The acts that are lost; None when there are none.

    Raises:
        EcabinetError: The service could not be asked; again at the next look.
    """
    left = load(paths)
    if left is None or left.compared:
        return left
    there = has(left.device)
    lost = LeftBehind(left.device, tuple(act for act in left.acts if act.n not in there), compared=True)
    keep(paths, lost)
    return lost if lost.acts else None


def confirm(paths: ProfilePaths) -> None:
    """The member read it."""
    files.remove(paths.left_behind)
