# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk knows, as frozen values; it exists in clear only in memory.

The desk file holds ``DeskFile``: what was published (``now``), and at most one release on its way (``pending``)
together with the state it leads to. A release becomes ``now`` only when the service holds its metadata, so an
interruption anywhere leaves either the old state or the new one, and never a mixture.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from client.domain.ids import (
    DeviceId,
    Hash,
    ItemId,
    MemberId,
    Moment,
    PackId,
    PaperId,
    PollId,
    RuleSetId,
    SessionId,
)
from client.protocol.http import MetadataUpload
from client.protocol.messages import DeviceEntry, KeyRole, MemberEntry, PollWording, Target
from server.secretariat.ceremony import Trusted


class Purpose(Enum):
    """What a release is for."""

    PUBLISH = "publish"
    REPLACE = "replace"
    RECALL = "recall"
    DIRECTORY = "directory"
    APPROVE = "approve"
    REVOKE = "revoke"
    KEYS = "keys"


class NamedKey(Struct, frozen=True):
    """A private key with the id it is known by; ``private`` is PKCS #8 or the 96 bytes of a sealing key.

    Attributes:
        place: Where it is kept, if not here: ``private`` is empty then and ``public`` is known.
    """

    id: str
    private: bytes
    place: str = ""
    public: str = ""

    def __repr__(self) -> str:
        """The id alone."""
        return f"NamedKey({self.id})"


class Ticket(Struct, frozen=True):
    """An opened enrolment ticket; the ticket itself is not kept."""

    hash: Hash
    member: MemberId
    expires: Moment


class PollRecord(Struct, frozen=True):
    """A poll as published.

    Attributes:
        spec: Hash of what the folder said; an unchanged poll keeps definition and salt.
        envelope: The signed definition.
    """

    id: PollId
    spec: Hash
    envelope: bytes
    wording: PollWording


class PackRecord(Struct, frozen=True):
    """A pack as published.

    Attributes:
        folder: Absolute path it came from; only a hint for recognising it.
        manifest: Payload bytes of the newest manifest.
        files: Which file each paper came from, to recognise it in the next revision.
        rekey: A device was revoked since: the next revision starts a new epoch with a new key.
        rules, chair: What the folder said of them; None for the default and for the body's head.
        burnt: Highest revision number ever tried; an abandoned number is not used again.
    """

    pack: PackId
    folder: str
    rev: int
    burnt: int
    manifest: bytes
    target: Target
    epoch: int
    scope_key: bytes
    files: dict[PaperId, str]
    polls: tuple[PollRecord, ...]
    read_until: Moment
    rekey: bool = False
    rules: RuleSetId | None = None
    chair: MemberId | None = None

    def __repr__(self) -> str:
        """The id alone: manifest and keys must not reach a log."""
        return f"PackRecord({self.pack}.{self.rev})"


class PlanRecord(Struct, frozen=True):
    """A session plan as last made; ``sent`` once the service has it."""

    session: SessionId
    pack: PackId
    version: int
    hash: Hash
    envelope: bytes
    sent: bool = False


class CopyEntry(Struct, frozen=True):
    """One line of the ledger of secret papers: a numbered copy went to a member, or came back from one."""

    pack: PackId
    paper: PaperId
    copy: str
    member: MemberId
    at: Moment
    returned: bool


class StoredTarget(Struct, frozen=True):
    """A signed target that stays as it is: the directory, a rule set."""

    name: str
    target: Target


class DeskState(Struct, frozen=True, kw_only=True):
    """Everything the secretariat keeps.

    Attributes:
        trusted: TUF metadata as signed here; registrar's and publisher's as the service holds them.
        directory_version: Of what the service holds; 0 before the first.
        released: How many releases it took.
        plans: How each session is to run.
        copies: The ledger of secret papers; only added to.
        agendas: The order of items the secretariat last gave, where it differs from the folder's.
        directory_stale: Members, devices or services changed since the last directory.
    """

    body: str
    server: str = ""
    registrar: NamedKey
    publisher: NamedKey
    reader: NamedKey
    trusted: Trusted
    services: tuple[KeyRole, ...] = ()
    members: tuple[MemberEntry, ...] = ()
    devices: tuple[DeviceEntry, ...] = ()
    directory_version: int = 0
    directory: StoredTarget | None = None
    directory_stale: bool = True
    rules: dict[RuleSetId, StoredTarget] = {}
    released: int = 0
    packs: dict[PackId, PackRecord] = {}
    tickets: tuple[Ticket, ...] = ()
    plans: dict[SessionId, PlanRecord] = {}
    agendas: dict[SessionId, tuple[ItemId, ...]] = {}
    copies: tuple[CopyEntry, ...] = ()

    def __repr__(self) -> str:
        """No keys, names or titles."""
        return f"DeskState(release {self.released})"


class SealedBlob(Struct, frozen=True):
    """A sealed paper waiting in the spool under its own hash."""

    hash: Hash
    size: int


class NewTarget(Struct, frozen=True):
    """Bytes to put under a name; ``registrar`` says whose request carries them."""

    name: str
    data: bytes
    registrar: bool = False


class EnvelopeFile(Struct, frozen=True):
    """One scope key for one device, signed."""

    scope: PackId
    epoch: int
    device: DeviceId
    data: bytes


class Release(Struct, frozen=True):
    """What has to reach the service, in this order; the metadata is last and makes all of it count.

    Attributes:
        digest: Names the input it was made from; the same input resumes it, another abandons it.
    """

    purpose: Purpose
    digest: Hash
    metadata: MetadataUpload
    blobs: tuple[SealedBlob, ...] = ()
    targets: tuple[NewTarget, ...] = ()
    envelopes: tuple[EnvelopeFile, ...] = ()
    polls: tuple[tuple[PollId, bytes], ...] = ()


class Pending(Struct, frozen=True):
    """A release on its way and the state it leads to."""

    release: Release
    after: DeskState
    note: str = ""


class DeskFile(Struct, frozen=True):
    """Content of the sealed desk file."""

    now: DeskState
    pending: Pending | None = None
