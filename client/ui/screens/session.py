# SPDX-License-Identifier: AGPL-3.0-or-later
"""The meeting screen: one pack in full width."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.store.changes import Topic
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Meeting, Navigator
from client.ui.screen import Screen
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.tasks import Tasks


class SessionScreen(Screen[Meeting]):
    """Agenda, ballots and my comments of one meeting."""

    TOPICS = frozenset(
        {Topic.PACKS, Topic.PAPERS, Topic.ANNOTATIONS, Topic.POLLS, Topic.OUTBOX, Topic.COMMENTS}
        | {Topic.READING, Topic.LIVE, Topic.TRUST, Topic.SHARED}
    )

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("session_screen")
        self.setAccessibleName(tr("Phiên họp"))
        self.panel = MeetingPanel(ctx, tasks, navigator, with_back=True)
        bridge.engine_event.connect(self.panel.on_engine)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)

    def enter(self, route: Meeting) -> None:
        """Show the meeting, at its comments if the route says so."""
        super().enter(route)
        if route.comments:
            self.panel.show_tab(Tab.COMMENTS)

    def refresh(self) -> None:
        """Read the meeting of the route again."""
        if self.route is not None:
            self.panel.show_pack(self.route.pack)

    def heading(self) -> str:
        """The session's title once it is known."""
        return self.panel.view.card.session.title if self.panel.view is not None else self.accessibleName()
