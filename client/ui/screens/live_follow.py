# SPDX-License-Identifier: AGPL-3.0-or-later
"""Following the presenter's page. It is the member's own wish and ends with the member's own hand.

Rules:
1. Off unless the member ticks it.
2. A stroke, scroll, key, zoom or page of the member's own ends it at once, before the page moves again.
3. It turns pages of the reader and nothing else: it never leaves a ballot, a sheet or a note that is being written.
"""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from client.domain.ids import PackId
from client.ui import navigator as places
from client.ui.models.live import ShownPage
from client.viewer.view.page_view import PageView

_BY_HAND: Final = frozenset(
    {
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.KeyPress,
        QEvent.Type.NativeGesture,
    }
)
_WRITING: Final = (QLineEdit, QPlainTextEdit, QTextEdit)


class Reader(Protocol):
    """What following needs of the workspace."""

    route: places.Route | None

    def turn_to(self, route: places.Paper) -> None:
        """Show a page; turning pages of the reader leaves no trace in the history."""
        ...


class Follower(QObject):
    """Follows one presenter.

    Attributes:
        changed: Whether it follows now.
        left: The member's own hand ended it; the presenter's page is elsewhere.

    Args:
        reader: Turns pages.
    """

    changed = Signal(bool)

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._target: places.Paper | None = None
        self._watched: PageView | None = None
        self._arrived = False
        self._turning = False
        self.on = False
        self.left = False

    def start(self) -> None:
        """Follow from now on; go to the page at once."""
        self.on, self.left = True, False
        self.changed.emit(True)
        self._turn()

    def stop(self) -> None:
        """The member unticked it."""
        self._end(by_hand=False)

    def show(self, pack: PackId, page: ShownPage | None) -> None:
        """The presenter shows ``page`` now; None shows nothing and moves nothing."""
        target = None if page is None else places.Paper(pack, page.paper.id, page.page)
        if target == self._target:
            return
        self._target = target
        if self.on:
            self._turn()

    def go_once(self) -> None:
        """To the presenter's page, without following."""
        self.left = False
        if self._target is not None:
            self._reader.turn_to(self._target)
        self.changed.emit(self.on)

    def route_changed(self, route: places.Route) -> None:
        """The workspace went somewhere; not by this follower means by the member."""
        if self.on and not self._turning and route != self._target:
            self._end(by_hand=True)

    def watch(self, canvas: PageView) -> None:
        """Look at the member's hand on the page view, while following."""
        if not self.on or self._target is None:
            return
        self._arrived = canvas.page == self._target.page
        if canvas is not self._watched:
            self._watched = canvas
            canvas.installEventFilter(self)
            canvas.viewport().installEventFilter(self)
            canvas.page_changed.connect(self._on_page)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rule 2; the event itself goes on its way."""
        if event.type() in _BY_HAND and self.on:
            self._end(by_hand=True)
        return super().eventFilter(watched, event)

    def _on_page(self, page: int) -> None:
        """A page that is not the presenter's, once that one was reached, was turned by the member (contents, pad)."""
        if not self.on or self._target is None:
            return
        if page == self._target.page:
            self._arrived = True
        elif self._arrived and not self._turning:
            self._end(by_hand=True)

    def _turn(self) -> None:
        if self._target is None:
            return
        if QApplication.activeModalWidget() is not None or isinstance(QApplication.focusWidget(), _WRITING):
            self._end(by_hand=True)
            return
        self._turning = True
        try:
            self._reader.turn_to(self._target)
        finally:
            self._turning = False

    def _end(self, *, by_hand: bool) -> None:
        if not self.on:
            return
        self.on, self.left = False, by_hand
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched.viewport().removeEventFilter(self)
            self._watched.page_changed.disconnect(self._on_page)
            self._watched = None
        self.changed.emit(False)
