# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where notes went when their paper was replaced: each goes on once, doubts stay until decided, undo reopens."""

from __future__ import annotations

import msgspec
import pytest

from client.domain.annotation import Annotation, Rect, TextNote
from client.domain.ids import AnnotationId, Hash, Moment, PaperId
from client.domain.pack import PackState
from client.errors import InternalFault
from client.store import annotations, carry, packs
from client.store.carry import Carried, CarryState, successor
from client.store.changes import Topic
from client.store.connection import Connection
from tests.unit.store.samples import PACK, PAPER, T1, T2, T3, named, paper, revision

V1, V2, V3 = (named(f"{PAPER}{version}") for version in (1, 2, 3))


def note(name: str, plain: Hash = V1, made: Moment = T1) -> TextNote:
    return TextNote(
        id=AnnotationId(name), paper=PaperId(PAPER), plain=plain, page=0, made=made, at=Rect(1, 2, 3, 4), text="Hỏi lại"
    )


def went(source: Annotation, plain: Hash, *, doubt: str = "") -> Carried:
    target = msgspec.structs.replace(source, id=successor(source.id, plain, 0), plain=plain, page=7)
    return Carried(source, plain, CarryState.DOUBTFUL if doubt else CarryState.PLACED, doubt, (target,))


def waiting(conn: Connection, version: int, *earlier: Hash, later: tuple[Hash, ...] = ()) -> list[str]:
    current = msgspec.structs.replace(paper(PAPER, version), sent=T2)
    return [one.id for one in carry.waiting(conn, current, earlier=earlier, later=later)]


def live(conn: Connection, plain: Hash) -> list[str]:
    return [one.id for one in annotations.of_paper(conn, PaperId(PAPER), plain)]


def test_a_sure_note_stands_on_both_versions_and_is_not_carried_twice(record: Connection) -> None:
    first = note("a_one")
    annotations.add(record, first)
    assert waiting(record, 2, V1) == ["a_one"]
    stored, changes = carry.keep(record, [went(first, V2)])
    assert (stored, changes.topics, changes.ids) == (1, {Topic.ANNOTATIONS}, {PAPER})
    assert live(record, V1) == ["a_one"]
    assert live(record, V2) == [successor(first.id, V2, 0)]
    assert waiting(record, 2, V1) == []
    assert waiting(record, 3, V1, V2) == [successor(first.id, V2, 0)], "its successor goes on, not the note itself"
    assert carry.keep(record, [went(first, V2)])[0] == 0


def test_a_deleted_successor_does_not_come_back(record: Connection) -> None:
    first = note("a_one")
    annotations.add(record, first)
    carry.keep(record, [went(first, V2)])
    annotations.delete(record, successor(first.id, V2, 0), T2)
    carry.keep(record, [went(first, V2)])
    assert live(record, V2) == []
    assert waiting(record, 3, V1, V2) == []


def test_a_note_deleted_meanwhile_is_passed_over(record: Connection) -> None:
    first = note("a_one")
    annotations.add(record, first)
    annotations.delete(record, first.id, T2)
    assert carry.keep(record, [went(first, V2)])[0] == 0
    assert live(record, V2) == []


def test_a_doubt_waits_for_the_member_and_goes_where_they_say(record: Connection) -> None:
    first = note("a_one")
    annotations.add(record, first)
    asked = went(first, V2, doubt="gone")
    carry.keep(record, [asked])
    assert live(record, V2) == []
    assert carry.doubtful(record, [V2]) == (asked,)
    assert waiting(record, 2, V1) == []
    assert waiting(record, 3, V1, V2) == ["a_one"], "still undecided when the next version comes: tried again"
    carry.decide(record, first.id, V2, asked.targets)
    assert carry.doubtful(record, [V2]) == ()
    assert live(record, V2) == [asked.targets[0].id]
    assert waiting(record, 3, V1, V2) == [asked.targets[0].id]
    with pytest.raises(InternalFault):
        carry.decide(record, first.id, V2, asked.targets)


def test_left_with_the_old_version_it_is_not_asked_about_again(record: Connection) -> None:
    first = note("a_one")
    annotations.add(record, first)
    carry.keep(record, [went(first, V2, doubt="gone")])
    carry.decide(record, first.id, V2, ())
    assert carry.doubtful(record, [V2]) == ()
    assert (live(record, V1), live(record, V2)) == (["a_one"], [])
    assert waiting(record, 3, V1, V2) == []


@pytest.mark.parametrize("moved", [True, False])
def test_a_decision_can_be_taken_back_and_taken_anew(record: Connection, *, moved: bool) -> None:
    first = note("a_one")
    annotations.add(record, first)
    asked = went(first, V2, doubt="changed")
    carry.keep(record, [asked])
    carry.decide(record, first.id, V2, asked.targets if moved else ())
    carry.reopen(record, asked, T2)
    (again,) = carry.doubtful(record, [V2])
    assert (again.state, again.targets) == (CarryState.REOPENED, asked.targets)
    assert live(record, V2) == []
    elsewhere = msgspec.structs.replace(asked.targets[0], id=AnnotationId("a_again"), page=9)
    carry.decide(record, first.id, V2, (elsewhere,))
    assert live(record, V2) == ["a_again"]


def test_a_decision_taken_on_another_device_settles_the_doubt_here(record: Connection) -> None:
    first = note("a_one")
    annotations.add(record, first)
    asked = went(first, V2, doubt="gone")
    carry.keep(record, [asked])
    annotations.add(record, asked.targets[0])  # as it arrives from the other device
    assert carry.doubtful(record, [V2]) == ()


def test_notes_on_later_and_unknown_versions_wait(record: Connection) -> None:
    for one in (note("a_later", V3), note("a_early", named("unknown"), T1), note("a_fresh", named("unknown"), T3)):
        annotations.add(record, one)
    assert waiting(record, 2, V1, later=(V3,)) == ["a_early"]


def test_whether_anything_waits_is_answered_without_reading_notes(record: Connection) -> None:
    first = note("a_one")
    annotations.add(record, first)
    assert not carry.any_waiting(record, [(PaperId(PAPER), V1)])
    assert carry.any_waiting(record, [(PaperId(PAPER), V2)])
    carry.keep(record, [went(first, V2)])
    assert not carry.any_waiting(record, [(PaperId(PAPER), V2)])


def test_versions_of_a_paper_oldest_first(record: Connection) -> None:
    for rev, version, state in (
        (1, 1, PackState.READY),
        (2, 2, PackState.READY),
        (3, 2, PackState.READY),
        (4, 3, PackState.FETCHING),
    ):
        packs.upsert(record, revision(rev, paper(PAPER, version), state=state))
    known, later = carry.versions(packs.all_revisions(record), PACK, PaperId(PAPER))
    assert [one.plain for one in known] == [V1, V2]
    assert later == {V3}


def test_a_version_that_came_back_is_the_latest(record: Connection) -> None:
    for rev, version in ((1, 1), (2, 2), (3, 1)):
        packs.upsert(record, revision(rev, paper(PAPER, version), state=PackState.READY))
    known, later = carry.versions(packs.all_revisions(record), PACK, PaperId(PAPER))
    assert ([one.plain for one in known], later) == ([V2, V1], frozenset())
