# SPDX-License-Identifier: AGPL-3.0-or-later
"""Server-sent events (WHATWG HTML, 9.2), as much as hints need: bytes in, hints out, nothing believed.

A hint names a kind and an id and can cause nothing but a look at signed state. Rules: lines end in LF, CRLF or
CR; comments keep the line alive; a line or a data field over the limit ends the stream; a hint of unknown form
is dropped, because a newer service may send more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from client.errors import FormatRefused, LimitExceeded

MAX_LINE = 8 * 1024
MAX_DATA = 16 * 1024
MAX_EVENT_ID = 80


class _HintData(msgspec.Struct, frozen=True):
    kind: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that arrived on the stream.

    Attributes:
        last_id: To be sent as ``Last-Event-ID`` when connecting again.
        kind: ``index``, ``poll`` or ``closing``; ``alive`` for a comment line.
        ident: What it is about, e.g. a poll id.
    """

    last_id: str
    kind: str
    ident: str = ""


class Parser:
    """Feeds on slices of the stream."""

    def __init__(self, last_id: str = "") -> None:
        self._rest = b""
        self._data: list[str] = []
        self._size = 0
        self._last_id = last_id

    def feed(self, piece: bytes) -> Iterator[Event]:
        """Events completed by ``piece``.

        Raises:
            LimitExceeded: A line or an event is too long.
            FormatRefused: Not UTF-8.
        """
        text = (self._rest + piece).replace(b"\r\n", b"\n")
        held = b""
        if text.endswith(b"\r"):  # perhaps half of a CRLF
            text, held = text[:-1], b"\r"
        lines = text.replace(b"\r", b"\n").split(b"\n")
        self._rest = lines.pop() + held
        if len(self._rest) > MAX_LINE or any(len(line) > MAX_LINE for line in lines):
            raise LimitExceeded("event line")
        for line in lines:
            yield from self._take(line)

    def _take(self, raw: bytes) -> Iterator[Event]:
        try:
            line = raw.decode()
        except UnicodeDecodeError as error:
            raise FormatRefused("event: not UTF-8") from error
        if not line:
            yield from self._dispatch()
        elif line.startswith(":"):
            yield Event(self._last_id, "alive")
        else:
            self._field(*line.partition(":")[::2])

    def _field(self, name: str, value: str) -> None:
        value = value.removeprefix(" ")
        if name == "data":
            self._size += len(value)
            if self._size > MAX_DATA:
                raise LimitExceeded("event data")
            self._data.append(value)
        elif name == "id" and len(value) <= MAX_EVENT_ID and value.isascii() and value.isprintable():
            self._last_id = value

    def _dispatch(self) -> Iterator[Event]:
        data, self._data, self._size = "\n".join(self._data), [], 0
        if not data:
            return
        try:
            hint = msgspec.json.decode(data.encode(), type=_HintData)
        except msgspec.DecodeError:
            return  # a form this version does not know; the next regular look finds whatever it meant
        yield Event(self._last_id, hint.kind, hint.id)


def events(pieces: Iterable[bytes], *, last_id: str = "") -> Iterator[Event]:
    """All events of a stream of bytes."""
    parser = Parser(last_id)
    for piece in pieces:
        yield from parser.feed(piece)
