# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose word counts: installation root, targets, directory, envelopes, and the request of a new device."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from client.domain.ids import DeviceId, Hash, MemberId, Moment, PackId
from client.domain.people import MAX_SERVED
from client.domain.session import Title
from client.protocol.messages.base import KeyId, Number, SealPublic, Signed, SignPublic


class KeyRole(Struct, frozen=True, forbid_unknown_fields=True):
    """A named verification key."""

    id: KeyId
    sign: SignPublic


class Reader(Struct, frozen=True, forbid_unknown_fields=True):
    """A secretariat reader to whom comments are sealed."""

    id: KeyId
    seal: SealPublic


class Root(Signed, frozen=True, tag="ecab.root/2"):
    """What a client or a service is given at installation: whose signatures count, before anything is fetched.

    Attributes:
        roots: TUF root metadata, version after version; the first is believed because it was installed.
        targets: TUF top-level targets under the newest of them: the keys of registrar and publisher.
    """

    body: Title
    roots: Annotated[tuple[bytes, ...], Meta(min_length=1, max_length=64)]
    targets: bytes


class Target(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One target: what the bytes under a name must be.

    Attributes:
        scope: For packs, whose envelopes open the manifest; ``key_hash`` is the scope key's hash.
    """

    sha256: Hash
    size: Number
    scope: PackId | None = None
    epoch: Number = 0
    key_hash: Hash | None = None


class DeviceState(Enum):
    """State of a device in the directory."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    WIPE = "wipe"


class DeviceEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One device of one member; ``name`` is what it called itself at enrolment, e.g. the machine's name."""

    id: DeviceId
    member: MemberId
    sign: SignPublic
    seal: SealPublic
    state: DeviceState
    since: Moment
    until: Moment
    name: Annotated[str, Meta(max_length=80)] = ""


class MemberEntry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One member of the body (or an aide, by role).

    Attributes:
        serves: Whose aide this is, for role ``aide``; read through ``domain.people.aides_of`` and ``served_by``.
    """

    id: MemberId
    name: Title
    groups: tuple[Annotated[str, Meta(pattern=r"^[a-z0-9_]{2,40}$")], ...]
    role: Literal["member", "prime_minister", "aide", "secretariat", "guest"]
    serves: Annotated[tuple[MemberId, ...], Meta(max_length=MAX_SERVED)] = ()


class Directory(Signed, frozen=True, tag="ecab.directory/1"):
    """Who is who, signed by the registrar; a target of the registrar's named ``d/directory.<version>``."""

    version: Number
    devices: Annotated[tuple[DeviceEntry, ...], Meta(max_length=5_000)]
    members: Annotated[tuple[MemberEntry, ...], Meta(max_length=2_000)]
    services: tuple[KeyRole, ...]
    readers: tuple[Reader, ...]


class EnvelopeBody(Signed, frozen=True, tag="ecab.envelope/1"):
    """A scope key sealed to one device; HPKE ``info`` is this object's encoding with ``sealed`` empty."""

    scope: PackId
    epoch: Number
    device: DeviceId
    sealed: bytes


class EnrolRequest(Signed, frozen=True, tag="ecab.enrol/1"):
    """A device's public halves with a one-time ticket, signed by the device's own new key."""

    device: DeviceId
    ticket: Annotated[str, Meta(pattern=r"^[A-Z2-7]{10}$")]
    sign: SignPublic
    seal: SealPublic
    name: Annotated[str, Meta(max_length=80)]
    made: Moment
