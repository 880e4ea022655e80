# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bar on top of every screen while a session runs: item and page, follow, the floor, an open vote, the link.

It shows a ``LiveNow`` and says what was pressed. It takes no focus, moves no page and opens nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from client.clock import Millis, from_rfc3339
from client.domain.ids import MemberId
from client.domain.live import ItemState, SessionPhase
from client.domain.live_view import Floor, speak_why_not
from client.domain.people import Person
from client.domain.projection import BallotView
from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.models.live import LiveNow, attendance_of
from client.ui.navigator import Ballot, Meeting, Route
from client.ui.screens.live_words import (
    bar_title,
    floor_sentence,
    page_label,
    phase_words,
    speaker_sentence,
    speech_time,
)
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, PAD, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import FlowLayout, hbox, vbox
from client.ui.widgets.switch import Switch
from client.ui.widgets.text import ClampedLabel, Label

_TEXT: Final = 380
"""Least room for the words beside the buttons, px at 100 %; with less the buttons go underneath."""


class LiveBar(Card):
    """See the module.

    Attributes:
        page_wanted: To the presenter's page, once.
        follow_wanted: Follow or not.
        speak_wanted, withdraw_wanted, check_in_wanted: See the buttons.
        vote_wanted: ``PollId``.
        meeting_wanted: The words were pressed.
    """

    page_wanted = Signal()
    follow_wanted = Signal(bool)
    speak_wanted = Signal()
    withdraw_wanted = Signal()
    check_in_wanted = Signal()
    vote_wanted = Signal(object)
    meeting_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=10, part="live")
        self._now: LiveNow | None = None
        self._people: Mapping[MemberId, Person] = {}
        self._route: Route | None = None
        self.setAccessibleName(tr("Phiên họp đang diễn ra"))
        self.chip = Chip("", Tone.LIVE)
        self.title = ClampedLabel("", "strong")
        self.note = ClampedLabel("", "note")
        self.page_button = Button(tr("Đến trang đang trình bày"), "present")
        self.follow = Switch(tr("Theo dõi trang trình bày"))
        self.speak_button = Button(tr("Đăng ký phát biểu"), "raise_hand")
        self.withdraw_button = Button(tr("Rút đăng ký"), "undo")
        self.check_in_button = Button(tr("Tôi có mặt"), "check")
        self.meeting_button = ToolButton("session", tr("Mở phiên họp đang diễn ra"))
        self.turn = Banner(tone=Tone.LIVE, icon_name="speak")
        self.vote = Banner(tone=Tone.WARNING, icon_name="vote")
        self.vote_button = Button(tr("Biểu quyết"), "vote")
        self.vote.buttons.addWidget(self.vote_button)
        self.link = Banner(tone=Tone.WARNING, icon_name="offline")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.column.setSpacing(GAP)
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons, spacing=GAP)
        follow = QWidget()
        hbox(self.follow, Label(tr("Theo dõi"), wrap=False), spacing=6, parent=follow)
        self._follow = follow
        for widget in (
            self.page_button,
            follow,
            self.check_in_button,
            self.speak_button,
            self.withdraw_button,
            self.meeting_button,
        ):
            flow.addWidget(widget)
        text = QWidget()
        head = hbox(spacing=12, parent=text)
        head.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addLayout(vbox(self.title, self.note, spacing=0), 1)
        text.setMinimumHeight(tokens().measures.touch)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(GAP)
        self._row.addWidget(text, 1)
        self._row.addWidget(self._buttons)
        self.column.addLayout(self._row)
        for banner in (self.turn, self.vote, self.link):
            self.column.addWidget(banner)

    def _connect(self) -> None:
        self.page_button.clicked.connect(self.page_wanted)
        self.follow.clicked.connect(self.follow_wanted)
        self.speak_button.clicked.connect(self.speak_wanted)
        self.withdraw_button.clicked.connect(self.withdraw_wanted)
        self.check_in_button.clicked.connect(self.check_in_wanted)
        self.meeting_button.clicked.connect(self.meeting_wanted)
        self.vote_button.clicked.connect(self._on_vote)

    # -- drawing -----------------------------------------------------------------------------------------------

    def show_now(
        self, now: LiveNow, people: Mapping[MemberId, Person], *, follows: bool, left: bool, route: Route | None
    ) -> None:
        """Draw.

        Args:
            now: The session.
            people: Names.
            follows: The reader follows the presenter.
            left: Following was ended by the member's own hand.
            route: What is shown under the bar: nothing here leads there.
        """
        self._now, self._people, self._route = now, people, route
        room, current = now.live.room, now.view.current
        self.title.setText(bar_title(now))
        shown = now.page is not None
        self.page_button.setVisible(shown and not follows)
        self.page_button.setText(tr("Quay lại trang trình bày") if left else tr("Đến trang đang trình bày"))
        self.page_button.setAccessibleName(self.page_button.text())
        self._follow.setVisible(shown)
        self.follow.setChecked(follows)
        floor = Floor.NOT_ASKED if current is None else current.floor
        asking = current is not None and current.progress.state is ItemState.CURRENT
        can_ask = asking and now.item is not None and speak_why_not(now.view, now.item.id) is None
        self.speak_button.setVisible(can_ask and room.phase is not SessionPhase.ROLL_CALL)
        self.withdraw_button.setVisible(floor in {Floor.ASKING, Floor.QUEUED})
        self.check_in_button.setVisible(attendance_of(now.view).check_in)
        self.meeting_button.setVisible(route != Meeting(now.pack))
        self._show_vote(now)
        self._arrange()

    def tick(self, present: Millis) -> None:
        """What changes by the second: the clock, the speaker's time, the vote's countdown.

        Args:
            present: The estimate of present time, UTC milliseconds.
        """
        now = self._now
        if now is None:
            return
        clock = formats.clock_time(formats.local(present))
        self.chip.set(tr("{phase} {time}").format(phase=phase_words(now.live.room.phase), time=clock), Tone.LIVE)
        speaker = now.live.room.speaker
        left = None
        if speaker is not None and speaker.allotted_s is not None:
            left = speaker.allotted_s - max(0, present - from_rfc3339(speaker.since)) // 1000
        agency = now.item.agency if now.item is not None else ""
        mine = "" if now.view.my_turn else floor_sentence(now.view.current)  # the line below says it
        note = (mine, page_label(now), speaker_sentence(now, self._people, left), agency)
        self.note.setText(words.joined(note))
        self.note.setVisible(any(note))
        turn = ""
        if now.view.my_turn:
            turn = tr("Đến lượt đồng chí phát biểu")
            turn = turn if left is None else tr("{text} – {time}").format(text=turn, time=speech_time(left))
        self.turn.set(turn, Tone.LIVE, "speak")
        self._say_countdown(now, present)

    def show_link(self, *, lost: bool) -> None:
        """Whether the session can be reached."""
        text = tr("Mất kết nối phiên họp – đang nối lại; tài liệu vẫn đọc được.") if lost else ""
        self.link.set(text, Tone.WARNING, "offline")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons beside the words, or under them."""
        super().resizeEvent(event)
        self._arrange()

    # -- inside ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        shown = self._buttons.layout()
        assert isinstance(shown, FlowLayout)
        wanted = sum(
            item.sizeHint().width() + GAP
            for n in range(shown.count())
            if (item := shown.itemAt(n)) is not None and (widget := item.widget()) is not None and not widget.isHidden()
        )
        beside = self.width() - wanted - 2 * PAD >= tokens().measures.text(_TEXT)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._buttons.setMinimumWidth(wanted if beside else 0)
        self._row.setDirection(way)

    def open_vote(self, now: LiveNow) -> BallotView | None:
        """The vote that asks for an answer: one that was not answered first."""
        return now.votes[0] if now.votes else None

    def _show_vote(self, now: LiveNow) -> None:
        vote = self.open_vote(now)
        self.vote_button.setText(tr("Biểu quyết") if vote is None or vote.current is None else tr("Xem phiếu"))
        self.vote_button.setAccessibleName(self.vote_button.text())

    def _say_countdown(self, now: LiveNow, present: Millis) -> None:
        vote = self.open_vote(now)
        if vote is None or self._route == Ballot(vote.poll.id):
            self.vote.set("")
            return
        name = tr("Biểu quyết đang mở: {title}").format(title=vote.poll.title)
        if vote.current is not None:
            name = words.joined((name, words.standing_sentence(vote.current.standing, vote.current.item)))
        closes = vote.poll.closes
        if closes is not None:
            left = (from_rfc3339(closes) - present) // 1000
            name = tr("{text} – {time}").format(text=name, time=formats.span_left(left))
        tone = Tone.WARNING if vote.current is None else Tone.INFO
        self.vote.set(name, tone, "vote")

    def _on_vote(self) -> None:
        vote = self.open_vote(self._now) if self._now is not None else None
        if vote is not None:
            self.vote_wanted.emit(vote.poll.id)
