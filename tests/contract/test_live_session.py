# SPDX-License-Identifier: AGPL-3.0-or-later
"""A live session between the real desk, the real service and the real client: what one does the other sees, signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from client.crypto import dsse
from client.domain.ballot import PollBlock, PollState, VoteMode, WhyNot
from client.domain.ids import MemberId, SessionId
from client.domain.live import (
    ActText,
    Approver,
    CheckIn,
    DeclareAbsence,
    ItemState,
    LiveSession,
    PagePointer,
    Position,
    Presence,
    RequestToSpeak,
    SessionDraft,
    SessionPhase,
    TakePosition,
    WithdrawRequest,
)
from client.domain.live_view import Floor, SessionView, room_says, session_view
from client.domain.outbox import OutboxState, Standing
from client.errors import BadInput, ContentMismatch, RollbackDetected, ServiceRefused, SignatureInvalid
from client.protocol import codec
from client.protocol import live_commands as do
from client.protocol.http import SessionAnswer
from client.protocol.messages import SessionPlan, SessionState
from client.store import live
from client.sync.actions import RefreshSession
from tests.helpers.chamber import Chamber, Refused
from tests.helpers.device import Device
from tests.unit.secretariat.office import make_pdf

AN, BINH = MemberId("m_002"), MemberId("m_003")


def write_agenda(folder: Path) -> Path:
    """Two items, one vote on the first, one paper each."""
    make_pdf(folder / "01-to-trinh.pdf", ["TỜ TRÌNH", "về việc thử"], pages=4)
    make_pdf(folder / "02-bao-cao.pdf", ["BÁO CÁO"], pages=2)
    (folder / "session.toml").write_text(
        """title = "Phiên họp thường kỳ (dữ liệu giả định)"
starts = 2026-11-27T08:00:00+07:00
[[agenda]]
title = "Dự thảo Nghị định thử"
starts = "08:10"
ends = "08:30"
guests = ["Phạm Khách Mời, chuyên gia"]
[[agenda.papers]]
file = "01-to-trinh.pdf"
kind = "to_trinh"
title = "Tờ trình"
[[agenda]]
title = "Báo cáo thử"
starts = "08:30"
ends = "08:40"
[[agenda.papers]]
file = "02-bao-cao.pdf"
kind = "bao_cao"
title = "Báo cáo"
[[polls]]
kind = "session"
item = 1
[[polls.questions]]
text = "Thông qua dự thảo Nghị định?"
""",
        "utf-8",
    )
    return folder


@pytest.fixture
def chamber(tmp_path: Path) -> Iterator[Chamber]:
    made = Chamber(tmp_path, members=6)
    yield made
    made.close()


@pytest.fixture
def tablet(chamber: Chamber, tmp_path: Path) -> Device:
    device = chamber.client(AN)
    chamber.publish(write_agenda(tmp_path / "papers"))
    device.sync()
    return device


def seen(device: Device, chamber: Chamber) -> SessionView:
    found = kept(device, chamber)
    acts = device.record.read(lambda conn: live.acts(conn, found.session)).result()
    return session_view(found, acts, member=device.member, now=device.time.now())


def kept(device: Device, chamber: Chamber) -> LiveSession:
    found = device.record.read(lambda conn: live.get(conn, chamber.session.id)).result()
    assert found is not None
    return found


def do_act(device: Device, chamber: Chamber, act: object, text: ActText | None = None) -> None:
    draft = SessionDraft(chamber.session.id, chamber.record.pack, act, text)  # type: ignore[arg-type]
    device.acts.act_in_session(draft).result()


def test_before_the_session_positions_and_absence_reach_the_secretariat(chamber: Chamber, tablet: Device) -> None:
    first = chamber.session.agenda[0]
    assert first.invited == ("Phạm Khách Mời, chuyên gia",)
    assert kept(tablet, chamber).plan.items[0].guests == ("m_950",)
    assert [item.minutes for item in kept(tablet, chamber).plan.items] == [20, 10]
    opinion = ActText(text="Cần làm rõ nguồn lực (dữ liệu giả định)", paper=first.papers[0], page=2)
    do_act(tablet, chamber, TakePosition(first.id, Position.OTHER_OPINION), opinion)
    do_act(tablet, chamber, DeclareAbsence(), ActText(text="Đi công tác (dữ liệu giả định)"))
    view = seen(tablet, chamber)
    assert view.attendance is not None
    assert view.attendance.standing is Standing.SAVED_NOT_COUNTED
    assert view.me is not None
    assert view.me.presence is Presence.UNKNOWN  # nobody but this device knows of it yet
    tablet.sync()
    view = seen(tablet, chamber)
    assert [act.standing for act in view.acts] == [Standing.RECORDED, Standing.RECORDED]
    assert view.me is not None
    assert view.me.presence is Presence.ABSENT_ASKED
    assert view.items[0].counts == {Position.OTHER_OPINION: 1}
    read = chamber.desk.acts(chamber.record.pack)
    assert [(act.member, act.problem) for act in read] == [(AN, ""), (AN, "")]
    assert read[0].words == opinion
    chamber.desk.decide_absence(chamber.record.pack, AN, approved=True, by=Approver.PRIME_MINISTER)
    tablet.sync()
    me = seen(tablet, chamber).me
    assert me is not None
    assert (me.presence, me.decided_by) == (Presence.ABSENT_APPROVED, Approver.PRIME_MINISTER)


def test_an_act_without_its_words_is_not_saved(chamber: Chamber, tablet: Device) -> None:
    with pytest.raises(BadInput, match="reason_missing"):
        do_act(tablet, chamber, DeclareAbsence())
    assert tablet.items() == ()


def test_in_session_the_room_is_followed_and_a_place_in_the_queue_is_kept(chamber: Chamber, tablet: Device) -> None:
    pack, first = chamber.record.pack, chamber.session.agenda[0]
    chamber.clock.at += 5 * 24 * 3600 * 1000
    chamber.desk.run_session(pack, lambda _: do.CallRoll())
    tablet.sync()
    do_act(tablet, chamber, CheckIn())
    tablet.sync()
    assert seen(tablet, chamber).short_by == 4
    chamber.desk.run_session(pack, lambda _: do.ConfirmCheckIns())
    chamber.desk.mark_presence(pack, dict.fromkeys(chamber.members[2:], Presence.PRESENT))
    chamber.desk.run_session(pack, lambda _: do.BeginSession())
    chamber.desk.run_session(pack, lambda _: do.GoToItem(first.id))
    chamber.desk.run_session(pack, lambda _: do.ShowPage(PagePointer(first.papers[0], 2)))
    chamber.lights[BINH].act(RequestToSpeak(first.id))
    do_act(tablet, chamber, RequestToSpeak(first.id))
    assert seen(tablet, chamber).items[0].floor is Floor.ASKING
    tablet.sync()
    view = seen(tablet, chamber)
    assert view.current is not None
    assert (view.current.floor, view.current.place, view.live.room.pages) == (
        Floor.QUEUED,
        2,
        PagePointer(first.papers[0], 2),
    )
    tablet.restart()  # reconnecting keeps everything
    tablet.sync()
    chamber.desk.run_session(pack, lambda _: do.CallSpeaker())
    chamber.desk.run_session(pack, lambda _: do.CallSpeaker(allotted_s=180))
    tablet.sync()
    view = seen(tablet, chamber)
    assert (view.my_turn, view.speaker_left_s) == (True, 180)
    do_act(tablet, chamber, WithdrawRequest(first.id))
    chamber.desk.run_session(pack, lambda _: do.PutAway(True))
    tablet.sync()
    assert seen(tablet, chamber).locked
    chamber.desk.run_session(pack, lambda _: do.PutAway(False))
    chamber.desk.conclude(pack, "1", "Chính phủ thống nhất thông qua (dữ liệu giả định)")
    do_act(tablet, chamber, RequestToSpeak(first.id))
    tablet.sync()
    view = seen(tablet, chamber)
    assert view.items[0].progress.state is ItemState.DONE
    assert view.acts[-1].standing is Standing.LATE_NOT_COUNTED
    words = tablet.record.read(lambda conn: live.conclusions(conn, chamber.session.id)).result()
    assert words[first.id].text == "Chính phủ thống nhất thông qua (dữ liệu giả định)"
    chamber.desk.run_session(pack, lambda _: do.CloseSession())
    tablet.sync()
    assert seen(tablet, chamber).live.room.phase is SessionPhase.CLOSED
    assert not any(isinstance(action, RefreshSession) for action in tablet.sync().performed)


def test_without_a_quorum_no_vote_opens_and_none_counts(chamber: Chamber, tablet: Device) -> None:
    poll, pack = chamber.poll(1), chamber.record.pack
    chamber.sit(4)
    chamber.desk.mark_presence(pack, {"m_004": Presence.LEFT})
    with pytest.raises(ServiceRefused, match="no-quorum"):
        chamber.desk.open_poll(poll.id)
    tablet.sync()
    assert tablet.poll(poll.id).block is PollBlock.NO_QUORUM
    assert room_says(kept(tablet, chamber), tablet.poll(poll.id), AN) is WhyNot.NO_QUORUM
    chamber.desk.mark_presence(pack, {"m_004": Presence.PRESENT})
    chamber.desk.open_poll(poll.id)
    chamber.desk.mark_presence(pack, {"m_004": Presence.LEFT})
    tablet.sync()
    assert tablet.poll(poll.id).state is PollState.OPEN
    item = tablet.vote(poll.id)
    tablet.engine.run_once()
    assert tablet.items()[-1].state is OutboxState.QUEUED  # kept until the room can vote again
    assert tablet.items()[-1].reason == "no-quorum"
    chamber.desk.mark_presence(pack, {"m_004": Presence.PRESENT})
    tablet.sync()
    assert tablet.items()[-1].state is OutboxState.RECEIPTED
    [shown] = kept(tablet, chamber).room.polls
    assert (shown.in_room, shown.absent, shown.eligible) == (1, 0, 6)
    assert shown.totals == {"q1": {"yes": 1, "no": 0, "other_opinion": 0}}
    with pytest.raises(ServiceRefused, match="poll-state"):
        chamber.desk.run_session(pack, lambda _: do.CloseSession())
    assert item.n == 1


def test_absent_members_vote_with_consent_and_reason_and_are_shown_apart(chamber: Chamber, tablet: Device) -> None:
    poll, absent = chamber.poll(1), chamber.lights[chamber.members[5]]
    chamber.sit(5)
    chamber.desk.open_poll(poll.id)
    with pytest.raises(Refused, match="not-present"):
        absent.vote(poll, "yes")
    with pytest.raises(Refused, match="absence-not-approved"):
        absent.vote(poll, "yes", mode=VoteMode.ABSENT_APPROVED, reason="công tác")
    chamber.desk.decide_absence(chamber.record.pack, absent.member, approved=True, by=Approver.SECRETARIAT)
    with pytest.raises(Refused, match="bad-answers"):
        absent.vote(poll, "yes", mode=VoteMode.ABSENT_APPROVED, reason=" ")
    absent.vote(poll, "yes", mode=VoteMode.ABSENT_APPROVED, reason="công tác (dữ liệu giả định)")
    tablet.sync()
    [shown] = kept(tablet, chamber).room.polls
    assert (shown.in_room, shown.absent) == (0, 1)


def answer_of(chamber: Chamber) -> SessionAnswer:
    return chamber.desk._core.require_service().session(chamber.session.id)


def test_an_older_state_is_refused_and_so_is_anything_forged(
    chamber: Chamber, tablet: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = answer_of(chamber)
    chamber.sit()
    tablet.sync()
    now = answer_of(chamber)
    before = kept(tablet, chamber)
    state = codec.decode(dsse.peek_unverified(now.state)[0], SessionState, limit=codec.MAX_SESSION)
    plan = codec.decode(dsse.peek_unverified(now.plan)[0], SessionPlan, limit=codec.MAX_PLAN)
    forger = chamber.lights[BINH].key

    def forged(value: object, keyid: str) -> bytes:
        return dsse.sign(codec.encode(value), keyid=keyid, key=forger)

    def ours(value: object) -> bytes:
        publisher = chamber.publisher()
        return dsse.sign(codec.encode(value), keyid=publisher.keyid, key=publisher.key)

    for answer, error in (
        (old, RollbackDetected),
        (structs.replace(now, state=forged(state, state.by)), SignatureInvalid),
        (structs.replace(now, plan=forged(plan, chamber.publisher().keyid)), SignatureInvalid),
        (structs.replace(now, plan=ours(structs.replace(plan, session=SessionId("se_other")))), ContentMismatch),
        (structs.replace(now, plan=ours(structs.replace(plan, version=2))), ContentMismatch),
    ):
        monkeypatch.setattr(tablet.transport, "get_session", lambda _, answer=answer: answer)
        report = tablet.engine.run_once()
        assert isinstance(report.error, error), (report.error, error)
        assert kept(tablet, chamber) == before
    monkeypatch.undo()
    tablet.sync()


def test_a_changed_agenda_is_a_newer_plan_and_the_old_one_is_refused(
    chamber: Chamber, tablet: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    chamber.sit()
    tablet.sync()
    old = answer_of(chamber)
    chamber.desk.reorder(chamber.record.pack, ["2", "1"])
    tablet.sync()
    found = kept(tablet, chamber)
    assert [item.id for item in found.room.items] == [each.id for each in reversed(chamber.session.agenda)]
    assert found.plan_version == 2
    monkeypatch.setattr(tablet.transport, "get_session", lambda _: old)
    assert isinstance(tablet.engine.run_once().error, RollbackDetected)
    assert kept(tablet, chamber) == found


def test_only_the_chair_and_the_secretariat_run_a_session(chamber: Chamber, tablet: Device) -> None:
    order = do.CallRoll()
    assert chamber.order_by(chamber.lights[BINH], order) == "forbidden"
    assert chamber.order_by(chamber.lights[chamber.members[0]], order) == "roll_call"
    tablet.sync()
    assert kept(tablet, chamber).room.phase is SessionPhase.ROLL_CALL
