# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comments asked for by a deadline: the card on home, and the one at the top of a meeting's comments."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.clock import Clock, from_rfc3339
from client.domain.comments_due import CommentsDue
from client.domain.outbox import standing
from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.theme.tokens import Tone
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card, CardButton
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import hbox, wrapped
from client.ui.widgets.text import Label

_NEAR_MS = 86_400_000


class CommentsDueCard(CardButton):
    """On home, among the ballots; ``activated`` asks to open the comments."""

    def __init__(self, due: CommentsDue, clock: Clock, parent: QWidget | None = None) -> None:
        kind, chips = tr("Góp ý hồ sơ"), comment_chips(due, clock)
        super().__init__(". ".join([kind, due.session.title, *(chip.text for chip in chips)]), parent)
        self.due = due
        self.column.addWidget(Label(kind, "small"))
        self.column.addWidget(Label(due.session.title, "heading"))
        self.column.addWidget(Label(deadline_line(due), "note"))
        self.column.addLayout(wrapped(*chips))


class CommentsAskedCard(Card):
    """In a meeting, over the comments.

    Attributes:
        none_wanted: The member has none to make.
    """

    none_wanted = Signal()

    def __init__(self, due: CommentsDue, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.addWidget(Label(deadline_line(due), "strong"))
        self.column.addLayout(wrapped(*comment_chips(due, clock)))
        if due.over:
            late = tr("Vẫn gửi được; Thư ký quyết định có tiếp thu hay không.")
            self.column.addWidget(Label(late, "note"))
        if due.waiting is None:
            self.none_button = Button(tr("Không có góp ý"), "check", variant="plain")
            self.none_button.clicked.connect(self.none_wanted)
            note = Label(tr("Chỉ ghi trên máy này, không gửi đi."), "small")
            line = hbox(self.none_button)
            line.addWidget(note, 1)
            self.column.addLayout(line)


def deadline_line(due: CommentsDue) -> str:
    """``Hạn góp ý: 17:00, Thứ Sáu, 27/11/2026``."""
    return tr("Hạn góp ý: {moment}").format(moment=formats.deadline_moment(due.until))


def comment_chips(due: CommentsDue, clock: Clock) -> list[Chip]:
    """What stands of my comment, and the time left."""
    if due.waiting is not None:
        mine = standing(due.waiting)
        said = words.standing_sentence(mine, due.waiting)
        chips = [Chip(said, words.standing_tone(mine), words.standing_icon(mine))]
    elif due.over:
        return [Chip(tr("Đã quá hạn, chưa có góp ý của đồng chí"), Tone.DANGER, "warning")]
    else:
        chips = [Chip(tr("Chờ góp ý"), Tone.WARNING, "comment")]
    near = from_rfc3339(due.until) - clock.now() < _NEAR_MS
    chips.append(Chip(formats.until(due.until, clock), Tone.DANGER if near else Tone.WARNING, "clock"))
    return chips
