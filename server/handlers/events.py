# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/events``: hints as server-sent events; see ``server.hints`` for what they promise."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request, get
from litestar.response import Stream

from client.protocol.http import PATH_EVENTS, Problem
from server import auth
from server.auth import Role
from server.handlers.common import mount, service_of
from server.problems import Refusal

MEDIA = "text/event-stream"


@get(mount(PATH_EVENTS), opt=auth.allow(Role.DEVICE, Role.PUBLISHER, Role.REGISTRAR), media_type=MEDIA)
async def get_events(request: Request[Any, Any, Any]) -> Stream:
    """An endless stream of hints; ``Last-Event-ID`` resumes."""
    service, caller = service_of(request), auth.caller_of(request)
    limits, readers = service.config.limits, service.hub.readers
    if sum(readers.values()) >= limits.streams or readers.get(caller.keyid, 0) >= limits.streams_per_device:
        raise Refusal(Problem.RATE, "streams", retry_after_s=round(limits.heartbeat_s))
    last = request.headers.get("last-event-id", "")

    def welcome() -> bool:
        if caller.device is None:
            return True
        latest = service.directories.latest
        entry = None if latest is None else latest.devices.get(caller.device.id)
        return entry is not None and auth.is_active(entry, service.config.clock)

    stream = service.hub.stream(
        caller.keyid,
        last_id=int(last) if re.fullmatch(r"[0-9]{1,15}", last) else None,
        heartbeat_s=limits.heartbeat_s,
        welcome=welcome,
    )
    return Stream(stream, media_type=MEDIA, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


HANDLERS = (get_events,)
