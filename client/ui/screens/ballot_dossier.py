# SPDX-License-Identifier: AGPL-3.0-or-later
"""The left side of a ballot: what it is about, its papers, what is still open. Only shows; opens papers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.domain.ballot import OpenIssue
from client.ui.i18n import tr
from client.ui.screens.ballot_model import BallotPage
from client.ui.screens.ballot_words import rules_sentence
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import vbox
from client.ui.widgets.list_rows import Line
from client.ui.widgets.paper_row import PaperRow
from client.ui.widgets.text import Label


class Dossier(Card):
    """Title, agency, papers, open issues, summary, and the rules of this ballot.

    Attributes:
        wanted: ``PaperId`` that was pressed.
    """

    wanted = Signal(object)

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
        for index, paper in enumerate(page.papers):
            row = PaperRow(paper, first=index == 0)
            row.activated.connect(lambda paper=paper.paper.id: self.wanted.emit(paper))
            self.column.addWidget(row)
        if not page.papers:
            self.column.addWidget(Label(tr("Tài liệu của phiếu này chưa có trên máy."), "note"))
        if poll.issues:
            self.column.addWidget(Line())
            self.column.addWidget(Label(tr("Vấn đề còn ý kiến khác nhau"), "strong"))
            for number, issue in enumerate(poll.issues, start=1):
                self.column.addWidget(IssueText(number, issue))
        self.column.addWidget(Line())
        self.column.addWidget(Label(rules_sentence(poll), "note"))


class IssueText(QWidget):
    """One open issue with the options on the table."""

    def __init__(self, number: int, issue: OpenIssue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        options = [Label(f"– {option}", "note") for option in issue.options]
        vbox(Label(tr("{n}. {title}").format(n=number, title=issue.text)), *options, spacing=2, parent=self)
