# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member does in a live session, handed to ``client.sync.acts`` and told in words. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from client.domain.ids import ItemId
from client.domain.live import ActText, LiveSession, SessionAct, SessionDraft, WithdrawRequest
from client.domain.outbox import OutboxItem
from client.errors import EcabinetError
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Navigator
from client.ui.tasks import Tasks


class SessionActs(QObject):
    """Signs and saves acts in a session.

    Args:
        navigator: Says what was done.
    """

    def __init__(self, ctx: AppContext, tasks: Tasks, navigator: Navigator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx, self._tasks, self._navigator = ctx, tasks, navigator

    def do(
        self,
        live: LiveSession,
        act: SessionAct,
        *,
        said: str,
        text: ActText | None = None,
        saved: Callable[[OutboxItem], object] = lambda _item: None,
        failed: Callable[[EcabinetError], object] | None = None,
    ) -> None:
        """Sign and save one act.

        Args:
            live: The session.
            act: What is done.
            said: What a screen reader hears once it is saved.
            text: Words that are sealed to the secretariat.
            saved: Called after it was saved.
            failed: Called when it was not; without it the workspace says so.
        """
        draft = SessionDraft(live.session, live.pack, act, text)

        def done(item: OutboxItem) -> None:
            self._navigator.announce(said)
            saved(item)

        self._tasks.run(self._ctx.acts.act_in_session(draft), done, failed, owner=self)

    def withdraw(self, live: LiveSession, item: ItemId) -> None:
        """Take a request to speak back."""
        self.do(live, WithdrawRequest(item), said=tr("Đã rút đăng ký phát biểu"))
