# SPDX-License-Identifier: AGPL-3.0-or-later
"""A paper that was replaced: the newer version is offered, never forced; and the way to what changed in it.

The button is there only when it leads somewhere.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from client.store import replaced
from client.ui import navigator as places
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.screens.reader_layout import add_button
from client.ui.screens.reader_loading import Found
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import ToolButton


class ChangesWay(QObject):
    """One reader's way.

    Args:
        button: Shown while the open paper, or a newer one in its place, has an earlier version.
        open_newer: Opens the version that can be read now.

    Attributes:
        newer: Says that there is one.
    """

    def __init__(
        self,
        ctx: AppContext,
        tasks: Tasks,
        navigator: places.Navigator,
        button: ToolButton,
        open_newer: Callable[[], object],
    ) -> None:
        super().__init__(button)
        self.newer = Banner(tone=Tone.INFO, icon_name="document_changed")
        add_button(self.newer, tr("Mở bản mới"), open_newer)
        add_button(self.newer, tr("Có gì thay đổi"), self.go)
        self._ctx, self._tasks, self._navigator, self._button = ctx, tasks, navigator, button
        self._found: Found | None = None
        button.clicked.connect(self.go)

    def begin(self, found: Found | None) -> None:
        """Another paper, or none."""
        self._found = found
        self._button.hide()
        self.newer.set("")
        self.look()

    def compare(self, now: Found) -> None:
        """What the store has in the open paper's place now."""
        found = self._found
        if found is not None and now.paper.id == found.paper.id:
            newer = now.plain != found.plain
            self.newer.set(tr("Tài liệu này đã có bản mới.") if newer else "", Tone.INFO, "document_changed")
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
