# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sheet that asks to be absent: from the whole session, or from a part of it given by the clock.

Times are Việt Nam time on the day of the session. What is missing is decided by ``domain.live.check_draft``; a time
that is none is said where it stands.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

from PySide6.QtWidgets import QLineEdit, QWidget

from client.clock import Millis, to_rfc3339
from client.domain.ids import Moment
from client.domain.live import ActText, DeclareAbsence, DraftProblem, LiveSession
from client.ui import formats
from client.ui.i18n import tr
from client.ui.screens.ballot_question import mark_wrong
from client.ui.screens.live_acts import SessionActs
from client.ui.screens.live_sheets import ActSheet, text_field
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP
from client.ui.widgets.layouts import hbox, vbox
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.text import Label


class Part(Enum):
    """How much of the session."""

    WHOLE = "whole"
    SOME = "some"


class AbsenceSheet(ActSheet):
    """Ask to be absent; needs a reason, and the Prime Minister's consent afterwards."""

    def __init__(self, live: LiveSession, acts: SessionActs, parent: QWidget) -> None:
        super().__init__(
            tr("Báo vắng mặt"), live, acts, parent, button=tr("Ký và gửi"), said=tr("Báo vắng đã lưu trên máy")
        )
        self.column.addWidget(Label(tr("Việc vắng mặt cần được Thủ tướng đồng ý.")))
        options = [(Part.WHOLE, tr("Cả phiên họp")), (Part.SOME, tr("Một phần"))]
        self.part = Segmented(tr("Thời gian vắng mặt"), options, Part.WHOLE)
        self.part.chosen.connect(self._show_times)
        self.column.addWidget(self.part)
        self.start, self.end = _clock_field(tr("Vắng từ, giờ và phút")), _clock_field(tr("Vắng đến, giờ và phút"))
        self.times = QWidget()
        column = vbox(parent=self.times)
        column.addLayout(hbox(Label(tr("Từ")), self.start, Label(tr("đến")), self.end, None, spacing=GAP * 2))
        day = formats.short_day(formats.local(live.plan.starts).date())
        note = tr("Ngày {day}, giờ Việt Nam; ngoài khoảng này đồng chí dự họp như bình thường.").format(day=day)
        column.addWidget(Label(note, "note"))
        self.times.hide()
        self.column.addWidget(self.times)
        self.reason = text_field(tr("Lý do vắng mặt"), 110)
        self.column.addWidget(Label(tr("Lý do vắng mặt (bắt buộc)"), "note"))
        self.column.addWidget(self.reason)
        self.finish()

    def act(self) -> DeclareAbsence:
        """The whole session, or from one time to the other; an interval that is none has equal ends."""
        if self.part.value is Part.WHOLE:
            return DeclareAbsence()
        start, end = self._moment(self.start.text()), self._moment(self.end.text())
        if start is None or end is None:
            return DeclareAbsence(self._live.plan.starts, self._live.plan.starts)
        return DeclareAbsence(start, end)

    def words(self) -> ActText:
        """The reason."""
        return ActText(text=self.reason.toPlainText().strip())

    def _moment(self, text: str) -> Moment | None:
        hour, minute = clock_of(text) or (None, None)
        if hour is None or minute is None:
            return None
        begin = formats.local(self._live.plan.starts).replace(hour=0, minute=0, second=0, microsecond=0)
        at = begin + timedelta(hours=hour, minutes=minute)
        return Moment(to_rfc3339(Millis(round(at.timestamp() * 1000))))

    def _show_times(self, part: Part) -> None:
        self.times.setVisible(part is Part.SOME)
        if part is Part.SOME:
            self.start.setFocus()

    def _mark(self, problem: DraftProblem) -> None:
        wrong = self.reason if problem is DraftProblem.REASON_MISSING else self.start
        if wrong is self.reason:
            mark_wrong(self.reason, wrong=True)
        wrong.setFocus()


def clock_of(text: str) -> tuple[int, int] | None:
    """Hour and minute of ``8:05``, ``08.05``, ``8h05`` or ``8``; None when it is no time."""
    parts = text.strip().lower().replace("h", ":").replace(".", ":").split(":")
    digits = [part or "0" for part in parts]
    if not parts[0] or len(parts) > 2 or not all(part.isdecimal() and len(part) <= 2 for part in digits):
        return None
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    return (hour, minute) if hour < 24 and minute < 60 else None


def _clock_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText("08:00")
    field.setFixedWidth(tokens().measures.text(110))
    field.setMinimumHeight(tokens().measures.touch)
    return field
