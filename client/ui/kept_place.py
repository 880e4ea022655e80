# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the member is, kept in the encrypted store while the program runs, so that a crash costs no way back.

A program that ends in the ordinary way forgets the place and starts at home. A place that is still there was left
by a crash or a loss of power.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from client.store.place import Place
from client.ui import navigator as places

_KINDS: Final[dict[str, type[Any]]] = {
    kind.__name__: kind
    for kind in (
        places.Home,
        places.Meeting,
        places.Papers,
        places.Paper,
        places.Ballots,
        places.Ballot,
        places.Outbox,
        places.Preferences,
        places.Diagnostics,
        places.Storage,
    )
}
"""Not the search: what was searched for is nobody's business after a crash."""


def place_of(route: places.Route) -> Place:
    """``route`` as the store keeps it."""
    kind = type(route).__name__
    if kind not in _KINDS:
        return Place()
    return Place(kind, {name: getattr(route, name) for name in route.__struct_fields__})


def route_of(place: Place) -> places.Route | None:
    """The route kept as ``place``; None when there is none, or one of another version of the program."""
    kind = _KINDS.get(place.kind)
    if kind is None:
        return None
    try:
        route: places.Route = msgspec.convert(place.where, kind)
    except msgspec.ValidationError:
        return None
    return route
