# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/sessions*``: plan, signed state, commands of the chair and the secretariat, members' sealed acts."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, get, post, put
from litestar.params import FromPath

from client.clock import to_rfc3339
from client.domain.ids import Moment, SessionId
from client.protocol import codec
from client.protocol.http import (
    PATH_SESSION,
    PATH_SESSION_ACTS,
    PATH_SESSION_ORDER,
    ActList,
    SessionAnswer,
    SessionOrder,
)
from server import auth, closing, live, sizes
from server.auth import Role
from server.handlers.common import mount, read_id, read_number, service_of
from server.service import Service
from server.storage import polls, sessions, statements

ACTS_AT_ONCE: Final = 50
_READERS: Final = (Role.DEVICE, Role.PUBLISHER)


@get(mount(PATH_SESSION), opt=auth.allow(*_READERS))
async def get_session(request: Request[Any, Any, Any], session: FromPath[str]) -> SessionAnswer:
    """The plan in force and the newest signed state."""
    service, name = service_of(request), read_id(session, SessionId)
    return await service.run(_answer, service, name)


@put(mount(PATH_SESSION), opt=auth.allow(Role.PUBLISHER, body=sizes.PLAN), status_code=204)
async def put_session(request: Request[Any, Any, Any], session: FromPath[str]) -> None:
    """Announce a session or change its agenda."""
    service, name, body = service_of(request), read_id(session, SessionId), auth.body_of(request)

    def work() -> None:
        with service.write() as tx:
            live.put_plan(tx, service.roles.publisher, name, body)

    await service.run(work)


@post(mount(PATH_SESSION_ORDER), opt=auth.allow(*_READERS, body=codec.MAX_SMALL), status_code=200)
async def post_order(request: Request[Any, Any, Any], session: FromPath[str]) -> SessionAnswer:
    """One command; answers with the state after it."""
    service, name, caller = service_of(request), read_id(session, SessionId), auth.caller_of(request)
    order = codec.decode(auth.body_of(request), SessionOrder, limit=codec.MAX_SMALL)

    def work() -> SessionAnswer:
        with service.write() as tx:
            tx.spend(keyid=caller.keyid, nonce=caller.nonce)
            row = sessions.locked(tx, name)
            for poll in polls.of_pack(tx.conn, row.pack):
                closing.settle(tx, service.signer, poll)
            live.command(tx, row, caller, order)
        return _answer(service, name)

    return await service.run(work)


@get(mount(PATH_SESSION_ACTS), opt=auth.allow(Role.PUBLISHER))
async def get_acts(request: Request[Any, Any, Any], session: FromPath[str]) -> ActList:
    """Members' acts, words sealed, in order of receipt; ``?after=`` takes the last answer's ``next``."""
    service, name = service_of(request), read_id(session, SessionId)
    after = read_number(request.query_params.get("after", "0"))

    def work() -> ActList:
        with service.database.read() as conn:
            rows = statements.acts_after(conn, name, after, limit=ACTS_AT_ONCE)
        return ActList(tuple(row.envelope for row in rows), rows[-1].position if rows else after)

    return await service.run(work)


def _answer(service: Service, session: SessionId) -> SessionAnswer:
    with service.database.read() as conn:
        return service.board.answer(conn, session, Moment(to_rfc3339(service.config.clock.now())))


HANDLERS = (get_session, put_session, post_order, get_acts)
