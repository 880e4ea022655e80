# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose aide somebody is: a link counts only while both ends still are what it needs."""

from __future__ import annotations

from client.domain.ids import MemberId
from client.domain.people import Person, aides_of, served_by

MINISTER, OTHER, GUEST, AIDE, SECOND = (MemberId(f"m_{n}") for n in ("minister", "other", "guest", "aide", "second"))


def people(**roles: str) -> tuple[Person, ...]:
    return (
        Person(MINISTER, "Bộ trưởng", roles.get("minister", "member")),
        Person(OTHER, "Thủ tướng", "prime_minister"),
        Person(GUEST, "Khách", "guest"),
        Person(AIDE, "Thư ký", roles.get("aide", "aide"), (MINISTER, GUEST, OTHER)),
        Person(SECOND, "Chuyên viên", "aide", (MINISTER,)),
    )


def test_a_member_has_aides_and_an_aide_has_members() -> None:
    assert [one.id for one in aides_of(people(), MINISTER)] == [AIDE, SECOND]
    assert [one.id for one in served_by(people(), AIDE)] == [MINISTER, OTHER], "a guest is not served"
    assert aides_of(people(), GUEST) == ()
    assert served_by(people(), MINISTER) == ()


def test_a_changed_role_ends_the_link() -> None:
    assert [one.id for one in aides_of(people(aide="guest"), MINISTER)] == [SECOND]
    assert served_by(people(aide="guest"), AIDE) == ()
    assert aides_of(people(minister="guest"), MINISTER) == ()
    assert [one.id for one in served_by(people(minister="guest"), AIDE)] == [OTHER]
    assert "Thư ký" not in repr(people())
