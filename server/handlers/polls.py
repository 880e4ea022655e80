# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/polls*`` and ``/closing/<poll>``: definitions, states, and the signed count."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post, put
from litestar.params import FromPath
from msgspec import structs

from client.clock import to_rfc3339
from client.domain.ballot import BallotKind
from client.domain.ids import Moment, PollId
from client.domain.people import served_by
from client.protocol import codec
from client.protocol.http import (
    PATH_CERTIFIED,
    PATH_CERTIFY,
    PATH_CLOSING,
    PATH_POLL,
    PATH_POLL_ANSWERED,
    PATH_POLL_CLOSE,
    PATH_POLL_LATE,
    PATH_POLL_OPEN,
    PATH_POLLS,
    Answered,
    CertifyRequest,
    CloseRequest,
    LateVotes,
    OpenRequest,
    PollAnswer,
    PollList,
    Problem,
)
from server import auth, closing, live, sizes
from server.auth import Caller, Role
from server.handlers.common import found, mount, read_id, service_of, signed_object
from server.problems import Refusal
from server.service import Service
from server.storage import polls, statements
from server.storage.polls import PollRow

_READERS = (Role.DEVICE, Role.PUBLISHER)


@get(mount(PATH_POLLS), opt=auth.allow(*_READERS))
async def list_polls(request: Request[Any, Any, Any]) -> PollList:
    """Polls in which the caller votes or which the caller opens; all of them for the publisher."""
    service, device = service_of(request), auth.caller_of(request).device

    def work() -> PollList:
        with service.database.read() as conn:
            return PollList(polls.every(conn) if device is None else polls.of_member(conn, device.member))

    return await service.run(work)


@get(mount(PATH_POLL), opt=auth.allow(*_READERS))
async def get_poll(request: Request[Any, Any, Any], poll: FromPath[str]) -> PollAnswer:
    """Definition and signed status."""
    service, name, caller = service_of(request), read_id(poll, PollId), auth.caller_of(request)

    def work() -> PollAnswer:
        closing.settle_one(service, name)
        with service.database.read() as conn:
            row = polls.get(conn, name)
        if row is None:
            raise Refusal(Problem.POLL_UNKNOWN, name)
        return structs.replace(_answer(service, row), served=_served(service, row, caller))

    return await service.run(work)


@put(mount(PATH_POLL), opt=auth.allow(Role.PUBLISHER, body=sizes.POLL), status_code=204)
async def put_poll(request: Request[Any, Any, Any], poll: FromPath[str]) -> None:
    """Publish a definition."""
    service, name, body = service_of(request), read_id(poll, PollId), auth.body_of(request)

    def work() -> None:
        with service.write() as tx:
            polls.put(tx, service.roles.publisher, name, body)
            closing.settle(tx, service.signer, polls.locked(tx, name))

    await service.run(work)


@post(mount(PATH_POLL_OPEN), opt=auth.allow(*_READERS, body=codec.MAX_SMALL), status_code=200)
async def open_poll(request: Request[Any, Any, Any], poll: FromPath[str]) -> PollAnswer:
    """Open a poll, or move the closing time of an open one; by the publisher or an opener."""
    service, name, caller = service_of(request), read_id(poll, PollId), auth.caller_of(request)
    wish = codec.decode(auth.body_of(request), OpenRequest, limit=codec.MAX_SMALL)

    def work() -> PollAnswer:
        closing.settle_one(service, name)
        with service.write() as tx:
            tx.spend(keyid=caller.keyid, nonce=caller.nonce)
            row = closing.settle(tx, service.signer, polls.locked(tx, name))
            _check_may(row, caller, wish)
            opened = closing.open_poll(tx, row, at=tx.at, closes=wish.closes)
        return _answer(service, opened)

    return await service.run(work)


@post(mount(PATH_POLL_CLOSE), opt=auth.allow(*_READERS, body=codec.MAX_SMALL), status_code=200)
async def close_poll(request: Request[Any, Any, Any], poll: FromPath[str]) -> PollAnswer:
    """Close a poll now; by the publisher or an opener."""
    service, name, caller = service_of(request), read_id(poll, PollId), auth.caller_of(request)
    wish = codec.decode(auth.body_of(request), CloseRequest, limit=codec.MAX_SMALL)

    def work() -> PollAnswer:
        closing.settle_one(service, name)
        with service.write() as tx:
            tx.spend(keyid=caller.keyid, nonce=caller.nonce)
            row = closing.settle(tx, service.signer, polls.locked(tx, name))
            _check_may(row, caller, wish)
            if wish.void and not caller.is_publisher:
                raise Refusal(Problem.FORBIDDEN, row.poll)
            closed = closing.close_poll(tx, service.signer, row, at=tx.at, void=wish.void)
        return _answer(service, closed)

    return await service.run(work)


@post(mount(PATH_CERTIFY), opt=auth.allow(Role.PUBLISHER, body=codec.MAX_STATEMENT), status_code=200)
async def certify_poll(request: Request[Any, Any, Any], poll: FromPath[str]) -> PollAnswer:
    """Certify a closed poll's result."""
    service, name, caller = service_of(request), read_id(poll, PollId), auth.caller_of(request)
    wish = codec.decode(auth.body_of(request), CertifyRequest, limit=codec.MAX_STATEMENT)

    def work() -> PollAnswer:
        closing.settle_one(service, name)
        with service.write() as tx:
            tx.spend(keyid=caller.keyid, nonce=caller.nonce)
            row = closing.settle(tx, service.signer, polls.locked(tx, name))
            if wish.poll_def != row.poll_def:
                raise Refusal(Problem.WRONG_DEFINITION, row.poll)
            row = closing.certify(tx, service.signer, row, admit=wish.admit, ruling=wish.ruling)
        return _answer(service, row)

    return await service.run(work)


@get(mount(PATH_POLL_LATE), opt=auth.allow(Role.PUBLISHER))
async def get_late(request: Request[Any, Any, Any], poll: FromPath[str]) -> LateVotes:
    """Votes that came too late; each may be had under ``/statements``."""
    service, name = service_of(request), read_id(poll, PollId)

    def work() -> LateVotes:
        with service.database.read() as conn:
            return LateVotes(tuple(stored.hash for stored in statements.late(conn, name)))

    return await service.run(work)


@get(mount(PATH_POLL_ANSWERED), opt=auth.allow(Role.PUBLISHER))
async def get_answered(request: Request[Any, Any, Any], poll: FromPath[str]) -> Answered:
    """Who has answered so far, for reminders; what they answered stays closed until the poll is."""
    service, name = service_of(request), read_id(poll, PollId)

    def work() -> Answered:
        with service.database.read() as conn:
            return Answered(tuple(stored.member for stored in statements.counted(conn, name)))

    return await service.run(work)


@get(mount(PATH_CERTIFIED), opt=auth.allow(*_READERS))
async def get_certified(request: Request[Any, Any, Any], poll: FromPath[str]) -> Response[bytes]:
    """The signed certified result; not found until there is one."""
    service, name = service_of(request), read_id(poll, PollId)

    def work() -> PollRow | None:
        with service.database.read() as conn:
            return polls.get(conn, name)

    return signed_object(found(found(await service.run(work)).certified))


@get(mount(PATH_CLOSING), opt=auth.allow(*_READERS))
async def get_closing(request: Request[Any, Any, Any], poll: FromPath[str]) -> Response[bytes]:
    """The signed closing list; not found until the poll has closed."""
    service, name = service_of(request), read_id(poll, PollId)

    def work() -> PollRow | None:
        closing.settle_one(service, name)
        with service.database.read() as conn:
            return polls.get(conn, name)

    return signed_object(found(found(await service.run(work)).closing))


def _check_may(row: PollRow, caller: Caller, wish: OpenRequest | CloseRequest) -> None:
    opener = caller.device is not None and caller.device.member in polls.definition_of(row).openers
    if not opener and not caller.is_publisher:
        raise Refusal(Problem.FORBIDDEN, row.poll)
    if wish.poll_def != row.poll_def:
        raise Refusal(Problem.WRONG_DEFINITION, row.poll)


def _answer(service: Service, row: PollRow) -> PollAnswer:
    at = Moment(to_rfc3339(service.config.clock.now()))
    with service.database.read() as conn:
        block = live.block_of(conn, row)
    return PollAnswer(definition=row.definition, status=service.signer.poll_status(row, at, block))


def _served(service: Service, row: PollRow, caller: Caller) -> tuple[bytes, ...]:
    """For an aide: of each member served who may vote, whether a vote stands."""
    if caller.device is None or polls.definition_of(row).kind is not BallotKind.OPINION:
        return ()
    at, eligible = Moment(to_rfc3339(service.config.clock.now())), polls.definition_of(row).eligible
    with service.database.read() as conn:
        directory = service.directories.current(conn)
        people = () if directory is None else directory.people
        return tuple(
            service.signer.answered(row, one.id, at, answered=statements.head(conn, row.poll, one.id) is not None)
            for one in served_by(people, caller.device.member)
            if one.id in eligible
        )


HANDLERS = (
    list_polls,
    get_poll,
    put_poll,
    open_poll,
    close_poll,
    certify_poll,
    get_late,
    get_answered,
    get_closing,
    get_certified,
)
