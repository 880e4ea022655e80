# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions with the drafting agency's answers, and a ballot that stays open longer, as a member sees them."""

from __future__ import annotations

import os

import pytest
from msgspec import structs
from pytestqt.qtbot import QtBot

from client.domain.ballot import PollState
from client.domain.bulletin import AnswerWords, Extension, Reply
from client.domain.comment import CommentDraft
from client.domain.ids import CommentId, MemberId, Moment, PaperId
from client.domain.outbox import OutboxState
from client.store import bulletins, comments, outbox, packs, polls
from client.store.bulletins import ANSWER, EXTENSION, KeptBulletin
from client.ui import navigator as places
from client.ui.screens.ballot import BallotScreen
from client.ui.screens.comment_sheet import CommentSheet
from client.ui.screens.meeting_comments import CommentCard, ReplyCard, ReplyText
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.text import Label
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_lists import chips_of, seen_of, settle


def tell(world: UiWorld, comment: str, words: AnswerWords, version: int = 1) -> None:
    """What synchronisation keeps of an answer."""
    kept = KeptBulletin(comment, ANSWER, REGULAR, version, b"{}")
    reply = Reply(CommentId(comment), REGULAR, version, Moment("2026-11-26T02:14:00.000Z"), words)

    def write(conn):
        changes = bulletins.add(conn, kept)[1]
        return None, changes | bulletins.open_words(conn, comment, reply)[1]

    world.write(write)


def first_paper(world: UiWorld) -> PaperId:
    revision = world.core.record.read(lambda conn: packs.readable(conn, REGULAR)).result()
    return revision.session.agenda[1].papers[0]


def answer(world: UiWorld, **changes) -> AnswerWords:
    fields = {
        "text": "Cơ quan soạn thảo đã tiếp thu tại khoản 2 (dữ liệu giả định).",
        "agency": "Bộ Tài chính",
        "person": "Nguyễn Văn Giả Định, Vụ trưởng",
        "question": "Đề nghị làm rõ mức chi.",
        "paper": first_paper(world),
        "page": 6,
        "quote": "mức chi không quá",
    }
    return AnswerWords(**{**fields, **changes})


def texts(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(Label)]


@pytest.fixture
def panel(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> MeetingPanel:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    found = window.findChild(MeetingPanel)
    found.tabs.button(Tab.COMMENTS).click()
    return found


def test_my_comment_says_whether_it_was_answered(world: UiWorld, panel: MeetingPanel, qtbot: QtBot) -> None:
    item = world.core.acts.send_comment(CommentDraft(REGULAR, "Đề nghị làm rõ mức chi.")).result()
    qtbot.waitUntil(lambda: len(seen_of(panel, CommentCard)) == 1)
    assert "Chưa trả lời" not in chips_of(seen_of(panel, CommentCard)[0]), "nobody has it yet"
    receipt = Moment("2026-11-26T01:00:00.000Z")
    world.write(lambda conn: outbox.mark(conn, item.n, state=OutboxState.RECEIPTED, received=receipt, receipt=b"{}"))
    qtbot.waitUntil(lambda: "Chưa trả lời" in chips_of(seen_of(panel, CommentCard)[0]))
    [kept] = world.core.record.read(lambda conn: comments.of_pack(conn, REGULAR)).result()
    tell(world, kept.id, answer(world, paper=None, page=None))
    qtbot.waitUntil(lambda: "Đã trả lời" in chips_of(seen_of(panel, CommentCard)[0]))
    [card] = seen_of(panel, CommentCard)
    assert "Bộ Tài chính trả lời" in texts(card)
    assert "Cơ quan soạn thảo đã tiếp thu tại khoản 2 (dữ liệu giả định)." in texts(card)
    assert seen_of(panel, ReplyCard) == []
    assert panel.tabs.button(Tab.COMMENTS).text() == "Góp ý (1)"


def test_answers_to_others_lead_to_their_passage(world: UiWorld, panel: MeetingPanel, qtbot: QtBot) -> None:
    tell(world, "c_other1", answer(world))
    tell(world, "c_other2", answer(world, asker=MemberId("m_nobody"), question="", page=None), version=2)
    qtbot.waitUntil(lambda: len(seen_of(panel, ReplyCard)) == 2)
    if shots := os.environ.get("ECAB_SHOTS"):
        panel.window().grab().save(f"{shots}/answers.png")
    by_page = {card.findChild(Button).text(): card for card in seen_of(panel, ReplyCard)}
    card = by_page["Mở trang 7"]
    assert any("trang 7" in text for text in texts(card))
    assert {"“mức chi không quá”", "Đề nghị làm rõ mức chi.", "Bộ Tài chính trả lời"} <= set(texts(card))
    assert any("lần 2" in text for text in texts(by_page["Mở tài liệu"]))
    opened: list[tuple] = []
    panel._navigator.open_paper = lambda *where: opened.append(where)
    card.findChild(Button).click()
    assert opened == [(REGULAR, first_paper(world), 6)]


def test_whoever_comments_sees_what_was_answered_there(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    tell(world, "c_other1", answer(world))
    tell(world, "c_other2", answer(world, page=3, text="Ở trang khác."))
    window = show()
    sheet = CommentSheet(
        world.ctx, world.tasks, window, pack=REGULAR, about="Tờ trình", paper=first_paper(world), page=6
    )
    sheet.text.setPlainText("Đang viết")
    sheet.open()
    qtbot.waitUntil(lambda: len(sheet.findChildren(ReplyText)) == 1)
    assert "Đã được hỏi và trả lời ở đây (1)" in texts(sheet)
    assert "Ở trang khác." not in texts(sheet)
    assert sheet.text.toPlainText() == "Đang viết"


def test_a_later_deadline_is_told_with_its_reason_and_resets_nothing(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    poll = next(
        each for each in world.core.record.read(polls.all).result() if each.state is PollState.OPEN and each.closes
    )
    window = show(places.Ballot(poll.id))
    screen = window.findChild(BallotScreen)
    qtbot.waitUntil(lambda: bool(screen.form.questions()))
    box = next(iter(screen.form.questions().values()))
    next(iter(box.choices.values())).click()
    chosen = screen.desk.entry
    assert not chosen.empty
    later = Moment("2026-12-05T10:00:00.000Z")

    def write(conn):
        kept = KeptBulletin(poll.id, EXTENSION, poll.pack, 1, b"{}")
        told = Extension(poll.id, poll.pack, 1, later, Moment("2026-11-27T01:00:00.000Z"), "Chờ ý kiến Bộ Tư pháp")
        changes = bulletins.add(conn, kept)[1] | bulletins.open_words(conn, poll.id, told)[1]
        return None, changes | polls.save(conn, structs.replace(poll, closes=later))[1]

    world.write(write)
    wanted = "Đã gia hạn đến 17:00, Thứ Bảy, 05/12/2026. Lý do: Chờ ý kiến Bộ Tư pháp"
    qtbot.waitUntil(lambda: any("gia hạn" in banner.text for banner in screen.findChildren(Banner)))
    assert wanted in [banner.text for banner in screen.findChildren(Banner)]
    assert screen.desk.entry == chosen
    assert next(iter(screen.form.questions().values())) is box
