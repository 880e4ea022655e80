# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comments on a meeting: mine with what became of each, and the drafting agencies' answers to everybody's.

A question and its answer stand together and lead to the passage they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from client.domain.bulletin import Reply
from client.domain.ids import ItemId, MemberId, PaperId
from client.domain.outbox import Standing
from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.models.meeting import CommentView, MeetingView
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import FlowLayout, Part, vbox, wrapped
from client.ui.widgets.text import Label

Wanted = Callable[[PaperId, int | None], None]
"""Open a paper at a page, counted from 0."""


class CommentCard(Card):
    """One comment of mine: where, what, the one sentence about it, and the answer once there is one."""

    def __init__(
        self, view: CommentView, meeting: MeetingView, wanted: Wanted | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        comment = view.comment
        where = place_words(meeting, comment.draft.item, comment.draft.paper, comment.draft.page)
        self.column.addWidget(Label(words.joined((where, formats.short_moment(comment.made))), "note"))
        if comment.draft.quote:
            self.column.addWidget(Label(f"“{comment.draft.quote}”", "note"))
        self.column.addWidget(Label(comment.draft.text))
        chips = FlowLayout()
        if view.act is not None and view.standing is not None:
            chips.addWidget(
                Chip(
                    words.standing_sentence(view.standing, view.act),
                    words.standing_tone(view.standing),
                    words.standing_icon(view.standing),
                )
            )
        if view.reply is not None or view.standing is Standing.RECORDED:
            chips.addWidget(answered_chip(answered=view.reply is not None))
        if chips.count():
            self.column.addLayout(chips)
        if view.reply is not None:
            self.column.addWidget(ReplyText(view.reply))
        _add_jump(self, comment.draft.paper, comment.draft.page, wanted)


class ReplyCard(Card):
    """An answer to somebody else's comment, with the question; ``asked_by`` is empty where that is not passed on."""

    def __init__(
        self,
        reply: Reply,
        meeting: MeetingView,
        wanted: Wanted | None = None,
        parent: QWidget | None = None,
        *,
        asked_by: str = "",
    ) -> None:
        super().__init__(parent)
        said = reply.words
        asker = tr("Góp ý của thành viên")
        if asked_by:
            asker = tr("Góp ý của {name}").format(name=asked_by)
        where = place_words(meeting, said.item, said.paper, said.page)
        self.column.addWidget(Label(words.joined((asker, where)), "note"))
        if said.quote:
            self.column.addWidget(Label(f"“{said.quote}”", "note"))
        if said.question:
            self.column.addWidget(Label(said.question))
        self.column.addWidget(ReplyText(reply))
        _add_jump(self, said.paper, said.page, wanted)


class ReplyText(Card):
    """Who answers for which agency, when, and the answer."""

    def __init__(self, reply: Reply, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=GAP * 2, part="inset")
        said = reply.words
        head = tr("{agency} trả lời").format(agency=said.agency)
        when = formats.short_moment(reply.at)
        if reply.version > 1:
            when = tr("{when}, lần {n}").format(when=when, n=reply.version)
        self.column.addLayout(vbox(Label(head, "strong"), Label(words.joined((said.person, when)), "note"), spacing=2))
        self.column.addWidget(Label(said.text))


def answered_chip(*, answered: bool) -> Chip:
    """``Đã trả lời`` or ``Chưa trả lời``."""
    return Chip(tr("Đã trả lời"), Tone.OK, "check") if answered else Chip(tr("Chưa trả lời"), Tone.NEUTRAL, "clock")


def comment_parts(meeting: MeetingView, names: Mapping[MemberId, str], wanted: Wanted) -> list[Part]:
    """My comments, then answers to the others'; ``names`` of the directory's people."""

    def mine(view: CommentView) -> Part:
        return Part(("comment", view.comment.id), view, lambda: CommentCard(view, meeting, wanted))

    def other(reply: Reply) -> Part:
        asked_by = "" if reply.words.asker is None else names.get(reply.words.asker, "")
        return Part(("reply", reply.comment), reply, lambda: ReplyCard(reply, meeting, wanted, asked_by=asked_by))

    parts = [mine(view) for view in meeting.comments]
    if meeting.replies:
        heading = tr("Trả lời góp ý của các thành viên khác")
        parts.append(Part("replies", heading, lambda: Label(heading, "heading")))
        parts += [other(reply) for reply in meeting.replies]
    return parts


def place_words(meeting: MeetingView, item: ItemId | None, paper: PaperId | None, page: int | None) -> str:
    """``Mục 2``, the paper's title with its page, or "Góp ý chung"."""
    if paper is not None:
        found = next((p.paper for each in meeting.items for p in each.papers if p.paper.id == paper), None)
        title = words.paper_title(found) if found is not None else tr("Tài liệu")
        return title if page is None else tr("{title}, trang {n}").format(title=title, n=page + 1)
    if item is not None:
        number = next((each.number for each in meeting.items if each.item and each.item.id == item), None)
        return tr("Mục {n}").format(n=number) if number is not None else tr("Mục chương trình")
    return tr("Góp ý chung")


def _add_jump(card: Card, paper: PaperId | None, page: int | None, wanted: Wanted | None) -> None:
    if paper is None or wanted is None:
        return
    text = tr("Mở tài liệu") if page is None else tr("Mở trang {n}").format(n=page + 1)
    button = Button(text, "book_open", variant="plain")
    button.clicked.connect(lambda: wanted(paper, page))
    card.column.addLayout(wrapped(button))
