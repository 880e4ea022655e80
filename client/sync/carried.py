# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts that leave by hand: a file for the secretariat when the network is dead, and the receipt that comes back.

The file holds the very bytes that would have been sent, so the service counts the act once whichever way it comes
first. Handing out a file is a try: from then on the act cannot be taken back, and it still only counts once a receipt
is here. A receipt from a file is believed on the same terms as one from the network.
"""

from __future__ import annotations

from typing import Final

from client.crypto import hpke, stream
from client.crypto.secret import Secret
from client.domain.outbox import OutboxItem, OutboxState
from client.errors import BadInput
from client.protocol import carried, codec, names
from client.protocol.messages import CarriedReceipt, CarriedStatement, SealedFor
from client.store import outbox
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync import sending
from client.sync.crashpoints import crash_point
from client.sync.means import Means

KEY_BYTES: Final = 32


class Carrier:
    """Hands out acts as files and takes receipts from files.

    Args:
        means: Ports of the engine.
    """

    def __init__(self, means: Means) -> None:
        self._means = means

    def hand_out(self, n: int) -> bytes:
        """Act ``n`` as a file; waits for the store.

        Raises:
            BadInput: It does not wait, is still being saved, or there is no reader to seal it to.
        """
        means = self._means
        readers = means.trust.readers()
        if not readers:
            raise BadInput("no reader")
        if n in means.held():
            raise BadInput(f"outbox {n} is being saved")

        def claim(conn: Connection) -> tuple[tuple[OutboxItem, bytes], ChangeSet]:
            item = outbox.item(conn, n)
            if item.state is not OutboxState.QUEUED:
                raise BadInput(f"outbox {n} {item.state.value}")
            changes = outbox.mark(conn, n, tries=item.tries + 1)[1]
            return (item, outbox.envelope(conn, n)), changes

        item, envelope = means.record.write(claim).result()
        crash_point("carried.claimed")
        key = Secret(means.rng(KEY_BYTES))
        sealed = stream.seal_bytes(key, names.carried_context(item.statement), envelope, rng=means.rng)
        keys = tuple(
            SealedFor(reader.id, hpke.seal_to(reader.seal, names.carried_info(item.statement, reader.id), key.reveal()))
            for reader in readers
        )
        return codec.encode(CarriedStatement(statement=item.statement, device=means.device, keys=keys, content=sealed))

    def take_receipt(self, data: bytes) -> OutboxItem:
        """Believe a receipt that was carried here; the act it settles, as it stands now.

        Raises:
            BadInput: It belongs to no act of this device.
            Untrusted: Not a receipt file, or not the service's word on that act.
        """
        means = self._means
        receipt = carried.read(data, CarriedReceipt)
        items = means.record.read(outbox.items).result()
        item = next((each for each in items if each.statement == receipt.statement), None)
        if item is None:
            raise BadInput("receipt: of no act of this device")
        if item.state is not OutboxState.QUEUED:
            return item  # the network was first
        if item.n in means.held():
            raise BadInput(f"outbox {item.n} is being saved")
        sending.receipted(means, item, receipt.receipt)
        return means.record.read(lambda conn: outbox.item(conn, item.n)).result()
