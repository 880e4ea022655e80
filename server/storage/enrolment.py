# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enrolment: one-time tickets and the requests of new devices that wait for the registrar.

The service only carries: it can neither open a ticket nor make a device active, both take the registrar's
signature. Rules: a ticket is kept as its SHA-256, lives at most 15 minutes, serves one device; five failures
spend it. A ticket that nobody opened cannot be charged, so such guesses are charged to the network address
they come from: five, then it waits.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select, update

from client.clock import Clock, Millis, from_rfc3339, to_rfc3339
from client.crypto import hashing
from client.domain.ids import DeviceId, Hash, MemberId, Moment
from client.protocol.http import EnrolStatus, PendingEnrolment, Problem, TicketRequest
from client.protocol.messages import DeviceState, EnrolRequest
from server.problems import Refusal
from server.storage.index import DirectoryView
from server.storage.schema import enrolments, tickets
from server.storage.transaction import Transaction

MAX_PENDING: Final = 200
MAX_ADDRESSES: Final = 10_000
RESERVED: Final = frozenset({"pending", "tickets"})
"""Paths beside ``/enrol/<device>``; no device may be called so."""


class Attempts:
    """Failures by network address, in memory: a restart forgives.

    Args:
        clock: Only its monotonic side is read.
        most: Failures before an address must wait.
        window_s: For how long a failure counts.
    """

    def __init__(self, clock: Clock, *, most: int, window_s: float) -> None:
        self._clock, self._most, self._window_s = clock, most, window_s
        self._failures: dict[str, list[float]] = {}

    def check(self, address: str) -> None:
        """Let an address try.

        Raises:
            Refusal: It failed too often.
        """
        recent = self._recent(address)
        if len(recent) >= self._most:
            wait = self._window_s - (self._clock.monotonic() - recent[0])
            raise Refusal(Problem.RATE, retry_after_s=max(1, round(wait)))

    def failed(self, address: str) -> None:
        """Charge a failure."""
        if len(self._failures) >= MAX_ADDRESSES:
            self._failures.pop(next(iter(self._failures)))
        self._failures[address] = [*self._recent(address), self._clock.monotonic()]

    def _recent(self, address: str) -> list[float]:
        horizon = self._clock.monotonic() - self._window_s
        return [moment for moment in self._failures.get(address, []) if moment > horizon]


def ticket_hash(ticket: str) -> Hash:
    """What is kept of a ticket: SHA-256 of its ten characters."""
    return Hash(hashing.sha256(ticket.encode()))


def open_ticket(tx: Transaction, request: TicketRequest, *, life_s: int) -> None:
    """Let one device of a member enrol; the same ticket again changes nothing.

    Raises:
        Refusal: It is expired, or was opened for another member.
    """
    if request.expires <= tx.at:
        raise Refusal(Problem.BAD_REQUEST, "ticket is past")
    known = tx.conn.execute(select(tickets).where(tickets.c.ticket_hash == request.ticket_hash)).one_or_none()
    if known is not None:
        if known.member != request.member:
            raise Refusal(Problem.VERSION_CONFLICT, "ticket")
        return
    latest = Moment(to_rfc3339(Millis(from_rfc3339(tx.at) + life_s * 1000)))
    expires = min(request.expires, latest)
    row = {"ticket_hash": request.ticket_hash, "member": request.member, "expires": expires, "tries": 0}
    tx.conn.execute(insert(tickets).values(**row))
    tx.log("ticket.opened", subject=request.member, detail=request.ticket_hash)


def enrol(
    tx: Transaction,
    request: EnrolRequest,
    *,
    envelope: bytes,
    payload: Hash,
    directory: DirectoryView | None,
    most: int,
) -> EnrolStatus | None:
    """Take a new device's public halves against its ticket.

    Args:
        tx: The transaction; it must be committed also when the answer is None, for the count of tries.
        request: The request, its signature verified against its own key.
        envelope: The request as received.
        payload: Hash of its payload; the same request again gets the same answer.
        directory: The directory in force.
        most: Failures that spend a ticket.

    Returns:
        The status, or None when the ticket does not admit this device.
    """
    known = tx.conn.execute(select(enrolments).where(enrolments.c.device == request.device)).one_or_none()
    if known is not None and known.payload == payload:
        return status_of(request.device, MemberId(known.member), request.sign, directory)
    digest = ticket_hash(request.ticket)
    ticket = tx.conn.execute(select(tickets).where(tickets.c.ticket_hash == digest)).one_or_none()
    if ticket is None:
        return None
    taken = known is not None or (directory is not None and request.device in directory.devices)
    spent = ticket.used_by is not None or ticket.tries >= most or ticket.expires <= tx.at
    if spent or taken:
        tx.conn.execute(update(tickets).where(tickets.c.ticket_hash == digest).values(tries=ticket.tries + 1))
        return None
    tx.conn.execute(update(tickets).where(tickets.c.ticket_hash == digest).values(used_by=request.device))
    row = {"device": request.device, "member": ticket.member, "payload": payload, "request": envelope}
    tx.conn.execute(insert(enrolments).values(**row, received=tx.at))
    tx.log("device.pending", subject=request.device, detail=payload)
    return status_of(request.device, MemberId(ticket.member), request.sign, directory)


def stored_request(conn: Connection, device: DeviceId) -> tuple[MemberId, bytes] | None:
    """The member and the request of an enrolment."""
    row = conn.execute(
        select(enrolments.c.member, enrolments.c.request).where(enrolments.c.device == device)
    ).one_or_none()
    return None if row is None else (MemberId(row.member), row.request)


def pending(conn: Connection, directory: DirectoryView | None) -> tuple[PendingEnrolment, ...]:
    """The newest requests the directory does not list, oldest first."""
    listed = set() if directory is None else directory.devices.keys()
    rows = conn.execute(select(enrolments).order_by(enrolments.c.received.desc()))
    waiting = [row for row in rows if row.device not in listed][:MAX_PENDING]
    return tuple(PendingEnrolment(MemberId(row.member), row.request, Moment(row.received)) for row in reversed(waiting))


def status_of(device: DeviceId, member: MemberId, sign: str, directory: DirectoryView | None) -> EnrolStatus:
    """Pending until the directory lists the device; refused when it lists it otherwise than asked."""
    entry = None if directory is None else directory.devices.get(device)
    if entry is None:
        return EnrolStatus(device, member, "pending")
    good = entry.state is DeviceState.ACTIVE and entry.sign == sign
    return EnrolStatus(device, member, "active" if good else "refused")
