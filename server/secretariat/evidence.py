# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that proves a closed poll's result, in one file that anybody can recount (``docs/verifier``).

The file holds signed objects exactly as they were signed: directory, rule set, definition, every counted and every
late vote with its receipt, the closing list, the certified result if there is one. It adds nothing of its own but the
two keys whose signatures it rests on, which a verifier compares with those it was given elsewhere. It holds how
members voted, so it is as confidential as the vote.
"""

from __future__ import annotations

import msgspec

from client.crypto import dsse
from client.domain.evidence import Evidence, ProvedVote, text
from client.domain.ids import Hash
from client.errors import ContentMismatch
from client.protocol import codec, names
from client.protocol.messages import ClosingList
from server.secretariat import ballots, results
from server.secretariat.core import DeskCore


def export(core: DeskCore, wanted: str) -> bytes:
    """The file for one poll, as JSON.

    Raises:
        NotClosedYet: There is no closing list.
        ContentMismatch: The service lacks something that was published.
    """
    record, service = results.find(core, wanted), core.require_service()
    closing = service.closing(record.id)
    if closing is None:
        raise results.NotClosedYet(record.id)
    payload, _ = dsse.peek_unverified(closing, limit=2 * codec.MAX_CLOSING)
    lines = codec.decode(payload, ClosingList, limit=codec.MAX_CLOSING).counted
    hashes: list[Hash] = [line.vote for line in lines] + list(service.late_votes(record.id))
    stem, _, version = ballots.definition_of(record).rules.partition("/")
    directory = core.state.directory
    certified = service.certified(record.id)
    made = Evidence(
        keys={
            "registrar": {core.registrar.keyid: core.registrar.public},
            "publisher": {core.publisher.keyid: core.publisher.public},
        },
        directory=_there(None if directory is None else service.target(directory.name), "directory"),
        rules=_there(service.target(names.rules_target(stem, int(version))), "rules"),
        definition=text(record.envelope),
        closing=text(closing),
        certified=text(certified),
        votes=tuple(_vote(core, digest) for digest in hashes),
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=1)


def _vote(core: DeskCore, digest: Hash) -> ProvedVote:
    answer = core.require_service().statement(digest)
    return ProvedVote(_there(answer.statement, digest), _there(answer.receipt, digest))


def _there(data: bytes | None, what: str) -> str:
    if data is None:
        raise ContentMismatch(f"{what}: missing at the service")
    return text(data)
