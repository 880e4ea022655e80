# SPDX-License-Identifier: AGPL-3.0-or-later
"""One calm line on home when a newer program was announced; "Để sau" silences it.

Nothing can be installed from here: IT staff do. A newer version that was put off is not said again until another one is
announced; one below which the program should no longer be used comes back the next day.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from PySide6.QtWidgets import QWidget

from client.clock import Millis
from client.domain.releases import ReleaseNews, Standing
from client.store import settings
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.screens.settings_version import news_sentence
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button

MEMORY: Final = "releases.put_off"
_AGAIN_MS: Final = 86_400_000
_TOLD: Final = {Standing.NEWER: Tone.INFO, Standing.TOO_OLD: Tone.WARNING}


class PutOff(Struct, frozen=True):
    """What the member put off, and when."""

    version: str = ""
    standing: Standing = Standing.UNKNOWN
    at: Millis = Millis(0)


def is_told(news: ReleaseNews | None, put_off: PutOff, now: Millis) -> bool:
    """Whether home says it now."""
    if news is None or news.standing not in _TOLD:
        return False
    same = (news.version, news.standing) == (put_off.version, put_off.standing)
    return not same or (news.standing is Standing.TOO_OLD and now - put_off.at >= _AGAIN_MS)


class ReleaseBar(Banner):
    """Says what ``ctx.release_news`` knows."""

    def __init__(self, ctx: AppContext, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(tone=Tone.INFO, parent=parent)
        self._ctx, self._tasks = ctx, tasks
        self._put_off: PutOff | None = None
        self._news: ReleaseNews | None = None
        self._wanted = False
        self.later = Button(tr("Để sau"), variant="plain")
        self.later.clicked.connect(self._put_it_off)
        self.buttons.addWidget(self.later)
        tasks.run(ctx.record.read(lambda conn: settings.get(conn, MEMORY, PutOff, PutOff())), self._take, owner=self)

    def set_wanted(self, wanted: bool) -> None:
        """Whether the place shown is home."""
        self._wanted = wanted
        self.look()

    def look(self) -> None:
        """Ask again what is known."""
        if self._put_off is None:
            return
        self._news = self._ctx.release_news() if self._wanted else None
        told = self._news if is_told(self._news, self._put_off, self._ctx.now()) else None
        if told is None:
            self.set("")
        else:
            self.set(news_sentence(told), _TOLD[told.standing], "download")

    def _take(self, put_off: PutOff) -> None:
        self._put_off = put_off
        self.look()

    def _put_it_off(self) -> None:
        if self._news is not None:
            kept = PutOff(self._news.version, self._news.standing, self._ctx.now())
            self._ctx.record.write(lambda conn: settings.put(conn, MEMORY, kept))
            self._take(kept)
