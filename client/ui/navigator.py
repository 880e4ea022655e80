# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where one can be in the program, and how screens ask to go somewhere.

A route is a value; the main window keeps the history of routes and one screen object per kind of route. Structs, not
dataclasses: this module is loaded before the first paint, and a dozen dataclasses take as long as a screen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from client.domain.ids import PackId, PaperId, PollId


class Home(Struct, frozen=True):
    """My meetings."""


class Meeting(Struct, frozen=True):
    """One session: agenda, ballots, my comments; ``comments`` begins with those."""

    pack: PackId
    comments: bool = False


class Travel(Struct, frozen=True):
    """The travel check, of one meeting or of everything on this device."""

    pack: PackId | None = None


class Papers(Struct, frozen=True):
    """All papers on this device."""


class Paper(Struct, frozen=True):
    """The reader on one paper; ``page`` counts from 0, None reopens the last page; ``find`` is looked for there."""

    pack: PackId
    paper: PaperId
    page: int | None = None
    find: str = ""


class Changes(Struct, frozen=True):
    """What changed in a paper; ``doubts`` begins with the notes that wait for a decision."""

    pack: PackId
    paper: PaperId
    doubts: bool = False


class Notes(Struct, frozen=True):
    """The member's notes, of one pack or of all; ``paper`` shows only that one's."""

    pack: PackId | None = None
    paper: PaperId | None = None


class Ballots(Struct, frozen=True):
    """The list of ballots."""


class Ballot(Struct, frozen=True):
    """One ballot."""

    poll: PollId


class Outbox(Struct, frozen=True):
    """What waits to be sent, and receipts."""


class Search(Struct, frozen=True):
    """Full-text search; ``pack`` is the session one comes from, to look only there on wish."""

    query: str = ""
    pack: PackId | None = None


class Preferences(Struct, frozen=True):
    """Settings, device, diagnostics."""


class Storage(Struct, frozen=True):
    """Room on this device, and papers of what is over taken off."""


class Diagnostics(Struct, frozen=True):
    """How this machine is, for IT staff, and the bundle to hand over."""


Route = (
    Diagnostics
    | Home
    | Meeting
    | Travel
    | Papers
    | Paper
    | Changes
    | Notes
    | Ballots
    | Ballot
    | Outbox
    | Search
    | Preferences
    | Storage
)


class Navigator(Protocol):
    """What a screen may ask of the window."""

    def go(self, route: Route) -> None:
        """Show ``route`` and remember where we were."""
        ...

    def back(self) -> None:
        """Return to the previous route, or home."""
        ...

    def open_session(self, pack: PackId) -> None:
        """Show a meeting."""
        ...

    def open_paper(self, pack: PackId, paper: PaperId, page: int | None = None) -> None:
        """Open a paper in the reader."""
        ...

    def open_ballot(self, poll: PollId) -> None:
        """Show a ballot."""
        ...

    def open_outbox(self) -> None:
        """Show what waits."""
        ...

    def open_search(self, query: str = "") -> None:
        """Search."""
        ...

    def lock(self) -> None:
        """Lock the program now."""
        ...

    def practise(self) -> None:
        """Open the practice world in a window of its own."""
        ...

    def announce(self, text: str) -> None:
        """Say ``text`` to a screen reader."""
        ...

    def offer_undo(self, text: str, undo: Callable[[], object]) -> None:
        """Show ``text`` with an Undo button for some seconds; ``undo`` is called with no arguments."""
        ...
