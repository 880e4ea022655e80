# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the home screen would make when it is first shown, made before: on a worker thread, while the PIN is typed.

Nothing here changes what is shown; without it home comes a little later. No widget is made and no pixmap drawn: those
belong to the windows' thread.
"""

from __future__ import annotations

from datetime import datetime

from client.ui.theme import icons


def ahead() -> None:
    """Python's wrappers of Qt's classes that a screen reader's words need, the drawings of icons, a module of dates."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    for made in (QAccessible, QAccessibleAnnouncementEvent):
        assert made is not None
    icons.read_ahead()
    datetime.strptime("2000", "%Y")  # noqa: DTZ007 - loads what it needs at the first call; the value is not used
