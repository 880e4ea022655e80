# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers that were replaced: their versions, which of them the member last read, which notes wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass

from client.domain.ids import Hash, PackId, PaperId
from client.domain.pack import PackState
from client.domain.paper import PaperVersion
from client.store import carry, packs, reading
from client.store.carry import Carried
from client.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Replaced:
    """A paper and its versions.

    Attributes:
        versions: Oldest first, the readable one last.
        base: The version the member last read before the readable one; the one just before it if none was read.
        base_read: Whether it was read.
        doubts: Notes that wait for a decision.
    """

    versions: tuple[PaperVersion, ...]
    base: PaperVersion | None
    base_read: bool
    doubts: tuple[Carried, ...]

    @property
    def current(self) -> PaperVersion:
        """The version that can be read."""
        return self.versions[-1]

    def version(self, plain: Hash) -> PaperVersion | None:
        """A version by its hash; None for one that this device never had."""
        return next((one for one in self.versions if one.plain == plain), None)


def replaced(conn: Connection, pack: PackId, paper: PaperId) -> Replaced | None:
    """One paper; None when it cannot be read."""
    versions, _ = carry.versions(packs.all_revisions(conn), pack, paper)
    if not versions or versions[-1].plain is None:
        return None
    doubts = carry.doubtful(conn, [versions[-1].plain])
    earlier = [one for one in versions[:-1] if one.plain is not None]
    if not earlier:
        return Replaced(versions, None, base_read=False, doubts=doubts)
    read = set(reading.opened_hashes(conn, [one.plain for one in earlier if one.plain is not None]))
    base = next((one for one in reversed(earlier) if one.plain in read), None)
    return Replaced(versions, base or earlier[-1], base is not None, doubts)


Bases = dict[PaperId, tuple[Hash, Hash, int]]
"""The base, the readable version and the number of doubts, for papers with more than one version."""


def bases(conn: Connection, pack: PackId) -> Bases:
    """Replaced papers of a pack."""
    revisions = packs.all_revisions(conn)
    readable = [one for one in revisions if one.pack == pack and one.state is PackState.READY]
    found: Bases = {}
    for paper in (paper for one in readable for paper in one.papers if paper.plain is not None):
        versions, _ = carry.versions(revisions, pack, paper.id)
        earlier = [one.plain for one in versions[:-1] if one.plain is not None]
        if earlier and paper.plain is not None:
            read = set(reading.opened_hashes(conn, earlier))
            base = next((plain for plain in reversed(earlier) if plain in read), earlier[-1])
            found[paper.id] = (base, paper.plain, len(carry.doubtful(conn, [paper.plain])))
    return found
