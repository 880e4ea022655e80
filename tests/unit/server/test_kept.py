# SPDX-License-Identifier: AGPL-3.0-or-later
"""``GET /statements``: what the service has of a device, signed, page by page, for its own member only."""

from __future__ import annotations

import pytest

from client.domain.ids import Hash
from client.protocol.messages import KeptList
from server.handlers import statements as handlers
from server.storage import statements
from server.storage.statements import StoredStatement
from tests.unit.server.world import Device, World, at, digest, ok, problem


def listed(world: World, who: Device, *, device: str = "", after: int = 0) -> KeptList:
    answer = ok(world.send("GET", f"/statements?device={device or who.id}&after={after}", who=who))
    found: KeptList = world.opened(answer.content, KeptList)
    return found


def test_votes_and_comments_are_listed_in_order_with_their_hashes(world: World) -> None:
    vote, comment = world.vote(world.an, world.a_poll()), world.comment(world.an)
    world.clock.pass_s(5)
    ok(world.post(world.an, comment))
    ok(world.post(world.an, vote))
    found = listed(world, world.an)
    assert [(k.n, k.statement, k.kind) for k in found.kept] == [
        (1, digest(vote), "vote"),
        (2, digest(comment), "comment"),
    ]
    assert (found.device, found.member, found.after, found.top, found.at) == ("d_an01", "m_an", 0, 2, at(5))
    assert [k.n for k in listed(world, world.an, after=1).kept] == [2]
    assert listed(world, world.an, after=2).kept == ()


def test_another_device_of_the_member_may_ask_another_member_may_not(world: World) -> None:
    ok(world.post(world.an, world.comment(world.an)))
    assert [k.n for k in listed(world, world.an2, device="d_an01").kept] == [1]
    nothing = listed(world, world.binh, device="d_an01")
    assert (nothing.kept, nothing.top, nothing.member) == ((), 0, "m_binh")


def test_a_long_list_comes_in_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "KEPT_AT_ONCE", 2)
    for _ in range(5):
        ok(world.post(world.an, world.comment(world.an)))
    pages = [listed(world, world.an, after=n) for n in (0, 2, 4)]
    assert [[k.n for k in page.kept] for page in pages] == [[1, 2], [3, 4], [5]]
    assert {page.top for page in pages} == {5}


@pytest.mark.parametrize("query", ["after=-1", "after=x", "device=../etc", "after=9999999999999999"])
def test_what_is_no_number_or_id_is_refused(world: World, query: str) -> None:
    assert problem(world.send("GET", f"/statements?{query}", who=world.an))[1] == "bad-request"


def test_a_full_page_fits_the_limit(world: World) -> None:
    assert world.embedded.service is not None
    with world.embedded.service.write() as tx:
        for n in range(1, 501):
            row = StoredStatement(
                hash=Hash(f"sha256:{n:064x}"),
                kind="comment",
                member=world.an.member,  # type: ignore[arg-type]
                device=world.an.id,  # type: ignore[arg-type]
                n=10**14 + n,
                subject="pk_7f3a",
                status="recorded",
                received_at=at(0),
                position=10**6 + n,
                envelope=b"-",
                receipt=b"-",
            )
            statements.add(tx.conn, row)
    assert len(listed(world, world.an).kept) == 500
