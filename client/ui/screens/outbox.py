# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox: every signed act with the one sentence that is true of it (protocol.md, section 10).

Nothing is deleted here. An act that was never sent can be taken back; a refused one keeps its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.domain.ids import MemberId
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState, Standing
from client.domain.people import Person
from client.store import shares
from client.store.changes import Topic
from client.sync.events import Connectivity, SyncFinished, SyncStarted
from client.ui import formats, people_words, words
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import language, tr
from client.ui.models.meeting import ActView
from client.ui.models.reads import read_outbox
from client.ui.navigator import Navigator, Notes, Outbox
from client.ui.screen import Screen
from client.ui.screens.handover_sheet import HandoverSheet
from client.ui.screens.live_words import act_words
from client.ui.tasks import Tasks
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import FlowLayout, Part, ScrollColumn, hbox
from client.ui.widgets.list_rows import Row, Section
from client.ui.widgets.text import IconLabel, Label

_SECOND_MS = 1000


class OutboxScreen(Screen[Outbox]):
    """What waits, what needs attention, what was received."""

    TOPICS = frozenset({Topic.OUTBOX, Topic.POLLS, Topic.COMMENTS, Topic.SHARED, Topic.ANNOTATIONS})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("outbox_screen")
        self.setAccessibleName(tr("Chờ gửi"))
        self._view: tuple[ActView, ...] | None = None
        self._shared: tuple[shares.Queue, ...] = ()
        self._next_at: float | None = None
        self.header = Header(tr("Chờ gửi"))
        self.try_button = Button(tr("Thử ngay"), "sync")
        self.try_button.clicked.connect(self._try_now)
        self.header.row.addWidget(self.try_button)
        self.list = ScrollColumn()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.list, 1)
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self._say_network)
        bridge.engine_event.connect(self._on_engine)

    def enter(self, route: Outbox) -> None:
        """Show the list and count down to the next try."""
        super().enter(route)
        self._learn_next_try()
        self._second.start()

    def leave(self) -> None:
        """No counting while out of sight."""
        self._second.stop()

    def refresh(self) -> None:
        """Read every act again."""
        self.tasks.run(read_outbox(self.ctx.record), self._show)
        self.tasks.run(self.ctx.record.read(shares.queues), self._show_shared, owner=self)

    def _show_shared(self, found: tuple[shares.Queue, ...]) -> None:
        if found != self._shared:
            self._shared = found
            if self._view is not None:
                self.list.show_parts(self._parts(self._view))

    def _show(self, view: tuple[ActView, ...]) -> None:
        if view == self._view:
            return
        self._view = view
        waiting = sum(act.waits for act in view)
        self.header.title.setText(tr("Chờ gửi ({n})").format(n=waiting) if waiting else tr("Chờ gửi"))
        self.list.show_parts(self._parts(view))

    def _parts(self, view: tuple[ActView, ...]) -> list[Part]:
        attention = [act for act in view if needs_attention(act)]
        waiting = [act for act in view if act.waits and act not in attention]
        rest = [act for act in view if act not in attention and act not in waiting]
        groups = (
            (tr("Cần xem lại ({n})"), attention),
            (tr("Đang chờ ({n})"), waiting),
            (tr("Đã xong ({n})"), rest),
        )
        parts = []
        for title, acts in groups:
            if acts:
                text = title.format(n=len(acts))
                parts.append(Part(title, text, partial(Section, text)))
                parts += [Part(act.item.n, act, partial(self._card, act)) for act in acts]
        if self._shared:
            text = tr("Chia sẻ đang chờ ({n})").format(n=len(self._shared))
            parts.append(Part("shared", text, partial(Section, text)))
            parts += [Part(("shared", one.reader), one, partial(self._shared_row, one)) for one in self._shared]
        return parts or [Part("nothing", None, nothing_waits)]

    def _shared_row(self, queue: shares.Queue) -> SharedRow:
        row = SharedRow(queue, self.ctx.people())
        row.activated.connect(lambda: self.navigator.go(Notes()))
        return row

    def _card(self, act: ActView) -> ActCard:
        card = ActCard(act)
        if act.poll is not None:
            poll = act.poll.id
            card.add_button(tr("Xem"), "eye", lambda: self.navigator.open_ballot(poll))
        if act.can_withdraw:
            card.add_button(tr("Hủy trước khi gửi"), "undo", lambda: self._withdraw(act))
        if act.item.state is OutboxState.QUEUED and not self.ctx.practice:
            card.add_button(tr("Chuyển bằng tay"), "share", lambda: self._hand_over(act.item))
        if act.comment is not None and act.item.state is OutboxState.REFUSED:
            text = act.comment.draft.text
            card.add_button(tr("Chép nội dung"), "note", lambda: self._copy(text))
        return card

    def _hand_over(self, item: OutboxItem) -> None:
        sheet = HandoverSheet(self.ctx, self.tasks, item, self)
        sheet.settled.connect(lambda _item: self.refresh())
        sheet.open()

    def _withdraw(self, act: ActView) -> None:
        self.tasks.run(self.ctx.acts.withdraw(act.item.n), self._withdrawn)

    def _withdrawn(self, _item: OutboxItem) -> None:
        self.navigator.announce(tr("Đã hủy trước khi gửi"))
        self.refresh()

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.navigator.announce(tr("Đã chép nội dung"))

    def _try_now(self) -> None:
        self.try_button.setEnabled(False)
        self.ctx.engine.poke("member")

    def _on_engine(self, event: object) -> None:
        if isinstance(event, SyncStarted | SyncFinished):
            self._learn_next_try()

    def _learn_next_try(self) -> None:
        status = self.ctx.engine.status()
        wait = status.next_try_s
        self._next_at = None if wait is None else self.ctx.clock.monotonic() + wait
        self._say_network()

    def _say_network(self) -> None:
        status = self.ctx.engine.status()
        self.try_button.setEnabled(not status.working)
        if status.working:
            text = tr("Đang đồng bộ…")
        elif status.online is Connectivity.ONLINE:
            text = tr("Mạng: có kết nối")
        elif self._next_at is None:
            text = tr("Mạng: không có")
        else:
            left = formats.countdown(self._next_at - self.ctx.clock.monotonic())
            text = tr("Mạng: không có · thử lại sau {time}").format(time=left)
        self.header.set(self.header.title.text(), text)


def nothing_waits() -> EmptyState:
    """An empty outbox."""
    note = tr("Phiếu và góp ý đã ký hiện ở đây cho đến khi có biên nhận.")
    return EmptyState("outbox", tr("Không có gì chờ gửi"), note)


def needs_attention(act: ActView) -> bool:
    """It will not go on by itself, or it did not count."""
    return act.standing in {Standing.OTHER_DEVICE, Standing.REFUSED, Standing.LATE_NOT_COUNTED, Standing.SUSPENDED}


class ActCard(Card):
    """One act: what, when signed, deadline, and its sentence; buttons below."""

    def __init__(self, act: ActView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        item = act.item
        vote = item.kind is OutboxKind.VOTE
        title = Label(act_title(act), "strong")
        self.column.addLayout(_icon_line("vote" if vote else "comment", title))
        self.column.addWidget(Label(act_note(act), "note"))
        chip = Chip(
            words.standing_sentence(act.standing, item),
            words.standing_tone(act.standing),
            words.standing_icon(act.standing),
        )
        self.column.addLayout(hbox(chip, None))
        self._buttons = FlowLayout()
        self.column.addLayout(self._buttons)

    def add_button(self, text: str, icon_name: str, action: Callable[[], object]) -> Button:
        """Another button; ``action`` is called when it is pressed."""
        button = Button(text, icon_name, variant="plain")
        button.clicked.connect(lambda _=False: action())
        self._buttons.addWidget(button)
        return button


def _icon_line(icon_name: str, title: Label) -> QHBoxLayout:
    line = hbox(IconLabel(icon_name), spacing=12)
    line.addWidget(title, 1)
    return line


def act_title(act: ActView) -> str:
    """The ballot's title or the comment's first words."""
    if act.item.kind is OutboxKind.VOTE:
        return act.poll.title if act.poll is not None else tr("Phiếu")
    if act.item.kind is OutboxKind.SESSION:
        return act_words(act.session.act) if act.session is not None else tr("Ý kiến trong phiên họp")
    return act.comment.draft.text if act.comment is not None else tr("Góp ý")


def act_note(act: ActView) -> str:
    """``Đồng ý · ký 08:58 25/11 · hạn 17:00 27/11``."""
    item = act.item
    first = {OutboxKind.COMMENT: tr("Góp ý"), OutboxKind.SESSION: tr("Phiên họp")}
    parts = [first.get(item.kind) or answer_words(act)]
    parts.append(tr("số {n}").format(n=item.n))
    parts.append(tr("ký {time}").format(time=formats.short_moment(item.made)))
    if item.deadline is not None:
        parts.append(tr("hạn {time}").format(time=formats.short_moment(item.deadline)))
    return words.joined(parts)


def answer_words(act: ActView) -> str:
    """The labels of what was chosen, per question."""
    if act.poll is None:
        return ""
    labels = {
        (question.id, choice.code): choice.en if language() == "en" else choice.vi
        for question in act.poll.questions
        for choice in question.choices
    }
    return ", ".join(labels.get((answer.q, answer.choice), answer.choice) for answer in act.answers)


class SharedRow(Row):
    """What waits for one person; it is no act, so it has no receipt and can be changed until it left."""

    def __init__(self, queue: shares.Queue, people: Mapping[MemberId, Person], parent: QWidget | None = None) -> None:
        person = people.get(queue.reader)
        told = []
        if queue.waiting:
            told.append(tr("{n} mục chờ gửi").format(n=queue.waiting))
        if queue.withdrawing:
            told.append(tr("{n} mục chờ thu lại").format(n=queue.withdrawing))
        if person is not None and not person.reachable:
            told.append(tr("chưa có thiết bị: sẽ nhận khi có"))
        name = people_words.plain_name(people_words.name_of(queue.reader, people))
        title = tr("Chia sẻ với {names}").format(names=name)
        super().__init__(title, " · ".join(told), icon_name="people", parent=parent)
