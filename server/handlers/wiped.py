# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/wiped``: the last word of devices that erased themselves.

Such a device has no keys any more and signs no request; the report itself was signed by its key before that was
destroyed, and counts only from a device that the directory orders to erase itself.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post

from client.crypto import dsse
from client.domain.ids import Hash
from client.protocol import codec
from client.protocol.http import PATH_WIPED, Problem, ReceivedReport, WipedList
from client.protocol.messages import DeviceState, WipeReport
from server import auth, sizes
from server.auth import Role
from server.handlers.common import mount, service_of
from server.problems import Refusal
from server.service import Service
from server.storage import wiped


@post(mount(PATH_WIPED), opt=auth.open_to_all(body=sizes.ENROL), status_code=200)
async def post_report(request: Request[Any, Any, Any]) -> ReceivedReport:
    """Take a report; the same device again gets the same answer."""
    service, body = service_of(request), auth.body_of(request)
    address = request.client.host if request.client else ""
    service.attempts.check(address)
    try:
        return await service.run(_take, service, body)
    except Refusal:
        service.attempts.failed(address)
        raise


def _take(service: Service, envelope: bytes) -> ReceivedReport:
    payload, _ = dsse.peek_unverified(envelope, limit=sizes.ENROL)
    report = codec.decode(payload, WipeReport, limit=codec.MAX_SMALL)
    with service.write() as tx:
        directory = service.directories.current(tx.conn)
        entry = None if directory is None else directory.devices.get(report.device)
        if entry is None:
            raise Refusal(Problem.UNKNOWN_DEVICE)
        opened = dsse.open_(envelope, {entry.id: entry.sign}, limit=sizes.ENROL)
        if entry.state is not DeviceState.WIPE or report.member != entry.member:
            raise Refusal(Problem.FORBIDDEN, report.device)
        return wiped.keep(tx, entry.id, envelope, payload=Hash(opened.hash))


@get(mount(PATH_WIPED), opt=auth.allow(Role.REGISTRAR))
async def get_reports(request: Request[Any, Any, Any]) -> WipedList:
    """All reports; the registrar verifies them again."""
    service = service_of(request)

    def work() -> WipedList:
        with service.database.read() as conn:
            return WipedList(wiped.reports(conn))

    return await service.run(work)


HANDLERS = (post_report, get_reports)
