# SPDX-License-Identifier: AGPL-3.0-or-later
"""Strict JSON for signed payloads and request bodies: one byte form per value, limits before use.

Rules:
1. A payload has exactly one encoding: compact UTF-8 JSON, fields in the order of the type's definition, no
   unknown, duplicate or reordered fields, no other spelling of a number or a base64 string.
2. Decoding re-encodes and compares, so every other byte form of the same value is refused. That one test
   covers duplicate keys, unknown escapes, white space, NaN and non-canonical base64 alike.
3. Size is checked before parsing. Depth is bounded because every type is closed and non-recursive.
4. Signed bytes are kept as received; nothing re-encodes a payload to verify it.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from client.errors import FormatRefused, LimitExceeded

T = TypeVar("T")

KIB = 1024
MIB = 1024 * KIB
MAX_MANIFEST = 2 * MIB
MAX_RELEASE = 8 * MIB
MAX_DIRECTORY = 4 * MIB
MAX_POLL = 256 * KIB
MAX_STATEMENT = 256 * KIB
MAX_RECEIPT = 8 * KIB
MAX_PLAN = 256 * KIB
MAX_SESSION = MIB
MAX_CONCLUSION = 192 * KIB
MAX_CLOSING = 4 * MIB
MAX_KEPT = 128 * KIB
MAX_ENVELOPE = 16 * KIB
MAX_SMALL = 64 * KIB
MAX_NOTES = 768 * KIB
"""The content of one batch of notes; one stroke of ``MAX_POINTS`` fits."""
MAX_SHARED_ENDS = MIB
MAX_ARRIVAL = 2 * KIB
MAX_ARRIVALS = MIB
MAX_BLOB = 1024 * MIB
MAX_PAPERS = 500

_encoder = msgspec.json.Encoder()
_decoders: dict[object, msgspec.json.Decoder[object]] = {}


def encode(value: object) -> bytes:
    """The one byte form of ``value``."""
    return _encoder.encode(value)


def decode(data: bytes, kind: type[T], *, limit: int) -> T:
    """Read ``data`` as ``kind``.

    Args:
        data: Encoded bytes, as received.
        kind: A closed message type of ``client.protocol.messages``.
        limit: Most bytes accepted.

    Raises:
        LimitExceeded: More than ``limit`` bytes.
        FormatRefused: Not the one encoding of a ``kind``.
    """
    if len(data) > limit:
        raise LimitExceeded(f"{len(data)} bytes, limit {limit}")
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        value = decoder.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        # The library's message quotes field paths, never values.
        raise FormatRefused(f"{_name(kind)}: {error}") from error
    if _encoder.encode(value) != data:
        raise FormatRefused(f"{_name(kind)}: not in canonical form")
    return value  # type: ignore[return-value]  # the decoder was made for ``kind``


def _name(kind: object) -> str:
    return getattr(kind, "__name__", "union")
