# SPDX-License-Identifier: AGPL-3.0-or-later
"""The left side of a ballot: what it is about, its papers, what is still open. Only shows; opens papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.domain.ballot import OpenIssue
from client.ui import words
from client.ui.i18n import tr
from client.ui.models.meeting import PaperView
from client.ui.screens.ballot_model import BallotPage
from client.ui.screens.ballot_words import rules_sentence
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import FlowLayout, vbox
from client.ui.widgets.list_rows import Line
from client.ui.widgets.paper_row import PaperRow
from client.ui.widgets.text import Label


class Dossier(Card):
    """Title, agency, papers, open issues, summary, and the rules of this ballot.

    Attributes:
        wanted: ``PaperId`` that was pressed, and the page from 0 or None.
    """

    wanted = Signal(object, object)

    def __init__(self, page: BallotPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        poll = page.poll
        self.column.addWidget(Label(poll.title, "heading"))
        if page.item is not None and page.item.title != poll.title:
            self.column.addWidget(Label(page.item.title, "note"))
        if page.agency:
            self.column.addWidget(Label(tr("Cơ quan trình: {agency}").format(agency=page.agency), "note"))
        if poll.summary:
            self.column.addWidget(Label(poll.summary))
        self._page = page

    def grow(self) -> Iterator[None]:
        """Papers and differences, one by one."""
        page, poll = self._page, self._page.poll
        for index, paper in enumerate(page.papers):
            row = PaperRow(paper, first=index == 0)
            row.activated.connect(lambda paper=paper.paper.id: self.wanted.emit(paper, None))
            self.column.addWidget(row)
            yield
        if not page.papers:
            self.column.addWidget(Label(tr("Tài liệu của phiếu này chưa có trên máy."), "note"))
        if poll.issues:
            self.column.addWidget(Line())
            self.column.addWidget(Label(tr("Vấn đề còn ý kiến khác nhau"), "heading"))
            for number, issue in enumerate(poll.issues, start=1):
                text = IssueText(number, issue, page.papers)
                text.wanted.connect(self.wanted)
                self.column.addWidget(text)
                yield
        self.column.addWidget(Line())
        self.column.addWidget(Label(rules_sentence(poll), "note"))


class IssueText(QWidget):
    """One open difference: the options with who holds which, and where the papers speak about it.

    Attributes:
        wanted: ``PaperId`` and page, from 0.
    """

    wanted = Signal(object, object)

    def __init__(
        self, number: int, issue: OpenIssue, papers: Sequence[PaperView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = vbox(Label(tr("{n}. {title}").format(n=number, title=issue.text), "strong"), parent=self)
        for option, holders in issue.positions:
            column.addWidget(OptionText(option, holders))
        links = FlowLayout()
        for link in issue.pages:
            paper = next((one for one in papers if one.paper.id == link.paper), None)
            if paper is not None:
                links.addWidget(self._link(paper, link.page))
        if links.count():
            column.addLayout(links)

    def _link(self, view: PaperView, page: int) -> Button:
        kind = words.paper_kind(view.paper.kind)
        button = Button(tr("{title}, trang {n}").format(title=kind, n=page + 1), "book_open")
        button.setAccessibleName(tr("Mở {title}, trang {n}").format(title=view.paper.title or kind, n=page + 1))
        button.setEnabled(view.openable and view.paper.can_open)
        button.clicked.connect(lambda: self.wanted.emit(view.paper.id, page))
        return button


class OptionText(Card):
    """One option on the table and the agencies that hold it; a fact, not a button."""

    def __init__(self, option: str, holders: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=12, part="inset")
        self.column.setSpacing(4)
        self.column.addWidget(Label(words.sentence_case(option)))
        if holders:
            names = tr("Ý kiến của: {names}").format(names=", ".join(holders))
            self.column.addWidget(Label(names, "note"))
