# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reminds the member, with or without a network: one calm line in the window, and a word outside it by day.

Computed anew from the store each time; what was said and what the member took note of is kept there, so that nothing
is said twice after a restart. Nothing takes the focus or turns a page. While devices are to be put away, in the
practice world, and when the member switched reminders off, nothing is said at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from client.clock import Millis
from client.domain.ids import PackId, PollId
from client.domain.reminders import (
    Local,
    Reminder,
    ReminderKind,
    fresh,
    in_force,
    is_night,
    next_change,
    schedule,
)
from client.store import settings
from client.store.changes import ChangeSet, Topic
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.home import HomeView
from client.ui.models.reads import read_home
from client.ui.models.reminders import in_words, occasions_of
from client.ui.navigator import Meeting, Navigator
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button

MEMORY: Final = "reminders"
_TOPICS: Final = frozenset({Topic.PACKS, Topic.POLLS, Topic.OUTBOX, Topic.LIVE})
_COALESCE_MS: Final = 2_000
_LONGEST_MS: Final = 600_000
"""Look at the clock at least this often: a timer does not run while the machine sleeps."""


class Memory(Struct, frozen=True):
    """Marks that were said outside the window, and marks the member took note of."""

    said: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()


class ReminderDesk(QObject):
    """One for the workspace.

    Attributes:
        outside: ``ReminderKind`` to be said outside the window, where the window is not looked at.

    Args:
        quiet: Whether nothing may be said now (devices are to be put away).
        local: Wall-clock time where the machine stands.
    """

    outside = Signal(object)

    def __init__(
        self,
        ctx: AppContext,
        bridge: Bridge,
        tasks: Tasks,
        navigator: Navigator,
        parent: QWidget,
        *,
        quiet: Callable[[], bool],
        local: Local,
    ) -> None:
        super().__init__(parent)
        self._ctx, self._tasks, self._quiet, self._local = ctx, tasks, quiet, local
        self._memory: Memory | None = None
        self._plan: tuple[Reminder, ...] = ()
        self.bar = ReminderBar(navigator, parent)
        self.bar.noted.connect(self._note)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.look)
        if ctx.practice:
            return
        bridge.changed.connect(self._on_changed)
        ctx.preferences.changed.connect(self._on_settings)
        self._tasks.run(ctx.record.read(lambda c: settings.get(c, MEMORY, Memory, Memory())), self._remember)

    def look(self) -> None:
        """Read what there is and say what is due."""
        if self._memory is None:
            return
        if not self._ctx.settings.reminders:
            self._timer.stop()
            self._plan = ()
            self._say()
            return
        self._tasks.run(read_home(self._ctx.record, self._ctx.clock, self._ctx.viewer), self._take)

    def _remember(self, memory: Memory) -> None:
        self._memory = memory
        self.look()

    def _take(self, home: HomeView) -> None:
        now = self._ctx.now()
        self._plan = schedule(occasions_of(home, self._ctx.engine.status().lease), now, self._local)
        self._say()
        due = next_change(self._plan, now)
        wait = _LONGEST_MS if due is None else min(_LONGEST_MS, max(1_000, due - now))
        self._timer.start(wait)

    def _say(self) -> None:
        assert self._memory is not None
        now, memory = self._ctx.now(), self._memory
        current = () if self._quiet() else in_force(self._plan, now)
        self.bar.show_reminders(fresh(current, frozenset(memory.noted)), now)
        if is_night(now, self._local):
            return
        told = fresh(current, frozenset(memory.said) | frozenset(memory.noted))
        if told:
            self._keep(Memory((*memory.said, *(each.key for each in told)), memory.noted))
            self.outside.emit(told[0].occasion.kind)

    def _note(self, reminder: Reminder) -> None:
        memory = self._memory
        if memory is not None:
            self._keep(Memory(memory.said, (*memory.noted, reminder.key)))
            self._say()

    def _keep(self, memory: Memory) -> None:
        """What is no longer planned is forgotten."""
        known = {reminder.key for reminder in self._plan}
        kept = Memory(*(tuple(dict.fromkeys(k for k in keys if k in known)) for keys in (memory.said, memory.noted)))
        self._memory = kept
        self._ctx.record.write(lambda conn: settings.put(conn, MEMORY, kept))

    def _on_changed(self, changes: ChangeSet) -> None:
        if changes.topics & _TOPICS and self._memory is not None:
            self._timer.start(_COALESCE_MS)

    def _on_settings(self, _settings: object) -> None:
        self.look()


class ReminderBar(Banner):
    """The most urgent reminder the member has not taken note of.

    Attributes:
        noted: The ``Reminder`` whose "Đã biết" was pressed, or that was followed.
    """

    noted = Signal(object)

    def __init__(self, navigator: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(tone=Tone.INFO, parent=parent)
        self._navigator = navigator
        self._wanted = True
        self._first: Reminder | None = None
        self.go = Button(tr("Mở"), variant="plain")
        self.go.clicked.connect(self._open)
        self.known = Button(tr("Đã biết"), "check", variant="plain")
        self.known.clicked.connect(self._known)
        for button in (self.go, self.known):
            self.buttons.addWidget(button)

    def show_reminders(self, reminders: tuple[Reminder, ...], now: Millis) -> None:
        """Say the first; the lease is said by the line about the connection."""
        shown = [each for each in reminders if each.occasion.kind is not ReminderKind.LEASE]
        self._first = shown[0] if shown else None
        self.set("" if self._first is None else in_words(self._first, now), Tone.INFO, "clock")
        self.set_wanted(self._wanted)

    def set_wanted(self, wanted: bool) -> None:
        """Whether the place shown is one for reminders."""
        self._wanted = wanted
        self.setVisible(wanted and self._first is not None)

    def _open(self) -> None:
        first = self._first
        if first is None:
            return
        self.noted.emit(first)
        if first.occasion.kind in {ReminderKind.BALLOT, ReminderKind.SERVED}:
            self._navigator.open_ballot(PollId(first.occasion.subject))
        elif first.occasion.kind is ReminderKind.COMMENTS:
            self._navigator.go(Meeting(PackId(first.occasion.subject), comments=True))
        else:
            self._navigator.open_session(PackId(first.occasion.subject))

    def _known(self) -> None:
        if self._first is not None:
            self.noted.emit(self._first)
