# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/notes``: batches of notes between one member's own devices; ``server.storage.notes`` decides."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, put
from litestar.params import FromPath

from client.domain.ids import DeviceId, MemberId
from client.domain.notes import Head
from client.protocol import codec
from client.protocol.http import PATH_NOTE_BATCH, PATH_NOTES, NoteHeads, NoteParcel, Problem
from client.protocol.messages import DeviceEntry
from server import auth, sizes
from server.auth import Role
from server.handlers.common import found, mount, read_id, read_number, service_of
from server.problems import Refusal
from server.storage import notes


@get(mount(PATH_NOTES), opt=auth.allow(Role.DEVICE))
async def get_heads(request: Request[Any, Any, Any], member: FromPath[str]) -> NoteHeads:
    """Where each chain of the caller's member ends."""
    service, device = service_of(request), _own(request, member)

    def work() -> NoteHeads:
        with service.database.read() as conn:
            return NoteHeads(notes.heads(conn, device.member))

    return await service.run(work)


@get(mount(PATH_NOTE_BATCH), opt=auth.allow(Role.DEVICE))
async def get_batch(
    request: Request[Any, Any, Any], member: FromPath[str], device: FromPath[str], n: FromPath[str]
) -> NoteParcel:
    """One batch of one device of the caller's member."""
    service, caller = service_of(request), _own(request, member)
    author, number = read_id(device, DeviceId), read_number(n)

    def work() -> NoteParcel | None:
        with service.database.read() as conn:
            return notes.batch(conn, caller.member, author, number)

    return found(await service.run(work))


@put(mount(PATH_NOTE_BATCH), opt=auth.allow(Role.DEVICE, body=sizes.NOTES))
async def put_batch(
    request: Request[Any, Any, Any], member: FromPath[str], device: FromPath[str], n: FromPath[str]
) -> Head:
    """Append a batch to the calling device's own chain; the chain's end once it is committed."""
    service, caller, body = service_of(request), _own(request, member), auth.body_of(request)
    author, number = read_id(device, DeviceId), read_number(n)
    if author != caller.id:
        raise Refusal(Problem.FORBIDDEN, "another device's chain")
    limits = service.config.limits
    quota = notes.Quota(limits.notes_bytes, limits.notes_batches)

    def work() -> Head:
        parcel = codec.decode(body, NoteParcel, limit=sizes.NOTES)
        with service.write() as tx:
            return notes.append(tx, caller, parcel, n=number, quota=quota)

    return await service.run(work)


def _own(request: auth.Req, member: str) -> DeviceEntry:
    """The calling device, if it asks about its own member; others are not told whether there is anything."""
    device = auth.device_of(request)
    if read_id(member, MemberId) != device.member:
        raise Refusal(Problem.FORBIDDEN, "another member")
    return device


HANDLERS = (get_heads, get_batch, put_batch)
