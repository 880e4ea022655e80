# SPDX-License-Identifier: AGPL-3.0-or-later
"""Home, meeting, papers, outbox and search on a real store: what they show, in what order, what they do."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from client.clock import from_rfc3339
from client.domain.annotation import Rect, TextNote
from client.domain.ballot import Answer, PollState
from client.domain.comment import CommentDraft
from client.domain.ids import AnnotationId, ChoiceCode, ItemId, Moment, PackId, PaperId, PollId, QuestionId
from client.domain.outbox import OutboxState
from client.domain.pack import PackState
from client.domain.paper import SecrecyLevel
from client.store import annotations as marks
from client.store import outbox, packs, page_words, polls, reading, search
from client.sync.events import PackProgress
from client.ui import navigator as places
from client.ui.models.home import PackShown, home_view, session_end
from client.ui.models.meeting import items_of
from client.ui.models.reads import read_home, read_meeting, read_outbox, read_papers
from client.ui.screens.comment_sheet import CommentSheet
from client.ui.screens.meeting_comments import CommentCard
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.screens.outbox import ActCard, OutboxScreen
from client.ui.screens.search import HitRow, Kind, RecordRow, Scope, SearchScreen
from client.ui.screens.sessions import MeetingCard, SessionsScreen
from client.ui.widgets.ballot_row import BallotCard
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from client.ui.widgets.download_card import DownloadCard
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.layouts import ScrollColumn
from client.ui.widgets.paper_row import PaperRow
from client.viewer.page_words import pack_words
from tests.helpers.ui_world import COMING, OPINION, PAST, REGULAR, THEMATIC, UiWorld, make_world, moment
from tests.ui.conftest import ShowWindow

YES = (Answer(QuestionId("q1"), ChoiceCode("yes")),)


def settle(world: UiWorld, qtbot: QtBot) -> None:
    for _ in range(2):
        qtbot.waitUntil(lambda: world.tasks.running == 0)
        QApplication.processEvents()


def seen_of(parent: QWidget, kind: type) -> list:
    """Widgets of a kind in sight, from top to bottom."""
    while any(column.busy for column in parent.window().findChildren(ScrollColumn)):
        QApplication.processEvents()
    QApplication.processEvents()  # what was just put into a layout is shown by the next turn of the event loop
    found = [w for w in parent.findChildren(kind) if w.isVisible()]
    return sorted(found, key=lambda w: w.mapTo(parent, w.rect().topLeft()).y())


def chips_of(widget: QWidget) -> list[str]:
    return [chip.text for chip in widget.findChildren(Chip)]


def vote(world: UiWorld) -> int:
    poll = world.core.record.read(lambda c: polls.get(c, PollId("q_opinion"))).result()
    assert poll is not None
    return world.core.acts.cast_vote(poll, YES).result().n


# -- what home is made of --------------------------------------------------------------------------------------


def test_order_live_then_due_then_changed_then_by_date(world: UiWorld) -> None:
    view = read_home(world.core.record, world.clock, world.ctx.viewer).result()
    assert [card.pack for card in view.packs] == [REGULAR, THEMATIC, COMING]
    assert [card.pack for card in view.over] == [PAST]
    assert [ballot.poll.id for ballot in view.due] == ["q_opinion"]
    assert [card.pack for card in view.dossiers] == [OPINION]
    shown = {card.pack: card.shown for card in view.all}
    assert shown[THEMATIC] is PackShown.CHANGED
    assert shown[COMING] is PackShown.FETCHING
    assert [card.live for card in view.packs] == [True, False, False]
    assert (view.packs[0].count.read, view.packs[0].count.papers) == (2, 6)
    assert view.packs[2].share in {61, 62}


def test_a_session_is_live_to_the_end_of_its_agenda(world: UiWorld) -> None:
    card = read_home(world.core.record, world.clock, world.ctx.viewer).result().packs[0]
    assert session_end(card.session) == from_rfc3339("2026-11-27T04:00:00.000Z")  # 11:00 in Việt Nam
    world.clock.at = from_rfc3339("2026-11-27T04:00:00.000Z")
    later = read_home(world.core.record, world.clock, world.ctx.viewer).result()
    assert not any(card.live for card in later.packs)


def test_states_of_a_pack(world: UiWorld) -> None:
    ready = world.core.record.read(lambda c: packs.readable(c, REGULAR)).result()
    assert ready is not None

    def shown(*revisions: object) -> PackShown:
        view = home_view(revisions, (), {}, world.clock.now())  # type: ignore[arg-type]
        return view.all[0].shown

    replace = msgspec.structs.replace
    assert shown(ready) is PackShown.READY
    assert shown(replace(ready, state=PackState.KEYED)) is PackShown.NOT_FETCHED
    assert shown(ready, replace(ready, rev=2, state=PackState.FETCHING)) is PackShown.FETCHING
    assert shown(ready, replace(ready, rev=2, state=PackState.BLOCKED)) is PackShown.BLOCKED
    assert home_view((replace(ready, session=None, state=PackState.KNOWN),), (), {}, world.clock.now()).unnamed == 1


def test_a_vote_stays_on_home_until_its_receipt(world: UiWorld) -> None:
    n = vote(world)
    waiting = read_home(world.core.record, world.clock, world.ctx.viewer).result()
    assert [ballot.poll.id for ballot in waiting.due] == ["q_opinion"]
    world.write(
        lambda c: outbox.mark(
            c, n, state=OutboxState.RECEIPTED, received=Moment("2026-11-27T01:40:00.000Z"), receipt=b"{}"
        )
    )
    done = read_home(world.core.record, world.clock, world.ctx.viewer).result()
    assert done.due == ()
    assert OPINION in {card.pack for card in done.packs}


# -- home on screen --------------------------------------------------------------------------------------------


def test_home_shows_cards_in_order(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(size=(912, 1368))
    settle(world, qtbot)
    cards = seen_of(window, MeetingCard)
    assert "thường kỳ tháng 11" in cards[0].accessibleName()
    assert chips_of(cards[0]) == ["Đang họp", "Đã tải đủ"]
    assert chips_of(cards[1]) == ["Tài liệu có thay đổi"]
    assert chips_of(cards[2])[0].startswith("Đang tải 6")
    ballots = seen_of(window, BallotCard)
    assert chips_of(ballots[0]) == ["Chờ ý kiến", "còn 1 ngày 8 giờ"]


def test_wide_home_shows_the_chosen_meeting_beside(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    settle(world, qtbot)
    home = window.findChild(SessionsScreen)
    assert home.panel.isVisible()
    assert home.panel.pack == REGULAR
    QTest.mouseClick(seen_of(home, MeetingCard)[1], Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    assert home.panel.pack == THEMATIC
    assert window.workspace is not None
    assert window.workspace.route == places.Home()
    window.resize(912, 1368)
    qtbot.waitUntil(lambda: not home.panel.isVisible())
    settle(world, qtbot)
    QTest.keyClick(seen_of(home, MeetingCard)[0], Qt.Key.Key_Return)
    settle(world, qtbot)
    assert window.workspace.route == places.Meeting(REGULAR)


def test_turning_the_tablet_on_another_screen_folds_the_meeting_away(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    window = show(places.Home())
    settle(world, qtbot)
    assert window.workspace is not None
    screen = window.workspace.screen_of(places.Home)
    assert isinstance(screen, SessionsScreen)
    assert screen.panel.isVisible()
    window.workspace.go(places.Outbox())
    window.resize(912, 1368)
    window.workspace.go(places.Home())
    settle(world, qtbot)
    assert not screen.panel.isVisible()


def test_papers_of_an_opinion_ballot_are_never_late(world: UiWorld) -> None:
    revision = world.core.record.read(lambda conn: packs.readable(conn, OPINION)).result()
    assert revision is not None
    assert revision.session is not None
    late = msgspec.structs.replace(
        revision, papers=tuple(msgspec.structs.replace(p, sent=revision.session.starts) for p in revision.papers)
    )
    assert not any(paper.late for item in items_of(late, {}, openable=True) for paper in item.papers)


def test_ended_meetings_unfold(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    settle(world, qtbot)
    home = window.findChild(SessionsScreen)
    before = len(seen_of(home, MeetingCard))
    fold = next(b for b in home.findChildren(Button) if b.text() == "Đã kết thúc (1)")
    QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert len(seen_of(home, MeetingCard)) == before + 1


def test_download_progress_is_drawn_when_the_store_says_so(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    settle(world, qtbot)
    total = world.core.record.read(lambda c: packs.get(c, COMING, 1)).result().total_bytes
    world.write(lambda c: packs.set_progress(c, COMING, 1, total * 90 // 100 + 1, total))
    home = window.findChild(SessionsScreen)
    qtbot.waitUntil(lambda: any("Đang tải 90 %" in chips_of(card) for card in home.findChildren(MeetingCard)))


def test_an_empty_device_says_what_to_do(ui_app: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    from client.ui.main_window import MainWindow
    from client.ui.screens.registry import factories

    world = make_world(tmp_path / "empty", fill=False)
    try:
        window = MainWindow(world.bridge, world.tasks, factories())
        qtbot.addWidget(window)
        window.show()
        window.show_workspace(world.ctx)
        for route in (places.Home(), places.Papers(), places.Outbox(), places.Search()):
            assert window.workspace is not None
            window.workspace.go(route)
            settle(world, qtbot)
            assert len(seen_of(window, EmptyState)) == 1, route
        window.close()
    finally:
        world.close()


# -- meeting ---------------------------------------------------------------------------------------------------


def panel_of(window: QWidget) -> MeetingPanel:
    return next(panel for panel in window.findChildren(MeetingPanel) if panel.isVisible())


def test_agenda_with_papers(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    rows = seen_of(panel_of(window), PaperRow)
    assert [row.view.paper.id for row in rows] == [
        "a_program",
        "a_submission",
        "a_draft",
        "a_appraisal",
        "a_report",
        "a_annex",
        "a_secret",
    ]
    by_id = {row.view.paper.id: row for row in rows}
    assert by_id["a_draft"].title.text().endswith("(bản 2)")
    assert chips_of(by_id["a_draft"]) == ["Gửi muộn"]
    assert chips_of(by_id["a_annex"]) == ["Hỏa tốc"]
    assert "đã đọc 5/34 trang" in by_id["a_draft"].accessibleName()
    assert chips_of(by_id["a_secret"]) == ["Tài liệu mật – nhận bản giấy"]
    assert by_id["a_secret"].view.paper.secrecy is SecrecyLevel.SECRET


def test_changed_papers_are_marked_new(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(THEMATIC))
    settle(world, qtbot)
    marked = [row.view.paper.id for row in seen_of(panel_of(window), PaperRow) if "MỚI" in chips_of(row)]
    assert marked == ["them2"]


def test_papers_open_and_secret_ones_do_not(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    assert window.workspace is not None
    opened: list[tuple] = []
    panel = panel_of(window)
    panel._navigator = _Recorder(opened)  # type: ignore[assignment]
    rows = {row.view.paper.id: row for row in seen_of(panel, PaperRow)}
    QTest.keyClick(rows["a_draft"], Qt.Key.Key_Return)
    QTest.mouseClick(rows["a_submission"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(rows["a_secret"], Qt.MouseButton.LeftButton)
    QTest.keyClick(rows["a_secret"], Qt.Key.Key_Return)
    assert opened == [(REGULAR, "a_draft"), (REGULAR, "a_submission")]


class _Recorder:
    """A navigator that only notes which papers were asked for."""

    def __init__(self, opened: list[tuple]) -> None:
        self._opened = opened

    def open_paper(self, pack: str, paper: str, page: int | None = None) -> None:
        self._opened.append((pack, paper))


def test_reading_is_drawn_when_it_moves(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    plain = next(r.view.paper.plain for r in seen_of(panel_of(window), PaperRow) if r.view.paper.id == "a_report")
    world.write(lambda c: reading.mark_page_seen(c, plain, 0))
    qtbot.waitUntil(
        lambda: any("đã đọc 1/48 trang" in r.accessibleName() for r in panel_of(window).findChildren(PaperRow))
    )


def test_writing_a_comment(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    panel = panel_of(window)
    button = next(b for b in panel.findChildren(Button) if b.accessibleName() == "Góp ý, nội dung 2")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    sheet = window.findChild(CommentSheet)
    assert not sheet.send_button.isEnabled()
    sheet.findChild(QPlainTextEdit).setPlainText("Đề nghị làm rõ Điều 12.")
    with qtbot.waitSignal(sheet.sent):
        QTest.mouseClick(sheet.send_button, Qt.MouseButton.LeftButton)
    view = None

    def kept() -> bool:
        nonlocal view
        view = read_meeting(world.core.record, world.clock, REGULAR, world.ctx.viewer).result()
        return view is not None and len(view.comments) == 1

    qtbot.waitUntil(kept)
    assert view is not None
    assert view.comments[0].comment.draft.item == "item2"
    qtbot.waitUntil(lambda: panel.tabs.button(Tab.COMMENTS).text() == "Góp ý (1)")
    QTest.mouseClick(panel.tabs.button(Tab.COMMENTS), Qt.MouseButton.LeftButton)
    cards = seen_of(panel, CommentCard)
    assert chips_of(cards[0]) == ["Đã lưu trên máy, chưa được tiếp nhận"]


def test_a_comment_that_cannot_be_saved_keeps_its_text(world: UiWorld, qtbot: QtBot) -> None:
    from client.domain.ids import PackId

    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(900, 700)
    sheet = CommentSheet(world.ctx, world.tasks, parent, pack=PackId("p_unknown"), about="Không có")
    sheet.open()
    sheet.text.setPlainText("Nội dung quý")
    QTest.mouseClick(sheet.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(sheet.trouble.text))
    assert sheet.isVisible()
    assert sheet.text.toPlainText() == "Nội dung quý"
    assert sheet.send_button.isEnabled()


def test_an_unknown_meeting_says_so(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    from client.domain.ids import PackId

    window = show(places.Meeting(PackId("p_nowhere")))
    settle(world, qtbot)
    assert len(seen_of(window, EmptyState)) == 1


# -- papers ----------------------------------------------------------------------------------------------------


def test_papers_of_all_packs_and_filters(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    from client.ui.screens.papers import PapersScreen, Show

    window = show(places.Papers())
    settle(world, qtbot)
    screen = window.findChild(PapersScreen)
    everything = sum(
        len(item.papers) for pack in read_papers(world.core.record, world.clock).result() for item in pack.items
    )
    assert len(seen_of(screen, PaperRow)) == everything
    for what, count in ((Show.UNREAD, everything - 3), (Show.CHANGED, 1), (Show.ALL, everything)):
        QTest.mouseClick(screen.show_what.button(what), Qt.MouseButton.LeftButton)
        assert len(seen_of(screen, PaperRow)) == count, what


# -- outbox ----------------------------------------------------------------------------------------------------


def test_outbox_sentences_and_withdrawing(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    n = vote(world)
    window = show(places.Outbox())
    settle(world, qtbot)
    screen = window.findChild(OutboxScreen)
    card = seen_of(screen, ActCard)[0]
    assert chips_of(card) == ["Đã lưu trên máy, chưa được tính"]
    assert screen.header.title.text() == "Chờ gửi (1)"
    withdraw = next(b for b in card.findChildren(Button) if b.text() == "Hủy trước khi gửi")
    QTest.mouseClick(withdraw, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any("Đã hủy trước khi gửi" in chips_of(c) for c in screen.findChildren(ActCard)))
    assert world.core.record.read(lambda c: outbox.item(c, n)).result().state is OutboxState.WITHDRAWN


def test_an_act_that_was_tried_cannot_be_withdrawn(world: UiWorld) -> None:
    n = vote(world)
    world.write(lambda c: outbox.mark(c, n, tries=1, unknown=True))
    act = read_outbox(world.core.record).result()[0]
    assert (act.standing.value, act.can_withdraw, act.waits) == ("sent_awaiting_receipt", False, True)


@pytest.mark.parametrize(
    ("change", "sentence", "group"),
    [
        ({"state": OutboxState.REFUSED, "reason": "not-eligible"}, "Máy chủ từ chối: không thuộc", "Cần xem lại (1)"),
        ({"state": OutboxState.SUSPENDED}, "Tạm giữ trên máy", "Cần xem lại (1)"),
        ({"tries": 1, "unknown": True}, "Đã gửi, chờ biên nhận", "Đang chờ (1)"),
        (
            {"state": OutboxState.RECEIPTED, "received": Moment("2026-11-27T02:14:07.000Z"), "receipt": b"{}"},
            "Đã được tính lúc 09:14:07",
            "Đã xong (1)",
        ),
        (
            {"state": OutboxState.LATE, "received": Moment("2026-11-29T02:14:07.000Z"), "receipt": b"{}"},
            "Quá hạn, không được tính",
            "Cần xem lại (1)",
        ),
    ],
)
def test_each_state_says_its_sentence(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, change: dict, sentence: str, group: str
) -> None:
    from client.ui.widgets.list_rows import Section

    n = vote(world)
    world.write(lambda c: outbox.mark(c, n, **change))
    window = show(places.Outbox())
    settle(world, qtbot)
    card = seen_of(window, ActCard)[0]
    assert chips_of(card)[0].startswith(sentence)
    assert [section.head.text() for section in seen_of(window, Section)] == [group]


def test_a_vote_that_waited_past_a_signed_close_is_not_counted(world: UiWorld) -> None:
    vote(world)
    world.write(
        lambda c: polls.set_state(c, PollId("q_opinion"), PollState.CLOSED, closed=Moment("2026-11-28T10:00:00.000Z"))
    )
    assert read_outbox(world.core.record).result()[0].standing.value == "late_not_counted"


def test_a_refused_comment_gives_its_text_back(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    draft = CommentDraft(pack=REGULAR, text="Nội dung quý", paper=PaperId("a_draft"), page=6, item=ItemId("item2"))
    n = world.core.acts.send_comment(draft).result().n
    world.write(lambda c: outbox.mark(c, n, state=OutboxState.REFUSED, reason="too-large"))
    window = show(places.Outbox())
    settle(world, qtbot)
    copy = next(b for b in window.findChildren(Button) if b.text() == "Chép nội dung" and b.isVisible())
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "Nội dung quý"


# -- search ----------------------------------------------------------------------------------------------------


def test_search_without_accents_marks_the_words(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Search())
    settle(world, qtbot)
    screen = window.findChild(SearchScreen)
    QTest.keyClicks(screen.field, "dau tu")
    qtbot.waitUntil(lambda: screen.count.text().startswith("2 trang trong 2 tài liệu"))
    rows = seen_of(screen, HitRow)
    assert len(rows) == 2
    assert any("background-color" in row.title.text() for row in rows)


def test_search_opens_the_page(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Search("chuyển tiếp"))
    settle(world, qtbot)
    screen = window.findChild(SearchScreen)
    qtbot.waitUntil(lambda: len(seen_of(screen, HitRow)) == 1)
    asked: list[object] = []

    class Pages:
        def go(self, route: object) -> None:
            asked.append(route)

    screen.navigator = Pages()  # type: ignore[assignment]
    QTest.mouseClick(seen_of(screen, HitRow)[0], Qt.MouseButton.LeftButton)
    assert asked == [places.Paper(REGULAR, PaperId("a_draft"), 1, "chuyển tiếp")]


def test_notes_comments_and_sessions_are_found_and_can_be_left_out(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    draft = next(p for one in world.core.record.read(packs.current).result() for p in one.papers if p.id == "a_draft")
    assert draft.plain is not None
    note = TextNote(
        id=AnnotationId("a_search"), paper=draft.id, plain=draft.plain, page=4, made=moment(world),
        at=Rect(1, 2, 3, 4), text="Đầu tư công: hỏi lại Bộ Tài chính",
    )  # fmt: skip
    world.write(lambda c: marks.add(c, note))
    window = show(places.Search(pack=PackId("p_past")))
    screen = window.findChild(SearchScreen)
    QTest.keyClicks(screen.field, "dau tu cong")
    qtbot.waitUntil(lambda: len(seen_of(screen, RecordRow)) == 4)
    assert screen.count.text() == "2 trang trong 2 tài liệu · 4 mục trong ghi chú và phiên họp"
    screen.kinds[Kind.SESSIONS].click()
    screen.kinds[Kind.PAPERS].click()
    (only,) = seen_of(screen, RecordRow)
    assert only.accessibleName().startswith("Đầu tư công: hỏi lại")
    asked: list[tuple[object, ...]] = []
    screen.navigator.open_paper = lambda *place: asked.append(place)  # type: ignore[method-assign]
    QTest.mouseClick(only, Qt.MouseButton.LeftButton)
    assert asked == [(REGULAR, "a_draft", 4)]
    screen.scope.button(Scope.HERE).click()
    qtbot.waitUntil(lambda: len(seen_of(screen, EmptyState)) == 1)


def test_words_read_off_a_scan_say_so(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    current = world.core.record.read(packs.current).result()
    plain = next(paper.plain for one in current for paper in one.papers if paper.id == "a_annex")
    assert plain is not None
    words = page_words.PageWords(595, 842, pack_words(()), recognised=True)
    world.core.papers.write(lambda c: search.index_page(c, plain, 7, "Nhận dạng chữ quét", words)).result()
    window = show(places.Search("nhan dang"))
    screen = window.findChild(SearchScreen)
    qtbot.waitUntil(lambda: len(seen_of(screen, HitRow)) == 1)
    assert "1 kết quả từ văn bản quét (nhận dạng tự động, có thể sai)" in screen.count.text()
    assert [chip.text for chip in screen.findChildren(Chip)] == ["Văn bản quét"]


def test_nothing_found_and_hostile_text(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Search())
    settle(world, qtbot)
    screen = window.findChild(SearchScreen)
    screen.field.setText("\"<b>'); DROP TABLE *")
    labels = type(screen.count)
    qtbot.waitUntil(lambda: any("DROP TABLE" in one.text() for one in screen.findChildren(labels) if one.isVisible()))
    assert len(seen_of(screen, EmptyState)) == 1
    QTest.mouseClick(screen.clear_button, Qt.MouseButton.LeftButton)
    assert screen.field.text() == ""


def test_a_download_says_how_far_it_is_and_can_be_paused(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(COMING))
    settle(world, qtbot)
    [card] = seen_of(window, DownloadCard)
    assert card.words.text() == "Đang tải 62 %"
    assert world.core.engine.downloads.first() == (COMING, None), "what is opened comes first"
    world.bridge.post_engine_event(PackProgress(COMING, 70, 100, PaperId("come2"), 3_000_000, 6_000_000))
    qtbot.waitUntil(lambda: card.words.text() == "Đang tải 70 %")
    assert card.paper.text() == "Tài liệu số 2 (dữ liệu giả định): 2,86 MB / 5,72 MB"
    qtbot.mouseClick(button(card, "Tạm dừng tải"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.core.engine.downloads.held() == {COMING})
    settle(world, qtbot)
    [card] = seen_of(window, DownloadCard)
    assert card.words.text() == "Đã tạm dừng tải, được 62 %"
    qtbot.mouseClick(button(card, "Tải tiếp"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not world.core.engine.downloads.held())


def button(card: QWidget, text: str) -> Button:
    return next(found for found in card.findChildren(Button) if found.text() == text)
