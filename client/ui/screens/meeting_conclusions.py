# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was concluded, item by item."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from client.domain.live import ItemConclusion
from client.ui import formats
from client.ui.i18n import tr
from client.ui.models.meeting import ItemView, MeetingView
from client.ui.widgets.card import Card
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.layouts import Part
from client.ui.widgets.text import Label


class ConclusionCard(Card):
    """One item's conclusion, or that it is on its way."""

    def __init__(self, view: ItemView, found: ItemConclusion | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = view.item.title if view.item is not None else ""
        self.column.addWidget(Label(tr("{n}. {title}").format(n=view.number, title=title), "heading"))
        if found is None:
            self.column.addWidget(Label(tr("Kết luận đã được ghi, đang tải về máy."), "note"))
            return
        self.column.addWidget(Label(found.text))
        at = formats.exact_moment(found.at)
        self.column.addWidget(Label(tr("Thư ký ghi lúc {moment}").format(moment=at), "note"))


def conclusion_parts(view: MeetingView) -> list[Part]:
    """Items with a conclusion, in the order of the agenda."""
    parts = []
    for item in view.items:
        if item.item is None:
            continue
        found = view.conclusions.get(item.item.id)
        live = view.room.item(item.item.id) if view.room is not None else None
        if found is not None or (live is not None and live.progress.conclusion is not None):
            parts.append(Part(("conclusion", item.item.id), found, partial(ConclusionCard, item, found)))
    return parts or [Part("no-conclusions", None, no_conclusions)]


def no_conclusions() -> EmptyState:
    """Nothing was concluded yet."""
    return EmptyState("note", tr("Chưa có kết luận"), tr("Kết luận của chủ trì hiện ở đây ngay khi Thư ký ghi."))
