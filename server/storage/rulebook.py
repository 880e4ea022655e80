# SPDX-License-Identifier: AGPL-3.0-or-later
"""The signed rule sets in force, as the service reads them to lock votes without a quorum.

It decides nothing: a rule set is a publisher's signed target ``r/<name>.<version>`` whose bytes never change, so one
that was read once is known for good.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Connection

from client.crypto import dsse
from client.domain.ids import RuleSetId
from client.domain.rules import RuleSet
from client.errors import FormatRefused
from client.protocol import codec, names
from client.protocol.http import Problem
from server import sizes
from server.problems import Refusal
from server.storage import index


def find(conn: Connection, ident: RuleSetId) -> RuleSet:
    """The rule set of this name and version.

    Raises:
        Refusal: It was not published.
        FormatRefused: The target of its name is not that rule set.
    """
    stem, _, version = ident.partition("/")
    data = index.target(conn, names.rules_target(stem, int(version)))
    if data is None:
        raise Refusal(Problem.NOT_FOUND, ident)
    rules = _read(data)
    if rules.id != ident:
        raise FormatRefused(f"target holds {rules.id}")
    return rules


@lru_cache(maxsize=64)
def _read(envelope: bytes) -> RuleSet:
    payload, _ = dsse.peek_unverified(envelope, limit=sizes.TARGET)  # metadata names its hash once it is released
    return codec.decode(payload, RuleSet, limit=codec.MAX_SMALL)
