# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live session: its table row by row, what acts and commands make of it, and what one member sees."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.domain.ballot import PollBlock, ServicePollState, VoteMode, WhyNot
from client.domain.ids import ItemId, MemberId, Moment
from client.domain.live import (
    ActText,
    Approver,
    CheckIn,
    ConclusionRef,
    ConfirmAttendance,
    DeclareAbsence,
    DraftProblem,
    ItemState,
    LiveSession,
    NameSubstitute,
    PagePointer,
    Plan,
    PlannedItem,
    PollLive,
    Position,
    Presence,
    RequestToSpeak,
    SessionDraft,
    SessionPhase,
    TakePosition,
    WithdrawRequest,
    check_draft,
)
from client.domain.live_view import Floor, SpeakWhyNot, room_says, session_view, speak_why_not, vote_mode
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState, Standing
from client.protocol import live as machine
from client.protocol import live_commands as do
from client.protocol.live import ARROWS, Hall, Heard, LiveProblem
from client.protocol.live_commands import SessionCommand
from tests.unit.domain.test_ballot import POLL
from tests.unit.domain.test_rules import GOVERNMENT

START = from_rfc3339("2026-11-27T01:00:00.000Z")
MEMBERS = tuple(MemberId(f"m_{n:03d}") for n in range(1, 28))
AN, BINH, CHI = MEMBERS[:3]
FIRST, SECOND = ItemId("it_0001"), ItemId("it_0002")
PLAN = Plan(
    starts=Moment(to_rfc3339(START)),
    members=MEMBERS,
    chair=AN,
    operators=(),
    rules="gov-2025/1",  # type: ignore[arg-type]
    items=(PlannedItem(FIRST, minutes=20), PlannedItem(SECOND, minutes=10, guests=(MemberId("m_guest"),), away=True)),
)


def at(seconds: float) -> Moment:
    return Moment(to_rfc3339(Millis(START + round(seconds * 1000))))


def run(hall: Hall, *commands: SessionCommand, start: float = 0) -> Hall:
    """The hall after commands, one second apart."""
    for second, command in enumerate(commands):
        after = machine.apply(PLAN, GOVERNMENT, hall, command, at(start + second))
        assert isinstance(after, Hall), after
        hall = after
    return hall


def present(count: int) -> do.MarkPresence:
    return do.MarkPresence(tuple(do.PresenceMark(member, Presence.PRESENT) for member in MEMBERS[:count]))


def sitting(count: int = 20) -> Hall:
    return run(machine.opening(PLAN, GOVERNMENT), do.CallRoll(), present(count), do.BeginSession())


def hear(hall: Hall, member: MemberId, act: Any, *, second: float = 100) -> Hall:
    after = machine.receive(PLAN, hall, member, act, at(second))
    assert isinstance(after, tuple), after
    assert after[1] is Heard.RECORDED
    return after[0]


# -- the table ------------------------------------------------------------------------------------------------

COMMANDS: dict[type, SessionCommand] = {
    do.CallRoll: do.CallRoll(),
    do.MarkPresence: present(20),
    do.ConfirmCheckIns: do.ConfirmCheckIns(),
    do.DecideAbsence: do.DecideAbsence(CHI, True, Approver.PRIME_MINISTER),
    do.BeginSession: do.BeginSession(),
    do.PauseSession: do.PauseSession(),
    do.GoToItem: do.GoToItem(FIRST),
    do.ShowPage: do.ShowPage(PagePointer("do_0001", 3)),  # type: ignore[arg-type]
    do.CallSpeaker: do.CallSpeaker(BINH),
    do.EndSpeech: do.EndSpeech(),
    do.DropRequest: do.DropRequest(BINH, FIRST),
    do.PutAway: do.PutAway(True),
    do.ConcludeItem: do.ConcludeItem(FIRST),
    do.CloseSession: do.CloseSession(),
}


def in_phase(phase: SessionPhase) -> Hall:
    hall = sitting()
    return structs.replace(hall, room=structs.replace(hall.room, phase=phase))


@pytest.mark.parametrize("phase", SessionPhase, ids=lambda phase: phase.value)
@pytest.mark.parametrize("kind", ARROWS, ids=lambda kind: kind.__name__)
def test_every_row_of_the_table(kind: type, phase: SessionPhase) -> None:
    after = machine.apply(PLAN, GOVERNMENT, in_phase(phase), COMMANDS[kind], at(60))
    target = ARROWS[kind].get(phase)
    if target is None:
        assert after is LiveProblem.PHASE
    else:
        assert isinstance(after, Hall)
        assert after.room.phase is target


def test_the_table_knows_every_command_and_nothing_leaves_a_closed_session() -> None:
    assert set(ARROWS) == set(COMMANDS)
    assert not any(SessionPhase.CLOSED in row for row in ARROWS.values())


# -- roll -----------------------------------------------------------------------------------------------------


def test_a_session_begins_only_with_a_quorum() -> None:
    hall = run(machine.opening(PLAN, GOVERNMENT), do.CallRoll(), present(17))
    assert (hall.room.present, hall.room.needed) == (17, 18)
    assert machine.apply(PLAN, GOVERNMENT, hall, do.BeginSession(), at(9)) is LiveProblem.NO_QUORUM
    hall = run(hall, present(18), do.BeginSession(), start=10)
    assert (hall.room.phase, hall.room.started) == (SessionPhase.IN_SESSION, at(11))


def test_checking_in_counts_only_once_the_secretary_confirms_it() -> None:
    hall = run(machine.opening(PLAN, GOVERNMENT), do.CallRoll())
    for member in MEMBERS[:18]:
        hall = hear(hall, member, CheckIn(remote=member is BINH))
    assert hall.room.present == 0
    hall = run(hall, do.ConfirmCheckIns())
    assert hall.room.present == 18
    assert {entry.presence for entry in hall.room.roll[:18]} == {Presence.PRESENT, Presence.REMOTE}
    strict = structs.replace(GOVERNMENT, remote_counts_to_quorum=False)
    after = machine.apply(PLAN, strict, hall, do.ConfirmCheckIns(), at(50))
    assert isinstance(after, Hall)
    assert after.room.present == 17


def test_an_absence_is_asked_for_decided_and_taken_back() -> None:
    hall = hear(machine.opening(PLAN, GOVERNMENT), CHI, DeclareAbsence(at(0), at(3600)))
    asked = hall.room.roll[2]
    assert (asked.presence, asked.start, asked.decided_by) == (Presence.ABSENT_ASKED, at(0), None)
    hall = hear(hall, CHI, NameSubstitute(MemberId("m_deputy")))
    hall = run(hall, do.DecideAbsence(CHI, True, Approver.PRIME_MINISTER))
    entry = hall.room.roll[2]
    assert (entry.presence, entry.decided_by, entry.substitute) == (
        Presence.ABSENT_APPROVED,
        Approver.PRIME_MINISTER,
        True,
    )
    again = hear(hall, CHI, DeclareAbsence(at(0), at(3600)))
    assert again.room.roll[2] == entry  # the same wish twice does not undo the consent
    back = hear(hall, CHI, ConfirmAttendance())
    assert back.room.roll[2].presence is Presence.WILL_ATTEND
    assert not back.room.roll[2].substitute


def test_whoever_is_here_does_not_leave_by_asking() -> None:
    hall = hear(sitting(18), AN, DeclareAbsence(at(5000), None))
    assert hall.room.present == 18
    assert (hall.room.roll[0].presence, hall.room.roll[0].start) == (Presence.PRESENT, at(5000))


# -- agenda, floor ----------------------------------------------------------------------------------------------


def test_items_keep_their_time_over_pauses_and_are_closed_by_the_next() -> None:
    hall = run(sitting(), do.GoToItem(FIRST), start=100)
    assert hall.room.current == FIRST
    hall = run(hall, do.ShowPage(PagePointer("do_0001", 4)), start=130)  # type: ignore[arg-type]
    hall = run(hall, do.GoToItem(SECOND), start=700)
    first, second = hall.room.items
    assert (first.state, first.spent_s, first.since) == (ItemState.DONE, 600, None)
    assert (second.state, second.first, hall.room.pages) == (ItemState.CURRENT, at(700), None)
    assert hall.room.away  # graded papers: devices are put away
    hall = run(hall, do.GoToItem(FIRST), start=800)
    assert not hall.room.away
    hall = run(hall, do.ConcludeItem(FIRST, ConclusionRef("sha256:" + "1" * 64, 10, 1, at(900))), start=900)  # type: ignore[arg-type]
    assert (hall.room.items[0].spent_s, hall.room.items[0].state, hall.room.current) == (700, ItemState.DONE, None)
    closed = run(hall, do.CloseSession(), start=1000)
    assert closed.room.items[0].conclusion is not None
    assert (closed.room.ended, closed.room.queue) == (at(1000), ())


def test_the_queue_is_in_order_of_receipt_and_survives_a_pause() -> None:
    hall = run(sitting(), do.GoToItem(FIRST))
    for second, member in enumerate((CHI, AN, BINH)):
        hall = hear(hall, member, RequestToSpeak(FIRST), second=100 + second)
    hall = hear(hall, AN, RequestToSpeak(FIRST), second=200)  # arrives twice
    hall = run(hall, do.PauseSession(), do.BeginSession(), start=300)
    assert [each.member for each in hall.room.queue] == [CHI, AN, BINH]
    hall = hear(hall, AN, WithdrawRequest(FIRST))
    hall = run(hall, do.CallSpeaker(allotted_s=300), start=310)
    assert hall.room.speaker is not None
    assert (hall.room.speaker.member, hall.room.speaker.allotted_s) == (CHI, 300)
    left = run(hall, do.MarkPresence((do.PresenceMark(BINH, Presence.LEFT),)), start=320)
    assert left.room.queue == ()
    assert machine.apply(PLAN, GOVERNMENT, left, do.CallSpeaker(), at(330)) is LiveProblem.NOBODY_WAITS


def test_a_guest_speaks_on_the_item_it_was_invited_to_and_takes_no_position() -> None:
    guest = MemberId("m_guest")
    hall = hear(sitting(), guest, RequestToSpeak(SECOND))
    assert [each.member for each in hall.room.queue] == [guest]
    for act in (RequestToSpeak(FIRST), TakePosition(SECOND, Position.NO_OBJECTION), CheckIn()):
        assert machine.receive(PLAN, hall, guest, act, at(5)) is LiveProblem.NOT_INVITED
    assert machine.receive(PLAN, hall, AN, RequestToSpeak(ItemId("it_none")), at(5)) is LiveProblem.UNKNOWN_ITEM


def test_a_position_replaces_the_one_before_and_a_wish_to_speak_is_a_place_in_the_queue() -> None:
    hall = machine.opening(PLAN, GOVERNMENT)
    for member in MEMBERS:
        hall = hear(hall, member, TakePosition(FIRST, Position.NO_OBJECTION))
    hall = hear(hall, CHI, TakePosition(FIRST, Position.WISH_TO_SPEAK))
    [said] = machine.published_positions(hall)
    assert said.counts == {Position.NO_OBJECTION: 26, Position.WISH_TO_SPEAK: 1}
    assert [each.member for each in hall.room.queue] == [CHI]
    hall = hear(hall, CHI, TakePosition(FIRST, Position.NO_OBJECTION))
    assert hall.room.queue == ()
    assert "m_003" not in repr(machine.published_positions(hall))


@pytest.mark.parametrize("act", [TakePosition(FIRST, Position.OBJECTION), RequestToSpeak(FIRST)])
def test_what_comes_after_the_item_or_the_session_is_late_and_changes_nothing(act: Any) -> None:
    hall = run(sitting(), do.GoToItem(FIRST), do.ConcludeItem(FIRST))
    assert machine.receive(PLAN, hall, AN, act, at(500)) == (hall, Heard.LATE)
    closed = run(hall, do.CloseSession())
    assert machine.receive(PLAN, closed, AN, CheckIn(), at(500)) == (closed, Heard.LATE)


def test_a_changed_agenda_keeps_what_happened() -> None:
    hall = hear(run(sitting(), do.GoToItem(FIRST)), CHI, RequestToSpeak(FIRST))
    third = PlannedItem(ItemId("it_0003"))
    changed = structs.replace(PLAN, items=(third, PLAN.items[1]))
    after = machine.replan(hall, changed, GOVERNMENT)
    assert [item.id for item in after.room.items] == [FIRST, third.id, SECOND]
    assert (after.room.current, after.room.present, after.room.phase) == (FIRST, 20, SessionPhase.IN_SESSION)


ACTS = st.one_of(
    st.builds(CheckIn, st.booleans()),
    st.builds(ConfirmAttendance, st.booleans()),
    st.just(DeclareAbsence()),
    st.builds(TakePosition, st.sampled_from([FIRST, SECOND]), st.sampled_from(Position)),
    st.builds(RequestToSpeak, st.sampled_from([FIRST, SECOND])),
    st.builds(WithdrawRequest, st.sampled_from([FIRST, SECOND])),
)
STEPS = st.lists(
    st.one_of(st.tuples(st.sampled_from(MEMBERS[:5]), ACTS), st.sampled_from(list(COMMANDS.values()))), max_size=40
)


@given(STEPS)
def test_whatever_happens_the_room_stays_sound(steps: list[Any]) -> None:
    hall = machine.opening(PLAN, GOVERNMENT)
    for second, step in enumerate(steps):
        if isinstance(step, tuple):
            once = machine.receive(PLAN, hall, step[0], step[1], at(second))
            if isinstance(once, tuple):
                twice = machine.receive(PLAN, once[0], step[0], step[1], at(second))
                assert twice == once  # rule 5: every act may arrive twice
                hall = once[0]
        else:
            after = machine.apply(PLAN, GOVERNMENT, hall, step, at(second))
            hall = after if isinstance(after, Hall) else hall
        room = hall.room
        assert [entry.member for entry in room.roll] == list(MEMBERS)
        assert room.present == sum(entry.presence in {Presence.PRESENT, Presence.REMOTE} for entry in room.roll)
        assert len({(each.member, each.item) for each in room.queue}) == len(room.queue)
        assert sum(item.state is ItemState.CURRENT for item in room.items) == (room.current is not None)
        assert len({each[:2] for each in hall.positions}) == len(hall.positions)
        if room.phase is SessionPhase.CLOSED:
            assert (room.queue, room.speaker, room.current, room.away) == ((), None, None, False)


# -- what one member sees -----------------------------------------------------------------------------------------


def live(hall: Hall, **changes: Any) -> LiveSession:
    room = structs.replace(hall.room, positions=machine.published_positions(hall), **changes)
    return LiveSession(
        session="se_0412",  # type: ignore[arg-type]
        pack="pk_7f3a",  # type: ignore[arg-type]
        version=7,
        plan_hash="sha256:" + "0" * 64,  # type: ignore[arg-type]
        plan_version=1,
        plan=PLAN,
        room=room,
        at=at(0),
    )


def saved(n: int, act: Any, *, state: OutboxState = OutboxState.QUEUED) -> tuple[OutboxItem, SessionDraft]:
    item = OutboxItem(n, OutboxKind.SESSION, "se_0412", f"sha256:{n:064d}", state, at(n))  # type: ignore[arg-type]
    return item, SessionDraft("se_0412", "pk_7f3a", act)  # type: ignore[arg-type]


def test_a_saved_request_never_looks_like_a_place_in_the_queue() -> None:
    hall = run(sitting(), do.GoToItem(FIRST))
    asking = session_view(live(hall), [saved(1, RequestToSpeak(FIRST))], member=CHI, now=Millis(START))
    assert asking.current is not None
    assert (asking.current.floor, asking.current.place) == (Floor.ASKING, 0)
    hall = hear(hear(hall, AN, RequestToSpeak(FIRST)), CHI, RequestToSpeak(FIRST))
    done = saved(1, RequestToSpeak(FIRST), state=OutboxState.RECEIPTED)
    queued = session_view(live(hall), [done], member=CHI, now=Millis(START))
    assert queued.current is not None
    assert (queued.current.floor, queued.current.place, queued.current.waiting) == (Floor.QUEUED, 2, 2)
    assert speak_why_not(queued, FIRST) is SpeakWhyNot.ASKED
    leaving = session_view(live(hall), [done, saved(2, WithdrawRequest(FIRST))], member=CHI, now=Millis(START))
    assert leaving.current is not None
    assert leaving.current.floor is Floor.LEAVING
    hall = run(hall, do.CallSpeaker(CHI, 60), start=400)
    turn = session_view(live(hall), [done], member=CHI, now=Millis(START + 490_000))
    assert (turn.my_turn, turn.speaker_left_s) == (True, -30)


def test_a_late_position_is_shown_as_late_and_does_not_stand() -> None:
    late = saved(2, TakePosition(FIRST, Position.OBJECTION), state=OutboxState.LATE)
    first = saved(1, TakePosition(FIRST, Position.NO_OBJECTION), state=OutboxState.RECEIPTED)
    view = session_view(live(sitting()), [first, late], member=CHI, now=Millis(START))
    found = view.item(FIRST)
    assert found is not None
    assert found.position is Position.NO_OBJECTION
    assert [act.standing for act in view.acts] == [Standing.RECORDED, Standing.LATE_NOT_COUNTED]


def test_an_item_passes_without_debate_when_everybody_has_no_objection() -> None:
    hall = machine.opening(PLAN, GOVERNMENT)
    for member in MEMBERS:
        hall = hear(hall, member, TakePosition(FIRST, Position.NO_OBJECTION))
    view = session_view(live(hall), (), member=AN, now=Millis(START))
    assert [item.passable for item in view.items] == [True, False]


def shown(block: PollBlock | None = None) -> PollLive:
    return PollLive(POLL.id, FIRST, ServicePollState.OPEN, at(0), None, None, 27, 0, 0, {}, block)


@pytest.mark.parametrize(
    ("presence", "changes", "why"),
    [
        (Presence.PRESENT, {}, None),
        (Presence.REMOTE, {}, None),
        (Presence.ABSENT_APPROVED, {}, None),
        (Presence.ABSENT_ASKED, {}, WhyNot.ABSENCE_NOT_APPROVED),
        (Presence.ABSENT, {}, WhyNot.ABSENCE_NOT_APPROVED),
        (Presence.UNKNOWN, {}, WhyNot.NOT_PRESENT),
        (Presence.LEFT, {}, WhyNot.LEFT),
        (Presence.PRESENT, {"away": True}, WhyNot.DEVICES_AWAY),
        (Presence.PRESENT, {"polls": (shown(PollBlock.NO_QUORUM),)}, WhyNot.NO_QUORUM),
    ],
)
def test_the_room_says_why_a_vote_is_not_possible(
    presence: Presence, changes: dict[str, Any], why: WhyNot | None
) -> None:
    hall = run(sitting(), do.MarkPresence((do.PresenceMark(CHI, presence),)))
    assert room_says(live(hall, **changes), POLL, CHI) is why
    assert room_says(None, POLL, CHI) is None
    mode = VoteMode.ABSENT_APPROVED if presence is Presence.ABSENT_APPROVED else VoteMode.IN_ROOM
    assert vote_mode(live(hall), CHI) is mode


@pytest.mark.parametrize(
    ("seconds", "why"), [(-1, WhyNot.NOT_PRESENT), (0, None), (599, None), (600, WhyNot.NOT_PRESENT)]
)
def test_an_absence_of_a_part_covers_that_part(seconds: int, why: WhyNot | None) -> None:
    hall = hear(machine.opening(PLAN, GOVERNMENT), CHI, DeclareAbsence(at(0), at(600)))
    hall = run(hall, do.DecideAbsence(CHI, True, Approver.PRIME_MINISTER))
    assert room_says(live(hall), POLL, CHI, now=at(seconds)) is why


def test_a_substitute_is_told_so_and_absent_votes_follow_the_rules() -> None:
    deputy = MemberId("m_deputy")
    hall = hear(sitting(), CHI, NameSubstitute(deputy))
    assert room_says(live(hall), POLL, deputy) is WhyNot.SUBSTITUTE
    hall = run(hall, do.DecideAbsence(CHI, True, Approver.SECRETARIAT))
    assert room_says(live(hall), POLL, CHI, absent_vote=False) is WhyNot.ABSENT_VOTE_NOT_ALLOWED


@pytest.mark.parametrize(
    ("act", "text", "problem"),
    [
        (DeclareAbsence(), None, DraftProblem.REASON_MISSING),
        (DeclareAbsence(at(9), at(9)), ActText(text="Đi công tác"), DraftProblem.INTERVAL),
        (DeclareAbsence(at(1), at(9)), ActText(text="Đi công tác"), None),
        (NameSubstitute(), ActText(text="trình bày"), DraftProblem.PERSON_MISSING),
        (TakePosition(FIRST, Position.OTHER_OPINION), ActText(text=" "), DraftProblem.OPINION_MISSING),
        (TakePosition(FIRST, Position.OBJECTION), None, None),
        (CheckIn(), None, None),
    ],
)
def test_an_act_that_lacks_its_words_is_not_signed(
    act: Any, text: ActText | None, problem: DraftProblem | None
) -> None:
    assert check_draft(SessionDraft("se_0412", "pk_7f3a", act, text)) is problem  # type: ignore[arg-type]
