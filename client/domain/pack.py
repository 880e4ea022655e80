# SPDX-License-Identifier: AGPL-3.0-or-later
"""A pack's life on the device, as a transition table (protocol.md, section 10).

``READY`` of revision n stays readable until n+1 is ``READY``; only then does n become ``SUPERSEDED``.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

from client.domain.ids import Hash, Moment, PackId, PaperId
from client.domain.paper import PaperVersion
from client.domain.session import Session


class PackState(Enum):
    """Where a revision of a pack stands on this device."""

    KNOWN = "known"
    KEYED = "keyed"
    MANIFEST_OK = "manifest_ok"
    FETCHING = "fetching"
    READY = "ready"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    SHREDDED = "shredded"
    BLOCKED = "blocked"


TRANSITIONS: Final[dict[PackState, frozenset[PackState]]] = {
    PackState.KNOWN: frozenset({PackState.KEYED, PackState.BLOCKED, PackState.SUPERSEDED}),
    PackState.KEYED: frozenset({PackState.MANIFEST_OK, PackState.BLOCKED, PackState.SUPERSEDED}),
    PackState.MANIFEST_OK: frozenset({PackState.FETCHING, PackState.READY, PackState.BLOCKED, PackState.SUPERSEDED}),
    PackState.FETCHING: frozenset({PackState.READY, PackState.BLOCKED, PackState.SUPERSEDED}),
    PackState.READY: frozenset({PackState.FETCHING, PackState.SUPERSEDED, PackState.EXPIRED}),
    PackState.SUPERSEDED: frozenset({PackState.SHREDDED}),
    PackState.EXPIRED: frozenset({PackState.SHREDDED}),
    PackState.SHREDDED: frozenset(),
    PackState.BLOCKED: frozenset({PackState.KNOWN, PackState.SUPERSEDED, PackState.SHREDDED}),
}
"""``READY -> FETCHING`` happens only when ``papers.db`` was lost and the papers must be fetched again."""


def may_move(current: PackState, target: PackState) -> bool:
    """Whether the arrow exists."""
    return target in TRANSITIONS[current]


class PackRevision(Struct, frozen=True, forbid_unknown_fields=True):
    """One revision of a pack as the device keeps it.

    Attributes:
        manifest: Hash of the manifest's payload.
        done_bytes, total_bytes: Sealed bytes fetched of those the revision needs.
        reason: Error code when blocked.
        changed: Papers whose version differs from the revision the member had before.
    """

    pack: PackId
    rev: int
    state: PackState
    session: Session | None = None
    papers: tuple[PaperVersion, ...] = ()
    manifest: Hash | None = None
    read_until: Moment | None = None
    done_bytes: int = 0
    total_bytes: int = 0
    reason: str = ""
    changed: tuple[PaperId, ...] = ()
