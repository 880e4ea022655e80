# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of a bulletin: an answer is kept and told, an extension also moves the poll's end.

Rules, in one transaction:
1. It is the publisher's; the same payload again changes nothing; an older version, or another payload of the same
   version, is refused.
2. An extension is of an open poll, names its definition, and only ever moves the end later; a poll whose time has come
   closes first and stays closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from client.crypto import dsse
from client.domain.ballot import ServicePollState
from client.domain.ids import Hash
from client.protocol import codec
from client.protocol.http import Problem
from client.protocol.messages import Bulletin, CommentAnswer, PollExtension
from server import closing, sizes
from server.problems import Refusal
from server.receipts import Signer
from server.storage import bulletins, polls
from server.storage.bulletins import StoredBulletin
from server.storage.transaction import Transaction


def take(tx: Transaction, signer: Signer, publisher: Mapping[str, str], envelope: bytes) -> None:
    """Keep a bulletin and do what it says.

    Raises:
        Refusal: By a rule above.
        SignatureInvalid, FormatRefused: Not a bulletin of the publisher.
    """
    opened = dsse.open_(envelope, publisher, limit=sizes.STATEMENT)
    kind = cast("type[Bulletin]", Bulletin)  # a union is not a ``type`` to mypy; msgspec takes it
    bulletin = codec.decode(opened.payload, kind, limit=codec.MAX_STATEMENT)
    subject = bulletin.comment if isinstance(bulletin, CommentAnswer) else bulletin.poll
    known = bulletins.latest(tx.conn, subject)
    if known is not None:
        if known[1] == opened.hash:
            return
        if bulletin.version <= known[0]:
            raise Refusal(Problem.VERSION_CONFLICT, f"{subject}: version {bulletin.version}, have {known[0]}")
    if isinstance(bulletin, PollExtension):
        _extend(tx, signer, bulletin)
    position = tx.log(_KINDS[type(bulletin)], subject=subject, detail=opened.hash)
    digest = Hash(opened.hash)
    bulletins.add(tx, StoredBulletin(position.index, bulletin.pack, subject, bulletin.version, digest, envelope))
    tx.hint("bulletin", bulletin.pack)


_KINDS = {CommentAnswer: "comment.answered", PollExtension: "poll.extended"}


def _extend(tx: Transaction, signer: Signer, extension: PollExtension) -> None:
    row = closing.settle(tx, signer, polls.locked(tx, extension.poll))
    if row.state is not ServicePollState.OPEN:
        raise Refusal(Problem.POLL_STATE, row.poll)
    if extension.poll_def != row.poll_def or extension.pack != polls.definition_of(row).pack:
        raise Refusal(Problem.WRONG_DEFINITION, row.poll)
    if row.closes is None or extension.closes <= max(row.closes, tx.at):
        raise Refusal(Problem.BAD_REQUEST, "closes is not later")
    closing.move_end(tx, row, extension.closes)
