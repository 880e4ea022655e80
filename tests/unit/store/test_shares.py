# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choices of sharing in the store: they go on with a note to a new version, and a list shows each thing once."""

from __future__ import annotations

import msgspec
import pytest

from client.domain.annotation import Annotation, Rect, TextNote
from client.domain.ids import AnnotationId, DeviceId, Hash, MemberId, PaperId
from client.domain.sharing import MAX_CHOSEN, ShareChange, Stage
from client.errors import BadInput
from client.store import annotations, carry, note_list, received, share_chains, shares
from client.store.carry import Carried, CarryState, successor
from client.store.connection import Connection
from client.store.notes import Waiting
from tests.unit.store.samples import PAPER, T1, T2, named

AIDE, MINISTER, OTHER = MemberId("m_801"), MemberId("m_017"), MemberId("m_018")
V1, V2, V3 = (named(f"{PAPER}{version}") for version in (1, 2, 3))


def note(name: str, plain: Hash = V1) -> TextNote:
    return TextNote(
        id=AnnotationId(name), paper=PaperId(PAPER), plain=plain, page=0, made=T1, at=Rect(1, 2, 3, 4), text="Hỏi lại"
    )


def on(source: Annotation, plain: Hash) -> Annotation:
    return msgspec.structs.replace(source, id=successor(source.id, plain, 0), plain=plain)


def told(conn: Connection, reader: MemberId = MINISTER) -> dict[str, int]:
    return {one.id: one.marks for one in share_chains.untold(conn, reader, most=99, size=10**6)}


@pytest.mark.parametrize("sure", [True, False])
def test_a_shared_note_is_shared_on_the_new_version_too(record: Connection, *, sure: bool) -> None:
    mine, private = note("a_shared"), note("a_private")
    for one in (mine, private):
        annotations.add(record, one)
    shares.choose(record, (mine.id,), (MINISTER,))
    state = CarryState.PLACED if sure else CarryState.DOUBTFUL
    moved = [Carried(one, V2, state, "" if sure else "gone", (on(one, V2),)) for one in (mine, private)]
    carry.keep(record, moved)
    if not sure:
        assert told(record) == {mine.id: 0}, "not before the member decided"
        for one in moved:
            carry.decide(record, one.source.id, V2, one.targets)
    assert told(record) == {mine.id: 0, successor(mine.id, V2, 0): 0}
    assert shares.chosen(record, successor(private.id, V2, 0)) == ()


def test_a_note_that_went_on_is_listed_once_at_its_reader(record: Connection) -> None:
    first = note("a_one")
    second, third = on(first, V2), on(on(first, V2), V3)
    left = note("a_left", V2)
    changes = tuple(ShareChange(one.id, 0, one) for one in (first, second, third, left))
    received.apply(record, AIDE, changes, at=T2)
    listed = note_list._guests(received.all_live(record), PaperId(PAPER), V3, {})
    assert [(one.mark.id, one.here) for one in listed] == [("a_left", False), (third.id, True)]


def test_what_comes_in_any_order_ends_alike_and_a_stranger_changes_nothing(record: Connection) -> None:
    one = note("a_one")
    other = msgspec.structs.replace(one, text="Khác")
    assert received.apply(record, AIDE, (ShareChange(one.id, 2, one), ShareChange(one.id, 1)), at=T1)[0] == ()
    assert received.apply(record, AIDE, (ShareChange(one.id, 2, other),), at=T2)[0] == (one.id,)
    assert received.apply(record, AIDE, (ShareChange(AnnotationId("a_other"), 0, one),), at=T2)[0] == ("a_other",)
    received.apply(record, OTHER, (ShareChange(one.id, 5),), at=T2)
    assert [(each.author, each.body) for each in received.all_live(record)] == [(AIDE, one)]
    received.apply(record, AIDE, (ShareChange(one.id, 3),), at=T2)
    assert received.all_live(record) == ()
    row = record.execute("SELECT body FROM received WHERE author = ?", (AIDE,)).fetchone()
    assert row == (None,), "nothing of it stays"


def test_stages_and_queues_say_what_waits(record: Connection) -> None:
    one = note("a_one")
    annotations.add(record, one)
    shares.choose(record, (one.id,), (MINISTER, OTHER))
    assert [(q.reader, q.waiting, q.withdrawing) for q in shares.queues(record)] == [(MINISTER, 1, 0), (OTHER, 1, 0)]
    changes = share_chains.untold(record, MINISTER, most=9, size=9)
    waits = Waiting(1, named("batch"), (one.id,), b"parcel")
    share_chains.wait(record, DeviceId("d_0001"), MINISTER, waits, changes)
    assert {each.stage for each in shares.readers(record)[one.id]} == {Stage.WAITING}, "it has not left"
    share_chains.sent(record, DeviceId("d_0001"), MINISTER)
    shares.choose(record, (one.id,), ())
    assert [(q.reader, q.waiting, q.withdrawing) for q in shares.queues(record)] == [(MINISTER, 0, 1)]


def test_people_over_and_under_the_limit(record: Connection) -> None:
    people = [MemberId(f"m_{number:03}") for number in range(MAX_CHOSEN + 1)]
    shares.choose(record, (AnnotationId("a_one"),), people[:-1])
    with pytest.raises(BadInput):
        shares.choose(record, (AnnotationId("a_one"),), people)
    assert len(shares.chosen(record, AnnotationId("a_one"))) == MAX_CHOSEN
