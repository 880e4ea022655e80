# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells a screen reader what changed without moving the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have ``text`` spoken, if a screen reader listens.

    Args:
        widget: Where it happened.
        text: One short sentence; never a secret.
        urgent: Interrupt what is being said (a vote opens, it is your turn).
    """
    if not text:
        return
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # nothing is said before the first paint

    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    event.setPoliteness(
        QAccessible.AnnouncementPoliteness.Assertive if urgent else QAccessible.AnnouncementPoliteness.Polite
    )
    QAccessible.updateAccessibility(event)
