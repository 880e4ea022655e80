# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/bulletins``: what the secretariat tells about published packs; ``server.bulletins`` decides."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, get, post

from client.protocol.http import PATH_BULLETINS, BulletinList
from server import auth, bulletins, sizes
from server.auth import Role
from server.handlers.common import mount, read_number, service_of
from server.storage import bulletins as stored

AT_ONCE: Final = 10


@post(mount(PATH_BULLETINS), opt=auth.allow(Role.PUBLISHER, body=sizes.STATEMENT), status_code=204)
async def post_bulletin(request: Request[Any, Any, Any]) -> None:
    """Keep one; the same again changes nothing."""
    service, body = service_of(request), auth.body_of(request)

    def work() -> None:
        with service.write() as tx:
            bulletins.take(tx, service.signer, service.roles.publisher, body)

    await service.run(work)


@get(mount(PATH_BULLETINS), opt=auth.allow(Role.DEVICE, Role.PUBLISHER))
async def get_bulletins(request: Request[Any, Any, Any]) -> BulletinList:
    """Bulletins in order of receipt; ``?after=`` takes the last answer's ``next``."""
    service = service_of(request)
    after = read_number(request.query_params.get("after", "0"))

    def work() -> BulletinList:
        with service.database.read() as conn:
            rows = stored.after(conn, after, limit=AT_ONCE)
        return BulletinList(tuple(row.envelope for row in rows), rows[-1].position if rows else after)

    return await service.run(work)


HANDLERS = (post_bulletin, get_bulletins)
