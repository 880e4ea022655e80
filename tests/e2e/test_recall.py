# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secretariat recalls a paper or a pack: devices erase it at the next look and say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.errors import BadInput
from client.store import packs, search, trusted
from client.sync import crashpoints
from client.ui.models.home import PackShown
from client.ui.models.live import Viewer
from client.ui.models.reads import read_home, read_meeting
from server.secretariat.reports import Change
from tests.helpers.member import Member
from tests.helpers.world import World

TITLE = "Tài liệu đã thu hồi"


@pytest.fixture
def tablet(world: World) -> Member:
    """Synchronised and indexed, with a stroke on the paper that will be recalled."""
    world.desk.publish(world.write_session().session)
    member = Member(world.folder / "tablet")
    world.enrol(member)
    member.unlock()
    assert member.sync()["error"] is None
    member.index()
    return member


def viewer(tablet: Member) -> Viewer:
    member = tablet.core.profile.member
    assert member is not None
    return Viewer(member, active=True)


def readable(tablet: Member) -> list[str]:
    return [p for p in tablet.packs()[0]["papers"] if tablet.paper(p)[1].can_open]


def erased(tablet: Member, blob: str, plain: str) -> bool:
    """No byte of it is in the store, and nothing of it is found."""
    rows = tablet.core.papers.read(
        lambda conn: conn.execute("SELECT 1 FROM blobs WHERE blob = ?", (blob,)).fetchone()
    ).result()
    pages = tablet.core.papers.read(lambda conn: search.indexed_pages(conn, plain)).result()  # type: ignore[arg-type]
    return rows is None and pages == 0


def test_one_paper(world: World, tablet: Member) -> None:
    gone, *rest = readable(tablet)
    paper = tablet.paper(gone)[1]
    assert paper.blob is not None
    assert paper.plain is not None
    stroke = tablet.annotate(gone)
    pack = tablet.packs()[0]["pack"]
    dry = world.desk.recall(pack, gone, dry_run=True)
    assert [f.code for f in dry.folder.findings] == ["paper.recalled"]
    report = world.desk.recall(pack, gone)
    assert (report.rev, report.blobs) == (2, 0)
    assert tablet.sync()["error"] is None
    assert readable(tablet) == rest
    shown = tablet.paper(gone)[1]
    assert (shown.title, shown.recalled is not None, shown.key) == (paper.title, True, None)
    assert erased(tablet, paper.blob, paper.plain)
    kept = tablet.core.record.read(packs.all_revisions).result()
    assert all(p.blob != paper.blob for revision in kept for p in revision.papers), "no key stays behind"
    old = tablet.core.record.read(lambda conn: trusted.load_target(conn, f"p/{pack}.1")).result()
    assert old is None, "nor the manifest that held it"
    assert stroke in tablet.annotations(gone), "the member's own notes are the member's"
    meeting = read_meeting(tablet.core.record, tablet.around.clock, pack, viewer(tablet)).result()
    assert meeting is not None
    [view] = [v for item in meeting.items for v in item.papers if v.paper.id == gone]
    assert view.paper.recalled is not None
    with pytest.raises(BadInput):
        world.desk.recall(pack, gone)
    assert tablet.sync()["error"] is None
    assert tablet.open_paper(rest[0])["pages"] >= 1
    tablet.close()


def test_a_whole_pack_with_its_titles_hidden(world: World, tablet: Member) -> None:
    pack = tablet.packs()[0]["pack"]
    before = [tablet.paper(name)[1] for name in readable(tablet)]
    world.desk.recall(pack, hide_title=True)
    assert tablet.sync()["error"] is None
    assert readable(tablet) == []
    for paper in before:
        assert paper.blob is not None
        assert paper.plain is not None
        assert erased(tablet, paper.blob, paper.plain)
        assert tablet.paper(paper.id)[1].title == TITLE
    home = read_home(tablet.core.record, tablet.around.clock, viewer(tablet)).result()
    assert [card.shown for card in home.all] == [PackShown.WITHDRAWN]
    with pytest.raises(BadInput):
        world.desk.recall(pack)
    tablet.close()


def test_killed_while_erasing_it_goes_on(world: World, tablet: Member) -> None:
    gone = readable(tablet)[0]
    paper = tablet.paper(gone)[1]
    world.desk.recall(tablet.packs()[0]["pack"], gone)

    def crash(name: str) -> None:
        if name == "pack.recalled":
            crashpoints.install(None)
            raise KeyboardInterrupt

    crashpoints.install(crash)
    try:
        with pytest.raises(KeyboardInterrupt):
            tablet.sync()
    finally:
        crashpoints.install(None)
    tablet.close()
    tablet.unlock()
    assert tablet.sync()["error"] is None
    assert erased(tablet, paper.blob or "", paper.plain or "")
    assert tablet.paper(gone)[1].recalled is not None
    tablet.close()


def test_erased_before_anything_is_fetched_and_published_again_on_purpose(
    world: World, tablet: Member, tmp_path: Path
) -> None:
    pack, gone = tablet.packs()[0]["pack"], readable(tablet)[0]
    world.desk.recall(pack, gone)
    assert tablet.sync()["error"] is None
    again = world.desk.publish(world.folder / "papers" / "session", dry_run=True)
    assert "paper.recalled_again" in [f.code for f in again.folder.findings], "the folder still has the file"
    assert Change.RECALLED not in [p.change for item in again.folder.items for p in item.papers]
    world.desk.publish(world.folder / "papers" / "session")
    assert tablet.sync()["error"] is None
    assert gone in readable(tablet)
    assert tablet.open_paper(gone)["pages"] >= 1
    tablet.close()
