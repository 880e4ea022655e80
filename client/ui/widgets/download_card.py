# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a pack is, which paper is in hand, and the member's choice: pause, go on, give up."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from client.sync.events import PackProgress
from client.ui import formats
from client.ui.i18n import tr
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import FlowLayout
from client.ui.widgets.progress import ProgressLine
from client.ui.widgets.text import Label


class DownloadCard(Card):
    """One pack that is not complete.

    Attributes:
        pause, go_on, give_up: What the member pressed.

    Args:
        share: Fetched share, per cent.
        held: The member holds it.
    """

    pause = Signal()
    go_on = Signal()
    give_up = Signal()

    def __init__(self, share: int, *, held: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.held = held
        self.words = Label(_paused(share) if held else _percent(share), "strong")
        self.paper = Label("", "note")
        self.paper.hide()
        self.line = ProgressLine(share, 100)
        self.column.addWidget(self.words)
        self.column.addWidget(self.line)
        self.column.addWidget(self.paper)
        if held and not share:
            self.line.hide()
            self.column.addWidget(Label(tr("Ghi chú, phiếu và biên nhận của đồng chí vẫn còn trên máy."), "note"))
        row = FlowLayout()
        if held:
            row.addWidget(self._button(tr("Tải tiếp") if share else tr("Tải về máy"), "download", self.go_on))
        else:
            row.addWidget(self._button(tr("Tạm dừng tải"), "close", self.pause))
        if share or not held:
            row.addWidget(self._button(tr("Bỏ phần đã tải"), "remove", self.give_up))
        self.column.addLayout(row)

    def show_progress(self, at: PackProgress, title: str) -> None:
        """What arrives now; nothing while it is held."""
        if self.held:
            return
        share = at.done * 100 // max(at.total, 1)
        self.words.setText(_percent(share))
        self.line.set(at.done, at.total)
        got, all_of_it = formats.size(at.paper_done), formats.size(at.paper_total)
        self.paper.setText(tr("{title}: {got} / {all}").format(title=title, got=got, all=all_of_it))
        self.paper.setVisible(bool(at.paper_total))

    def _button(self, text: str, icon_name: str, pressed: SignalInstance) -> Button:
        button = Button(text, icon_name, variant="plain")
        button.clicked.connect(pressed)
        return button


def _paused(share: int) -> str:
    if share:
        return tr("Đã tạm dừng tải, được {n} %").format(n=share)
    return tr("Tài liệu của phiên này không lưu trên máy.")


def _percent(share: int) -> str:
    return tr("Đang tải {n} %").format(n=share)
