# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public facts of one enrolment: which service, whose signatures count, which device this is.

Nothing here is secret and nothing here is trusted beyond its first use: the device's keys decide what it can
sign, the signed directory decides whose member it is. The file is written aside and put in place in one step.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from client import durable
from client.domain.ids import DeviceId, MemberId
from client.errors import FormatRefused, KeyFileDamaged
from client.protocol import codec
from client.protocol.messages import Root


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """One enrolment of this device.

    Attributes:
        server_url: Base address of the service.
        ca_file: PEM file of the ministry's own authority, where the system does not know it.
        state: ``pending`` until the signed directory lists the device.
        keystore: Which back end keeps the device's secret; shown in diagnostics.
        digits: The fingerprint to compare in person, as six groups of four digits.
        qr: The whole fingerprint with the device's id, as the registrar's tool reads it from the QR code.
    """

    server_url: Annotated[str, Meta(pattern=r"^https?://[^\s]+$", max_length=300)]
    root: Root
    device: DeviceId
    name: Annotated[str, Meta(max_length=80)]
    keystore: Annotated[str, Meta(max_length=80)]
    digits: Annotated[str, Meta(max_length=40)] = ""
    qr: Annotated[str, Meta(max_length=200)] = ""
    member: MemberId | None = None
    state: Literal["pending", "active"] = "pending"
    ca_file: str | None = None


def load(path: Path) -> Profile | None:
    """The profile at ``path``, or None where the device was never enrolled.

    Raises:
        KeyFileDamaged: The file is there and is not a profile.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return codec.decode(data, Profile, limit=codec.MAX_SMALL)
    except FormatRefused as error:
        raise KeyFileDamaged("profile") from error


def save(path: Path, profile: Profile) -> None:
    """Put ``profile`` in place, durably."""
    durable.replace(path, codec.encode(profile))
