# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed in a paper since the member last read it, and which notes wait for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from client.domain.ids import Hash, PackId, PaperId
from client.domain.pack import PackState
from client.domain.paper import PaperVersion
from client.store import carry, packs, page_words, reading
from client.store.carry import Carried
from client.store.connection import Connection
from client.viewer.changes import Summary, unpack_summary


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
    """From ``record.db``; None when the paper cannot be read."""
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


def summary_of(conn: Connection, found: Replaced) -> Summary | None:
    """From ``papers.db``; None while the two versions have not been compared."""
    if found.base is None or found.base.plain is None or found.current.plain is None:
        return None
    body = page_words.comparison(conn, found.base.plain, found.current.plain)
    return None if body is None else unpack_summary(body)


@dataclass(frozen=True, slots=True)
class News:
    """What a list says about a replaced paper.

    Attributes:
        pages: Pages to look at, counting from 0.
        doubts: How many notes wait for a decision.
    """

    pages: tuple[int, ...]
    doubts: int


Bases = dict[PaperId, tuple[Hash, Hash, int]]
"""The base, the readable version and the number of doubts, for papers with more than one version."""


def bases(conn: Connection, pack: PackId) -> Bases:
    """Replaced papers of a pack, from ``record.db``."""
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


def news(conn: Connection, found: Bases) -> dict[PaperId, News]:
    """What there is to say about them, from ``papers.db``; papers that have not been compared are left out."""
    said = {}
    for paper, (old, new, doubts) in found.items():
        body = page_words.comparison(conn, old, new)
        if body is not None:
            said[paper] = News(unpack_summary(body).new_pages, doubts)
    return said


def page_list(pages: Iterable[int], *, most: int = 6) -> str:
    """``3, 7, 19``: page numbers as people count, runs as ``4–9``, cut after ``most`` entries with an ellipsis."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    texts = [f"{a + 1}" if a == b else f"{a + 1}, {b + 1}" if b == a + 1 else f"{a + 1}–{b + 1}" for a, b in runs]
    return ", ".join(texts[:most]) + (" …" if len(texts) > most else "")
