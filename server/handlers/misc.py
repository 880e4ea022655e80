# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/time``, ``/health``, ``/log/head``: what is neither paper nor vote."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from litestar import Request, Response, get

from client.clock import to_rfc3339
from client.domain.ids import Moment
from client.protocol.audit import MAX_LINKS, LogAnswer
from client.protocol.http import PATH_HEALTH, PATH_LOG, PATH_LOG_HEAD, PATH_TIME, Health
from client.protocol.messages import LogPosition
from server import auth
from server.auth import Role
from server.handlers.common import mount, read_number, service_of, signed_object
from server.storage import log

NAME = "ecabinet"
VERSION = metadata.version(NAME)


@get(mount(PATH_TIME), opt=auth.open_to_all())
async def get_time(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The service's clock, signed."""
    service = service_of(request)
    return signed_object(service.signer.time(service.config.clock.now()))


@get(mount(PATH_HEALTH), opt=auth.open_to_all())
async def get_health(request: Request[Any, Any, Any]) -> Health:
    """That the service runs and its database answers."""
    service = service_of(request)
    await service.run(service.refresh)
    return Health(NAME, VERSION)


@get(mount(PATH_LOG_HEAD), opt=auth.allow(Role.DEVICE, Role.PUBLISHER, Role.REGISTRAR))
async def get_log_head(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The head of the audit chain, signed."""
    service = service_of(request)

    def work() -> LogPosition:
        with service.database.read() as conn:
            return log.head(conn)

    position = await service.run(work)
    return signed_object(service.signer.log_head(position, Moment(to_rfc3339(service.config.clock.now()))))


@get(mount(PATH_LOG), opt=auth.allow(Role.DEVICE, Role.PUBLISHER, Role.REGISTRAR))
async def get_log(request: Request[Any, Any, Any]) -> LogAnswer:
    """The signed head, and how it follows from ``?after=``: hashes only, nothing of what happened."""
    service = service_of(request)
    after = read_number(request.query_params.get("after", "0"))

    def work() -> LogAnswer:
        with service.database.read() as conn:
            position = log.head(conn)
            bodies = log.bodies_after(conn, after, limit=MAX_LINKS)
        now = Moment(to_rfc3339(service.config.clock.now()))
        return LogAnswer(service.signer.log_head(position, now), bodies)

    return await service.run(work)


HANDLERS = (get_time, get_health, get_log_head, get_log)
