# SPDX-License-Identifier: AGPL-3.0-or-later
"""The member's choices in force, and who is told when they change.

Choosing is at once; keeping is the caller's ``keep``, which writes ``record.db`` through its gate. What policy
fixed cannot be changed here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from client.policy import Policy
from client.settings import Settings


class Preferences(QObject):
    """Holds the current ``Settings``.

    Attributes:
        changed: ``Settings`` after a change.

    Args:
        settings: As read from the store.
        keep: Writes new settings; must not block.
        policy: What IT staff fixed.
    """

    changed = Signal(object)

    def __init__(
        self,
        settings: Settings,
        keep: Callable[[Settings], object],
        policy: Policy,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._policy = policy
        self._keep = keep
        self._current = self._bound(settings)

    @property
    def current(self) -> Settings:
        """The choices in force."""
        return self._current

    def is_fixed(self, name: str) -> bool:
        """Whether policy decides the setting of that name."""
        return getattr(self._policy, name, None) is not None

    def change(self, **choices: Any) -> None:
        """Put choices in force (fields of ``Settings``), keep them and tell everyone."""
        wanted = self._bound(msgspec.structs.replace(self._current, **choices))
        if wanted == self._current:
            return
        self._current = wanted
        self._keep(wanted)
        self.changed.emit(wanted)

    def _bound(self, settings: Settings) -> Settings:
        fixed = {name: getattr(self._policy, name) for name in ("auto_lock_s", "language") if self.is_fixed(name)}
        return msgspec.structs.replace(settings, **fixed)
