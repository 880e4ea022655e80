# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bundle on the diagnostics screen: what it holds, each file readable, then saved where the member chooses."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from client.diagnostics import Part
from client.ui import formats
from client.ui.i18n import tr
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import hbox
from client.ui.widgets.list_rows import Row
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

READING = QSize(580, 420)


class BundleCard(Card):
    """First an offer, then a list.

    Attributes:
        wanted: Gather the bundle.
        saving: Save what is shown.
    """

    wanted = Signal()
    saving = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.addWidget(Label(tr("Gói chẩn đoán"), "heading"))
        self.column.addWidget(
            Label(
                tr(
                    "Một tệp ZIP để đưa cho cán bộ kỹ thuật. Không chứa tài liệu, ghi chú, phiếu, họ tên hay khóa. "
                    "Đồng chí đọc được từng phần trước khi lưu; chương trình không tự gửi đi đâu."
                ),
                "note",
            )
        )
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        self.column.addLayout(self.rows)
        self.done = Banner("", Tone.OK)
        self.column.addWidget(self.done)
        self.make = Button(tr("Tạo gói chẩn đoán"), "papers")
        self.make.clicked.connect(self.wanted)
        self.save = Button(tr("Lưu gói…"), "download", variant="primary")
        self.save.clicked.connect(self.saving)
        self.save.hide()
        self.column.addLayout(hbox(self.make, self.save, None))

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """List the files of the bundle; each opens."""
        self.done.set("")
        while (item := self.rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for index, part in enumerate(parts):
            size = formats.size(len(part.text.encode()))
            row = Row(part.name, size, icon_name="document", first=index == 0)
            row.activated.connect(lambda part=part: self.read(part))
            self.rows.addWidget(row)
        self.save.show()

    def read(self, part: Part) -> Sheet:
        """Show one file as it would be saved."""
        sheet = Sheet(part.name, self)
        text = QPlainTextEdit(part.text)
        text.setReadOnly(True)
        text.setAccessibleName(part.name)
        text.setMinimumSize(READING)
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        sheet.column.addWidget(text)
        sheet.add_button(tr("Đóng"), variant="primary").clicked.connect(sheet.accept)
        sheet.open()
        return sheet

    def say(self, text: str, tone: Tone) -> None:
        """What became of saving."""
        self.done.set(text, tone)
