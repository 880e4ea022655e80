# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which body is open, and how to open another: a stripe in the body's colour with its name, and one button per body.

The colour only helps the eye; the name always stands beside it. With a single body there is no stripe and no row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.domain.bodies import Body
from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, Colours, Tone
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import FlowLayout
from client.ui.widgets.text import Label

_TONES: Final = (Tone.INFO, Tone.OK, Tone.WARNING, Tone.LIVE)
_STRIPE: Final = 6


class BodySwitch(Struct, frozen=True):
    """The bodies, and what the buttons do (on the GUI thread).

    Args:
        bodies: By name of their profiles.
        switch: Opens the profile of that name.
        add: Begins the enrolment with one more body; None where policy fixes the service.
    """

    bodies: tuple[Body, ...]
    switch: Callable[[str], None]
    add: Callable[[], None] | None

    @property
    def several(self) -> bool:
        """Whether there is anything to tell apart."""
        return len(self.bodies) > 1 or any(not body.here for body in self.bodies)

    @property
    def name(self) -> str:
        """Of the body that is open; empty where there is only one."""
        return next((body.name for body in self.bodies if body.here), "") if self.several else ""

    def tone(self) -> Tone:
        """The colour of the body that is open, by its profile's number: another body that is added changes none."""
        here = next((body.profile for body in self.bodies if body.here), "")
        number = here.rpartition("-")[2]
        return _TONES[(int(number) - 1 if number.isdecimal() else 0) % len(_TONES)]


class BodyStripe(QWidget):
    """A line in the colour of the body that is open; hidden where there is only one."""

    def __init__(self, bodies: BodySwitch | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = Tone.INFO if bodies is None else bodies.tone()
        here = [body.name for body in (() if bodies is None else bodies.bodies) if body.here]
        self.setAccessibleName(tr("Cơ quan: {name}").format(name=here[0]) if here else "")
        self.setToolTip(here[0] if here else "")
        self.setFixedHeight(_STRIPE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(bodies is not None and bodies.several)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(stripe_colour(tokens().colours, self._tone)))
        painter.end()


def stripe_colour(colours: Colours, tone: Tone) -> str:
    """A colour that stands out from the ground: words on the red of a session are white."""
    pair = colours.tone(tone)
    return pair.ground if tone is Tone.LIVE else pair.ink


class BodyRow(QWidget):
    """A button for each other body, the name of the one that is open, and one to add a body."""

    def __init__(self, bodies: BodySwitch, *, with_add: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = FlowLayout(self)
        row.setSpacing(GAP)
        self.buttons: dict[str, Button] = {}
        for body in bodies.bodies:
            if body.here:
                continue
            button = Button(tr("Chuyển sang {name}").format(name=body.name), "people")
            button.clicked.connect(lambda _checked=False, name=body.profile: bodies.switch(name))
            self.buttons[body.profile] = button
            row.addWidget(button)
        self.add = Button(tr("Thêm cơ quan…"), "add", variant="plain")
        if bodies.add is not None and with_add:
            self.add.clicked.connect(bodies.add)
            row.addWidget(self.add)
        else:
            self.add.hide()


class BodiesCard(Card):
    """Settings: the bodies on this machine."""

    def __init__(self, bodies: BodySwitch) -> None:
        super().__init__()
        self.column.addWidget(Label(tr("Các cơ quan"), "heading"))
        for body in bodies.bodies:
            if body.here:
                self.column.addWidget(BodyStripe(bodies))
                self.column.addWidget(Label(tr("Đang mở: {name}").format(name=body.name), "strong"))
        self.row = BodyRow(bodies)
        self.column.addWidget(self.row)
        words = tr("Mỗi cơ quan có kho, khóa và kết nối riêng. Chuyển sang cơ quan khác thì cần mã PIN của cơ quan đó.")
        self.column.addWidget(Label(words, "small"))
