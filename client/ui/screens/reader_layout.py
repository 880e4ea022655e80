# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the reader's parts stand: title above, notices, panel beside the page, tools at the bottom edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from client.ui.theme.tokens import GAP
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import hbox


def add_button(banner: Banner, text: str, slot: Callable[[], object]) -> Button:
    """What to do about a notice."""
    button = Button(text)
    button.clicked.connect(slot)
    banner.buttons.addWidget(button)
    return button


def lay_out(
    screen: QWidget,
    *,
    top: QWidget,
    notices: Sequence[QWidget],
    panel: QWidget,
    page: QWidget,
    bottom: QWidget,
    left: bool,
) -> None:
    """Put the parts of a reader in their places; ``left`` mirrors panel and page for the left hand."""
    body = hbox(panel)
    body.addWidget(page, 1)
    body.setContentsMargins(GAP, 0, GAP, 0)
    if left:
        body.setDirection(QBoxLayout.Direction.RightToLeft)
    column = QVBoxLayout(screen)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(top)
    between = QVBoxLayout()
    between.setContentsMargins(GAP, 0, GAP, GAP // 2)
    between.setSpacing(GAP // 2)
    for notice in notices:
        between.addWidget(notice)
    column.addLayout(between)
    column.addLayout(body, 1)
    edge = QVBoxLayout()
    edge.setContentsMargins(GAP, GAP, GAP, GAP)
    edge.addWidget(bottom)
    column.addLayout(edge)
