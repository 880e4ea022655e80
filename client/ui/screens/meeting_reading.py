# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of a meeting's papers was read, and what is left for each day; kept on this device only."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.models.home import PackCard, ReadingPlan
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import hbox
from client.ui.widgets.progress import ProgressLine
from client.ui.widgets.text import Label


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
