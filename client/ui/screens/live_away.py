# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cover of "cất thiết bị": the room discusses graded papers, so the screen is covered and says nothing of them.

The cover lifts by itself when the secretary's signed word says so. A device that lost the link may never hear it: there
the member lifts the cover, on their own word that they have left the room.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import centre_in
from client.ui.widgets.text import IconLabel, Label


class AwayCover(QWidget):
    """Covers the program.

    Attributes:
        lift_wanted: The member says that they have left the room; only offered without a link.
    """

    lift_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Cất thiết bị"))
        card = Card(padding=40)
        card.setFixedWidth(min(tokens().measures.text(600), 820))
        card.column.setSpacing(GAP * 2)
        card.column.addWidget(
            IconLabel("secret", "primary", side=tokens().measures.text(64)), 0, Qt.AlignmentFlag.AlignHCenter
        )
        lines = (
            (tr("Cất thiết bị"), "display"),
            (tr("Nội dung đang họp yêu cầu cất thiết bị. Màn hình mở lại khi Thư ký cho phép."), "body"),
            (tr("Mọi việc đã lưu được giữ nguyên; không biểu quyết trên máy trong lúc này."), "note"),
        )
        for text, role in lines:
            label = Label(text, role)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            card.column.addWidget(label)
        self._lost = Label(tr("Đang mất kết nối với phiên họp nên máy có thể không nhận được lệnh mở lại."), "note")
        self._lost.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.lift_button = Button(tr("Tôi đã rời phòng họp – mở màn hình"), "unlock")
        self.lift_button.clicked.connect(self.lift_wanted)
        card.column.addWidget(self._lost)
        card.column.addWidget(self.lift_button, 0, Qt.AlignmentFlag.AlignHCenter)
        centre_in(self, card)
        self.show_link(lost=False)

    def show_link(self, *, lost: bool) -> None:
        """Whether the session can be reached."""
        self._lost.setVisible(lost)
        self.lift_button.setVisible(lost)
