# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small aggregates of ``record.db``: trust, polls, comments, annotations, reading state, settings."""

from __future__ import annotations

import pytest
from msgspec import structs

from client.crypto.secret import Secret
from client.domain.annotation import Bookmark
from client.domain.ballot import PollState
from client.domain.ids import AnnotationId, Moment, PackId, PaperId, PollId
from client.errors import InternalFault, RollbackDetected, StoreDamaged
from client.store import annotations, comments, polls, reading, settings, trusted
from client.store.changes import NOTHING, ChangeSet, Topic
from client.store.connection import Connection
from client.store.reading import Position
from tests.unit.store.samples import BALLOT, PACK, PAPER, POLL, T1, T2, T3, comment, marks, named


def test_metadata_never_gets_older_but_under_a_newer_root(record: Connection) -> None:
    assert trusted.load_metadata(record) == (0, {})
    trusted.save_metadata(record, 1, {"timestamp": (5, b"five"), "snapshot": (2, b"two")})
    with pytest.raises(RollbackDetected):
        trusted.save_metadata(record, 1, {"timestamp": (4, b"four"), "snapshot": (3, b"three")})
    assert trusted.load_metadata(record) == (1, {"timestamp": b"five", "snapshot": b"two"})
    trusted.save_metadata(record, 1, {"timestamp": (6, b"six")})
    trusted.save_metadata(record, 2, {"timestamp": (1, b"one, after the keys were replaced")})
    assert trusted.load_metadata(record) == (
        2,
        {"timestamp": b"one, after the keys were replaced", "snapshot": b"two"},
    )


def test_roots_come_back_in_order(record: Connection) -> None:
    for version in (2, 10, 9):
        trusted.save_root(record, version, str(version).encode())
    assert trusted.load_roots(record) == (b"2", b"9", b"10")
    assert trusted.load_metadata(record) == (0, {})


def test_targets_and_metadata_do_not_meet(record: Connection) -> None:
    trusted.save_target(record, "metadata:timestamp", b"a target of that name")
    assert trusted.load_metadata(record) == (0, {})
    assert trusted.load_target(record, "metadata:timestamp") == b"a target of that name"
    assert trusted.load_target(record, "p/pk_1.1") is None


def test_scope_keys_by_epoch_and_their_end(record: Connection) -> None:
    first, second = Secret(b"1" * 32), Secret(b"2" * 32)
    trusted.save_scope_key(record, PACK, 0, first)
    trusted.save_scope_key(record, PACK, 1, second)
    trusted.save_scope_key(record, "notes", 0, first)
    assert trusted.load_scope_key(record, PACK, 0) == first
    assert trusted.load_scope_key(record, PACK, 1) == second
    trusted.drop_scope_keys(record, PACK)
    assert trusted.load_scope_key(record, PACK, 0) is trusted.load_scope_key(record, PACK, 1) is None
    assert trusted.load_scope_key(record, "notes", 0) == first
    with pytest.raises(InternalFault):
        trusted.save_scope_key(record, PACK, 0, Secret(b"short"))


def test_the_floor_only_rises(record: Connection) -> None:
    assert trusted.floor(record) is None
    assert trusted.raise_floor(record, T2)[1] == ChangeSet.of(Topic.TRUST)
    assert trusted.raise_floor(record, T1)[1] == trusted.raise_floor(record, T2)[1] == NOTHING
    assert trusted.floor(record) == T2
    trusted.raise_floor(record, T3)
    assert trusted.floor(record) == T3


def test_polls_read_back_and_only_move_on(record: Connection) -> None:
    assert polls.save(record, BALLOT)[0] == BALLOT
    assert polls.get(record, POLL) == BALLOT
    assert polls.all(record) == (BALLOT,)
    assert polls.get(record, PollId("po_none")) is None
    closed, changes = polls.set_state(record, POLL, PollState.CLOSED, closed=T2)
    assert (closed.state, closed.closed) == (PollState.CLOSED, T2)
    assert changes == ChangeSet.of(Topic.POLLS, POLL, PACK)
    polls.set_state(record, POLL, PollState.RESULT_VERIFIED)
    for back in (PollState.ANNOUNCED, PollState.OPEN, PollState.CLOSED, PollState.RESULT_DISPUTED):
        with pytest.raises(InternalFault):
            polls.set_state(record, POLL, back)
    kept, _ = polls.save(record, structs.replace(BALLOT, title="Tên sửa (dữ liệu giả định)"))
    assert (kept.state, kept.closed, kept.title) == (PollState.RESULT_VERIFIED, T2, "Tên sửa (dữ liệu giả định)")
    assert polls.get(record, POLL) == kept


def test_closing_lists_belong_to_known_polls(record: Connection) -> None:
    with pytest.raises(InternalFault):
        polls.save_closing(record, POLL, b"list")
    with pytest.raises(InternalFault):
        polls.set_state(record, POLL, PollState.CLOSED)
    polls.save(record, BALLOT)
    assert polls.closing(record, POLL) is None
    polls.save_closing(record, POLL, b"list")
    polls.save(record, BALLOT)
    assert polls.closing(record, POLL) == b"list"


def test_comments_by_pack(record: Connection) -> None:
    other = PackId("pk_0000")
    for made in (comment(3), comment(1), comment(2, other), comment(1)):
        comments.add(record, made)
    assert comments.of_pack(record, PACK) == (comment(1), comment(3))
    assert comments.all(record) == (comment(1), comment(2, other), comment(3))


def test_having_no_comment_to_make_is_kept_by_pack_and_taken_back(record: Connection) -> None:
    other = PackId("pk_0000")
    assert comments.none_to_make(record) == {}
    assert comments.say_none(record, PACK, T1)[1] == ChangeSet.of(Topic.COMMENTS, PACK)
    comments.say_none(record, other, T2)
    comments.say_none(record, PACK, T3)
    assert comments.none_to_make(record) == {PACK: T3, other: T2}
    comments.say_none(record, PACK, None)
    assert comments.none_to_make(record) == {other: T2}


def test_annotations_of_every_kind_read_back(record: Connection) -> None:
    for mark in marks():
        assert annotations.add(record, mark)[1] == ChangeSet.of(Topic.ANNOTATIONS, PAPER)
        assert annotations.add(record, mark)[1] == NOTHING
    assert annotations.of_paper(record, PAPER) == marks()
    assert annotations.of_paper(record, PAPER, named("pdf")) == marks()
    assert annotations.of_paper(record, PAPER, named("bản khác")) == ()
    assert annotations.of_paper(record, PaperId("do_none")) == ()
    assert annotations.counts(record) == {PAPER: {0: 1, 1: 1, 2: 1, 3: 1}}
    with pytest.raises(InternalFault):
        annotations.add(record, structs.replace(marks()[0], width=9.0))


def test_annotations_are_deleted_and_restored(record: Connection) -> None:
    for mark in marks():
        annotations.add(record, mark)
    ink = marks()[0].id
    assert annotations.delete(record, ink, T2)[1] == ChangeSet.of(Topic.ANNOTATIONS, PAPER)
    assert annotations.delete(record, ink, T3)[1] == NOTHING
    assert annotations.all_live(record) == marks()[1:]
    assert annotations.counts(record) == {PAPER: {1: 1, 2: 1, 3: 1}}
    annotations.add(record, marks()[0])
    assert annotations.all_live(record) == marks()[1:]
    assert annotations.restore(record, ink)[1] == ChangeSet.of(Topic.ANNOTATIONS, PAPER)
    assert annotations.restore(record, ink)[1] == NOTHING
    assert annotations.all_live(record) == marks()
    assert annotations.delete(record, AnnotationId("an_none"), T2)[1] == NOTHING


def test_annotations_come_by_page_and_age(record: Connection) -> None:
    for number, (page, made) in enumerate([(1, T2), (0, T3), (1, T1)]):
        mark = Bookmark(id=AnnotationId(f"an_{number:04d}"), paper=PAPER, plain=named("pdf"), page=page, made=made)
        annotations.add(record, mark)
    assert [(mark.page, mark.made) for mark in annotations.of_paper(record, PAPER)] == [(0, T3), (1, T1), (1, T2)]


def test_reading_state(record: Connection) -> None:
    first, second, third = named("1"), named("2"), named("3")
    assert reading.recall(record, first) is None
    reading.remember(record, first, Position(3, 120.5, 1.25))
    reading.remember(record, second, Position(0, 0, 1))
    assert reading.last_opened(record) == (second, first)
    reading.remember(record, first, Position(4, 0.0, 2.0))
    assert reading.last_opened(record) == (first, second)
    assert reading.recall(record, first) == Position(4, 0.0, 2.0)
    assert reading.mark_page_seen(record, third, 9)[1] == ChangeSet.of(Topic.READING, third)
    assert reading.mark_page_seen(record, third, 9)[1] == NOTHING
    reading.mark_page_seen(record, third, 2)
    assert reading.seen(record, third) == {2, 9}
    assert reading.seen(record, first) == frozenset()
    assert reading.opened_hashes(record, [third, named("4"), second]) == (third, second)


def test_settings_keep_their_type_or_fall_back(record: Connection) -> None:
    settings.put(record, "scale", 1.5)
    settings.put(record, "scale", 1.25)
    settings.put(record, "floor", T1)
    assert settings.get(record, "scale", float, 1.0) == 1.25
    assert settings.get(record, "floor", Moment, "") == T1
    assert settings.get(record, "scale", list[int], [1]) == [1]
    assert settings.get(record, "none", str, "vi") == "vi"


def test_what_does_not_read_back_is_damage(record: Connection) -> None:
    polls.save(record, BALLOT)
    annotations.add(record, marks()[3])
    record.execute("UPDATE polls SET body = x'7b'")
    record.execute("UPDATE annotations SET body = x'81a0'")
    with pytest.raises(StoreDamaged):
        polls.get(record, POLL)
    with pytest.raises(StoreDamaged):
        annotations.all_live(record)
