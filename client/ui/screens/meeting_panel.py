# SPDX-License-Identifier: AGPL-3.0-or-later
"""A meeting in tabs: agenda with papers, participants, ballots, conclusions, comments and answers.

Used by the home and the meeting screen.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from client.domain.comments_due import CommentsDue
from client.domain.ids import ItemId, Moment, PackId, PaperId
from client.domain.live import CheckIn, ConfirmAttendance
from client.domain.live_view import SessionView
from client.domain.outbox import OutboxItem
from client.store import comments, page_words
from client.store.replaced import Bases, bases
from client.sync.events import PackProgress
from client.ui import formats, words
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.changes import News, news_of
from client.ui.models.home import PackCard, PackShown
from client.ui.models.meeting import ItemView, MeetingView
from client.ui.models.reads import read_meeting
from client.ui.navigator import Changes, Navigator, Notes, Travel
from client.ui.screens.comment_sheet import CommentSheet
from client.ui.screens.deputy_desk import DeputyDesk
from client.ui.screens.live_absence import AbsenceSheet
from client.ui.screens.live_acts import SessionActs
from client.ui.screens.live_sheets import PaperPlace, PositionSheet, SpeakSheet, SubstituteSheet
from client.ui.screens.meeting_comments import comment_parts
from client.ui.screens.meeting_conclusions import conclusion_parts
from client.ui.screens.meeting_item import ItemCard
from client.ui.screens.meeting_people import AttendanceCard, no_people, people_parts
from client.ui.screens.meeting_reading import ReadingCard
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.ballot_row import ballot_part
from client.ui.widgets.button import Button
from client.ui.widgets.comments_card import CommentsAskedCard
from client.ui.widgets.download_card import DownloadCard
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import Part, ScrollColumn, hbox
from client.ui.widgets.segmented import Tabs

_NOT_HERE = frozenset({PackShown.FETCHING, PackShown.PAUSED, PackShown.TAKEN_OFF, PackShown.NOT_FETCHED})
_REST = 540
"""Room for the title, the way back and what is around words, px at 100 %."""


class Tab(Enum):
    """Parts of a meeting."""

    AGENDA = "agenda"
    PEOPLE = "people"
    BALLOTS = "ballots"
    CONCLUSIONS = "conclusions"
    COMMENTS = "comments"


class MeetingPanel(QWidget):
    """Shows one pack; ``with_back`` where it is a screen of its own."""

    def __init__(
        self,
        ctx: AppContext,
        tasks: Tasks,
        navigator: Navigator,
        *,
        with_back: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ctx, self._tasks, self._navigator = ctx, tasks, navigator
        self._pack: PackId | None = None
        self._view: MeetingView | None = None
        self._news: dict[PaperId, News] = {}
        self._held = False
        self._download: DownloadCard | None = None
        self._acts = SessionActs(ctx, tasks, navigator, self)
        self._deputy = DeputyDesk(ctx, tasks, navigator, self)
        self._deputy.changed.connect(self._draw)
        self.header = Header(with_back=with_back)
        self.header.back.connect(navigator.back)
        self.travel_button = Button(tr("Sẵn sàng ngoại tuyến"), "offline", variant="plain")
        self.travel_button.clicked.connect(lambda: navigator.go(Travel(self._pack)))
        self.notes_button = Button(tr("Ghi chú của tôi"), "note", variant="plain")
        self.notes_button.clicked.connect(lambda: navigator.go(Notes(self._pack)))
        self.header.row.addWidget(self.notes_button, 0, Qt.AlignmentFlag.AlignTop)
        self.header.row.addWidget(self.travel_button, 0, Qt.AlignmentFlag.AlignTop)
        self.travel_button.setVisible(not ctx.practice)
        self.tabs = Tabs(
            tr("Phần của phiên họp"),
            (
                (Tab.AGENDA, tr("Chương trình")),
                (Tab.PEOPLE, tr("Thành phần")),
                (Tab.BALLOTS, tr("Biểu quyết")),
                (Tab.CONCLUSIONS, tr("Kết luận")),
                (Tab.COMMENTS, tr("Góp ý của tôi")),
            ),
            Tab.AGENDA,
        )
        self.tabs.chosen.connect(self._draw)
        self.list = ScrollColumn()
        tab_line = QHBoxLayout()
        tab_line.setContentsMargins(EDGE, 0, EDGE, GAP)
        tab_line.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(tab_line)
        column.addWidget(self.list, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the header's buttons keep their icon and their name, not their words."""
        super().resizeEvent(event)
        both = (self.notes_button, self.travel_button)
        words_px = sum(button.fontMetrics().horizontalAdvance(button.accessibleName()) for button in both)
        narrow = self.width() < words_px + tokens().measures.text(_REST)
        for button in both:
            button.setText("" if narrow else button.accessibleName())

    @property
    def pack(self) -> PackId | None:
        """Which meeting is shown."""
        return self._pack

    @property
    def view(self) -> MeetingView | None:
        """What is drawn."""
        return self._view

    def show_pack(self, pack: PackId) -> None:
        """Show a meeting, at its agenda if it is another one than before."""
        if pack != self._pack:
            self._pack, self._view, self._news = pack, None, {}
            self._ctx.engine.downloads.prefer(pack)
            self.tabs.choose(Tab.AGENDA)
            self.list.verticalScrollBar().setValue(0)
        self.refresh()

    def show_tab(self, tab: Tab) -> None:
        """Show one part of the meeting."""
        self.tabs.choose(tab)
        self._draw()

    def refresh(self) -> None:
        """Read again; draws when something differs."""
        if self._pack is not None:
            future = read_meeting(self._ctx.record, self._ctx.clock, self._pack, self._ctx.viewer)
            self._tasks.run(future, self._show, owner=self)
            pack = self._pack
            self._deputy.load(pack)
            self._tasks.run(self._ctx.record.read(lambda conn: bases(conn, pack)), self._ask_news, owner=self)

    def _ask_news(self, found: Bases) -> None:
        if found or self._news:
            pairs = [(old, new) for old, new, _ in found.values()]
            future = self._ctx.papers.read(lambda conn: page_words.comparisons(conn, pairs))
            self._tasks.run(future, lambda kept: self._show_news(news_of(found, kept)), owner=self)

    def _show_news(self, said: dict[PaperId, News]) -> None:
        if said != self._news:
            self._news = said
            self._draw()

    def _show(self, view: MeetingView | None) -> None:
        if view is None:
            self._view = None
            self.header.set(tr("Phiên họp"))
            self.list.show_parts([Part("absent", None, absent)])
            return
        held = view is not None and view.card.pack in self._ctx.engine.downloads.held()
        if (view == self._view and held == self._held) or view.card.pack != self._pack:
            return
        self._view, self._held = view, held
        session = view.card.session
        self.header.set(session.title, when_and_where(view.card))
        self.tabs.set_text(Tab.BALLOTS, counted(tr("Biểu quyết"), len(view.ballots)))
        self.tabs.set_text(Tab.CONCLUSIONS, counted(tr("Kết luận"), len(view.conclusions)))
        self.tabs.set_text(
            Tab.COMMENTS, counted(tr("Góp ý", "các góp ý của một phiên họp"), len(view.comments) + len(view.replies))
        )
        self._draw()

    def _draw(self) -> None:
        if self._view is None:
            return
        parts = {
            Tab.AGENDA: self._agenda,
            Tab.PEOPLE: self._people,
            Tab.BALLOTS: self._ballots,
            Tab.CONCLUSIONS: conclusion_parts,
            Tab.COMMENTS: self._comments,
        }
        self.list.show_parts(parts[self.tabs.value](self._view))

    def _agenda(self, view: MeetingView) -> list[Part]:
        reading = Part("reading", (view.card.count, view.card.plan), partial(ReadingCard, view.card))
        parts = [*self._deputy.given_parts(), reading]
        if view.card.shown in _NOT_HERE:
            held = view.card.pack in self._ctx.engine.downloads.held()
            parts.insert(0, Part("download", (view.card.pack, held), lambda: self._download_card(view, held=held)))
        if not view.items:
            parts.append(Part("no-items", None, no_items))
        return parts + [self._item_part(view, item) for item in view.items]

    def on_engine(self, event: object) -> None:
        """A download went on: the card says how far it is, without reading anything again."""
        card, view = self._download, self._view
        if not isinstance(event, PackProgress) or view is None or card is None or not isValid(card):
            return
        if event.pack == view.card.pack:
            papers = {paper.paper.id: paper.paper for item in view.items for paper in item.papers}
            paper = papers.get(event.paper) if event.paper is not None else None
            card.show_progress(event, words.paper_title(paper) if paper is not None else "")

    def _download_card(self, view: MeetingView, *, held: bool) -> DownloadCard:
        downloads, pack = self._ctx.engine.downloads, view.card.pack
        card = DownloadCard(view.card.share, held=held)
        for pressed, act in (
            (card.pause, downloads.hold),
            (card.go_on, downloads.let_go),
            (card.give_up, downloads.give_up),
        ):
            pressed.connect(partial(self._choose, partial(act, pack)))
        self._download = card
        return card

    def _choose(self, act: Callable[[], None]) -> None:
        self._tasks.call(act, lambda _done: self.refresh(), owner=self)

    def _item_part(self, view: MeetingView, item: ItemView) -> Part:
        live = view.room.item(item.item.id) if view.room is not None and item.item is not None else None
        about_me = (view.room.me, view.room.locked, view.room.live.room.phase) if view.room is not None else None
        shown = None if live is None else structs.replace(live, spent_s=live.spent_s // 60 * 60)
        news = tuple(self._news.get(paper.paper.id) for paper in item.papers)
        build = partial(self._item_card, item, view.room)
        return Part((view.card.pack, item.number), (item, shown, about_me, news), build)

    def _item_card(self, view: ItemView, room: SessionView | None) -> ItemCard:
        card = ItemCard(view, room, self._news)
        card.opened.connect(self._open)
        card.changes_wanted.connect(self._open_changes)
        item = view.item
        if item is not None:
            card.comment_wanted.connect(lambda: self.write_comment(item.title, item=item.id))
            card.position_wanted.connect(lambda: self.take_position(view))
            card.speak_wanted.connect(lambda: self.ask_to_speak(view))
            card.withdraw_wanted.connect(lambda: self._withdraw(item.id))
        return card

    def _open_changes(self, paper: PaperId, doubts: bool) -> None:
        if self._pack is not None:
            self._navigator.go(Changes(self._pack, paper, doubts))

    def _people(self, view: MeetingView) -> list[Part]:
        room = view.room
        own = self._deputy.own_part(view.card.session, room)
        if room is None:
            return [Part("no-people", None, no_people), own]
        shown = (room.me, room.attendance, room.substitute, room.live.room.phase)
        attendance = Part("attendance", shown, partial(self._attendance, room))
        first, *rest = people_parts(room, self._ctx.people(), attendance=attendance, me=self._ctx.member.id)
        return [first, own, *rest]

    def _attendance(self, room: SessionView) -> AttendanceCard:
        card, acts, live = AttendanceCard(room), self._acts, room.live
        card.confirm_wanted.connect(
            lambda: acts.do(live, ConfirmAttendance(), said=tr("Đã xác nhận dự họp, lưu trên máy"))
        )
        card.check_in_wanted.connect(lambda: acts.do(live, CheckIn(), said=tr("Đã báo có mặt, lưu trên máy")))
        card.absence_wanted.connect(lambda: AbsenceSheet(live, acts, self).open())
        card.substitute_wanted.connect(lambda: SubstituteSheet(live, acts, self).open())
        return card

    def take_position(self, view: ItemView) -> None:
        """Open the sheet for a position on an item."""
        room = self._view.room if self._view is not None else None
        if room is None or view.item is None:
            return
        papers = [
            PaperPlace(one.paper.id, words.paper_kind(one.paper.kind), one.paper.pages)
            for one in view.papers
            if not one.paper.is_stub
        ]
        PositionSheet(room.live, view.item.id, view.item.title, self._acts, self, papers=papers).open()

    def ask_to_speak(self, view: ItemView) -> None:
        """Open the sheet for a request to speak on an item."""
        room = self._view.room if self._view is not None else None
        if room is not None and view.item is not None:
            SpeakSheet(room.live, view.item.id, view.item.title, self._acts, self).open()

    def _withdraw(self, item: ItemId) -> None:
        room = self._view.room if self._view is not None else None
        if room is not None:
            self._acts.withdraw(room.live, item)

    def _ballots(self, view: MeetingView) -> list[Part]:
        if not view.ballots:
            return [Part("no-ballots", None, no_ballots)]
        return [ballot_part(ballot, self._ctx.clock, self._navigator) for ballot in view.ballots]

    def _comments(self, view: MeetingView) -> list[Part]:
        parts = [Part("write", view.card.session.title, lambda: self._write_row(view.card.session.title))]
        due = view.asked
        if due is not None:
            left = formats.until(due.until, self._ctx.clock)
            parts.insert(0, Part("asked", (due, left), lambda: self._asked_card(due)))
        if not view.comments and not view.replies:
            parts.append(Part("no-comments", None, no_comments))
        names = {ident: person.name for ident, person in self._ctx.people().items()}
        return [*parts, *comment_parts(view, names, self._open)]

    def _asked_card(self, due: CommentsDue) -> CommentsAskedCard:
        card = CommentsAskedCard(due, self._ctx.clock)
        card.none_wanted.connect(lambda: self._say_none(due))
        return card

    def _say_none(self, due: CommentsDue) -> None:
        """Nothing to say about it: kept on this device, and taken back with Undo."""

        def keep(until: Moment | None) -> None:
            future = self._ctx.record.write(lambda conn: comments.say_none(conn, due.pack, until))
            self._tasks.run(future, lambda _none: self.refresh(), owner=self)

        keep(due.until)
        self._navigator.offer_undo(tr("Đã ghi trên máy này: không có góp ý"), lambda: keep(None))

    def _write_row(self, title: str) -> QWidget:
        row = QWidget()
        write = Button(tr("Viết góp ý chung"), "comment")
        write.clicked.connect(lambda: self.write_comment(title))
        hbox(write, None, parent=row)
        return row

    def write_comment(self, about: str, *, item: ItemId | None = None, paper: PaperId | None = None) -> None:
        """Open the comment sheet about an item, a paper or the whole pack."""
        if self._pack is None:
            return
        sheet = CommentSheet(self._ctx, self._tasks, self, pack=self._pack, about=about, item=item, paper=paper)
        sheet.sent.connect(self._comment_saved)
        sheet.open()

    def _comment_saved(self, item: OutboxItem) -> None:
        self._navigator.announce(tr("Góp ý đã lưu trên máy, số {n}").format(n=item.n))
        self.refresh()

    def _open(self, paper: PaperId, page: int | None = None) -> None:
        if self._pack is not None:
            self._navigator.open_paper(self._pack, paper, page)


def absent() -> EmptyState:
    """Nothing of the pack is here."""
    return EmptyState(
        "download",
        tr("Bộ tài liệu chưa có trên máy này"),
        tr("Tài liệu được tải khi có mạng. Bộ đã thu hồi bị xóa khỏi máy."),
    )


def no_items() -> EmptyState:
    """An agenda without items."""
    return EmptyState("session", tr("Chưa có chương trình"), tr("Thư ký chưa gửi nội dung nào."))


def no_ballots() -> EmptyState:
    """A meeting without ballots."""
    return EmptyState("vote", tr("Không có phiếu nào"), tr("Phiếu của phiên họp này sẽ hiện ở đây khi được mở."))


def no_comments() -> EmptyState:
    """No comment of mine yet."""
    note = tr("Góp ý về một mục bằng nút bên cạnh mục trong chương trình.")
    return EmptyState("comment", tr("Chưa có góp ý"), note)


def when_and_where(card: PackCard) -> str:
    """Date, place and kind of a session."""
    session = card.session
    return words.joined((formats.long_moment(session.starts), session.place, words.session_kind(session.kind)))


def counted(text: str, count: int) -> str:
    """``Biểu quyết (2)``; without a number when there are none."""
    return f"{text} ({count})" if count else text
