# SPDX-License-Identifier: AGPL-3.0-or-later
"""People on screens: in Vietnamese order, with a short name and a colour of their own.

Names are sorted by the given name, which comes last, then by the whole, in the order of the Vietnamese alphabet
(à ả ã á ạ, d before đ). What stands in brackets behind a name does not count.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Final

from PySide6.QtCore import QCollator, QLocale, Qt

from client.domain.ids import AnnotationId, MemberId
from client.domain.people import Person, aides_of, served_by
from client.ui.i18n import tr
from client.ui.theme.tokens import AUTHOR_COLOURS

_BRACKETS: Final = re.compile(r"\s*\([^)]*\)\s*$")
_SHORT: Final = 22


@cache
def _collator() -> QCollator:
    made = QCollator(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setNumericMode(True)
    return made


def in_order(people: Iterable[Person]) -> list[Person]:
    """By given name, then by the whole name."""
    collator = _collator()
    return sorted(people, key=lambda one: (collator.sortKey(given_name(one.name)), collator.sortKey(one.name), one.id))


def given_name(name: str) -> str:
    """The last word."""
    words = plain_name(name).split()
    return words[-1] if words else name


def plain_name(name: str) -> str:
    """Without what stands in brackets behind it."""
    return _BRACKETS.sub("", name) or name


def short_name(name: str) -> str:
    """For a tag on a page: the name from its start, for the end of an office's name may be another office."""
    short = plain_name(name)
    return short if len(short) <= _SHORT else short[: _SHORT - 1] + "…"


def name_of(member: MemberId, people: Mapping[MemberId, Person]) -> str:
    """A name; the id where the directory does not have one."""
    person = people.get(member)
    return person.name if person is not None else member


def colour_of(author: MemberId) -> str:
    """The colour of what this person shared: always the same one."""
    return AUTHOR_COLOURS[hashlib.sha256(author.encode()).digest()[0] % len(AUTHOR_COLOURS)]


def offered(people: Mapping[MemberId, Person], me: MemberId) -> tuple[list[Person], list[Person]]:
    """Whom something can be shared with: first those who serve me or whom I serve, then everybody else."""
    everybody = tuple(people.values())
    near = {one.id for one in (*aides_of(everybody, me), *served_by(everybody, me))}
    others = [one for one in everybody if one.id != me and one.id not in near]
    return in_order(one for one in everybody if one.id in near), in_order(others)


def shared_words(each: Mapping[AnnotationId, Collection[MemberId]], people: Mapping[MemberId, Person]) -> str:
    """The same for several things; says of how many if they differ."""
    shared = [readers for readers in each.values() if readers]
    said = shared_sentence({one for readers in shared for one in readers}, people)
    if not shared or all(set(readers) == set(shared[0]) for readers in each.values()):
        return said
    return tr("{what} ({n} trong {m} mục)").format(what=said, n=len(shared), m=len(each))


def shared_sentence(readers: Iterable[MemberId], people: Mapping[MemberId, Person]) -> str:
    """With whom something is shared, in words; what is shared with nobody is one's own alone."""
    known = [people.get(one) or Person(one, one, "") for one in readers]
    names = [plain_name(one.name) for one in in_order(known)]
    return tr("Chia sẻ với {names}").format(names=", ".join(names)) if names else tr("Riêng tôi")
