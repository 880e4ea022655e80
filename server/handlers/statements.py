# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/statements`` and ``/comments``: signed acts in, receipts out; ``server.voting`` decides."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from client.clock import to_rfc3339
from client.domain.ids import DeviceId, Hash, Moment
from client.protocol.http import (
    PATH_CARRIED,
    PATH_COMMENTS,
    PATH_STATEMENT,
    PATH_STATEMENTS,
    CommentList,
    StatementAnswer,
)
from client.protocol.messages import KEPT_AT_ONCE, KeptList, KeptStatement
from server import auth, sizes, voting
from server.auth import Role
from server.handlers.common import mount, read_id, read_number, service_of, signed_object
from server.storage import statements

COMMENTS_AT_ONCE: Final = 50


@post(mount(PATH_STATEMENTS), opt=auth.allow(Role.DEVICE, body=sizes.STATEMENT), status_code=200)
async def post_statement(request: Request[Any, Any, Any]) -> StatementAnswer:
    """Take a vote or comment; ``Idempotency-Key`` is its payload's hash."""
    service, device, body = service_of(request), auth.device_of(request), auth.body_of(request)
    key = request.headers.get("idempotency-key", "")
    return await service.run(voting.accept, service, device, body, key=key)


@post(mount(PATH_CARRIED), opt=auth.allow(Role.PUBLISHER, body=sizes.STATEMENT), status_code=200)
async def post_carried(request: Request[Any, Any, Any]) -> StatementAnswer:
    """Take a vote or comment that the secretariat was handed; judged exactly as if its device had sent it."""
    service, body = service_of(request), auth.body_of(request)
    key = request.headers.get("idempotency-key", "")
    return await service.run(voting.accept_carried, service, body, key=key)


@get(mount(PATH_STATEMENT), opt=auth.allow(Role.DEVICE, Role.PUBLISHER))
async def get_statement(request: Request[Any, Any, Any], hash: FromPath[str]) -> StatementAnswer:  # noqa: A002  # the path's name
    """A statement of the caller's member with its receipt."""
    service, caller = service_of(request), auth.caller_of(request)
    return await service.run(voting.fetch, service, caller, read_id(hash, Hash))


@get(mount(PATH_STATEMENTS), opt=auth.allow(Role.DEVICE))
async def get_kept(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What is kept of a device of the caller's member, signed; ``?after=`` takes the last number seen."""
    service, caller = service_of(request), auth.device_of(request)
    device = read_id(request.query_params.get("device", caller.id), DeviceId)
    after = read_number(request.query_params.get("after", "0"))

    def work() -> bytes:
        now = Moment(to_rfc3339(service.config.clock.now()))  # before looking: never newer than what was seen
        with service.database.read() as conn:
            rows, top = statements.kept(conn, device, caller.member, after=after, limit=KEPT_AT_ONCE)
        found = tuple(KeptStatement(row.n, row.hash, row.kind, row.received_at) for row in rows)
        return service.signer.sign(
            KeptList(device, caller.member, after, top, kept=found, at=now, by=service.signer.keyid)
        )

    return signed_object(await service.run(work))


@get(mount(PATH_COMMENTS), opt=auth.allow(Role.PUBLISHER))
async def get_comments(request: Request[Any, Any, Any]) -> CommentList:
    """Sealed comments in order of receipt; ``?after=`` takes the last answer's ``next``."""
    service = service_of(request)
    after = read_number(request.query_params.get("after", "0"))

    def work() -> CommentList:
        with service.database.read() as conn:
            rows = statements.comments_after(conn, after, limit=COMMENTS_AT_ONCE)
        return CommentList(tuple(row.envelope for row in rows), rows[-1].position if rows else after)

    return await service.run(work)


HANDLERS = (post_statement, post_carried, get_kept, get_statement, get_comments)
