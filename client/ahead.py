# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is made ready while the member looks at the lock screen and types: nothing of it stands before the first paint.

In this order, because each is needed earlier than the next:

1. The render process, right after the paint: it starts by itself on another core.
2. Keystore and vault, loaded by the screen in front when it asks them how they stand: until then it takes no PIN, so
   nothing else is loaded beside them.
3. The client, the home screen, the reader: after the vault has answered, while digits are typed.
"""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Final

from client.surroundings import Surroundings, make_render_host

if TYPE_CHECKING:
    from client.viewer.host import RenderHost

_SOON: Final = (
    "client.opening",
    "client.ui.situations",
    "client.ui.preferences",
    "client.ui.auto_lock",
    "client.ui.network",
    "client.ui.workspace",
    "client.ui.screens.sessions",
    "client.ui.screens.reader",
)


class Ahead:
    """Of one program; every method may take long and belongs on a worker thread.

    Args:
        around: What the machine provides, with the receiver of render events.
    """

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._lock = threading.Lock()
        self._render: RenderHost | None = None

    def render(self) -> RenderHost:
        """The render host, started; made by whoever asks first."""
        with self._lock:
            if self._render is None:
                self._render = make_render_host(self._around)
                self._render.start()
            return self._render

    def load(self) -> None:
        """The modules that the home screen and the reader need, and what they look up once."""
        for name in _SOON:
            importlib.import_module(name)
        from client.build_info import program_version
        from client.ui import warm

        program_version()
        warm.ahead()

    def stop(self) -> None:
        """Stop the render process, if it runs; the next one to ask gets another."""
        with self._lock:
            render, self._render = self._render, None
        if render is not None:
            render.stop()
