# SPDX-License-Identifier: AGPL-3.0-or-later
"""How large a signed body may be: the payload limits of ``client.protocol.codec`` and what DSSE adds.

A payload is checked against its own limit when it is decoded; these bound the envelope before it is parsed.
"""

from __future__ import annotations

from typing import Final

from client.protocol import codec

_AROUND: Final = 8 * codec.KIB
"""Field names, key ids and up to eight signatures."""


def enveloped(payload: int) -> int:
    """Most bytes of an envelope whose payload has at most ``payload`` bytes (base64 takes 4 for 3)."""
    return (payload + 2) // 3 * 4 + _AROUND


RELEASE: Final = codec.MAX_RELEASE
DIRECTORY: Final = enveloped(codec.MAX_DIRECTORY)
ENVELOPE: Final = enveloped(codec.MAX_ENVELOPE)
POLL: Final = enveloped(codec.MAX_POLL)
CLOSING: Final = enveloped(codec.MAX_CLOSING)
PLAN: Final = enveloped(codec.MAX_PLAN)
STATEMENT: Final = enveloped(codec.MAX_STATEMENT)
ENROL: Final = enveloped(codec.MAX_SMALL)
TARGET: Final = max(DIRECTORY, codec.MAX_MANIFEST + codec.MAX_SMALL)
"""A sealed manifest is a little longer than a plain one."""
NOTES: Final = enveloped(codec.MAX_NOTES + codec.MAX_SMALL) + enveloped(2 * codec.MAX_SMALL)
"""A batch of notes and its sealed content, each in base64."""
ARRIVAL: Final = codec.MAX_ARRIVAL
