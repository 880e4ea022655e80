# SPDX-License-Identifier: AGPL-3.0-or-later
"""Values in columns: the same frozen structs as everywhere, as JSON, or MessagePack where ink makes JSON large.

What does not read back is damage, not bad input: we wrote it. A field added to a domain type needs a default,
anything else a migration.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from client.errors import StoreDamaged

T = TypeVar("T")

_json = msgspec.json.Encoder()
_pack = msgspec.msgpack.Encoder()
_json_decoders: dict[object, msgspec.json.Decoder[object]] = {}
_pack_decoders: dict[object, msgspec.msgpack.Decoder[object]] = {}


def to_json(value: object) -> bytes:
    """``value`` as compact JSON."""
    return _json.encode(value)


def from_json(data: bytes, kind: type[T]) -> T:
    """The inverse of :func:`to_json`.

    Raises:
        StoreDamaged: Not a ``kind``.
    """
    decoder = _json_decoders.get(kind)
    if decoder is None:
        decoder = _json_decoders[kind] = msgspec.json.Decoder(kind)
    try:
        return decoder.decode(data)  # type: ignore[return-value]  # the decoder was made for ``kind``
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreDamaged(f"stored {_name(kind)}") from error


def to_pack(value: object) -> bytes:
    """``value`` as MessagePack: bytes stay bytes."""
    return _pack.encode(value)


def from_pack(data: bytes, kind: type[T]) -> T:
    """The inverse of :func:`to_pack`.

    Raises:
        StoreDamaged: Not a ``kind``.
    """
    decoder = _pack_decoders.get(kind)
    if decoder is None:
        decoder = _pack_decoders[kind] = msgspec.msgpack.Decoder(kind)
    try:
        return decoder.decode(data)  # type: ignore[return-value]  # the decoder was made for ``kind``
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreDamaged(f"stored {_name(kind)}") from error


def _name(kind: object) -> str:
    return getattr(kind, "__name__", "union")
