# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps an unfinished form: shortly after each change, at once when asked or when the ballot is left.

Says "Đã lưu nháp" only after the store has committed; a failure is said and the next change tries again. A draft
is never sent and never shown as a vote.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from client.clock import Clock
from client.domain.ids import PollId
from client.errors import EcabinetError
from client.store import outbox
from client.store.gate import Gate
from client.ui.screens.ballot_entry import Entry, draft_of
from client.ui.tasks import Tasks

AUTOSAVE_MS: Final = 600


class DraftKeeper(QObject):
    """One unfinished form at a time.

    Attributes:
        kept: Committed; UTC milliseconds.
        failed: ``EcabinetError``: not kept.
    """

    kept = Signal(object)
    failed = Signal(object)

    def __init__(self, record: Gate, tasks: Tasks, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._record, self._tasks, self._clock = record, tasks, clock
        self._poll: PollId | None = None
        self._entry = Entry()
        self._dirty = False
        self._round = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.flush)

    @property
    def dirty(self) -> bool:
        """Whether something is not committed yet."""
        return self._dirty

    def keep(self, poll: PollId, entry: Entry) -> None:
        """Keep ``entry`` soon."""
        if self._dirty and poll != self._poll:
            self.flush()
        self._poll, self._entry, self._dirty = poll, entry, True
        self._timer.start()

    def flush(self) -> None:
        """Keep what is not kept, now."""
        self._timer.stop()
        poll, entry = self._poll, self._entry
        if poll is None or not self._dirty:
            return
        self._dirty = False
        self._round += 1
        this = self._round
        draft = draft_of(entry)
        future = self._record.write(
            lambda c: (
                outbox.drop_draft(c, poll)
                if entry.empty
                else outbox.save_draft(c, poll, draft.answers, draft.mode, draft.reason)
            )
        )
        self._tasks.run(future, lambda _: self._done(this), lambda error: self._failed(this, error), owner=self)

    def forget(self, poll: PollId) -> None:
        """It became a vote: nothing of it to keep any more."""
        if poll == self._poll:
            self._timer.stop()
            self._poll, self._entry, self._dirty = None, Entry(), False

    def _done(self, asked: int) -> None:
        if asked == self._round and not self._dirty:
            self.kept.emit(self._clock.now())

    def _failed(self, asked: int, error: EcabinetError) -> None:
        if asked == self._round and self._poll is not None:
            self._dirty = True  # kept in memory: the next change, the button or leaving tries again
            self.failed.emit(error)
