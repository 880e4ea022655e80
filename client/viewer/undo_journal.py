# SPDX-License-Identifier: AGPL-3.0-or-later
"""Editing steps as bytes for the store, and back.

Decides: what of a history can be taken up again. Refuses: a step over ``MAX_BYTES``; in its place the journal says
that the history before it is gone, so that undo never skips a step. Rule: a body that cannot be read ends the
history there instead of stopping the program; marks themselves are kept elsewhere and are not touched.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import Struct

from client.domain.annotation import Annotation
from client.domain.ids import AnnotationId

MAX_BYTES: Final = 1024 * 1024

_log = logging.getLogger(__name__)


class Did(Struct, frozen=True, tag="did"):
    """A new step."""

    removed: tuple[Annotation, ...]
    added: tuple[Annotation, ...]


class Undid(Struct, frozen=True, tag="undid"):
    """The last step was taken back; what it had removed came back under these ids."""

    fresh: tuple[AnnotationId, ...]


class Redid(Struct, frozen=True, tag="redid"):
    """The last undone step was done again; what it had added came back under these ids."""

    fresh: tuple[AnnotationId, ...]


class Lapsed(Struct, frozen=True, tag="lapsed"):
    """What was before can no longer be undone."""


Entry = Did | Undid | Redid | Lapsed

_decoder: msgspec.msgpack.Decoder[Entry] = msgspec.msgpack.Decoder(Entry)


def encoded(entry: Entry) -> bytes:
    """For the store; a step too large to keep becomes ``Lapsed``."""
    body = msgspec.msgpack.encode(entry)
    return body if len(body) <= MAX_BYTES else msgspec.msgpack.encode(Lapsed())


def decoded(bodies: Iterable[bytes]) -> list[Entry]:
    """The history from the store, oldest first."""
    entries: list[Entry] = []
    for body in bodies:
        try:
            entry = _decoder.decode(body) if len(body) <= MAX_BYTES else Lapsed()
        except msgspec.MsgspecError:
            _log.info("an undo step has another form, the history before it is left")
            entry = Lapsed()
        entries.append(entry)
    return entries
