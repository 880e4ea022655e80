# SPDX-License-Identifier: AGPL-3.0-or-later
"""The top line of a ballot: what kind it is, until when, and how much time is left while it runs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from client.clock import Clock
from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.screens.ballot_model import BallotPage, is_open
from client.ui.theme.tokens import Tone
from client.ui.widgets.ballot_row import deadline_line
from client.ui.widgets.chip import Chip
from client.ui.widgets.header import Header


class BallotHeader(Header):
    """Back, kind, deadline, time left.

    Args:
        clock: For the time left.
    """

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(tr("Biểu quyết"), with_back=True, parent=parent)
        self._clock = clock
        self._page: BallotPage | None = None
        self.time_left = Chip("", Tone.WARNING, "clock")
        self.row.addWidget(self.time_left)
        self.time_left.hide()

    def show_page(self, page: BallotPage | None) -> None:
        """Draw for a ballot, or for none."""
        self._page = page
        if page is None:
            self.set(tr("Biểu quyết"))
        else:
            self.set(words.ballot_kind(page.poll.kind), deadline_line(page.view))
        self.say_time()

    def say_time(self) -> None:
        """Renew the time left; only a ballot that runs to a deadline has any."""
        poll = self._page.poll if self._page is not None else None
        if poll is None or poll.closes is None or not is_open(poll):
            self.time_left.hide()
            return
        text = formats.until(poll.closes, self._clock)
        if text != self.time_left.text:
            self.time_left.set(text, Tone.WARNING, "clock")
        self.time_left.show()
