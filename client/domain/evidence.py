# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of an evidence file (``ecab.evidence/1``): what proves a ballot's result, for anybody to recount.

The secretariat writes one with every vote, a member one with the member's own. Everything in it is somebody's signed
object, byte for byte; the only claims are the keys at its top and whose file it is. ``docs/verifier`` reads both.
"""

from __future__ import annotations

import base64

from msgspec import Struct

Keys = dict[str, str]
"""Key id to public key, ``p256:...``."""


class ProvedVote(Struct, frozen=True):
    """One vote and its receipt; the receipt is empty while there is none."""

    statement: str
    receipt: str


class Evidence(Struct, frozen=True, tag_field="t", tag="ecab.evidence/1"):
    """The file; envelopes in base64, empty where whoever wrote it has none.

    Attributes:
        keys: ``registrar`` and ``publisher``.
        member: Whose own votes it holds; empty when it holds all.
        dispute: Why the member's client does not accept the result (``sync.ballots.Dispute``); empty when it does.
    """

    keys: dict[str, Keys]
    directory: str
    rules: str
    definition: str
    closing: str
    certified: str
    votes: tuple[ProvedVote, ...]
    member: str = ""
    dispute: str = ""


def text(envelope: bytes | None) -> str:
    """An envelope as it stands in the file."""
    return "" if envelope is None else base64.b64encode(envelope).decode()
