# SPDX-License-Identifier: AGPL-3.0-or-later
"""Home as what awaits me: comments by their deadline, the search field, and a newer program."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.domain.comment import CommentDraft
from client.domain.ids import Moment, PackId
from client.domain.releases import ReleaseNews, Standing
from client.domain.reminders import ReminderKind
from client.store import comments, packs
from client.ui import navigator as places
from client.ui.main_window import MainWindow
from client.ui.models.calendar_file import calendar_file
from client.ui.models.diary import EntryKind, entries_of
from client.ui.models.reads import read_home
from client.ui.models.reminders import occasions_of
from client.ui.release_bar import PutOff, ReleaseBar, is_told
from client.ui.screens.comment_sheet import CommentSheet
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.screens.search import SearchScreen
from client.ui.screens.sessions import SessionsScreen, Way
from client.ui.theme.tokens import Tone
from client.ui.widgets.ballot_row import BallotCard
from client.ui.widgets.comments_card import CommentsAskedCard, CommentsDueCard, comment_chips
from client.ui.widgets.list_rows import Section
from tests.helpers.ballot_screen import LANDSCAPE, PORTRAIT, acts, find, press, receipt, settle, texts
from tests.helpers.ui_world import THEMATIC, UiWorld
from tests.ui.conftest import ShowWindow

DAY_MS = 86_400_000


def ask_comments(world: UiWorld, pack: PackId = THEMATIC, *, days: float = 0.5) -> Moment:
    """The secretariat's next revision asks for comments, so many days from now."""
    until = Moment(to_rfc3339(Millis(world.clock.now() + round(days * DAY_MS))))
    revision = world.core.record.read(lambda c: packs.readable(c, pack)).result()
    assert revision is not None
    assert revision.session is not None
    session = structs.replace(revision.session, comments_until=until)
    world.write(lambda c: packs.upsert(c, structs.replace(revision, rev=revision.rev + 1, session=session)))
    return until


def home(window: MainWindow) -> SessionsScreen:
    screen = window.findChild(SessionsScreen)
    assert isinstance(screen, SessionsScreen)
    return screen


def headings(screen: SessionsScreen) -> list[str]:
    return [section.head.text() for section in screen.list.findChildren(Section)]


def cards(screen: SessionsScreen) -> list[BallotCard | CommentsDueCard]:
    """Ballots and comments in the list, from the top."""
    found = [*screen.list.findChildren(BallotCard), *screen.list.findChildren(CommentsDueCard)]
    return sorted((card for card in found if card.isVisible()), key=lambda card: card.y())


# -- comments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "first"), [(0.5, CommentsDueCard), (3, BallotCard)])
def test_comments_stand_among_the_ballots_by_deadline(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, days: float, first: type
) -> None:
    ask_comments(world, days=days)
    screen = home(show(places.Home()))
    settle(world, qtbot)
    assert "Chờ đồng chí cho ý kiến (2)" in headings(screen)
    shown = cards(screen)
    assert len(shown) == 2
    assert type(shown[0]) is first, "the ballot closes in a day and a half"


def test_the_last_day_is_marked_and_overdue_is_said_in_words(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    ask_comments(world, days=0.5)
    [due] = read_home(world.core.record, world.clock, world.ctx.viewer).result().comments
    assert [chip.tone for chip in comment_chips(due, world.clock)] == [Tone.WARNING, Tone.DANGER]
    screen = home(show(places.Home()))
    settle(world, qtbot)
    world.clock.advance(43_201)
    screen.refresh()
    settle(world, qtbot)
    assert "Đã quá hạn (1)" in headings(screen)
    assert "Đã quá hạn, chưa có góp ý của đồng chí" in texts(screen)


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
def test_the_card_leads_to_the_comments(world: UiWorld, show: ShowWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    ask_comments(world)
    window = show(places.Home(), size)
    settle(world, qtbot)
    [card] = [card for card in cards(home(window)) if isinstance(card, CommentsDueCard)]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    panel = next(each for each in window.findChildren(MeetingPanel) if each.isVisible())
    assert (panel.pack, panel.tabs.value) == (THEMATIC, Tab.COMMENTS)
    assert panel.findChild(CommentsAskedCard).isVisible()
    press(find(panel, "Viết góp ý chung"))
    sheet = window.findChild(CommentSheet)
    sheet.text.setPlainText("Đề nghị làm rõ nguồn lực (dữ liệu giả định).")
    press(sheet.send_button)
    qtbot.waitUntil(lambda: "chưa được tiếp nhận" in texts(panel.findChild(CommentsAskedCard)))
    assert len(acts(world)) == 1


def test_a_comment_on_its_way_waits_for_its_receipt(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    ask_comments(world)
    sent = world.core.acts.send_comment(CommentDraft(pack=THEMATIC, text="Nhất trí (dữ liệu giả định).")).result()
    screen = home(show(places.Home()))
    settle(world, qtbot)
    assert "Đã ký, chờ biên nhận (1)" in headings(screen)
    receipt(world, sent.n)
    qtbot.waitUntil(lambda: "Đã ký, chờ biên nhận (1)" not in headings(screen))
    assert not screen.list.findChildren(CommentsDueCard)


def test_having_none_is_noted_here_and_taken_back(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    until = ask_comments(world)
    window = show(places.Meeting(THEMATIC, comments=True))
    settle(world, qtbot)
    panel = next(each for each in window.findChildren(MeetingPanel) if each.isVisible())
    asked = panel.findChild(CommentsAskedCard)
    press(asked.none_button)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.asked is None)
    assert world.core.record.read(comments.none_to_make).result() == {THEMATIC: until}
    assert acts(world) == (), "it is no act"
    assert window.workspace is not None
    press(window.workspace.undo_bar.undo_button)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.asked is not None)


def test_the_deadline_is_in_the_month_the_calendar_file_and_the_reminders(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    until = from_rfc3339(ask_comments(world))
    view = read_home(world.core.record, world.clock, world.ctx.viewer).result()
    entries = entries_of(view)
    [entry] = [each for each in entries if each.kind is EntryKind.COMMENTS]
    assert (entry.pack, entry.starts) == (THEMATIC, until)
    data = calendar_file(entries, [each.title for each in entries], stamp=world.clock.now())
    assert data.count(b"UID:") == len({each.ident for each in entries}) == len(entries)
    [occasion] = [
        each for each in occasions_of(view, world.ctx.engine.status().lease) if each.kind is ReminderKind.COMMENTS
    ]
    assert (occasion.subject, occasion.due) == (THEMATIC, until)
    screen = home(show(places.Home()))
    settle(world, qtbot)
    QTest.mouseClick(screen.views.button(Way.MONTH), Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    day = next(button for button in screen.month.grid.days if button.day == entry.day)
    assert "Hạn góp ý" in day.accessibleName()


# -- search ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier), (Qt.Key.Key_Slash, None)])
def test_a_key_leads_to_the_field_and_enter_to_the_results(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, key: tuple[Qt.Key, Qt.KeyboardModifier | None]
) -> None:
    window = show(places.Home())
    settle(world, qtbot)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    screen = home(window)
    QTest.keyClick(window, key[0], key[1] or Qt.KeyboardModifier.NoModifier)
    qtbot.waitUntil(screen.search.field.hasFocus)
    for composing in ("d", "dd", "đ", "đâ", "đầ", "đầu"):
        QApplication.sendEvent(screen.search.field, QInputMethodEvent(composing, []))
        assert (screen.search.field.text(), screen.search.field.hasFocus()) == ("", True)
    commit = QInputMethodEvent()
    commit.setCommitString("đầu tư")
    QApplication.sendEvent(screen.search.field, commit)
    QTest.keyClicks(screen.search.field, "/2026")
    assert screen.search.field.text() == "đầu tư/2026", "in the field a slash is a slash"
    QTest.keyClick(screen.search.field, Qt.Key.Key_Return)
    settle(world, qtbot)
    assert window.workspace is not None
    assert window.workspace.route == places.Search("đầu tư/2026")
    assert window.findChild(SearchScreen).field.text() == "đầu tư/2026"
    assert screen.search.field.text() == ""


def test_the_button_does_the_same_and_nothing_written_searches_nothing(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    window = show(places.Home(), PORTRAIT)
    settle(world, qtbot)
    screen, space = home(window), window.workspace
    assert space is not None
    screen.search.field.setText("   ")
    press(screen.search.button)
    assert space.route == places.Home()
    screen.search.field.setText(" quy hoạch ")
    press(screen.search.button)
    assert space.route == places.Search("quy hoạch")
    space.back()
    assert space.route == places.Home()


# -- a newer program -------------------------------------------------------------------------------------------

NEWER = ReleaseNews(Standing.NEWER, "0.2.0")
TOO_OLD = ReleaseNews(Standing.TOO_OLD, "0.2.0")


def release_bar(window: MainWindow) -> ReleaseBar:
    assert window.workspace is not None
    return window.workspace.release


def test_a_newer_program_is_one_line_on_home_and_can_be_put_off(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    world.ctx = replace(world.ctx, release_news=lambda: NEWER)
    window = show(places.Home())
    settle(world, qtbot)
    bar = release_bar(window)
    qtbot.waitUntil(bar.isVisible)
    assert bar.text == "Có bản mới 0.2.0; cán bộ kỹ thuật sẽ cài."
    assert window.workspace is not None
    window.workspace.go(places.Papers())
    assert not bar.isVisible()
    window.workspace.go(places.Home())
    assert bar.isVisible()
    QTest.mouseClick(bar.later, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    settle(world, qtbot)
    again = release_bar(show(places.Home()))
    settle(world, qtbot)
    assert not again.isVisible(), "put off also after a restart"


def test_what_was_put_off_comes_back_for_another_version_and_when_it_is_too_old(world: UiWorld) -> None:
    now = world.clock.now()
    put_off = PutOff("0.2.0", Standing.NEWER, now)
    assert not is_told(NEWER, put_off, Millis(now + 30 * DAY_MS))
    assert is_told(ReleaseNews(Standing.NEWER, "0.2.1"), put_off, now)
    assert is_told(TOO_OLD, put_off, now)
    old = PutOff("0.2.0", Standing.TOO_OLD, now)
    assert not is_told(TOO_OLD, old, Millis(now + DAY_MS - 1))
    assert is_told(TOO_OLD, old, Millis(now + DAY_MS))


@pytest.mark.parametrize("news", [None, ReleaseNews(), ReleaseNews(Standing.CURRENT), ReleaseNews(trouble="x")])
def test_nothing_is_said_without_a_newer_program(world: UiWorld, news: ReleaseNews | None) -> None:
    assert not is_told(news, PutOff(), world.clock.now())
