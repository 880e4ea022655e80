# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a profile says of itself before anything else of the program is loaded: which screen stands at the door.

Reads three facts and leaves the rest of the file to ``client.profile``, which judges all of it before anything opens.
Light to import on purpose: it stands between the program's start and its first paint.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from client.errors import KeyFileDamaged

MAX_BYTES: Final = 64 * 1024


class Body(Struct, frozen=True):
    """Of the trust root, the name of the body only."""

    body: str


class Glance(Struct, frozen=True):
    """See ``client.profile.Profile``."""

    root: Body
    device: str
    state: Literal["pending", "active"] = "pending"


def at(path: Path) -> Glance | None:
    """What the profile at ``path`` says, or None where the device was never enrolled.

    Raises:
        KeyFileDamaged: The file is there and is not a profile.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(data) > MAX_BYTES:
        raise KeyFileDamaged("profile")
    try:
        return msgspec.json.decode(data, type=Glance)
    except msgspec.DecodeError as error:
        raise KeyFileDamaged("profile") from error
