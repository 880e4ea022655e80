# SPDX-License-Identifier: AGPL-3.0-or-later
"""The registrar's side of enrolment: tickets, the comparison in person, revoking.

Rules: the service is not asked who a device belongs to. The ticket inside the request must be one this desk opened,
and the member is the one it was opened for; the request is signed by the very key it brings. A device becomes active
only with the 24 digits its holder read out, or the QR code scanned from its screen. Revoking starts new keys at each
pack's next revision.
"""

from __future__ import annotations

import base64
import hmac
from typing import Final

from msgspec import Struct, structs

from client.crypto import dsse, hashing, hpke
from client.crypto.fingerprint import QR_PREFIX, fingerprint, qr_text
from client.domain.ids import DeviceId, Hash, MemberId, Moment
from client.errors import BadInput, EcabinetError, SignatureInvalid, Text
from client.protocol import codec
from client.protocol.messages import DeviceEntry, DeviceState, EnrolRequest
from server.secretariat import members, release
from server.secretariat.core import DeskCore
from server.secretariat.model import Purpose, Ticket

TICKET_LIFE_S: Final = 15 * 60
TICKET_BYTES: Final = 7
TICKET_LENGTH: Final = 10
DEVICE_LIFE_S: Final = 365 * 86_400
KEPT_TICKETS: Final = 500
MAX_REQUEST: Final = 16 * 1024


class FingerprintMismatch(SignatureInvalid):
    """The digits read out are not those of the request: somebody else's keys."""

    code = "untrusted.fingerprint"
    title = Text("Mã xác nhận thiết bị không khớp", "The device's fingerprint does not match")
    next_step = Text(
        "Không duyệt. Đọc lại 24 chữ số trên thiết bị; nếu vẫn khác, hủy vé và báo cán bộ kỹ thuật.",
        "Not approved. Read the 24 digits again; if they still differ, drop the ticket and tell IT staff.",
    )


class OpenedTicket(Struct, frozen=True):
    """A ticket to hand over by voice or on paper; shown once, kept only as a hash."""

    ticket: str
    member: MemberId
    expires: Moment


class Waiting(Struct, frozen=True):
    """A device that waits for the comparison in person.

    Attributes:
        digits: What the device must show.
        problem: Why it may not be approved; empty when it may.
    """

    device: DeviceId
    member: MemberId
    name: str
    received: Moment
    digits: str
    problem: str = ""


class DeviceReport(Struct, frozen=True):
    """What became of a device; ``envelopes`` is the number of packs it can now open."""

    device: DeviceId
    member: MemberId
    state: DeviceState
    envelopes: int = 0
    dry_run: bool = False


def fingerprint_digits(sign_public: str, seal_public: str) -> str:
    """The 24 digits a device shows for these public keys."""
    return fingerprint(sign_public, seal_public).digits24


def open_ticket(core: DeskCore, wanted: str) -> OpenedTicket:
    """Open a ticket for one new device of a member.

    Raises:
        BadInput: No such member.
        ServiceError: It was not announced; open another one.
    """
    service = core.require_service()
    members.flush(core)
    member = members.find(core.state, wanted)
    text = base64.b32encode(core.rng(TICKET_BYTES)).decode()[:TICKET_LENGTH]
    ticket = Ticket(Hash(hashing.sha256(text.encode())), member.id, core.now(TICKET_LIFE_S))
    core.edit(lambda state: structs.replace(state, tickets=(*state.tickets[-KEPT_TICKETS:], ticket)))
    service.open_ticket(ticket.hash, member.id, ticket.expires)
    return OpenedTicket(text, member.id, ticket.expires)


def pending(core: DeskCore) -> tuple[Waiting, ...]:
    """Devices that wait, each checked; one that does not verify is listed with its problem."""
    return tuple(waiting for waiting, _ in _pending(core))


def approve(core: DeskCore, device: str, proof: str, *, dry_run: bool = False) -> DeviceReport:
    """Make a device active, with envelopes for every live pack.

    Args:
        core: The desk.
        device: Its id, or its beginning if only one waiting device has it.
        proof: The 24 digits read out in person (spaces do not matter), or the text of the QR code scanned there.
        dry_run: Check only.

    Raises:
        BadInput: No such device waits.
        FingerprintMismatch: Other digits, or another hash.
        SignatureInvalid: The request does not verify.
    """
    digest = Hash(hashing.sha256(f"approve|{device}|{_essence(proof)}".encode()))
    if not dry_run:
        resumed = release.begin(core, purpose=Purpose.APPROVE, digest=digest)
        if resumed is not None:
            release.send(core, resumed=True)
            return _report(core, DeviceId(resumed.note))
        if _is_approved(core, device, proof):
            return _report(core, DeviceId(device))
    found = [(waiting, request) for waiting, request in _pending(core) if waiting.device.startswith(device)]
    if len(found) != 1:
        raise BadInput(f"device: {len(found)} waiting")
    waiting, request = found[0]
    if request is None:
        raise SignatureInvalid(waiting.problem)
    if not _matches(proof, request.device, request.sign, request.seal):
        raise FingerprintMismatch(request.device)
    entry = DeviceEntry(
        id=request.device,
        member=waiting.member,
        sign=request.sign,
        seal=request.seal,
        state=DeviceState.ACTIVE,
        since=core.now(),
        until=core.now(DEVICE_LIFE_S),
        name=request.name,
    )
    packs = release.live_packs(core.state, core.now())
    report = DeviceReport(entry.id, entry.member, entry.state, len(packs), dry_run)
    if dry_run:
        return report
    after = structs.replace(core.state, devices=(*core.state.devices, entry), directory_stale=True)
    envelopes = tuple(release.envelope(core, record, entry) for record in packs)
    release.prepare(core, after, purpose=Purpose.APPROVE, digest=digest, envelopes=envelopes, note=entry.id)
    release.send(core)
    return report


def revoke(core: DeskCore, device: str, *, wipe: bool = False, dry_run: bool = False) -> DeviceReport:
    """End a device; ``wipe`` also orders it to erase itself. New papers get new keys from the next revision on.

    Raises:
        BadInput: No such device.
    """
    state = DeviceState.WIPE if wipe else DeviceState.REVOKED
    entry = next((entry for entry in core.state.devices if entry.id == device), None)
    if entry is None:
        raise BadInput("device: not listed")
    report = DeviceReport(entry.id, entry.member, state, 0, dry_run)
    digest = Hash(hashing.sha256(f"revoke|{device}|{state.value}".encode()))
    if dry_run:
        return report
    resumed = release.begin(core, purpose=Purpose.REVOKE, digest=digest)
    if resumed is None:
        devices = tuple(structs.replace(e, state=state) if e.id == device else e for e in core.state.devices)
        packs = {pack: structs.replace(record, rekey=True) for pack, record in core.state.packs.items()}
        after = structs.replace(core.state, devices=devices, packs=packs, directory_stale=True)
        release.prepare(core, after, purpose=Purpose.REVOKE, digest=digest, note=device)
    release.send(core, resumed=resumed is not None)
    return report


def _pending(core: DeskCore) -> list[tuple[Waiting, EnrolRequest | None]]:
    found: list[tuple[Waiting, EnrolRequest | None]] = []
    for item in core.require_service().pending().pending:
        try:
            request = _open(item.request)
            problem, member = _ticket_problem(core, request, item.received)
        except EcabinetError as error:
            found.append((Waiting(DeviceId("unreadable"), item.member, "", item.received, "", error.code), None))
            continue
        waiting = Waiting(
            device=request.device,
            member=member or item.member,
            name=request.name,
            received=item.received,
            digits=fingerprint_digits(request.sign, request.seal),
            problem=problem,
        )
        found.append((waiting, None if problem else request))
    return found


def _open(envelope: bytes) -> EnrolRequest:
    """The request, verified with the key it brings: proof that the device holds that key."""
    payload, _ = dsse.peek_unverified(envelope, limit=MAX_REQUEST)
    request = codec.decode(payload, EnrolRequest, limit=MAX_REQUEST)
    dsse.open_(envelope, {request.device: request.sign}, limit=MAX_REQUEST)
    hpke.check_public(request.seal)
    return request


def _ticket_problem(core: DeskCore, request: EnrolRequest, received: Moment) -> tuple[str, MemberId | None]:
    digest = hashing.sha256(request.ticket.encode())
    ticket = next((ticket for ticket in core.state.tickets if ticket.hash == digest), None)
    if ticket is None:
        return "ticket-unknown", None
    if received > ticket.expires:
        return "ticket-expired", ticket.member
    if any(entry.id == request.device for entry in core.state.devices):
        return "device-listed", ticket.member
    return "", ticket.member


def _report(core: DeskCore, device: DeviceId) -> DeviceReport:
    entry = next(entry for entry in core.state.devices if entry.id == device)
    return DeviceReport(entry.id, entry.member, entry.state, len(release.live_packs(core.state, core.now())))


def _is_approved(core: DeskCore, device: str, proof: str) -> bool:
    """Whether the same approval was completed before, its answer lost on the way."""
    return any(
        entry.id == device and entry.state is DeviceState.ACTIVE and _matches(proof, entry.id, entry.sign, entry.seal)
        for entry in core.state.devices
    )


def _matches(proof: str, device: DeviceId, sign: str, seal: str) -> bool:
    """Whether what was read out or scanned in person is what these keys give."""
    shown = fingerprint(sign, seal)
    expected = qr_text(device, shown) if _is_scanned(proof) else shown.digits24
    return hmac.compare_digest(_essence(proof), _essence(expected))


def _essence(proof: str) -> str:
    """A proof without what does not matter: white space and case of a scan, all but the digits of what was read out."""
    return proof.strip().lower() if _is_scanned(proof) else _only_digits(proof)


def _is_scanned(proof: str) -> bool:
    return proof.strip().lower().startswith(QR_PREFIX)


def _only_digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdecimal())
