# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/shared``: batches that one member's device sends to another member; ``server.storage.shared`` decides."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, put
from litestar.params import FromPath

from client.domain.ids import DeviceId, MemberId
from client.domain.notes import Head
from client.protocol import codec
from client.protocol.http import PATH_SHARED, PATH_SHARED_BATCH, NoteParcel, Problem, SharedEnds
from server import auth, sizes
from server.auth import Role
from server.handlers.common import found, mount, read_id, read_number, service_of
from server.problems import Refusal
from server.storage import shared
from server.storage.notes import Quota


@get(mount(PATH_SHARED), opt=auth.allow(Role.DEVICE))
async def get_ends(request: Request[Any, Any, Any], member: FromPath[str]) -> SharedEnds:
    """Where each chain to or from the caller's member ends."""
    service, device = service_of(request), auth.device_of(request)
    if read_id(member, MemberId) != device.member:
        raise Refusal(Problem.FORBIDDEN, "another member")

    def work() -> SharedEnds:
        with service.database.read() as conn:
            return SharedEnds(shared.ends(conn, device.member))

    return await service.run(work)


@get(mount(PATH_SHARED_BATCH), opt=auth.allow(Role.DEVICE))
async def get_batch(
    request: Request[Any, Any, Any], member: FromPath[str], device: FromPath[str], n: FromPath[str]
) -> NoteParcel:
    """One batch, for devices of its reader and of its author."""
    service, caller = service_of(request), auth.device_of(request)
    reader, author, number = read_id(member, MemberId), read_id(device, DeviceId), read_number(n)

    def work() -> NoteParcel | None:
        with service.database.read() as conn:
            return shared.batch(conn, caller.member, reader, author, number)

    return found(await service.run(work))


@put(mount(PATH_SHARED_BATCH), opt=auth.allow(Role.DEVICE, body=sizes.NOTES))
async def put_batch(
    request: Request[Any, Any, Any], member: FromPath[str], device: FromPath[str], n: FromPath[str]
) -> Head:
    """Append a batch to the calling device's own chain to ``member``; the chain's end once it is committed."""
    service, caller, body = service_of(request), auth.device_of(request), auth.body_of(request)
    reader, number = read_id(member, MemberId), read_number(n)
    if read_id(device, DeviceId) != caller.id or reader == caller.member:
        raise Refusal(Problem.FORBIDDEN, "another device's chain")
    limits = service.config.limits
    quota = Quota(limits.shared_bytes, limits.shared_batches)

    def work() -> Head:
        parcel = codec.decode(body, NoteParcel, limit=sizes.NOTES)
        with service.write() as tx:
            return shared.append(tx, caller, reader, parcel, n=number, quota=quota)

    return await service.run(work)


HANDLERS = (get_ends, get_batch, put_batch)
