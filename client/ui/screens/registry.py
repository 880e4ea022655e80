# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which screen serves which kind of route. Modules are imported when their screen is first needed."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from client.ui import navigator as places
from client.ui.bridge import Bridge
from client.ui.tasks import Tasks

if TYPE_CHECKING:
    from client.ui.context import AppContext
    from client.ui.screen import Screen
    from client.ui.workspace import ScreenFactory

SCREENS: Final[dict[type[places.Route], tuple[str, str]]] = {
    places.Home: ("client.ui.screens.sessions", "SessionsScreen"),
    places.Meeting: ("client.ui.screens.session", "SessionScreen"),
    places.Travel: ("client.ui.screens.travel", "TravelScreen"),
    places.Papers: ("client.ui.screens.papers", "PapersScreen"),
    places.Paper: ("client.ui.screens.reader", "ReaderScreen"),
    places.Changes: ("client.ui.screens.changes", "ChangesScreen"),
    places.Notes: ("client.ui.screens.notes_list", "NotesScreen"),
    places.Ballots: ("client.ui.screens.ballots", "BallotsScreen"),
    places.Ballot: ("client.ui.screens.ballot", "BallotScreen"),
    places.Outbox: ("client.ui.screens.outbox", "OutboxScreen"),
    places.Search: ("client.ui.screens.search", "SearchScreen"),
    places.Diagnostics: ("client.ui.screens.diagnostics", "DiagnosticsScreen"),
    places.Storage: ("client.ui.screens.storage", "StorageScreen"),
    places.Preferences: ("client.ui.screens.settings", "SettingsScreen"),
}


def factories() -> Mapping[type[places.Route], ScreenFactory]:
    """One factory for each kind of route."""
    return {kind: _factory(module, name) for kind, (module, name) in SCREENS.items()}


def _factory(module: str, name: str) -> ScreenFactory:
    def make(
        ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: places.Navigator, parent: QWidget
    ) -> Screen[Any]:
        made: Screen[Any] = getattr(importlib.import_module(module), name)(ctx, bridge, tasks, navigator, parent)
        return made

    return make
