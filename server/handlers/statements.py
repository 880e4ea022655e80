# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/statements`` and ``/comments``: signed acts in, receipts out; ``server.voting`` decides."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, get, post
from litestar.params import FromPath

from client.domain.ids import Hash
from client.protocol.http import PATH_COMMENTS, PATH_STATEMENT, PATH_STATEMENTS, CommentList, StatementAnswer
from server import auth, sizes, voting
from server.auth import Role
from server.handlers.common import mount, read_id, read_number, service_of
from server.storage import statements

COMMENTS_AT_ONCE: Final = 50


@post(mount(PATH_STATEMENTS), opt=auth.allow(Role.DEVICE, body=sizes.STATEMENT), status_code=200)
async def post_statement(request: Request[Any, Any, Any]) -> StatementAnswer:
    """Take a vote or comment; ``Idempotency-Key`` is its payload's hash."""
    service, device, body = service_of(request), auth.device_of(request), auth.body_of(request)
    key = request.headers.get("idempotency-key", "")
    return await service.run(voting.accept, service, device, body, key=key)


@get(mount(PATH_STATEMENT), opt=auth.allow(Role.DEVICE, Role.PUBLISHER))
async def get_statement(request: Request[Any, Any, Any], hash: FromPath[str]) -> StatementAnswer:  # noqa: A002  # the path's name
    """A statement of the caller's member with its receipt."""
    service, caller = service_of(request), auth.caller_of(request)
    return await service.run(voting.fetch, service, caller, read_id(hash, Hash))


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


HANDLERS = (post_statement, get_statement, get_comments)
