# SPDX-License-Identifier: AGPL-3.0-or-later
"""One agenda item: its papers, where it stands in the session, my position and what I may do about it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from client.domain.ids import PaperId
from client.domain.live import ItemState, Position, SessionPhase
from client.domain.live_view import Floor, SessionView, speak_why_not
from client.domain.live_view import ItemView as LiveItem
from client.ui import words
from client.ui.i18n import tr
from client.ui.models.changes import News
from client.ui.models.meeting import ItemView
from client.ui.screens.live_words import (
    POSITIONS,
    floor_sentence,
    item_state_tone,
    item_state_words,
    position_words,
    time_spent,
)
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import FlowLayout, hbox, vbox
from client.ui.widgets.paper_row import PaperRow
from client.ui.widgets.text import Label


class ItemCard(Card):
    """One item.

    Attributes:
        opened: ``PaperId`` that was pressed.
        changes_wanted: ``PaperId``, and whether it is about notes in doubt only.
        comment_wanted, position_wanted, speak_wanted, withdraw_wanted: See the buttons.

    Args:
        view: The item and its papers.
        room: The live session, once there is one.
        news: What changed in papers that were replaced.
    """

    opened = Signal(object)
    changes_wanted = Signal(object, bool)
    comment_wanted = Signal()
    position_wanted = Signal()
    speak_wanted = Signal()
    withdraw_wanted = Signal()

    def __init__(
        self,
        view: ItemView,
        room: SessionView | None,
        news: Mapping[PaperId, News],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        item = view.item
        live = room.item(item.id) if room is not None and item is not None else None
        head = hbox(spacing=GAP * 2)
        if item is None:
            head.addWidget(Label(tr("Tài liệu khác"), "heading"), 1)
        else:
            title = Label(tr("{n}. {title}").format(n=view.number, title=item.title), "heading")
            head.addLayout(vbox(title, Label(item_note(view, live), "note"), spacing=4), 1)
            if live is not None and item_state_words(live.progress.state):
                state = live.progress.state
                chip = Chip(item_state_words(state), item_state_tone(state))
                head.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(head)
        if room is not None and live is not None:
            self._add_live(view, room, live)
        elif item is not None:
            self.column.addLayout(self._buttons(view, room, live))
        for paper in view.papers:
            said = news.get(paper.paper.id)
            row = PaperRow(paper, news=said, trailing=self._news_buttons(paper.paper.id, said))
            row.activated.connect(lambda paper=paper: self.opened.emit(paper.paper.id))
            self.column.addWidget(row)

    def _news_buttons(self, paper: PaperId, said: News | None) -> list[QWidget]:
        if said is None or not (said.pages or said.doubts):
            return []
        button = Button(tr("Có gì thay đổi"), "document_changed", variant="plain")
        button.clicked.connect(lambda: self.changes_wanted.emit(paper, not said.pages))
        return [button]

    def _add_live(self, view: ItemView, room: SessionView, live: LiveItem) -> None:
        counts = counts_sentence(live)
        if counts:
            self.column.addWidget(Label(counts, "note"))
        chips = FlowLayout()
        if live.passable:
            chips.addWidget(Chip(tr("Có thể thông qua, không cần thảo luận"), Tone.OK, "check"))
        if live.position is not None and live.act is not None:
            mine = tr("Ý kiến của đồng chí: {position}").format(position=position_words(live.position))
            chips.addWidget(Chip(mine, Tone.INFO, "person"))
            act = live.act
            chips.addWidget(
                Chip(
                    words.standing_sentence(act.standing, act.item),
                    words.standing_tone(act.standing),
                    words.standing_icon(act.standing),
                )
            )
        floor = floor_sentence(live)
        if floor:
            chips.addWidget(Chip(floor, Tone.LIVE if live.floor is Floor.SPEAKING else Tone.INFO, "raise_hand"))
        if chips.count():
            self.column.addLayout(chips)
        self.column.addLayout(self._buttons(view, room, live))

    def _buttons(self, view: ItemView, room: SessionView | None, live: LiveItem | None) -> FlowLayout:
        flow = FlowLayout()
        item = view.item
        assert item is not None
        if room is not None and live is not None and takes_positions(room, live):
            text = tr("Nêu ý kiến") if live.position is None else tr("Đổi ý kiến")
            flow.addWidget(self._button(text, "edit", view.number, self.position_wanted))
        if room is not None and live is not None and room.me is not None:
            if live.floor in {Floor.ASKING, Floor.QUEUED}:
                flow.addWidget(self._button(tr("Rút đăng ký"), "undo", view.number, self.withdraw_wanted))
            elif speak_why_not(room, item.id) is None:
                flow.addWidget(self._button(tr("Đăng ký phát biểu"), "raise_hand", view.number, self.speak_wanted))
        flow.addWidget(self._button(tr("Góp ý"), "comment", view.number, self.comment_wanted))
        return flow

    def _button(self, text: str, icon: str, number: int, signal: SignalInstance) -> Button:
        button = Button(text, icon, variant="plain")
        button.setAccessibleName(tr("{act}, nội dung {n}").format(act=text, n=number))
        button.clicked.connect(signal)
        return button


def takes_positions(room: SessionView, live: LiveItem) -> bool:
    """Whether a position of the member would still be of use; the service decides when it arrives."""
    over = room.live.room.phase is SessionPhase.CLOSED
    return room.me is not None and not over and live.progress.state in {ItemState.WAITING, ItemState.CURRENT}


def counts_sentence(live: LiveItem) -> str:
    """``19 không có ý kiến · 2 có ý kiến khác``; without names."""
    found: list[tuple[Position, int]] = [(one, live.counts.get(one, 0)) for one in POSITIONS]
    return words.joined(
        [tr("{n} {position}").format(n=n, position=words.lower_first(position_words(one))) for one, n in found if n]
    )


def item_note(view: ItemView, live: LiveItem | None = None) -> str:
    """``08:10–08:50 · Bộ Tài chính · đã dùng 12 phút/40 phút``."""
    item = view.item
    if item is None:
        return ""
    times = f"{item.starts}–{item.ends}" if item.starts and item.ends else item.starts or ""
    names = () if item.guests is UNSET else item.guests
    guests = tr("Khách mời: {names}").format(names=", ".join(names)) if names else ""
    return words.joined((times, item.agency, time_spent(live) if live is not None else "", guests))
