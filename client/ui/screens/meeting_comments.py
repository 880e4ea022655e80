# SPDX-License-Identifier: AGPL-3.0-or-later
"""My comments on a meeting: where, what, and the one sentence about each."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.models.meeting import CommentView, MeetingView
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import Part, hbox
from client.ui.widgets.text import Label


class CommentCard(Card):
    """One comment of mine: where, what, and the one sentence about it."""

    def __init__(self, view: CommentView, meeting: MeetingView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        comment = view.comment
        where = comment_place(view, meeting)
        self.column.addWidget(Label(words.joined((where, formats.short_moment(comment.made))), "note"))
        if comment.draft.quote:
            self.column.addWidget(Label(f"“{comment.draft.quote}”", "note"))
        self.column.addWidget(Label(comment.draft.text))
        if view.act is not None and view.standing is not None:
            chip = Chip(
                words.standing_sentence(view.standing, view.act),
                words.standing_tone(view.standing),
                words.standing_icon(view.standing),
            )
            self.column.addLayout(hbox(chip, None))


def comment_part(view: CommentView, meeting: MeetingView) -> Part:
    """A comment for a list."""
    return Part(("comment", view.comment.id), view, lambda: CommentCard(view, meeting))


def comment_place(view: CommentView, meeting: MeetingView) -> str:
    """``Mục 2``, the paper's title with its page, or "Góp ý chung"."""
    draft = view.comment.draft
    if draft.paper is not None:
        paper = next((p.paper for item in meeting.items for p in item.papers if p.paper.id == draft.paper), None)
        title = words.paper_title(paper) if paper is not None else tr("Tài liệu")
        return title if draft.page is None else tr("{title}, trang {n}").format(title=title, n=draft.page + 1)
    if draft.item is not None:
        number = next((item.number for item in meeting.items if item.item and item.item.id == draft.item), None)
        return tr("Mục {n}").format(n=number) if number is not None else tr("Mục chương trình")
    return tr("Góp ý chung")
