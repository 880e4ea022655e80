# SPDX-License-Identifier: AGPL-3.0-or-later
"""A meeting in tabs: agenda with papers, ballots, my comments. Used by the home and the meeting screen."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from client.domain.ids import ItemId, PackId, PaperId
from client.domain.outbox import OutboxItem
from client.store import page_words
from client.store.replaced import Bases, bases
from client.sync.events import PackProgress
from client.ui import formats, words
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.changes import News, news_of
from client.ui.models.home import PackCard, PackShown, ReadingPlan
from client.ui.models.meeting import CommentView, ItemView, MeetingView
from client.ui.models.reads import read_meeting
from client.ui.navigator import Changes, Navigator, Notes, Travel
from client.ui.screens.comment_sheet import CommentSheet
from client.ui.tasks import Tasks
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.ballot_row import ballot_part
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.download_card import DownloadCard
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import Part, ScrollColumn, hbox, vbox
from client.ui.widgets.paper_row import PaperRow
from client.ui.widgets.progress import ProgressLine
from client.ui.widgets.segmented import Tabs
from client.ui.widgets.text import Label


class Tab(Enum):
    """Parts of a meeting."""

    AGENDA = "agenda"
    BALLOTS = "ballots"
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
        self.header = Header(with_back=with_back)
        self.header.back.connect(navigator.back)
        self.travel_button = Button(tr("Sẵn sàng ngoại tuyến"), "offline", variant="plain")
        self.travel_button.clicked.connect(lambda: navigator.go(Travel(self._pack)))
        self.notes_button = Button(tr("Ghi chú của tôi"), "note", variant="plain")
        self.notes_button.clicked.connect(lambda: navigator.go(Notes(self._pack)))
        self.header.row.addWidget(self.notes_button, 0, Qt.AlignmentFlag.AlignTop)
        self.header.row.addWidget(self.travel_button, 0, Qt.AlignmentFlag.AlignTop)
        self.tabs = Tabs(
            tr("Phần của phiên họp"),
            (
                (Tab.AGENDA, tr("Chương trình")),
                (Tab.BALLOTS, tr("Biểu quyết")),
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

    def refresh(self) -> None:
        """Read again; draws when something differs."""
        if self._pack is not None:
            active = self._ctx.engine.status().active
            future = read_meeting(self._ctx.record, self._ctx.clock, self._pack, active=active)
            self._tasks.run(future, self._show, owner=self)
            pack = self._pack
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
        self.tabs.set_text(Tab.COMMENTS, counted(tr("Góp ý của tôi"), len(view.comments)))
        self._draw()

    def _draw(self) -> None:
        if self._view is None:
            return
        parts = {Tab.AGENDA: self._agenda, Tab.BALLOTS: self._ballots, Tab.COMMENTS: self._comments}
        self.list.show_parts(parts[self.tabs.value](self._view))

    def _agenda(self, view: MeetingView) -> list[Part]:
        parts = [Part("reading", (view.card.count, view.card.plan), partial(ReadingCard, view.card))]
        if view.card.shown in {PackShown.FETCHING, PackShown.NOT_FETCHED}:
            held = view.card.pack in self._ctx.engine.downloads.held()
            parts.insert(0, Part("download", (view.card.pack, held), lambda: self._download_card(view, held=held)))
        if not view.items:
            parts.append(Part("no-items", None, no_items))
        parts += [self._item_part(view, item) for item in view.items]
        return parts

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
        said = tuple(self._news.get(paper.paper.id) for paper in item.papers)
        return Part((view.card.pack, item.number), (item, said), lambda: self._item_card(item))

    def _item_card(self, view: ItemView) -> Card:
        card = Card()
        item = view.item
        head = QHBoxLayout()
        head.setSpacing(GAP * 2)
        if item is None:
            head.addWidget(Label(tr("Tài liệu khác"), "heading"), 1)
        else:
            head.addLayout(
                vbox(
                    Label(tr("{n}. {title}").format(n=view.number, title=item.title), "heading"),
                    Label(item_note(view), "note"),
                    spacing=4,
                ),
                1,
            )
            comment = Button(tr("Góp ý"), "comment", variant="plain")
            comment.setAccessibleName(tr("Góp ý về mục {n}").format(n=view.number))
            comment.clicked.connect(lambda: self.write_comment(item.title, item=item.id))
            head.addWidget(comment)
        card.column.addLayout(head)
        for paper in view.papers:
            said = self._news.get(paper.paper.id)
            row = PaperRow(paper, news=said, trailing=self._news_buttons(paper.paper.id, said))
            row.activated.connect(lambda paper=paper: self._open(paper.paper.id))
            card.column.addWidget(row)
        return card

    def _news_buttons(self, paper: PaperId, said: News | None) -> list[QWidget]:
        if said is None or not (said.pages or said.doubts):
            return []
        button = Button(tr("Có gì thay đổi"), "document_changed", variant="plain")
        button.clicked.connect(lambda: self._open_changes(paper, doubts=not said.pages))
        return [button]

    def _open_changes(self, paper: PaperId, *, doubts: bool) -> None:
        if self._pack is not None:
            self._navigator.go(Changes(self._pack, paper, doubts))

    def _ballots(self, view: MeetingView) -> list[Part]:
        if not view.ballots:
            return [Part("no-ballots", None, no_ballots)]
        return [ballot_part(ballot, self._ctx.clock, self._navigator) for ballot in view.ballots]

    def _comments(self, view: MeetingView) -> list[Part]:
        parts = [Part("write", view.card.session.title, lambda: self._write_row(view.card.session.title))]
        if not view.comments:
            parts.append(Part("no-comments", None, no_comments))
        parts += [comment_part(comment, view) for comment in view.comments]
        return parts

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

    def _open(self, paper: PaperId) -> None:
        if self._pack is not None:
            self._navigator.open_paper(self._pack, paper)


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


class ReadingCard(Card):
    """How much of the pack was read and what is left for each day; kept on this device only, and says so."""

    def __init__(self, card: PackCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        count = card.count
        text = tr("Đã đọc {n}/{all} tài liệu").format(n=count.read, all=count.papers)
        line = ProgressLine(count.read, count.papers)
        self.column.addLayout(hbox(Label(text, "strong"), None, Label(tr("Chỉ lưu trên máy này"), "small", wrap=False)))
        self.column.addWidget(line)
        if card.plan is not None:
            self.column.addWidget(Label(plan_sentence(card.plan), "note"))


def plan_sentence(plan: ReadingPlan) -> str:
    """What to read each day to be through in time."""
    left = words.pages(plan.pages)
    if plan.days == 1:
        return tr("Kế hoạch đọc: còn {pages}, cần đọc trong hôm nay").format(pages=left)
    day = formats.short_moment(plan.until)
    return tr("Kế hoạch đọc: còn {pages} đến {moment}, mỗi ngày {n} trang").format(
        pages=left, moment=day, n=formats.number(plan.a_day)
    )


class CommentCard(Card):
    """One comment of mine: where, what, and the one sentence about it."""

    def __init__(self, view: CommentView, meeting: MeetingView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        comment = view.comment
        where = comment_place(view, meeting)
        self.column.addWidget(Label(words.joined((where, formats.short_moment(comment.made))), "note"))
        if comment.draft.quote:
            self.column.addWidget(Label(f"“{comment.draft.quote}”", "note"))
        self.column.addWidget(Label(comment.draft.text))
        if view.act is not None and view.standing is not None:
            chip = Chip(
                words.standing_sentence(view.standing, view.act),
                words.standing_tone(view.standing),
                words.standing_icon(view.standing),
            )
            self.column.addLayout(hbox(chip, None))


def comment_part(view: CommentView, meeting: MeetingView) -> Part:
    """A comment for a list."""
    return Part(("comment", view.comment.id), view, lambda: CommentCard(view, meeting))


def comment_place(view: CommentView, meeting: MeetingView) -> str:
    """``Mục 2``, the paper's title with its page, or "Góp ý chung"."""
    draft = view.comment.draft
    if draft.paper is not None:
        paper = next((p.paper for item in meeting.items for p in item.papers if p.paper.id == draft.paper), None)
        title = words.paper_title(paper) if paper is not None else tr("Tài liệu")
        return title if draft.page is None else tr("{title}, trang {n}").format(title=title, n=draft.page + 1)
    if draft.item is not None:
        number = next((item.number for item in meeting.items if item.item and item.item.id == draft.item), None)
        return tr("Mục {n}").format(n=number) if number is not None else tr("Mục chương trình")
    return tr("Góp ý chung")


def item_note(view: ItemView) -> str:
    """``08:10–08:50 · Bộ Tài chính``."""
    item = view.item
    if item is None:
        return ""
    times = f"{item.starts}–{item.ends}" if item.starts and item.ends else item.starts or ""
    return words.joined((times, item.agency))


def when_and_where(card: PackCard) -> str:
    """Date, place and kind of a session."""
    session = card.session
    return words.joined((formats.long_moment(session.starts), session.place, words.session_kind(session.kind)))


def counted(text: str, count: int) -> str:
    """``Biểu quyết (2)``; without a number when there are none."""
    return f"{text} ({count})" if count else text
