# SPDX-License-Identifier: AGPL-3.0-or-later
"""Revisions of a pack: every arrow of the table and no other, and what publishing does to the older ones."""

from __future__ import annotations

import itertools

import pytest
from msgspec import structs

from client.domain.ids import PackId
from client.domain.pack import TRANSITIONS, PackState
from client.errors import InternalFault
from client.store import packs
from client.store.changes import ChangeSet, Topic
from client.store.connection import Connection
from tests.unit.store.samples import PACK, paper, revision

WAY_TO_READY = (PackState.KEYED, PackState.MANIFEST_OK, PackState.FETCHING, PackState.READY)


def make_ready(conn: Connection, rev: int, *papers) -> None:
    packs.upsert(conn, revision(rev, *papers))
    for state in WAY_TO_READY:
        packs.move(conn, PACK, rev, state)


@pytest.mark.parametrize(("start", "end"), list(itertools.product(PackState, PackState)))
def test_every_arrow_of_the_table_and_no_other(record: Connection, start: PackState, end: PackState) -> None:
    packs.upsert(record, revision(1, state=start))
    if end in TRANSITIONS[start]:
        packs.move(record, PACK, 1, end, "code")
        expected = end
    else:
        with pytest.raises(InternalFault):
            packs.move(record, PACK, 1, end)
        expected = start
    kept = packs.get(record, PACK, 1)
    assert kept is not None
    assert kept.state is expected


@pytest.mark.parametrize(("start", "end"), list(itertools.product(PackState, PackState)))
def test_upsert_follows_the_same_table(record: Connection, start: PackState, end: PackState) -> None:
    packs.upsert(record, revision(1, state=start))
    if end is start or end in TRANSITIONS[start]:
        packs.upsert(record, revision(1, state=end))
    else:
        with pytest.raises(InternalFault):
            packs.upsert(record, revision(1, state=end))


def test_unknown_revision_cannot_move(record: Connection) -> None:
    with pytest.raises(InternalFault):
        packs.move(record, PACK, 1, PackState.KEYED)
    assert packs.get(record, PACK, 1) is None


def test_a_revision_reads_back_as_written(record: Connection) -> None:
    written = structs.replace(
        revision(4, paper("do_0001"), paper("do_0002", 3), state=PackState.BLOCKED),
        reason="untrusted.signature",
        done_bytes=5,
        total_bytes=9,
        changed=(paper("do_0002").id,),
    )
    _, changes = packs.upsert(record, written)
    assert changes == ChangeSet.of(Topic.PACKS, PACK)
    assert packs.get(record, PACK, 4) == written
    assert packs.all_revisions(record) == (written,)


def test_publishing_supersedes_and_says_what_changed(record: Connection) -> None:
    make_ready(record, 1, paper("do_0001"), paper("do_0002"))
    first = packs.readable(record, PACK)
    assert first is not None
    assert first.changed == ()
    packs.upsert(record, revision(2, state=PackState.BLOCKED))
    packs.upsert(record, revision(3, paper("do_0001"), paper("do_0002", 2), paper("do_0003")))
    for state in WAY_TO_READY[:-1]:
        packs.move(record, PACK, 3, state)
    assert packs.readable(record, PACK) == first
    assert [(r.rev, r.state) for r in packs.current(record)] == [
        (1, PackState.READY),
        (2, PackState.BLOCKED),
        (3, PackState.FETCHING),
    ]
    packs.move(record, PACK, 3, PackState.READY)
    second = packs.readable(record, PACK)
    assert second is not None
    assert (second.rev, second.changed) == (3, ("do_0002", "do_0003"))
    assert packs.current(record) == (second,)
    assert [r.state for r in packs.all_revisions(record)] == [
        PackState.SUPERSEDED,
        PackState.SUPERSEDED,
        PackState.READY,
    ]


def test_an_older_revision_cannot_be_published_later(record: Connection) -> None:
    packs.upsert(record, revision(1))
    packs.upsert(record, revision(2, state=PackState.FETCHING))
    packs.move(record, PACK, 2, PackState.READY)
    with pytest.raises(InternalFault):
        packs.move(record, PACK, 1, PackState.KEYED)
    with pytest.raises(InternalFault):
        packs.upsert(record, revision(0, state=PackState.READY))
    assert [r.rev for r in packs.current(record)] == [2]
    assert packs.get(record, PACK, 0) is None


def test_lost_papers_do_not_make_old_ones_look_new(record: Connection) -> None:
    make_ready(record, 1, paper("do_0001"))
    make_ready(record, 2, paper("do_0001"), paper("do_0002"))
    packs.move(record, PACK, 2, PackState.FETCHING)
    assert packs.readable(record, PACK) is None
    assert [r.rev for r in packs.current(record)] == [2]
    packs.upsert(record, revision(3, paper("do_0001"), paper("do_0002"), paper("do_0003"), state=PackState.FETCHING))
    packs.move(record, PACK, 3, PackState.READY)
    newest = packs.readable(record, PACK)
    assert newest is not None
    assert newest.changed == ("do_0003",)


def test_progress_and_shredding(record: Connection) -> None:
    make_ready(record, 1, paper("do_0001"))
    _, changes = packs.set_progress(record, PACK, 1, 70, 82)
    assert changes == ChangeSet.of(Topic.PACKS, PACK)
    kept = packs.get(record, PACK, 1)
    assert kept is not None
    assert (kept.done_bytes, kept.total_bytes) == (70, 82)
    packs.move(record, PACK, 1, PackState.EXPIRED)
    packs.move(record, PACK, 1, PackState.SHREDDED)
    kept = packs.get(record, PACK, 1)
    assert kept is not None
    assert (kept.papers, kept.session, kept.manifest) == ((), None, None)
    assert packs.current(record) == ()


def test_packs_do_not_touch_each_other(record: Connection) -> None:
    other = PackId("pk_0000")
    packs.upsert(record, revision(5, state=PackState.READY, pack=other))
    make_ready(record, 1, paper("do_0001"))
    assert [(r.pack, r.rev) for r in packs.current(record)] == [(other, 5), (PACK, 1)]
    assert packs.readable(record, PackId("pk_none")) is None
