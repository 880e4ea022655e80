# SPDX-License-Identifier: AGPL-3.0-or-later
"""The service's audit chain as others can follow it: heads and opaque links, never what happened.

Each entry's body (when, what, to whom) is hashed first, and the head is a hash over the entry's number, the head before
it and that body hash. So anybody can check that a later head extends an earlier one from the body hashes alone, which
tell how many entries there were and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Annotated, Final

from msgspec import Meta, Struct

from client.domain.ids import Hash
from client.protocol import codec
from client.protocol.messages import LogPosition
from client.protocol.messages.base import Number, Signed

GENESIS: Final = LogPosition(0, Hash("sha256:2f0f1b0ff80ba68f8497f2e14969893cfecfb139f61304764a3173265f4457c1"))
"""Before the first entry: SHA-256 of ``ecab/log/1``."""
MAX_LINKS: Final = 4_096
"""Body hashes in one answer."""
MAX_ANSWER: Final = 512 * codec.KIB


class LogLink(Signed, frozen=True, tag="ecab.log/2"):
    """What a head is the hash of."""

    index: Number
    prev: Hash
    body: Hash


class LogAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /log?after=<index>: the signed head (DSSE ``ecab.log-head/1``) and the body hashes after ``after``.

    When there are more than ``MAX_LINKS`` the caller asks again, after the last one it got.
    """

    head: bytes
    bodies: Annotated[tuple[Hash, ...], Meta(max_length=MAX_LINKS)]


def positions(start: LogPosition, bodies: Iterable[Hash]) -> Iterator[LogPosition]:
    """The places in the chain after ``start`` that ``bodies`` lead to."""
    at = start
    for body in bodies:
        at = LogPosition(at.index + 1, link(at.index + 1, at.head, body))
        yield at


def link(index: int, prev: Hash, body: Hash) -> Hash:
    """The head after entry ``index``."""
    return Hash("sha256:" + hashlib.sha256(codec.encode(LogLink(index, prev, body))).hexdigest())
