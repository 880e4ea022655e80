# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every signed or sealed object of the wire, once, for both ends (docs/protocol.md).

Each type carries its suite in ``t``; a new suite is a new ``t``, nothing is negotiated. All travel as DSSE
envelopes whose payload is ``codec.encode(value)``, except the manifest, which is sealed under the scope key
first (its hash and length stand in the signed index). An object's identity is the SHA-256 of its payload.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from client.domain.ballot import (
    MAX_CHOICES,
    MAX_QUESTIONS,
    Answer,
    BallotKind,
    Choice,
    LatePolicy,
    OpenIssue,
    ServicePollState,
    VoteMode,
)
from client.domain.ids import (
    ChoiceCode,
    CommentId,
    DeviceId,
    Hash,
    ItemId,
    MemberId,
    Moment,
    PackId,
    PaperId,
    PollId,
    QuestionId,
    RuleSetId,
)
from client.domain.paper import PaperVersion
from client.domain.session import Session, Title

SignPublic = Annotated[str, Meta(pattern=r"^p256:[A-Za-z0-9_-]{40,100}$")]
SealPublic = Annotated[str, Meta(pattern=r"^hpke-mlkem768-x25519:[A-Za-z0-9_-]{1000,2400}$")]
KeyId = Annotated[str, Meta(pattern=r"^[a-z0-9_-]{4,40}$")]
Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
TargetName = Annotated[str, Meta(pattern=r"^[a-z]{1,12}/[a-z0-9_-]{2,40}\.[0-9]{1,9}$")]


class Signed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t"):
    """Base of every typed object."""


# -- trust -------------------------------------------------------------------------------------------------


class KeyRole(Struct, frozen=True, forbid_unknown_fields=True):
    """A named verification key."""

    id: KeyId
    sign: SignPublic


class Reader(Struct, frozen=True, forbid_unknown_fields=True):
    """A secretariat reader to whom comments are sealed."""

    id: KeyId
    seal: SealPublic


class Root(Signed, frozen=True, tag="ecab.root/1"):
    """What a client is given at installation: whose signatures count. TUF root v1 takes this place."""

    body: Title
    registrar: KeyRole
    publisher: KeyRole


class Target(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One entry of the index: what the bytes under a name must be.

    Attributes:
        scope: For packs, whose envelopes open the manifest; ``key_hash`` is the scope key's hash.
    """

    sha256: Hash
    size: Number
    scope: PackId | None = None
    epoch: Number = 0
    key_hash: Hash | None = None


class Index(Signed, frozen=True, tag="ecab.index/1"):
    """All current targets, signed by the publisher; ``version`` only grows."""

    version: Number
    issued: Moment
    expires: Moment
    targets: Annotated[dict[TargetName, Target], Meta(max_length=10_000)]


class DeviceState(Enum):
    """State of a device in the directory."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    WIPE = "wipe"


class DeviceEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One device of one member."""

    id: DeviceId
    member: MemberId
    sign: SignPublic
    seal: SealPublic
    state: DeviceState
    since: Moment
    until: Moment


class MemberEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One member of the body (or an aide, by role)."""

    id: MemberId
    name: Title
    groups: tuple[Annotated[str, Meta(pattern=r"^[a-z0-9_]{2,40}$")], ...]
    role: Literal["member", "prime_minister", "aide", "secretariat", "guest"]


class Directory(Signed, frozen=True, tag="ecab.directory/1"):
    """Who is who, signed by the registrar; reached through the index as ``d/directory.<version>``."""

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


# -- packs -------------------------------------------------------------------------------------------------


class PollWording(Struct, frozen=True, forbid_unknown_fields=True):
    """The sealed half of a poll: what is asked, bound to the public definition by salted hashes."""

    id: PollId
    definition: Hash = field(name="def")
    salt: Annotated[bytes, Meta(min_length=16, max_length=32)]
    title: Title
    summary: Annotated[str, Meta(max_length=20_000)]
    text: Annotated[dict[QuestionId, Title], Meta(max_length=MAX_QUESTIONS)]
    issues: Annotated[tuple[OpenIssue, ...], Meta(max_length=40)] = ()


class PackManifest(Signed, frozen=True, tag="ecab.pack/1"):
    """One revision of a pack; sealed under the scope key with context ``names.manifest_context``."""

    pack: PackId
    rev: Annotated[int, Meta(ge=1, le=999_999)]
    prev: Hash | None
    grade: Literal["normal"] = field(name="class")
    read_until: Moment
    session: Session
    papers: Annotated[tuple[PaperVersion, ...], Meta(max_length=500)]
    polls: Annotated[tuple[PollWording, ...], Meta(max_length=40)]


# -- polls and statements ----------------------------------------------------------------------------------


class PollQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """One question by the salted hash of its wording (``names.wording_hash``)."""

    id: QuestionId
    text: Hash
    choices: Annotated[tuple[Choice, ...], Meta(min_length=2, max_length=MAX_CHOICES)]


class PollDefinition(Signed, frozen=True, tag="ecab.poll/1"):
    """The public half of a poll, signed by the publisher: the service can run it and cannot read it."""

    poll: PollId
    kind: BallotKind
    pack: PackId
    item: ItemId | None
    questions: Annotated[tuple[PollQuestion, ...], Meta(min_length=1, max_length=MAX_QUESTIONS)]
    eligible: Annotated[tuple[MemberId, ...], Meta(min_length=1, max_length=2_000)]
    opens: Moment
    closes: Moment | None
    openers: tuple[MemberId, ...]
    revote: bool
    late: LatePolicy
    rules: RuleSetId


class PollStatus(Signed, frozen=True, tag="ecab.poll-status/1"):
    """The service's signed word on where a poll stands at ``at``."""

    poll: PollId
    poll_def: Hash
    state: ServicePollState
    opened: Moment | None
    closes: Moment | None
    closed: Moment | None
    at: Moment
    by: KeyId


class VoteClock(Struct, frozen=True, forbid_unknown_fields=True):
    """What the device knew of time when it signed."""

    last_sync: Moment | None
    est_err_ms: Number | None


class VoteStatement(Signed, frozen=True, tag="ecab.vote/1"):
    """A member's signed answers (protocol.md, section 6)."""

    poll: PollId
    poll_def: Hash
    pack: PackId
    rev: Annotated[int, Meta(ge=1, le=999_999)]
    member: MemberId
    device: DeviceId
    n: Number
    prev: Hash | None
    replaces: Hash | None
    answers: Annotated[tuple[Answer, ...], Meta(min_length=1, max_length=MAX_QUESTIONS)]
    papers: Hash
    mode: VoteMode
    reason: Annotated[str, Meta(max_length=2_000)] | None
    cast_at: Moment
    clock: VoteClock
    nonce: Annotated[bytes, Meta(min_length=12, max_length=32)]


class SealedFor(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment's text sealed to one reader."""

    reader: KeyId
    sealed: Annotated[bytes, Meta(max_length=64 * 1024)]


class CommentStatement(Signed, frozen=True, tag="ecab.comment/1"):
    """A comment: who and when in the open, where and what sealed to the secretariat's readers."""

    comment: CommentId
    pack: PackId
    rev: Annotated[int, Meta(ge=1, le=999_999)]
    member: MemberId
    device: DeviceId
    n: Number
    prev: Hash | None
    text: Annotated[tuple[SealedFor, ...], Meta(min_length=1, max_length=16)]
    made: Moment
    nonce: Annotated[bytes, Meta(min_length=12, max_length=32)]


class CommentText(Signed, frozen=True, tag="ecab.comment-text/1"):
    """What a reader finds when opening a comment; ``page`` counts from 0."""

    item: ItemId | None
    paper: PaperId | None
    page: Annotated[int, Meta(ge=0, lt=20_000)] | None
    quote: Annotated[str, Meta(max_length=4_000)]
    text: Annotated[str, Meta(max_length=20_000)]


Statement = VoteStatement | CommentStatement


class LogPosition(Struct, frozen=True, forbid_unknown_fields=True):
    """A place in the service's append-only hash chain."""

    index: Number
    head: Hash


class ReceiptStatus(Enum):
    """What became of a vote."""

    COUNTED = "counted"
    LATE = "late"


class Receipt(Signed, frozen=True, tag="ecab.receipt/1"):
    """The service's signed promise about one vote; it leaves only after the commit."""

    vote: Hash
    poll: PollId
    member: MemberId
    status: ReceiptStatus
    received_at: Moment
    log: LogPosition
    by: KeyId


class CommentReceipt(Signed, frozen=True, tag="ecab.comment-receipt/1"):
    """The service's signed promise about one comment."""

    statement: Hash
    comment: CommentId
    member: MemberId
    received_at: Moment
    log: LogPosition
    by: KeyId


AnyReceipt = Receipt | CommentReceipt


class VoteHead(Signed, frozen=True, tag="ecab.vote-head/1"):
    """The service's signed word on a member's current vote; travels with a 409."""

    poll: PollId
    member: MemberId
    head: Hash
    device: DeviceId
    received_at: Moment
    by: KeyId


class CountedVote(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a closing list."""

    member: MemberId
    vote: Hash
    mode: VoteMode


class ClosingList(Signed, frozen=True, tag="ecab.closing/1"):
    """All counted votes and the totals at closing, signed; every client looks for its own hash in it."""

    poll: PollId
    poll_def: Hash
    closed: Moment
    counted: Annotated[tuple[CountedVote, ...], Meta(max_length=2_000)]
    late: Annotated[tuple[CountedVote, ...], Meta(max_length=2_000)]
    totals: dict[QuestionId, dict[ChoiceCode, Number]]
    eligible: Number
    rules: RuleSetId
    log: LogPosition
    by: KeyId


class LogHead(Signed, frozen=True, tag="ecab.log-head/1"):
    """The signed head of the audit chain."""

    index: Number
    head: Hash
    at: Moment
    by: KeyId


class SignedTime(Signed, frozen=True, tag="ecab.time/1"):
    """The service's signed clock."""

    now: Moment
    by: KeyId
