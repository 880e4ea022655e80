# SPDX-License-Identifier: AGPL-3.0-or-later
"""One of the bodies that a person belongs to on one machine."""

from __future__ import annotations

from msgspec import Struct


class Body(Struct, frozen=True):
    """A body as the switcher shows it.

    Attributes:
        profile: Name of its profile's folder.
        name: The body's own name.
        here: It is the one that is open or asked to be opened.
    """

    profile: str
    name: str
    here: bool = False
