# SPDX-License-Identifier: AGPL-3.0-or-later
"""What takes how much room on this device, and what of it may be taken off.

Only papers of what is over may go; what the member made (notes, votes, receipts) is never offered. Sizes are those of
the store, so that the parts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from client.clock import Clock
from client.domain.ids import Hash, PackId
from client.domain.pack import PackRevision
from client.store import packs, papers
from client.store.gate import Gate
from client.ui.models.home import HomeView, PackCard, PackShown
from client.ui.models.live import Viewer
from client.ui.models.reads import read_home

_OFF = frozenset({PackShown.TAKEN_OFF, PackShown.PAUSED})


@dataclass(frozen=True, slots=True)
class PackRoom:
    """One pack's papers.

    Attributes:
        bytes: What is here of them, every version that is kept.
        papers: How many.
        over: Whether they may be taken off.
    """

    card: PackCard
    bytes: int
    papers: int
    over: bool

    @property
    def off(self) -> bool:
        """Whether they can be fetched again by letting the pack go."""
        return self.card.shown in _OFF

    @property
    def can_go(self) -> bool:
        """Whether the member may take them off."""
        return self.over and self.bytes > 0


@dataclass(frozen=True, slots=True)
class StorageView:
    """The whole.

    Attributes:
        rest: Search index, pages kept ready and room inside the file.
        record: Notes, votes, comments, receipts and what belongs to them.
        free: Left on the disk; None where that is not known.
    """

    packs: tuple[PackRoom, ...]
    papers: int
    rest: int
    record: int
    free: int | None

    @property
    def removable(self) -> tuple[PackRoom, ...]:
        """What may be taken off at once."""
        return tuple(room for room in self.packs if room.can_go)


def read_storage(record: Gate, papers_gate: Gate, clock: Clock, viewer: Viewer, free: int | None) -> StorageView:
    """Measure; waits for both stores: not for the GUI thread."""
    home = read_home(record, clock, viewer)
    known = record.read(lambda conn: (packs.all_revisions(conn), papers.usage(conn)))
    sizes, usage = papers_gate.read(lambda conn: (papers.sizes(conn), papers.usage(conn))).result()
    revisions, record_bytes = known.result()
    return storage_view(home.result(), revisions, sizes, usage=usage, record=record_bytes, free=free)


def storage_view(
    home: HomeView,
    revisions: Iterable[PackRevision],
    sizes: Mapping[Hash, int],
    *,
    usage: int,
    record: int,
    free: int | None,
) -> StorageView:
    """Join what the stores say.

    Args:
        home: Which packs there are, and which are over.
        revisions: Every revision known.
        sizes: Bytes by blob.
        usage: Bytes of the papers' store.
        record: Bytes of the other store.
        free: Bytes left on the disk.
    """
    blobs: dict[PackId, set[Hash]] = {}
    for revision in revisions:
        here = {paper.blob for paper in revision.papers if paper.blob is not None and paper.blob in sizes}
        blobs.setdefault(revision.pack, set()).update(here)
    over = {card.pack for card in home.over}
    rooms = [
        PackRoom(card, sum(sizes[blob] for blob in mine), len(mine), over=card.pack in over)
        for card in home.all
        for mine in (blobs.get(card.pack, set()),)
    ]
    shown = [room for room in rooms if room.bytes or room.off]
    shown.sort(key=lambda room: (not room.over, -room.bytes, room.card.session.starts))
    total = sum(sizes.values())
    return StorageView(tuple(shown), total, max(0, usage - total), record, free)
