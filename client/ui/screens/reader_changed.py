# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way from a paper that was replaced to what changed in it, old and new side by side; there only when it leads."""

from __future__ import annotations

from PySide6.QtCore import QObject

from client.store import replaced
from client.ui import navigator as places
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.screens.reader_loading import Found
from client.ui.tasks import Tasks
from client.ui.widgets.button import ToolButton


class ChangesWay(QObject):
    """One reader's way.

    Args:
        button: Shown while the open paper, or a newer one in its place, has an earlier version.
    """

    def __init__(self, ctx: AppContext, tasks: Tasks, navigator: places.Navigator, button: ToolButton) -> None:
        super().__init__(button)
        self._ctx, self._tasks, self._navigator, self._button = ctx, tasks, navigator, button
        self._found: Found | None = None
        button.clicked.connect(self.go)

    def begin(self, found: Found | None) -> None:
        """Another paper, or none."""
        self._found = found
        self._button.hide()
        self.look()

    def look(self) -> None:
        """Whether there is an earlier version, and notes that wait for a decision."""
        found = self._found
        if found is None:
            return

        def show(bases: replaced.Bases) -> None:
            if self._found is not found:
                return
            base = bases.get(found.paper.id)
            self._button.setVisible(base is not None)
            doubts = base[2] if base is not None else 0
            name = tr("Có gì thay đổi")
            waits = tr("{n} ghi chú cần kiểm tra vị trí").format(n=doubts)
            self._button.setToolTip(f"{name}. {waits}" if doubts else name)
            self._button.setAccessibleName(self._button.toolTip())

        self._tasks.run(self._ctx.record.read(lambda conn: replaced.bases(conn, found.pack)), show, owner=self)

    def go(self) -> None:
        """To what changed since the version the member last read."""
        if self._found is not None:
            self._navigator.go(places.Changes(self._found.pack, self._found.paper.id))
