# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/blobs/<hash>``: sealed papers, streamed both ways.

Reading follows RFC 9110 section 14 for one range; several ranges, or a range that does not parse, get the
whole (14.2 allows it). ``ETag`` is the hash, so ``If-Range`` can only ever match or not. Nothing is read into
memory beyond ``PIECE`` bytes.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any, BinaryIO, Final

from litestar import MediaType, Request, Response, get, head, put
from litestar.params import FromPath
from litestar.response import Stream

from client.domain.ids import Hash
from client.protocol import codec
from client.protocol.http import BLOB_MEDIA, PATH_BLOB, Problem
from server import auth
from server.auth import Role
from server.handlers.common import found, mount, read_id, service_of
from server.problems import Refusal
from server.service import Service
from server.storage import blobs

PIECE: Final = 1024 * 1024
_RANGE: Final = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and end (exclusive) that a ``Range`` header asks for; None for the whole.

    Raises:
        ValueError: It cannot be satisfied (answer 416).
    """
    match = _RANGE.fullmatch(header or "")
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        if not length:
            raise ValueError("empty range")
        return size - length, size
    start, end = int(first), int(last) + 1 if last else size
    if last and end <= start:
        return None  # invalid, not unsatisfiable
    if start >= size:
        raise ValueError("past the end")
    return start, min(end, size)


@head(mount(PATH_BLOB), opt=auth.allow(Role.DEVICE, Role.PUBLISHER))
async def head_blob(request: Request[Any, Any, Any], hash: FromPath[str]) -> Response[None]:  # noqa: A002  # the path's name
    """Whether a blob is here, and its length."""
    service, name = service_of(request), read_id(hash, Hash)
    size = found(await service.run(service.blobs.size, name))
    return Response(None, headers=_headers(name) | {"Content-Length": str(size)}, media_type=MediaType.TEXT)


@get(mount(PATH_BLOB), opt=auth.allow(Role.DEVICE, Role.PUBLISHER), media_type=BLOB_MEDIA)
async def get_blob(request: Request[Any, Any, Any], hash: FromPath[str]) -> Response[Any]:  # noqa: A002  # the path's name
    """A sealed paper, whole or one range of it."""
    service, name = service_of(request), read_id(hash, Hash)
    size = found(await service.run(service.blobs.size, name))
    headers = _headers(name)
    wanted = request.headers.get("range")
    if request.headers.get("if-range", _etag(name)) != _etag(name):
        wanted = None
    try:
        part = parse_range(wanted, size)
    except ValueError:
        headers |= {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
        return Response(b"", status_code=416, headers=headers, media_type=BLOB_MEDIA)
    start, end = part or (0, size)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    status = 200 if part is None else 206
    file = await service.run(service.blobs.path(name).open, "rb")
    return Stream(_pieces(service, file, start, end), status_code=status, headers=headers, media_type=BLOB_MEDIA)


async def _pieces(service: Service, file: BinaryIO, start: int, end: int) -> AsyncIterator[bytes]:
    def piece(at: int) -> bytes:
        file.seek(at)
        return file.read(min(PIECE, end - at))

    with file:
        while start < end:
            data = await service.run(piece, start)
            start += len(data)
            yield data


@put(mount(PATH_BLOB), opt=auth.allow(Role.PUBLISHER, streamed=True), status_code=204)
async def put_blob(request: Request[Any, Any, Any], hash: FromPath[str]) -> None:  # noqa: A002  # the path's name
    """Store a sealed paper; the guard has checked that the publisher signed for exactly this hash."""
    service, name = service_of(request), read_id(hash, Hash)
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > codec.MAX_BLOB:
        raise Refusal(Problem.TOO_LARGE, f"limit {codec.MAX_BLOB}")
    room = await service.run(_room, service)
    known = await service.run(service.blobs.size, name)
    if known is not None:
        await auth.drain(request)
        await service.run(_record, service, name, known)  # a crash may have come between file and books
        return
    if int(declared) > room:
        await auth.drain(request)
        raise Refusal(Problem.TOO_LARGE, "quota")
    token = service.config.rng(8).hex()
    incoming = await service.run(service.blobs.receive, name, token=token, limit=min(room, codec.MAX_BLOB))
    try:
        await _receive(request, service, incoming)
        await service.run(incoming.publish)
    finally:
        await service.run(incoming.abort)
    await service.run(_record, service, name, incoming.size)


async def _receive(request: auth.Req, service: Service, incoming: blobs.Incoming) -> None:
    pieces: list[bytes] = []
    size = 0
    async for data in auth.body_stream(request):
        pieces.append(data)
        size += len(data)
        if size >= PIECE:
            await service.run(incoming.write, b"".join(pieces))
            pieces, size = [], 0
    await service.run(incoming.write, b"".join(pieces))


def _room(service: Service) -> int:
    quota = service.config.limits.blob_quota
    if quota is None:
        return codec.MAX_BLOB
    with service.database.read() as conn:
        return max(0, quota - blobs.used(conn))


def _record(service: Service, name: Hash, size: int) -> None:
    with service.write() as tx:
        blobs.record(tx, name, size)


def _etag(name: Hash) -> str:
    return f'"{name}"'


def _headers(name: Hash) -> dict[str, str]:
    return {"ETag": _etag(name), "Accept-Ranges": "bytes", "Cache-Control": "private, immutable"}


HANDLERS = (head_blob, get_blob, put_blob)
