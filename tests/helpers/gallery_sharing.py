# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is shared and received on the device of the gallery: an aide's notes on the draft, sheets of a meeting."""

from __future__ import annotations

from typing import Final

from client.crypto import hashing
from client.domain.annotation import Highlight, InkStroke, Quote, TextNote
from client.domain.handover import HandOver, SheetItem, SheetNote
from client.domain.ids import AnnotationId, DeviceId, Hash, ItemId, MemberId, Moment, PackId, PaperId
from client.domain.live import Position
from client.domain.sharing import ShareChange
from client.store import arrivals, received, share_chains, shares
from client.store.changes import Written
from client.store.connection import Connection
from client.store.notes import Waiting
from client.viewer.ink import InkPoint, pack_points
from tests.helpers.reader_world import DRAFT, ReaderWorld
from tests.helpers.replaced import line_rects, words_of
from tests.helpers.ui_world import UiWorld

AIDE, OTHER, THIRD = MemberId("m_003"), MemberId("m_005"), MemberId("m_009")
AT: Final = Moment("2026-11-23T03:00:00.000Z")
_DEVICE: Final = DeviceId("d_9f2c41aa")


def exchange_notes(device: ReaderWorld, *, mine: tuple[AnnotationId, ...]) -> TextNote:
    """An aide's note, band and ring on page 2; the member's own shared, each as far as it can be. The aide's note."""
    words = words_of(device, device.plain, 1)
    on = {"paper": DRAFT, "plain": device.plain, "made": AT, "page": 1}
    some = words[9:16]
    first, last = line_rects(some)[0], words[-1]
    ring = [InkPoint(300 + 40 * x, last.y0 + 12 * y, 0.5, 8) for x, y in _CIRCLE]
    note = TextNote(
        id=AnnotationId("an_aide_note"),
        at=first,
        text="Nên hỏi lại về nguồn kinh phí (dữ liệu giả định).",
        quote=Quote(" ".join(word.text for word in some)),
        **on,
    )
    things = (
        note,
        Highlight(id=AnnotationId("an_aide_band"), colour="#FFD54A", rects=line_rects(some), quote=note.quote, **on),
        InkStroke(id=AnnotationId("an_aide_ring"), colour="#0F4C81", width=2, points=pack_points(ring), **on),
        InkStroke(id=AnnotationId("an_aide_ring2"), colour="#0F4C81", width=2, points=pack_points(ring[:20]), **on),
    )
    changes = tuple(ShareChange(one.id, 0, one) for one in things)
    device.world.write(lambda conn: received.apply(conn, AIDE, changes, at=AT))
    device.world.write(lambda conn: shares.choose(conn, mine[:1], (AIDE, OTHER, THIRD)))
    device.world.write(lambda conn: shares.choose(conn, mine[1:], (AIDE,)))
    for number, (reader, came) in enumerate(((AIDE, True), (OTHER, False)), 1):
        _send(device.world, reader, mine[:1], number, came=came)
    return note


_CIRCLE: Final = tuple(
    (x / 10, s * (1 - (x / 10) ** 2) ** 0.5) for s, way in ((1, range(-10, 11)), (-1, range(10, -11, -1))) for x in way
)


def _send(world: UiWorld, reader: MemberId, items: tuple[AnnotationId, ...], number: int, *, came: bool) -> None:
    """As after a look: the batch is with the service, and came to a device of the reader or did not."""
    batch = Waiting(number, Hash(hashing.sha256(reader.encode())), items, b"parcel")

    def write(conn: Connection) -> Written[None]:
        found = [one for one in share_chains.untold(conn, reader, most=9, size=10**6) if one.id in items]
        share_chains.wait(conn, _DEVICE, reader, batch, found)
        changes = share_chains.sent(conn, _DEVICE, reader)[1]
        if came:
            changes |= arrivals.confirm(conn, reader, ((DeviceId("d_reader01"), _DEVICE, number),))[1]
        return None, changes

    world.write(write)


def hand_over(world: UiWorld, pack: PackId) -> HandOver:
    """A sheet that another member gave this one, and the member's own, given to that other; the sheet received."""
    note = SheetNote(PaperId("do_0001"), "Tờ trình dự thảo Nghị định", 4, "Hỏi về kinh phí", "nguồn kinh phí thực hiện")
    item = SheetItem(
        ItemId("item2"), 2, "Dự thảo Nghị định (dữ liệu giả định)", Position.OTHER_OPINION, "Đề nghị lùi", (note,)
    )
    theirs, own = (
        HandOver(
            id=AnnotationId(name),
            pack=pack,
            title="Phiên họp thường kỳ (dữ liệu giả định)",
            starts=Moment("2026-11-27T01:00:00.000Z"),
            made=AT,
            message="Giữ đúng ý kiến của Bộ.",
            items=(item,),
        )
        for name in ("ho_theirs", "ho_own")
    )
    world.write(lambda conn: received.apply(conn, OTHER, (ShareChange(theirs.id, 0, theirs),), at=AT))
    world.write(lambda conn: shares.keep_sheet(conn, own, (OTHER,), AT))
    _send(world, OTHER, (own.id,), 1, came=True)
    return theirs
