# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links under a finger, and the list of what a paper carries that is never shown or run.

A link within the paper is followed, with a way back; one to the file of another paper of the pack opens that paper.
Any other is shown in words and goes nowhere: this program opens no address, whoever wrote it into a paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from client.domain.ids import Hash
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.paper_links import file_target
from client.ui.tasks import Tasks
from client.ui.widgets.layouts import hbox
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import IconLabel, Label
from client.viewer.geometry import PagePoint
from client.viewer.messages import Link, Links
from client.viewer.view.page_canvas import PageCanvas

REACH_PT: Final = 4.0
"""A finger this near a link means it."""


def link_at(links: Sequence[Link], x: float, y: float) -> Link | None:
    """The smallest link around a place, page points."""
    around = [
        one
        for one in links
        if one.x0 - REACH_PT <= x <= one.x1 + REACH_PT and one.y0 - REACH_PT <= y <= one.y1 + REACH_PT
    ]
    return min(around, key=lambda one: (one.x1 - one.x0) * (one.y1 - one.y0), default=None)


class LinkFollower(QObject):
    """Watches one canvas.

    Attributes:
        passed: A ``PagePoint`` that was tapped and is no link.
        file_wanted: A ``FileTarget``, and the link's address to show if there is no such paper.
    """

    passed = Signal(object)
    file_wanted = Signal(object, str)

    def __init__(self, ctx: AppContext, tasks: Tasks, canvas: PageCanvas, window: QWidget) -> None:
        super().__init__(canvas)
        self._ctx, self._tasks, self._canvas, self._window = ctx, tasks, canvas, window
        self._plain: Hash | None = None
        self._known: dict[int, tuple[Link, ...]] = {}
        canvas.place_tapped.connect(self._tapped)

    def begin(self, plain: Hash | None) -> None:
        """Another paper, or none."""
        self._plain = plain
        self._known.clear()

    def _tapped(self, place: PagePoint) -> None:
        plain = self._plain
        if plain is None:
            return
        if place.page in self._known:
            self._follow(place)
            return

        def found(links: Links) -> None:
            if self._plain == plain:
                self._known[place.page] = links.links
                self._follow(place)

        # a page whose links cannot be read has none
        future = self._ctx.render.links(plain, place.page)
        self._tasks.run(future, found, lambda _error: self.passed.emit(place), owner=self)

    def _follow(self, place: PagePoint) -> None:
        link = link_at(self._known[place.page], place.x, place.y)
        if link is None:
            self.passed.emit(place)
            return
        if link.page >= 0:
            self._canvas.go_to_page(link.page)
            return
        target = file_target(link.uri)
        if target is not None:
            self.file_wanted.emit(target, link.uri)
        else:
            self.show_outside(link.uri)

    def show_outside(self, uri: str) -> None:
        """Say where a link would have led."""
        outside_sheet(uri, self._window).open()


def outside_sheet(uri: str, parent: QWidget) -> Sheet:
    """Shows where a link would have led."""
    sheet = Sheet(tr("Liên kết ra ngoài tài liệu"), parent)
    sheet.column.addWidget(Label(tr("Chương trình không mở liên kết ra ngoài. Địa chỉ trong tài liệu là:")))
    sheet.column.addWidget(Label(uri, "strong"))
    sheet.add_button(tr("Đóng"), variant="primary").clicked.connect(sheet.accept)
    return sheet


def left_out_words(features: Sequence[str]) -> tuple[str, ...]:
    """What a paper carries that is never shown or run, in words, in the order given."""
    known = {
        "javascript": tr("Mã lệnh JavaScript: không chạy."),
        "open_action": tr("Thao tác tự chạy khi mở: không chạy."),
        "launch": tr("Lệnh mở chương trình khác: không chạy."),
        "remote_links": tr("Liên kết sang tệp khác: chỉ đi đến tài liệu có trong hồ sơ này."),
        "submit_form": tr("Gửi biểu mẫu đi: không gửi."),
        "forms": tr("Biểu mẫu: chỉ xem, không điền được."),
        "xfa": tr("Biểu mẫu XFA: không hiển thị."),
        "embedded_files": tr("Tệp đính kèm: không mở."),
        "rich_media": tr("Phim, âm thanh, hình động: không phát."),
        "portfolio": tr("Tập hồ sơ PDF: chỉ hiển thị trang bìa."),
    }
    return tuple(known.get(name, name) for name in features)


def left_out_sheet(features: Sequence[str], parent: QWidget) -> Sheet:
    """Những gì không được hiển thị hoặc thực thi."""
    sheet = Sheet(tr("Những gì không được hiển thị hoặc thực thi"), parent)
    sheet.column.addWidget(Label(tr("Tài liệu có những phần sau. Chúng bị bỏ qua để bảo vệ thiết bị."), "note"))
    for words in left_out_words(features):
        row = hbox(IconLabel("secret", "secondary"))
        row.addWidget(Label(words), 1)
        sheet.column.addLayout(row)
    sheet.add_button(tr("Đóng"), variant="primary").clicked.connect(sheet.accept)
    return sheet
