# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is who, as far as a screen needs it, and whose aide somebody is.

An aide serves members: prepares notes for them and is told what they leave undone. The link is the registrar's
word in the directory. It gives no ballot, no voice and no key; it counts only while one end is an aide and the
other a member or the Prime Minister, so a changed role ends it without another step.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from client.domain.ids import MemberId

MAX_SERVED: Final = 8
"""Members one aide can serve."""
AIDE: Final = "aide"
SERVED_ROLES: Final = frozenset({"member", "prime_minister"})


class Person(Struct, frozen=True):
    """Somebody of the directory.

    Attributes:
        role: ``member``, ``prime_minister``, ``aide``, ``secretariat`` or ``guest``.
        serves: Whose aide this is, as the directory says; see ``served_by``.
        reachable: Has a device that is active now.
    """

    id: MemberId
    name: str
    role: str
    serves: tuple[MemberId, ...] = ()
    reachable: bool = True

    def __repr__(self) -> str:
        """The id only: names do not reach a log."""
        return f"Person({self.id})"


def aides_of(people: Iterable[Person], member: MemberId) -> tuple[Person, ...]:
    """The aides of a member, in the order of the directory; nobody's if ``member`` is no member."""
    known = tuple(people)
    if not any(one.id == member and one.role in SERVED_ROLES for one in known):
        return ()
    return tuple(one for one in known if one.role == AIDE and member in one.serves)


def served_by(people: Iterable[Person], aide: MemberId) -> tuple[Person, ...]:
    """The members an aide serves, in the order of the directory."""
    known = tuple(people)
    serves = next((one.serves for one in known if one.id == aide and one.role == AIDE), ())
    return tuple(one for one in known if one.id in serves and one.role in SERVED_ROLES)
