# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that proves a closed poll's result, in one file that anybody can recount (``docs/verifier``).

The file holds signed objects exactly as they were signed: directory, rule set, definition, every counted and every
late vote with its receipt, the closing list, the certified result if there is one. It adds nothing of its own but the
two keys whose signatures it rests on, which a verifier compares with those it was given elsewhere. It holds how
members voted, so it is as confidential as the vote.
"""

from __future__ import annotations

import base64

import msgspec
from msgspec import Struct

from client.crypto import dsse
from client.domain.ids import Hash
from client.errors import ContentMismatch
from client.protocol import codec, names
from client.protocol.messages import ClosingList
from server.secretariat import ballots, results
from server.secretariat.core import DeskCore


class Exported(Struct, frozen=True):
    """One statement and its receipt, base64 of their envelopes."""

    statement: str
    receipt: str


class Evidence(Struct, frozen=True, tag_field="t", tag="ecab.evidence/1"):
    """The file; envelopes in base64.

    Attributes:
        keys: ``registrar`` and ``publisher``, each key id with its public key.
    """

    keys: dict[str, dict[str, str]]
    directory: str
    rules: str
    definition: str
    closing: str
    certified: str | None
    votes: tuple[Exported, ...]


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
        directory=_text(None if directory is None else service.target(directory.name), "directory"),
        rules=_text(service.target(names.rules_target(stem, int(version))), "rules"),
        definition=_text(record.envelope, "definition"),
        closing=_text(closing, "closing"),
        certified=None if certified is None else _text(certified, "certified"),
        votes=tuple(_vote(core, digest) for digest in hashes),
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=1)


def _vote(core: DeskCore, digest: Hash) -> Exported:
    answer = core.require_service().statement(digest)
    return Exported(_text(answer.statement, digest), _text(answer.receipt, digest))


def _text(data: bytes | None, what: str) -> str:
    if data is None:
        raise ContentMismatch(f"{what}: missing at the service")
    return base64.b64encode(data).decode()
