# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two devices of one member voted differently: both choices side by side, and the member decides.

Nothing is merged and nothing is chosen for the member. "Thay bằng lựa chọn này" leads to the check and the PIN like
any vote; the new vote names the one that stands, so that the service can only count one. "Giữ phiếu này" sends
nothing: the vote of the other device stands already.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from client.domain.ballot import Poll
from client.domain.outbox import OtherVote
from client.domain.projection import MyVote
from client.ui import formats
from client.ui.i18n import tr
from client.ui.screens.ballot_model import BallotPage
from client.ui.screens.ballot_status import AnswerText
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, PAD, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import hbox
from client.ui.widgets.text import Label

_NARROW = 560


class ConflictCard(Card):
    """Both votes and what may be done.

    Attributes:
        mine_wanted: "Thay bằng lựa chọn này": this device's choice takes the place of the other.
        other_wanted: "Giữ phiếu này": the other device's vote stays.
        anew_wanted: "Chọn lại": neither.

    Args:
        page: Its current vote is in conflict with ``view.other``.
        device: What this device is called.
    """

    mine_wanted = Signal()
    other_wanted = Signal()
    anew_wanted = Signal()

    def __init__(self, page: BallotPage, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mine, other = page.view.current, page.view.other
        assert mine is not None
        assert other is not None
        self.column.addWidget(Label(tr("Hai thiết bị của đồng chí đã gửi hai phiếu"), "heading"))
        explained = tr("Máy chủ đang giữ phiếu của thiết bị kia. Phiếu trên máy này chưa được tính.")
        self.column.addWidget(Banner(explained, Tone.WARNING))
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(GAP * 2)
        self._both.addWidget(self._mine(page.poll, mine, device, can_replace=page.can_cast), 1)
        self._both.addWidget(self._other(page.poll, other), 1)
        self.column.addLayout(self._both)
        if page.can_cast:
            anew = Button(tr("Chọn lại từ đầu"), "edit", variant="plain")
            anew.clicked.connect(self.anew_wanted)
            self.column.addLayout(hbox(anew, None))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One under another where there is no room for two."""
        super().resizeEvent(event)
        widest = max((button.minimumSizeHint().width() for button in self.findChildren(Button)), default=0)
        narrow = self.width() < max(2 * (widest + 3 * PAD + GAP), tokens().measures.text(_NARROW))
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._both.setDirection(way)

    def _mine(self, poll: Poll, vote: MyVote, device: str, *, can_replace: bool) -> Card:
        name = tr("Máy này ({name})").format(name=device) if device else tr("Máy này")
        side = _Side(name, Chip(tr("Chưa được tính"), Tone.WARNING, "clock"))
        side.column.addWidget(Label(tr("Ký lúc {moment}").format(moment=formats.exact_moment(vote.item.made)), "note"))
        side.column.addWidget(AnswerText(poll, vote.answers))
        side.column.addStretch(1)
        if can_replace:
            button = Button(tr("Thay bằng lựa chọn này"), "redo")
            button.clicked.connect(self.mine_wanted)
            side.column.addWidget(button)
        return side

    def _other(self, poll: Poll, other: OtherVote) -> Card:
        side = _Side(
            tr("Thiết bị khác (mã {code})").format(code=other.device), Chip(tr("Đang được giữ"), Tone.OK, "check")
        )
        if other.made is not None:
            side.column.addWidget(Label(tr("Ký lúc {moment}").format(moment=formats.exact_moment(other.made)), "note"))
        received = tr("Máy chủ nhận lúc {moment}").format(moment=formats.exact_moment(other.received))
        side.column.addWidget(Label(received, "note"))
        if other.answers:
            side.column.addWidget(AnswerText(poll, other.answers))
        else:
            side.column.addWidget(Label(tr("Nội dung phiếu được tải khi có mạng."), "note"))
        side.column.addStretch(1)
        button = Button(tr("Giữ phiếu này"), "check")
        button.clicked.connect(self.other_wanted)
        side.column.addWidget(button)
        return side


class _Side(Card):
    """One of the two votes."""

    def __init__(self, name: str, chip: Chip) -> None:
        super().__init__(part="inset")
        self.column.addWidget(Label(name, "strong"))
        self.column.addLayout(hbox(chip, None))
