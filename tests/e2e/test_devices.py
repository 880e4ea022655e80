# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's second device: told on the first, revoked with new keys, and what a lost first device left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from client import left_behind
from client.domain.devices import NoticeKind
from client.entry import Ending
from client.notices import Notices
from client.resources import resource_path
from client.store import trusted
from server.demo.documents_folder import write_revision
from tests.helpers.member import Member
from tests.helpers.world import World


@pytest.fixture
def cabinet(tmp_path: Path) -> Iterator[World]:
    start = datetime.now(timezone(timedelta(hours=7))).replace(microsecond=0) + timedelta(days=4)
    with World(tmp_path / "cabinet", start=start) as world:
        yield world


def joined(world: World, folder: Path) -> Member:
    member = Member(folder)
    world.enrol(member)
    member.unlock()
    assert member.sync()["error"] is None
    return member


def kinds(notices: Notices) -> list[NoticeKind]:
    return [notice.kind for notice in notices.current()]


def test_a_new_device_is_told_on_the_other_one_and_so_is_its_end(cabinet: World, tmp_path: Path) -> None:
    first = joined(cabinet, tmp_path / "first")
    told = Notices(first.core)
    assert kinds(told) == []
    second = joined(cabinet, tmp_path / "second")
    assert kinds(Notices(second.core)) == [], "what was there before is no news to it"
    assert first.sync()["error"] is None
    [notice] = told.current()
    assert notice.kind is NoticeKind.DEVICE_NEW
    assert notice.device is not None
    assert notice.device.digits24 == second.core._keys.fingerprint.digits24
    assert notice.device.name
    told.confirm(notice)
    assert kinds(told) == []
    cabinet.desk.revoke(second.core.profile.device)
    assert first.sync()["error"] is None
    [ended] = told.current()
    assert ended.kind is NoticeKind.DEVICE_ENDED
    told.confirm(ended)
    assert kinds(told) == []
    assert [device.here for device in told.devices()] == [True, False]
    first.close()
    second.close()


def test_what_is_published_after_a_revoke_has_keys_that_the_device_never_sees(cabinet: World, tmp_path: Path) -> None:
    session = cabinet.write_session()
    assert cabinet.desk.publish(session.session).changed
    stays, leaves = joined(cabinet, tmp_path / "stays"), joined(cabinet, tmp_path / "leaves")
    [pack] = stays.packs()
    before = stays.core.record.read(lambda conn: trusted.load_scope_key(conn, pack["pack"], 1)).result()
    cabinet.desk.revoke(leaves.core.profile.device)
    write_revision(session.session, fonts=resource_path("fonts"), start=cabinet.start, small=True)
    assert cabinet.desk.publish(session.session).changed
    assert stays.sync()["error"] is None
    leaves.sync()
    fresh = stays.core.record.read(lambda conn: trusted.load_scope_key(conn, pack["pack"], 2)).result()
    assert fresh is not None
    assert fresh != before
    assert leaves.core.record.read(lambda conn: trusted.load_scope_key(conn, pack["pack"], 2)).result() is None
    assert [p["rev"] for p in stays.packs()] == [2]
    assert [p["rev"] for p in leaves.packs()] == [1]
    stays.close()
    leaves.close()


def test_acts_that_died_with_the_old_keys_are_named_one_by_one(cabinet: World, tmp_path: Path) -> None:
    assert cabinet.desk.publish(cabinet.write_session().session).changed
    member = joined(cabinet, tmp_path / "tablet")
    [pack] = member.packs()
    member.comment(pack["papers"][0], "Góp ý thứ nhất (dữ liệu giả định)")
    assert member.sync()["error"] is None
    member.comment(pack["papers"][0], "Góp ý thứ hai (dữ liệu giả định)")
    member.close()
    Ending(member.paths, member.around).start_over()
    assert not member.paths.record.exists()
    again = joined(cabinet, tmp_path / "tablet")
    told = Notices(again.core)
    [notice] = told.current()
    assert (notice.kind, notice.numbers) == (NoticeKind.ACTS_LOST, (2,)), "the first one had arrived"
    assert len(notice.saved) == 1
    told.confirm(notice)
    assert told.current() == ()
    assert left_behind.load(again.paths) is None
    again.close()
