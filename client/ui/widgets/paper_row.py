# SPDX-License-Identifier: AGPL-3.0-or-later
"""The row of one paper wherever papers are listed: agenda, papers, ballot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.models.changes import News, page_list
from client.ui.models.meeting import PaperView
from client.ui.theme.tokens import Tone
from client.ui.widgets.chip import Chip
from client.ui.widgets.list_rows import Row


class PaperRow(Row):
    """Title with version, kind, number, pages, how far it was read; chips for what is special.

    ``activated`` asks to open it; a paper with a secrecy grade and one that is not here yet do not open.
    """

    def __init__(
        self,
        view: PaperView,
        *,
        news: News | None = None,
        first: bool = False,
        trailing: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        paper = view.paper
        note = words.paper_note(paper, view.seen)
        if paper.size and paper.can_open:
            note = words.joined((note, formats.size(paper.size)))
        icon_name = "document_changed" if view.changed and paper.can_open else "document"
        if not paper.can_open:
            icon_name = "secret" if paper.is_stub else "remove"
        super().__init__(
            words.paper_title(paper),
            note,
            icon_name=icon_name,
            chips=paper_chips(view, news),
            trailing=trailing,
            opens=view.openable and paper.can_open,
            first=first,
            parent=parent,
        )
        self.view = view


def paper_chips(view: PaperView, news: News | None = None) -> list[Chip]:
    """What is special about a paper; ``news`` is what changed since it was last read."""
    paper = view.paper
    chips = []
    if paper.is_stub:
        chips.append(Chip(tr("Tài liệu mật – nhận bản giấy"), Tone.DANGER, "secret"))
    if paper.recalled is not None:
        chips.append(Chip(tr("Đã thu hồi"), Tone.NEUTRAL, "remove"))
    if news is not None and news.pages:
        text = tr("MỚI: tr {pages}").format(pages=page_list(news.pages))
        chips.append(Chip(text, Tone.INFO, "document_changed"))
    elif view.changed and paper.can_open:
        chips.append(Chip(tr("MỚI"), Tone.INFO, "document_changed"))
    if news is not None and news.doubts:
        text = tr("{n} ghi chú cần kiểm tra vị trí").format(n=news.doubts)
        chips.append(Chip(text, Tone.WARNING, "warning"))
    if urgency := words.urgency(paper.urgency):
        chips.append(Chip(urgency, Tone.DANGER))
    if view.late and paper.can_open:
        chips.append(Chip(tr("Gửi muộn"), Tone.WARNING, "clock"))
    if not view.openable and paper.can_open:
        chips.append(Chip(tr("Chưa tải"), Tone.NEUTRAL, "download"))
    return chips
