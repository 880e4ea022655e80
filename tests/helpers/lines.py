# SPDX-License-Identifier: AGPL-3.0-or-later
"""One kept HTTP/1.1 connection on asyncio's streams, for a crowd of hundreds in one process.

A general HTTP library costs such a crowd several times what the service spends on the same request, and on the same
processors. Requests are written beforehand as bytes; an answer is read by its ``Content-Length``, which is all that
the service sends beside its stream of hints.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, Self

PATIENCE_S: Final = 60.0
"""Nothing takes as long when the service is well."""


def request(method: str, path: str, host: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A whole request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line:
    """One connection, one request at a time; joined again when the service has hung up meanwhile."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, wanted: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        async with asyncio.timeout(PATIENCE_S):
            reader, status, length = await self._begin(wanted)
            return status, await reader.readexactly(length)

    async def listen(self, wanted: bytes) -> tuple[int, bytes]:
        """Status and first line of a stream of hints, which stays open behind it."""
        async with asyncio.timeout(PATIENCE_S):
            reader, status, _ = await self._begin(wanted)
            await reader.readline()  # the size of the first chunk
            return status, await reader.readline()

    def hang_up(self) -> None:
        """Lose the line without a word."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.hang_up()

    async def _begin(self, wanted: bytes) -> tuple[asyncio.StreamReader, int, int]:
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.hang_up()
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write(wanted)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        return self._reader, int(head[0].split(" ")[1]), int(fields.get("content-length", "0"))
