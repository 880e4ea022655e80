# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is who, as far as a screen needs it."""

from __future__ import annotations

from msgspec import Struct

from client.domain.ids import MemberId


class Person(Struct, frozen=True):
    """Somebody of the directory.

    Attributes:
        role: ``member``, ``prime_minister``, ``aide``, ``secretariat`` or ``guest``.
    """

    id: MemberId
    name: str
    role: str

    def __repr__(self) -> str:
        """The id only: names do not reach a log."""
        return f"Person({self.id})"
