# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/arrivals``: a reading device says how far it has an author's chain; ``server.storage.arrivals`` decides."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, put
from litestar.params import FromPath

from client.domain.ids import DeviceId, MemberId
from client.protocol.http import PATH_ARRIVAL, PATH_ARRIVALS, ArrivalKept, Arrivals, Problem
from server import auth, sizes
from server.auth import Role
from server.handlers.common import mount, read_id, service_of
from server.problems import Refusal
from server.storage import arrivals


@get(mount(PATH_ARRIVALS), opt=auth.allow(Role.DEVICE))
async def get_arrivals(request: Request[Any, Any, Any], member: FromPath[str]) -> Arrivals:
    """What the devices of ``member`` said about the chains of the caller's member."""
    service, caller = service_of(request), auth.device_of(request)
    reader = read_id(member, MemberId)

    def work() -> Arrivals:
        with service.database.read() as conn:
            return Arrivals(arrivals.of_reader(conn, caller.member, reader))

    return await service.run(work)


@put(mount(PATH_ARRIVAL), opt=auth.allow(Role.DEVICE, body=sizes.ARRIVAL))
async def put_arrival(request: Request[Any, Any, Any], member: FromPath[str], device: FromPath[str]) -> ArrivalKept:
    """The calling device's word about the chain that ``device`` writes to its member."""
    service, caller, body = service_of(request), auth.device_of(request), auth.body_of(request)
    teller = read_id(device, DeviceId)
    if read_id(member, MemberId) != caller.member:
        raise Refusal(Problem.FORBIDDEN, "another member")

    def work() -> ArrivalKept:
        with service.write() as tx:
            return ArrivalKept(arrivals.keep(tx, caller, teller, body))

    return await service.run(work)


HANDLERS = (get_arrivals, put_arrival)
