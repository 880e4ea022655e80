# SPDX-License-Identifier: AGPL-3.0-or-later
"""Votes in session: why not, provisional and final results, disputes and their evidence."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from client.domain.ballot import Answer, PollBlock, PollState, VoteMode
from client.domain.ids import ChoiceCode, QuestionId
from client.domain.live import (
    Presence,
)
from client.store import polls
from client.ui import navigator as places
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.ballot_dossier import Dossier
from client.ui.screens.ballot_outcome import ResultCard
from client.ui.screens.ballot_question import AbsentBox
from client.ui.screens.evidence_sheet import EvidenceSheet
from tests.helpers.ballot_screen import (
    PORTRAIT,
    box_of,
    find,
    open_session,
    press,
    settle,
    sign,
    texts,
)
from tests.helpers.live_screens import (
    Q1,
    YES,
    closing,
    shown_sheet,
)
from tests.helpers.live_world import (
    Q_SESSION,
    START,
    open_poll,
    open_vote,
    put_room,
    roll,
    room,
)
from tests.helpers.ui_world import UiWorld
from tests.ui.conftest import ShowWindow


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            {"roll": roll(Presence.CHECKED_IN)},
            "Thư ký chưa điểm danh đồng chí có mặt.",
        ),
        (
            {"roll": roll(Presence.ABSENT_ASKED)},
            "Đồng chí vắng mặt và chưa được đồng ý cho vắng.",
        ),
        ({"polls": (open_vote(block=PollBlock.NO_QUORUM),)}, "Chưa đủ số thành viên có mặt để biểu quyết."),
    ],
)
def test_an_unavailable_vote_says_why(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, state: dict[str, object], sentence: str
) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(**{"polls": (open_vote(),), **state}))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert sentence in texts(screen)
    assert screen.findChildren(ChoiceButton) == []


def test_live_events_never_touch_an_open_form(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert box_of(screen).choice is None, "nothing is preselected"
    no = ChoiceCode("no")
    press(box_of(screen).choices[no])
    box_of(screen).note.setPlainText("Chưa rõ nguồn lực.")
    box = box_of(screen)
    for version, count in enumerate((15, 16, 20), start=2):
        put_room(world, room(polls=(open_vote(in_room=count),), speaker=None), version=version)
        open_poll(world, f"2026-11-27T01:4{version}:00.000Z")
        settle(world, qtbot)
    assert box_of(screen) is box
    assert box.choices[no].isChecked()
    assert box.note.toPlainText() == "Chưa rõ nguồn lực."
    put_room(world, room(polls=(open_vote(block=PollBlock.NO_QUORUM),), present=17), version=9)
    qtbot.waitUntil(lambda: screen.form.foot.notice.text == "Chưa đủ số thành viên có mặt để biểu quyết.")
    assert box.note.toPlainText() == "Chưa rõ nguồn lực."
    put_room(world, room(polls=(open_vote(),)), version=10)
    qtbot.waitUntil(screen.form.foot.review_button.isVisible)
    assert box.choices[no].isChecked()
    settle(world, qtbot)


def test_live_events_never_touch_several_questions(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    known = world.core.record.read(lambda c: polls.get(c, Q_SESSION)).result()
    assert known is not None
    first = known.questions[0]
    more = tuple(
        msgspec.structs.replace(first, id=QuestionId(f"q{n}"), text=f"Câu hỏi {n}? (dữ liệu giả định)") for n in (2, 3)
    )
    world.write(lambda c: polls.save(c, msgspec.structs.replace(known, questions=(first, *more))))
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert [box.choice for box in screen.form.questions().values()] == [None, None, None]
    press(box_of(screen, QuestionId("q2")).choices[YES])
    box_of(screen, QuestionId("q3")).note.setPlainText("Đang viết dở")
    boxes = list(screen.form.questions().values())
    for version in (2, 3, 4):
        put_room(world, room(polls=(open_vote(in_room=version + 14),), queue=()), version=version)
        settle(world, qtbot)
    assert list(screen.form.questions().values()) == boxes
    assert [box.choice for box in boxes] == [None, YES, None]
    assert boxes[2].note.toPlainText() == "Đang viết dở"
    press(screen.form.foot.review_button)
    assert screen.step is Step.FORM, "two answers are missing"
    settle(world, qtbot)


def test_the_roll_says_whether_i_vote_absent(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),), roll=roll(Presence.ABSENT_APPROVED)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    [absent] = screen.findChildren(AbsentBox)
    assert absent.switch.isChecked()
    assert not absent.switch.isEnabled()
    press(box_of(screen).choices[YES])
    press(screen.form.foot.review_button)
    assert absent.problem.text == "Cần nêu lý do vắng mặt."
    absent.reason.setPlainText("Công tác nước ngoài")
    sign(world, screen, qtbot)
    qtbot.waitUntil(lambda: screen.step is Step.RESULT)
    assert screen.desk.asked is None
    settle(world, qtbot)


def test_in_the_room_no_absence_is_asked_about(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert screen.findChildren(AbsentBox) == []
    assert screen.desk.entry.mode is VoteMode.IN_ROOM


def test_a_provisional_result_says_that_it_is_one(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    world.write(lambda c: polls.set_state(c, Q_SESSION, PollState.CLOSED, closed=START))
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    said = texts(screen)
    assert "Tạm tính" in said
    assert "Chính thức" not in said
    assert "14 tại phòng họp + 1 vắng mặt · 12 không trả lời" in said
    assert "Thông qua" not in said.split("Kết quả", 1)[1].split("Số liệu tạm tính")[0]


def test_a_final_result_has_the_sentence_and_the_article(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    closing(world, PollState.RESULT_VERIFIED)
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    said = texts(screen)
    assert "Chính thức" in said
    assert "Thông qua" in said
    assert "14/27 đồng ý: quá nửa tổng số thành viên" in said
    assert "Căn cứ: " in said
    assert "21 tại phòng họp + 4 vắng mặt · 2 không trả lời · 1 đến sau hạn" in said
    assert "Tạm tính" not in said


def test_a_disputed_result_says_why_and_gives_the_evidence(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_session(world)
    found = world.core.record.read(lambda c: polls.get(c, Q_SESSION)).result()
    world.core.acts.cast_vote(found, (Answer(Q1, YES),)).result()
    closing(world, PollState.RESULT_DISPUTED)
    world.write(lambda c: polls.save_definition(c, Q_SESSION, b'{"definition": 1}'))
    world.write(lambda c: polls.set_dispute(c, Q_SESSION, "own_missing"))
    window = show(places.Ballot(Q_SESSION))
    screen = window.findChild(BallotScreen)
    settle(world, qtbot)
    [card] = screen.findChildren(ResultCard)
    assert "Không khớp" in texts(card)
    assert "không có trong danh sách kiểm phiếu" in texts(card)
    press(find(card, "Xuất bằng chứng"))
    sheet = shown_sheet(window, EvidenceSheet)
    with qtbot.waitSignal(sheet.written):
        sheet.write_to(tmp_path / "bang-chung.json")
    found = json.loads((tmp_path / "bang-chung.json").read_bytes())
    assert (found["t"], found["dispute"]) == ("ecab.evidence/1", "own_missing")
    assert base64.b64decode(found["definition"]) == b'{"definition": 1}'
    assert (len(found["votes"]), found["votes"][0]["receipt"]) == (1, "")
    settle(world, qtbot)


def test_in_portrait_the_result_stands_before_the_papers(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    closing(world, PollState.RESULT_VERIFIED)
    screen = show(places.Ballot(Q_SESSION), PORTRAIT).findChild(BallotScreen)
    settle(world, qtbot)
    [result] = screen.findChildren(ResultCard)
    [papers] = [one for one in screen.findChildren(Dossier) if one.isVisible()]
    assert result.mapTo(screen, result.rect().topLeft()).y() < papers.mapTo(screen, papers.rect().topLeft()).y()
