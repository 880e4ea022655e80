# SPDX-License-Identifier: AGPL-3.0-or-later
"""The band over every screen of the practice world: it cannot be closed, only left."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.ui.i18n import tr
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button


class PracticeBanner(Banner):
    """Says what this is.

    Attributes:
        again_wanted: Begin anew.
        leave_wanted: Back to the real program.

    Args:
        pin: What signs in the practice.
    """

    again_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, pin: str, parent: QWidget | None = None) -> None:
        text = tr("TẬP DƯỢT – không phải phiếu thật. Mã PIN tập dượt: {pin}").format(pin=pin)
        super().__init__(text, Tone.PRACTICE, parent=parent)
        again = Button(tr("Làm lại từ đầu"), "undo")
        again.clicked.connect(self.again_wanted)
        leave = Button(tr("Thoát tập dượt"), "close")
        leave.clicked.connect(self.leave_wanted)
        self.buttons.addWidget(again)
        self.buttons.addWidget(leave)


def practice_title() -> str:
    """The practice window's title."""
    return tr("e-Cabinet – TẬP DƯỢT")
