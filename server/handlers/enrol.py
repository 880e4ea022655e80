# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/enrol*``: tickets, new devices, and what waits for the registrar.

A new device is in no directory yet, so its request is not guarded but proves itself: the DSSE envelope is
signed by the very key it announces.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath

from client.crypto import dsse
from client.domain.ids import DeviceId, Hash
from client.errors import SignatureInvalid
from client.protocol import codec
from client.protocol.http import (
    PATH_ENROL,
    PATH_ENROL_DEVICE,
    PATH_PENDING,
    PATH_TICKETS,
    EnrolStatus,
    PendingList,
    Problem,
    TicketRequest,
)
from client.protocol.messages import EnrolRequest
from server import auth, sizes
from server.auth import Role
from server.handlers.common import found, mount, read_id, service_of
from server.problems import Refusal
from server.service import Service
from server.storage import enrolment


@post(mount(PATH_TICKETS), opt=auth.allow(Role.REGISTRAR, body=codec.MAX_SMALL), status_code=204)
async def post_ticket(request: Request[Any, Any, Any]) -> None:
    """Open a ticket by its hash."""
    service, caller = service_of(request), auth.caller_of(request)
    wish = codec.decode(auth.body_of(request), TicketRequest, limit=codec.MAX_SMALL)

    def work() -> None:
        with service.write() as tx:
            tx.spend(keyid=caller.keyid, nonce=caller.nonce)
            enrolment.open_ticket(tx, wish, life_s=service.config.limits.ticket_s)

    await service.run(work)


@post(mount(PATH_ENROL), opt=auth.open_to_all(body=sizes.ENROL), status_code=200)
async def post_enrol(request: Request[Any, Any, Any]) -> EnrolStatus:
    """Ask for a device to be listed."""
    service, body = service_of(request), auth.body_of(request)
    address = request.client.host if request.client else ""
    service.attempts.check(address)
    wish, digest = _open(service, body)
    status = await service.run(_enrol, service, wish, body, digest)
    if status is None:
        service.attempts.failed(address)
        raise Refusal(Problem.TICKET)
    return status


def _open(service: Service, envelope: bytes) -> tuple[EnrolRequest, Hash]:
    payload, signers = dsse.peek_unverified(envelope, limit=sizes.ENROL)
    wish = codec.decode(payload, EnrolRequest, limit=codec.MAX_SMALL)
    if signers != (wish.device,):
        raise SignatureInvalid("not signed by the new device alone")
    opened = dsse.open_(envelope, {wish.device: wish.sign}, limit=sizes.ENROL)
    ours = {*service.roles.publisher, *service.roles.registrar, service.config.receipt_id}
    if wish.device in enrolment.RESERVED | ours:
        raise Refusal(Problem.FORBIDDEN, wish.device)
    return wish, Hash(opened.hash)


def _enrol(service: Service, wish: EnrolRequest, envelope: bytes, digest: Hash) -> EnrolStatus | None:
    with service.write() as tx:
        return enrolment.enrol(
            tx,
            wish,
            envelope=envelope,
            payload=digest,
            directory=service.directories.current(tx.conn),
            most=service.config.limits.ticket_tries,
        )


@get(mount(PATH_PENDING), opt=auth.allow(Role.REGISTRAR))
async def get_pending(request: Request[Any, Any, Any]) -> PendingList:
    """Requests the directory does not list yet."""
    service = service_of(request)

    def work() -> PendingList:
        with service.database.read() as conn:
            return PendingList(enrolment.pending(conn, service.directories.current(conn)))

    return await service.run(work)


@get(mount(PATH_ENROL_DEVICE), opt=auth.open_to_all())
async def get_enrolment(request: Request[Any, Any, Any], device: FromPath[str]) -> EnrolStatus:
    """Where an enrolment stands; device ids are random, so only who knows one asks after it."""
    service, name = service_of(request), read_id(device, DeviceId)
    return await service.run(_status, service, name)


def _status(service: Service, name: DeviceId) -> EnrolStatus:
    with service.database.read() as conn:
        member, envelope = found(enrolment.stored_request(conn, name))
        directory = service.directories.current(conn)
    payload, _ = dsse.peek_unverified(envelope, limit=sizes.ENROL)  # verified when it was stored
    wish = codec.decode(payload, EnrolRequest, limit=codec.MAX_SMALL)
    return enrolment.status_of(name, member, wish.sign, directory)


HANDLERS = (post_ticket, post_enrol, get_pending, get_enrolment)
