# SPDX-License-Identifier: AGPL-3.0-or-later
"""The card of one ballot wherever ballots are listed: what it is, its deadline, and what stands of mine in it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from client.clock import Clock
from client.domain.ballot import PollState
from client.domain.projection import BallotView
from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.models.home import is_due, is_missed, is_near
from client.ui.models.meeting import CLOSED
from client.ui.navigator import Navigator
from client.ui.theme.tokens import Tone
from client.ui.widgets.card import CardButton
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import Part, wrapped
from client.ui.widgets.text import Label


class BallotCard(CardButton):
    """One ballot; ``activated`` asks to open it."""

    def __init__(self, view: BallotView, clock: Clock, parent: QWidget | None = None) -> None:
        poll = view.poll
        chips = ballot_chips(view, clock)
        name = ". ".join([words.ballot_kind(poll.kind), poll.title, *(chip.text for chip in chips)])
        super().__init__(name, parent)
        self.view = view
        self.column.addWidget(Label(words.ballot_kind(poll.kind), "small"))
        self.column.addWidget(Label(poll.title, "heading"))
        self.column.addWidget(Label(deadline_line(view), "note"))
        self.column.addLayout(wrapped(*chips))


def ballot_part(view: BallotView, clock: Clock, navigator: Navigator) -> Part:
    """A ballot's card for a list; it opens the ballot and is drawn again when the time left reads differently."""

    def build() -> BallotCard:
        card = BallotCard(view, clock)
        card.activated.connect(lambda: navigator.open_ballot(view.poll.id))
        return card

    left = formats.until(view.poll.closes, clock) if view.poll.closes is not None else ""
    return Part(view.poll.id, (view, left), build)


def silent_chip(view: BallotView) -> Chip:
    """On an aide's device: whoever the aide serves has not answered, or did not in time."""
    n = len(view.poll.silent)
    if view.poll.state in CLOSED:
        text = tr("Đã quá hạn, lãnh đạo chưa có ý kiến") if n == 1 else tr("Đã quá hạn, {n} lãnh đạo chưa có ý kiến")
        return Chip(text.format(n=n), Tone.DANGER, "warning")
    text = tr("Lãnh đạo chưa cho ý kiến") if n == 1 else tr("{n} lãnh đạo chưa cho ý kiến")
    return Chip(text.format(n=n), Tone.WARNING, "vote")


def deadline_line(view: BallotView) -> str:
    """``Hạn gửi: 17:00, Thứ Sáu, 27/11/2026``, or when it closed, or that the chair closes it."""
    poll = view.poll
    if poll.state in CLOSED:
        if poll.closed is None:
            return tr("Đã đóng")
        return tr("Đã đóng lúc {moment}").format(moment=formats.exact_moment(poll.closed))
    if poll.closes is None:
        return tr("Đóng theo điều hành của chủ trì")
    return tr("Hạn gửi: {moment}").format(moment=formats.deadline_moment(poll.closes))


def ballot_chips(view: BallotView, clock: Clock) -> list[Chip]:
    """State, time left, and the sentence about my vote."""
    poll = view.poll
    chips = []
    if view.current is not None:
        standing = view.current.standing
        chips.append(
            Chip(
                words.standing_sentence(standing, view.current.item),
                words.standing_tone(standing),
                words.standing_icon(standing),
            )
        )
    elif poll.silent:
        chips.append(silent_chip(view))
    elif is_missed(view, clock.now()):
        chips.append(Chip(tr("Đã quá hạn, chưa có ý kiến của đồng chí"), Tone.DANGER, "warning"))
    elif is_due(view):
        chips.append(Chip(tr("Chờ ý kiến"), Tone.WARNING, "vote"))
    else:
        chips.append(Chip(words.poll_state(poll.state), words.poll_tone(poll.state), ""))
    if poll.closes is not None and poll.state in {PollState.OPEN, PollState.CLOSING, PollState.ANNOUNCED}:
        left = formats.until(poll.closes, clock)
        near, asked = is_near(view, clock.now()), is_due(view) or bool(poll.silent)
        chips.append(Chip(left, Tone.DANGER if near else Tone.WARNING if asked else Tone.NEUTRAL, "clock"))
    return chips
