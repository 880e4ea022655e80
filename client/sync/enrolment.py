# SPDX-License-Identifier: AGPL-3.0-or-later
"""The device's side of enrolment: hand in public keys with a one-time ticket, then wait to be listed.

The registrar compares the fingerprint in person; nothing here can shorten that. The request is signed with the
device's own new key, so that nobody can enrol keys he does not hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from client.crypto import dsse
from client.crypto.random import Random
from client.crypto.signing import SigningKey
from client.domain.ids import DeviceId, MemberId, Moment
from client.errors import BadInput, FormatRefused
from client.protocol import codec
from client.protocol.http import EnrolStatus
from client.protocol.messages import EnrolRequest
from client.sync.transport import Transport

TICKET_LENGTH: Final = 10
_TICKET: Final = re.compile(r"[A-Z2-7]{10}")
_SEPARATORS: Final = str.maketrans("", "", " -\t")
MAX_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where an enrolment stands.

    Attributes:
        state: ``pending``, ``active`` or ``refused``.
    """

    device: DeviceId
    member: MemberId
    state: str


def new_device_id(rng: Random) -> DeviceId:
    """A fresh id, e.g. ``d_9f2c41aa07c35be2``."""
    return DeviceId(f"d_{rng(8).hex()}")


def read_ticket(text: str) -> str:
    """What was typed, as a ticket: case, spaces and hyphens do not matter.

    Raises:
        BadInput: Not ten letters and digits of base32.
    """
    ticket = text.translate(_SEPARATORS).upper()
    if not _TICKET.fullmatch(ticket):
        raise BadInput("ticket")
    return ticket


def request_bytes(
    *, device: DeviceId, ticket: str, signing: SigningKey, seal_public: str, name: str, made: Moment
) -> bytes:
    """The signed request (DSSE).

    Args:
        device: From :func:`new_device_id`.
        ticket: As typed.
        signing: The device's new signing key.
        seal_public: Public half of its sealing key.
        name: What the registrar sees, e.g. the machine's name; cut to 80 characters.
        made: Now.

    Raises:
        BadInput: Not a ticket.
    """
    body = EnrolRequest(
        device=device,
        ticket=read_ticket(ticket),
        sign=signing.public,
        seal=seal_public,
        name=name[:MAX_NAME],
        made=made,
    )
    return dsse.sign(codec.encode(body), keyid=device, key=signing)


def enrol(transport: Transport, envelope: bytes, *, device: DeviceId) -> Enrolment:
    """Hand in the request.

    Raises:
        ServiceRefused: ``ticket``: unknown, used up or too late.
        ServiceError: The wire.
        FormatRefused: The service answered for another device.
    """
    return _checked(transport.enrol(envelope), device)


def ask(transport: Transport, *, device: DeviceId) -> Enrolment:
    """Where the enrolment stands; the screen asks every few seconds.

    The answer is the service's word only. What counts is the signed directory, which the engine reads.
    """
    return _checked(transport.enrol_status(device), device)


def _checked(status: EnrolStatus, device: DeviceId) -> Enrolment:
    if status.device != device:
        raise FormatRefused("answer for another device")
    return Enrolment(status.device, status.member, status.state)
