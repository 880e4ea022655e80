# SPDX-License-Identifier: AGPL-3.0-or-later
"""A paper is replaced while an aide's notes lie on the minister's device: they go on with their passages there too.

Two real devices with the same real papers, stores and render processes; what one tells the other is handed over as
the batches' contents, for the wire has tests of its own (``test_sharing.py``). The author's word decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from client.domain.annotation import Annotation
from client.domain.ids import AnnotationId, DeviceId, Hash, MemberId, Moment
from client.store import annotations, carry, note_list, packs, received, received_carry, share_chains, shares
from client.store.note_list import ListedGuest
from client.store.notes import Waiting
from tests.helpers.reader_world import DRAFT, PACK, ReaderWorld, reader_world
from tests.helpers.replaced import ARTICLES, FRESH, annotate, make_pdf, replace_draft, settled
from tests.unit.store.samples import named

AIDE, MINISTER = MemberId("m_003"), MemberId("m_017")
AT = Moment("2026-11-23T03:00:00.000Z")
FIRST, SECOND, THIRD, _ = ARTICLES


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[ReaderWorld, ReaderWorld]]:
    """The aide's device and the minister's."""
    data = make_pdf(*ARTICLES)
    with reader_world(tmp_path / "aide", data) as aide, reader_world(tmp_path / "minister", data) as minister:
        for device in (aide, minister):
            device.world.core.indexer.start()
            settled(device)
        yield aide, minister
        for device in (aide, minister):
            device.world.core.indexer.stop()


def tell(aide: ReaderWorld, minister: ReaderWorld) -> None:
    """What the aide's device would send next arrives."""
    told = aide.world.core.record.read(lambda c: share_chains.untold(c, MINISTER, most=99, size=10**6)).result()
    number = aide.world.core.record.read(lambda c: len(share_chains.heads(c))).result() + 1
    batch = Waiting(number, named("batch"), tuple(one.id for one in told), b"parcel")
    aide.world.write(lambda c: share_chains.wait(c, DeviceId("d_0001"), MINISTER, batch, told))
    aide.world.write(lambda c: share_chains.sent(c, DeviceId("d_0001"), MINISTER))
    minister.world.write(lambda c: received.apply(c, AIDE, told, at=AT))
    settled(minister)


def in_sight(device: ReaderWorld, plain: Hash) -> dict[AnnotationId, Annotation]:
    found = device.world.core.record.read(lambda c: received_carry.of_paper(c, DRAFT, plain)).result()
    assert len({one.body.id for one in found}) == len(found), "nothing stands there twice"
    return {one.body.id: one.body for one in found}  # type: ignore[misc]


def own(device: ReaderWorld, plain: Hash) -> dict[AnnotationId, Annotation]:
    found = device.world.core.record.read(lambda c: annotations.of_paper(c, DRAFT, plain)).result()
    return {one.id: one for one in found}


def guests(device: ReaderWorld) -> tuple[ListedGuest, ...]:
    (paper,) = device.world.core.record.read(lambda c: note_list.listed(c, PACK)).result()
    return paper.guests


@cache
def revised() -> bytes:
    return make_pdf(FIRST, FRESH, SECOND.replace("06", "12"), THIRD, top=300)


def replace(device: ReaderWorld) -> Hash:
    later = replace_draft(device, revised())
    settled(device)
    assert later.plain is not None
    return later.plain


def test_received_notes_move_with_their_passage_and_the_author_has_the_last_word(
    pair: tuple[ReaderWorld, ReaderWorld],
) -> None:
    aide, minister = pair
    made = annotate(aide)
    ids = tuple(one.id for one in made.values())
    aide.world.write(lambda c: shares.choose(c, ids, (MINISTER,)))
    tell(aide, minister)
    assert in_sight(minister, minister.plain).keys() == set(ids)
    plain = replace(minister)  # the minister's device has the new version first
    found = in_sight(minister, plain)
    assert {type(one) for one in found.values()} == {type(made[name]) for name in ("highlight", "ink", "bookmark")}
    assert own(minister, plain) == {}, "it never mixes with the minister's own"
    listed = guests(minister)
    assert len(listed) == len(made), "none is dropped"
    (doubt,) = (one for one in listed if one.doubt)
    assert (doubt.shared.body, doubt.here) == (made["note"], False)
    assert all(one.found_here for one in listed)
    counted = minister.world.core.record.read(lambda c: received_carry.counts(c, ((DRAFT, plain),))).result()
    assert counted == {AIDE: len(found)}

    assert replace(aide) == plain
    tell(aide, minister)
    assert in_sight(minister, plain) == found == own(aide, plain), "the same places under the same names"
    listed = guests(minister)
    assert [one.found_here for one in listed if one.here] == [False] * len(found), "by the author's word now"
    assert len(listed) == len(made)

    (asked,) = aide.world.core.record.read(lambda c: carry.doubtful(c, [plain])).result()
    aide.world.write(lambda c: carry.decide(c, asked.source.id, plain, asked.targets))
    tell(aide, minister)
    assert len(in_sight(minister, plain)) == len(made)
    assert not [one for one in guests(minister) if one.doubt]


def test_withdrawn_meanwhile_it_is_gone_from_both_versions_and_hidden_it_stays_hidden(
    pair: tuple[ReaderWorld, ReaderWorld],
) -> None:
    aide, minister = pair
    made = annotate(aide)
    band, mark = made["highlight"].id, made["bookmark"].id
    aide.world.write(lambda c: shares.choose(c, (band, mark), (MINISTER,)))
    tell(aide, minister)
    plain = replace(minister)
    assert len(in_sight(minister, plain)) == 2
    minister.world.write(lambda c: received.hide(c, AIDE, (mark,), hidden=True))
    assert len(in_sight(minister, plain)) == 1
    aide.world.write(lambda c: shares.choose(c, (band,), ()))
    tell(aide, minister)
    assert in_sight(minister, plain) == {}
    assert [one.shared.body.id for one in guests(minister)] == [mark], "hidden, and listed as such"
    replace(aide)
    tell(aide, minister)
    assert in_sight(minister, plain) == {}, "its author's word on the new version does not bring it back"
    assert [one.shared.hidden for one in guests(minister)] == [True]


def test_a_note_that_comes_late_for_the_old_version_goes_on_too(pair: tuple[ReaderWorld, ReaderWorld]) -> None:
    aide, minister = pair
    plain = replace(minister)
    made = annotate(aide)
    aide.world.write(lambda c: shares.choose(c, (made["highlight"].id,), (MINISTER,)))
    tell(aide, minister)
    (one,) = in_sight(minister, plain).values()
    assert one.page == 2
    revisions = minister.world.core.record.read(packs.all_revisions).result()
    assert len([each for each in revisions if each.pack == PACK]) == 2
