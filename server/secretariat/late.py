# SPDX-License-Identifier: AGPL-3.0-or-later
"""Votes of a poll that came after it closed: who, when, and whether they may be admitted; never what they say.

Whoever decides on admitting a late vote must not be led by what it would change, so the list shows no choice. Each
statement is verified with the key of the device that signed it, its time is the one in the service's signed receipt.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from client.crypto import dsse
from client.domain.ballot import LatePolicy, VoteMode
from client.domain.ids import Hash, MemberId, Moment, PollId
from client.errors import ContentMismatch, SignatureInvalid
from client.protocol import codec
from client.protocol.messages import Receipt, ReceiptStatus, VoteStatement
from server.secretariat import ballots, results
from server.secretariat.core import DeskCore


class Admission(Enum):
    """Whether a late vote may be admitted."""

    POSSIBLE = "possible"
    BY_RULE_NOT = "by_rule_not"
    """The ballot's rule does not leave it to the secretary."""
    COUNTED_ALREADY = "counted_already"
    """Another vote of the member was received in time and stands."""
    CERTIFIED = "certified"
    """The result is final."""


class LateVote(Struct, frozen=True):
    """One late vote; ``vote`` is what ``--admit`` takes."""

    vote: Hash
    member: MemberId
    name: str
    received_at: Moment
    mode: VoteMode
    admission: Admission


def votes(core: DeskCore, wanted: str) -> tuple[LateVote, ...]:
    """Late votes in order of receipt.

    Raises:
        NotClosedYet: There is no closing list.
        SignatureInvalid, ContentMismatch: A statement or receipt is not what it should be.
    """
    record, service = results.find(core, wanted), core.require_service()
    counted = {line.member for line in results.closing_of(core, record).counted}
    rule = ballots.definition_of(record).late
    final = service.certified(record.id) is not None
    names = {member.id: member.name for member in core.state.members}
    found = []
    for digest in service.late_votes(record.id):
        vote, receipt = _opened(core, record.id, digest)
        reasons = (
            (final, Admission.CERTIFIED),
            (rule is not LatePolicy.SECRETARY_DECIDES, Admission.BY_RULE_NOT),
            (vote.member in counted, Admission.COUNTED_ALREADY),
        )
        admission = next((why for holds, why in reasons if holds), Admission.POSSIBLE)
        name = names.get(vote.member, vote.member)
        found.append(LateVote(digest, vote.member, name, receipt.received_at, vote.mode, admission))
    return tuple(found)


def _opened(core: DeskCore, poll: PollId, digest: Hash) -> tuple[VoteStatement, Receipt]:
    answer = core.require_service().statement(digest)
    if answer.statement is None:
        raise ContentMismatch(f"{digest}: missing at the service")
    keys: dict[str, str] = {device.id: device.sign for device in core.state.devices}
    opened = dsse.open_(answer.statement, keys, limit=2 * codec.MAX_STATEMENT)
    vote = codec.decode(opened.payload, VoteStatement, limit=codec.MAX_STATEMENT)
    device = next((each for each in core.state.devices if each.id == opened.keyid), None)
    services: dict[str, str] = {role.id: role.sign for role in core.state.services}
    payload = dsse.open_(answer.receipt, services, limit=2 * codec.MAX_RECEIPT).payload
    receipt = codec.decode(payload, Receipt, limit=codec.MAX_RECEIPT)
    if device is None or (vote.device, vote.member) != (device.id, device.member):
        raise SignatureInvalid(f"{digest}: device")
    if (opened.hash, vote.poll) != (digest, poll) or (receipt.vote, receipt.status) != (digest, ReceiptStatus.LATE):
        raise ContentMismatch(f"{digest}: another vote")
    return vote, receipt
