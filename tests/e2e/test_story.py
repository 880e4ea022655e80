# SPDX-License-Identifier: AGPL-3.0-or-later
"""The story of the product: from a folder of PDFs to a minister's screen, offline, and back."""

from __future__ import annotations

import json
import re
import urllib.request

from client.resources import resource_path
from server.demo.documents_folder import write_revision
from tests.helpers.canaries import sightings
from tests.helpers.member import Member
from tests.helpers.world import MemberProcess, World

COMMENT = "Đề nghị rà soát thẩm quyền tại Điều ba mươi chín"
REASON = "Đang công tác nước ngoài theo lịch đã duyệt"


def test_from_a_folder_to_a_minister_offline_and_back(world: World) -> None:  # noqa: PLR0915 - one story
    # The secretariat publishes a folder and hands the minister's tablet its keys.
    session = world.write_session().session
    published = world.desk.publish(session)
    assert published.changed
    device = world.folder / "tablet"
    tablet = MemberProcess(device)
    world.enrol(tablet)
    tablet.do("unlock")
    assert tablet.do("sync") == {"error": None, "reached": True}
    world.open_poll(world.desk.packs[0].polls[0].id, away=["m_017"])
    assert tablet.do("sync")["error"] is None
    tablet.do("index")
    [pack] = tablet.do("packs")
    assert pack["state"] == "ready"
    papers = pack["papers"][2:]
    [poll] = tablet.do("polls")
    assert poll["state"] == "open"

    # On the plane: no network. Reading, writing, searching, commenting and voting all still work.
    world.wire.cut()
    assert tablet.do("sync")["error"] == "service.not_sent"
    assert tablet.do("open_paper", wanted=papers[1], page=1)["ink"] > 2
    assert tablet.do("search", query="nghi quyet thi diem")
    strokes = [tablet.do("annotate", wanted=papers[1], page=1) for _ in range(3)]
    said = tablet.do("comment", wanted=papers[1], text=COMMENT, page=1)
    voted = tablet.do("vote", poll=poll["poll"], answers={"q1": "yes"}, absent=REASON)
    waiting = {item["n"]: item["says"] for item in tablet.do("status")["outbox"]}
    assert waiting == {said: "saved_not_counted", voted: "saved_not_counted"}

    # The battery dies. Next morning everything is there, and nothing claims to be more than it is.
    tablet.kill()
    tablet = MemberProcess(device)
    recovered = tablet.do("unlock")
    assert recovered["missing"] == []
    assert not recovered["altered"]
    assert sorted(tablet.do("annotations", wanted=papers[1])) == sorted(strokes)  # a fast machine makes two in one ms
    assert {i["n"]: i["says"] for i in tablet.do("status")["outbox"]} == waiting
    assert tablet.do("sync")["error"] == "service.not_sent"

    # The network returns: each act is sent once and answered once.
    world.wire.join()
    assert tablet.do("sync")["error"] is None
    status = tablet.do("status")
    assert {i["n"]: i["says"] for i in status["outbox"]} == {said: "recorded", voted: "counted"}
    assert status["pending"] == 0
    assert tablet.do("sync")["error"] is None
    tablet.end()

    # The secretariat reads the comment, closes the vote, and the list names exactly one vote.
    opened = world.desk.read_comments().comments
    assert [comment.text for comment in opened] == [COMMENT]
    poll_id = poll["poll"]
    world.desk.close_poll(poll_id)
    result = world.desk.results(poll_id)
    assert result.counted == 1
    tablet = MemberProcess(device)
    tablet.do("unlock")
    tablet.do("sync")
    assert tablet.do("polls")[0]["state"] == "result_verified"
    tablet.end()

    # Nobody who holds the tablet's disk or the service's learns anything. (The folder with the PDFs is the
    # secretariat's own and is not looked at.)
    titles = ["logistics", "PHIÊN HỌP CHÍNH PHỦ", "Nghị quyết thí điểm", "công tác bảo đảm an ninh"]
    canaries = [COMMENT, REASON, *titles, "%PDF-1."]
    seen = sightings([device, world.service_folder], canaries)
    # A reason for an absent vote is part of the signed vote, which the service must be able to judge.
    assert [line for line in seen if REASON not in line] == []


def test_a_secret_paper_never_leaves_the_secretariat(world: World) -> None:
    folder = world.write_session(secret_bytes=True)
    world.desk.publish(folder.session)
    marks = ["NỘI DUNG MẬT GIẢ ĐỊNH"]
    assert sightings([world.service_folder, world.folder / "desk"], marks) == []
    member = Member(world.folder / "tablet")
    world.enrol(member)
    member.unlock()
    member.sync()
    stubs = [
        paper for pack in member.packs() for paper in (member.paper(p)[1] for p in pack["papers"]) if paper.is_stub
    ]
    member.close()
    assert len(stubs) == 1
    assert not stubs[0].carries_bytes


def test_a_replaced_paper_arrives_as_version_two_and_nothing_else_is_fetched(world: World) -> None:
    folder = world.write_session()
    world.desk.publish(folder.session)
    member = Member(world.folder / "tablet")
    world.enrol(member)
    member.unlock()
    member.sync()
    before = {p: member.paper(p)[1] for p in member.packs()[0]["papers"]}
    stroke = member.annotate(next(p.id for p in before.values() if p.kind.value == "du_thao"))
    write_revision(folder.session, fonts=resource_path("fonts"), start=world.start, small=True)
    report = world.desk.publish(folder.session)
    assert report.blobs == 1
    member.sync()
    [pack] = member.packs()
    assert (pack["rev"], pack["state"]) == (2, "ready")
    after = {p: member.paper(p)[1] for p in pack["papers"]}
    changed = [p for p in after if after[p].plain != before[p].plain]
    assert [after[p].version for p in changed] == [2]
    assert member.annotations(changed[0]) == [stroke], "a note must survive the replacement of its paper"
    member.close()


def test_two_devices_of_one_member_disagree_and_both_choices_are_shown(world: World) -> None:
    world.desk.publish(world.write_session().session)
    tablet, desktop = Member(world.folder / "tablet"), Member(world.folder / "desktop")
    for device in (tablet, desktop):
        world.enrol(device)
        device.unlock()
    world.open_poll(world.desk.packs[0].polls[0].id)
    for device in (tablet, desktop):
        assert device.sync()["error"] is None
    poll = tablet.polls()[0]["poll"]
    tablet.vote(poll, {"q1": "yes"})
    desktop.vote(poll, {"q1": "no"}, notes={"q1": "Chưa đủ cơ sở"})
    tablet.sync()
    desktop.sync()
    assert [i["says"] for i in tablet.status()["outbox"]] == ["counted"]
    assert [i["says"] for i in desktop.status()["outbox"]] == ["other_device"]
    world.desk.close_poll(poll)
    assert world.desk.results(poll).counted == 1
    for device in (tablet, desktop):
        device.close()


def test_a_vote_that_arrives_late_is_kept_and_said_to_be_late(world: World) -> None:
    world.desk.publish(world.write_session().session)
    member = Member(world.folder / "tablet")
    world.enrol(member)
    member.unlock()
    poll = world.desk.packs[0].polls[0].id
    world.open_poll(poll)
    member.sync()
    world.wire.cut()
    member.vote(poll, {"q1": "yes"})
    world.desk.close_poll(poll)
    world.wire.join()
    member.sync()
    assert [i["says"] for i in member.status()["outbox"]] == ["late_not_counted"]
    assert world.desk.results(poll).counted == 0
    member.close()


def test_the_service_describes_itself(world: World) -> None:
    with urllib.request.urlopen(world.service.url + "/schema") as answer:
        paths = json.load(answer)["paths"]
    assert "/statements" in paths
    assert any(re.match(r"/blobs/", path) for path in paths)
