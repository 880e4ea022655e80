# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screen of a device that does not open: what happened, what is safe, what to do, and the next step as a button.

Stands in front of everything like the lock screen and names no session, paper or member. Erasing takes a second press
beside words that say what goes; there is no undo for it, so there is a confirmation.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from client.ui.announce import announce
from client.ui.i18n import tr
from client.ui.situations import Facts, Kind, Step, Words, words
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import centre_in, hbox
from client.ui.widgets.text import IconLabel, Label

_DESTRUCTIVE: Final = frozenset({Step.START_OVER})


def _step_text(step: Step) -> tuple[str, str]:
    return {
        Step.SYNC: (tr("Kết nối lại"), "sync"),
        Step.RETRY: (tr("Thử lại"), "sync"),
        Step.BACK: (tr("Quay lại nhập mã PIN"), "back"),
        Step.START_OVER: (tr("Xóa và đăng ký lại"), "delete"),
        Step.SET_ASIDE: (tr("Cất dữ liệu cũ và đăng ký lại"), "key"),
        Step.ENROL: (tr("Đăng ký lại"), "key"),
    }[step]


class HeldScreen(QWidget):
    """Shows one situation.

    Attributes:
        chosen: The ``Step`` that was pressed, confirmed where it destroys.

    Args:
        kind: Why the device does not open.
        facts: For the words.
        contact: Who helps, from the policy; empty for none.
    """

    chosen = Signal(object)

    def __init__(self, kind: Kind, facts: Facts, *, contact: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("held_screen")
        self.setProperty("part", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.kind = kind
        shown = words(kind, facts)
        self.setAccessibleName(shown.title)
        self.trouble = Banner(tone=Tone.WARNING)
        self.confirm = Banner(tone=Tone.DANGER)
        self.buttons: dict[Step, Button] = {}
        card = Card(padding=EDGE + GAP)
        card.setFixedWidth(tokens().measures.target(640))
        card.column.setSpacing(GAP + 4)
        tone = tokens().colours.tone(shown.tone)
        icon = IconLabel(shown.icon, "ink", side=tokens().measures.text(40))
        icon.set_icon(shown.icon, tone.ink)
        card.column.addWidget(icon, 0, Qt.AlignmentFlag.AlignHCenter)
        title = Label(shown.title, "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card.column.addWidget(title)
        self._add_words(card, shown, contact)
        card.column.addWidget(self.trouble)
        self._add_buttons(card, shown)
        centre_in(self, card)

    def busy(self, text: str) -> None:
        """Say what is being done and take nothing meanwhile; empty for ready."""
        self.trouble.set(text, Tone.INFO, "clock")
        for button in self.buttons.values():
            button.setEnabled(not text)

    def say(self, text: str) -> None:
        """Say what went wrong; buttons act again."""
        self.busy("")
        self.trouble.set(text, Tone.WARNING)

    @staticmethod
    def _add_words(card: Card, shown: Words, contact: str) -> None:
        parts = [
            (tr("Chuyện gì đã xảy ra"), shown.happened),
            (tr("Những gì vẫn an toàn"), shown.safe),
            (tr("Việc cần làm"), f"{shown.todo} {contact}".strip()),
        ]
        for name, text in parts:
            card.column.addWidget(Label(name, "strong"))
            card.column.addWidget(Label(text))

    def _add_buttons(self, card: Card, shown: Words) -> None:
        for index, step in enumerate(shown.steps):
            text, icon_name = _step_text(step)
            first = index == 0 and step not in _DESTRUCTIVE
            variant = "primary" if first else "danger" if step in _DESTRUCTIVE else "secondary"
            button = Button(text, icon_name, variant=variant)
            button.clicked.connect(lambda _checked=False, step=step: self._press(step))
            self.buttons[step] = button
            card.column.addWidget(button)
        self.sure = Button(tr("Đúng, xóa vĩnh viễn"), "delete", variant="danger")
        self.sure.clicked.connect(lambda: self._choose(Step.START_OVER))
        self.keep = Button(tr("Không xóa"), "back")
        self.keep.clicked.connect(lambda: self._ask(ask=False))
        self._confirm_row = QWidget()
        self._confirm_row.setLayout(hbox(self.keep, None, self.sure))
        card.column.addWidget(self.confirm)
        card.column.addWidget(self._confirm_row)
        self._ask(ask=False)

    def _press(self, step: Step) -> None:
        if step in _DESTRUCTIVE:
            self._ask(ask=True)
        else:
            self._choose(step)

    def _ask(self, *, ask: bool) -> None:
        text = tr("Khóa, tài liệu, ghi chú và việc chưa gửi trên máy này sẽ mất vĩnh viễn. Không có cách lấy lại.")
        self.confirm.set(text if ask else "")
        self._confirm_row.setVisible(ask)
        for button in self.buttons.values():
            button.setVisible(not ask)
        if ask:
            self.keep.setFocus()
            announce(self, text)

    def _choose(self, step: Step) -> None:
        self._ask(ask=False)
        self.chosen.emit(step)
