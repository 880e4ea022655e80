# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way from one body to another: to a profile that is here, or to a new one whose trust root the member brings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from client.errors import EcabinetError
from client.launch import load_root
from client.paths import ProfilePaths, new_sibling, siblings
from client.ui.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from client.protocol.messages import Root


class BodyDoor:
    """What the buttons of the switcher do, on the GUI thread.

    Args:
        window: Parent of the file dialog.
        paths: The profile that is open.
        move_to: Closes it and opens another one, with its trust root if it is new.
        tell: Says an error.
    """

    def __init__(
        self,
        window: QWidget,
        paths: ProfilePaths,
        move_to: Callable[[ProfilePaths, Root | None], None],
        tell: Callable[[EcabinetError], None],
    ) -> None:
        self._window, self._paths, self._move_to, self._tell = window, paths, move_to, tell

    def switch(self, name: str) -> None:
        """Open the profile of this name."""
        wanted = next((each for each in siblings(self._paths) if each.base.name == name), None)
        if wanted is not None and wanted != self._paths:
            self._move_to(wanted, None)

    def add(self) -> None:
        """Ask for the trust root of one more body, then enrol with it beside what is here."""
        from PySide6.QtWidgets import QFileDialog  # only here: this module is loaded before the first paint

        ask = QFileDialog(self._window, tr("Chọn tệp gốc tin cậy của cơ quan"))
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.fileSelected.connect(self.add_with_root)
        ask.open()

    def add_with_root(self, file: str) -> None:
        """The trust root was chosen."""
        try:
            root = load_root(Path(file))
        except EcabinetError as error:
            self._tell(error)
        else:
            self._move_to(new_sibling(self._paths), root)
