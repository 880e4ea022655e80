# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bodies of requests and answers that are not themselves signed objects, paths and problem types.

Paths are written here once; the service mounts them and the client's transport calls them. Errors are
RFC 9457 problem documents whose type is ``urn:ecab:problem:<code>``.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from client.domain.ids import ChoiceCode, DeviceId, Hash, MemberId, Moment, PollId, QuestionId
from client.domain.notes import Head
from client.domain.people import MAX_SERVED
from client.protocol.live_commands import SessionCommand
from client.protocol.messages.shared import SharedEnd

PROBLEM_PREFIX: Final = "urn:ecab:problem:"
PROBLEM_MEDIA: Final = "application/problem+json"
DSSE_MEDIA: Final = "application/vnd.ecabinet.dsse+json"
BLOB_MEDIA: Final = "application/octet-stream"

TUF_MEDIA: Final = "application/vnd.tuf+json"

PATH_METADATA: Final = "/tuf/metadata/{name}"  # ``timestamp.json``, ``snapshot.json``, ``<version>.<role>.json``
PATH_RELEASE: Final = "/tuf/release"
PATH_TARGET: Final = "/tuf/targets/{name}"  # the target name's "/" stays a path separator
PATH_ENVELOPE: Final = "/env/{scope}/{epoch}/{device}"
PATH_BLOB: Final = "/blobs/{hash}"
PATH_POLL: Final = "/polls/{poll}"
PATH_POLL_OPEN: Final = "/polls/{poll}/open"
PATH_POLL_CLOSE: Final = "/polls/{poll}/close"
PATH_POLLS: Final = "/polls"
PATH_STATEMENTS: Final = "/statements"
PATH_STATEMENT: Final = "/statements/{hash}"
PATH_CARRIED: Final = "/statements/carried"
PATH_CLOSING: Final = "/closing/{poll}"
PATH_CERTIFY: Final = "/polls/{poll}/certify"
PATH_POLL_LATE: Final = "/polls/{poll}/late"
PATH_POLL_ANSWERED: Final = "/polls/{poll}/answered"
PATH_CERTIFIED: Final = "/certified/{poll}"
PATH_LOG: Final = "/log"
PATH_LOG_HEAD: Final = "/log/head"
PATH_TIME: Final = "/time"
PATH_ENROL: Final = "/enrol"
PATH_ENROL_DEVICE: Final = "/enrol/{device}"
PATH_TICKETS: Final = "/enrol/tickets"
PATH_PENDING: Final = "/enrol/pending"
PATH_WIPED: Final = "/wiped"
PATH_EVENTS: Final = "/events"
PATH_COMMENTS: Final = "/comments"
PATH_BULLETINS: Final = "/bulletins"
PATH_SESSION: Final = "/sessions/{session}"
PATH_SESSION_ORDER: Final = "/sessions/{session}/orders"
PATH_SESSION_ACTS: Final = "/sessions/{session}/acts"
PATH_HEALTH: Final = "/health"
PATH_NOTES: Final = "/notes/{member}"
PATH_NOTE_BATCH: Final = "/notes/{member}/{device}/{n}"
PATH_SHARED: Final = "/shared/{member}"
PATH_SHARED_BATCH: Final = "/shared/{member}/{device}/{n}"
PATH_ARRIVALS: Final = "/arrivals/{member}"
PATH_ARRIVAL: Final = "/arrivals/{member}/{device}"


class Problem(Enum):
    """Codes of ``urn:ecab:problem:*``."""

    BAD_REQUEST = "bad-request"
    TOO_LARGE = "too-large"
    SIGNATURE = "signature"
    CLOCK_SKEW = "clock-skew"
    REPLAY = "replay"
    DEVICE_REVOKED = "device-revoked"
    UNKNOWN_DEVICE = "unknown-device"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    DEVICE_FORK = "device-fork"
    VOTE_CONFLICT = "vote-conflict"
    NOT_ELIGIBLE = "not-eligible"
    POLL_UNKNOWN = "poll-unknown"
    POLL_NOT_OPEN = "poll-not-open"
    POLL_STATE = "poll-state"
    WRONG_DEFINITION = "wrong-definition"
    BAD_ANSWERS = "bad-answers"
    REVOTE_FORBIDDEN = "revote-forbidden"
    HASH_MISMATCH = "hash-mismatch"
    VERSION_CONFLICT = "version-conflict"
    NO_QUORUM = "no-quorum"
    NOT_PRESENT = "not-present"
    ABSENCE = "absence-not-approved"
    DEVICES_AWAY = "devices-away"
    SESSION_UNKNOWN = "session-unknown"
    SESSION_STATE = "session-state"
    NOT_INVITED = "not-invited"
    NO_SUCH_ITEM = "no-such-item"
    TICKET = "ticket"
    RATE = "rate"
    INTERNAL = "internal"


class ProblemDocument(Struct, frozen=True):
    """RFC 9457. ``signed`` carries a DSSE object where the problem needs proof (vote head, time)."""

    type: str
    title: str
    status: int
    detail: str = ""
    signed: bytes | None = None


class MetadataUpload(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """PUT /tuf/release: new TUF metadata, put in force together or not at all; absent roles stay as they are."""

    roots: Annotated[tuple[bytes, ...], Meta(max_length=64)] = ()
    targets: bytes | None = None
    registrar: bytes | None = None
    publisher: bytes | None = None


class PollAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /polls/<id>: DSSE envelopes of the publisher's definition and the service's status.

    Attributes:
        served: For an aide, whether the members that the directory says the aide serves have answered (DSSE each).
    """

    definition: bytes
    status: bytes
    served: Annotated[tuple[bytes, ...], Meta(max_length=MAX_SERVED)] = ()


class PollList(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /polls: ids of polls the calling member is eligible for."""

    polls: tuple[PollId, ...]


class StatementAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """POST /statements and GET /statements/<hash>: the receipt and, on GET by its owner, the statement."""

    receipt: bytes
    statement: bytes | None = None


class CloseRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """POST /polls/<id>/close, signed by an opener or the publisher; ``void`` by the publisher when papers changed."""

    poll_def: Hash
    void: bool = False


class CertifyRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """POST /polls/<id>/certify by the publisher.

    Attributes:
        admit: Late votes the secretary admits, by hash.
        ruling: The choice by which a tie was ruled on, by question.
    """

    poll_def: Hash
    admit: Annotated[tuple[Hash, ...], Meta(max_length=2_000)] = ()
    ruling: dict[QuestionId, ChoiceCode] = {}


class LateVotes(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /polls/<id>/late by the publisher: statements that came too late, in order of receipt."""

    votes: tuple[Hash, ...]


class Answered(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /polls/<id>/answered by the publisher: members whose vote stands, never what it says."""

    members: tuple[MemberId, ...]


class OpenRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """POST /polls/<id>/open; ``closes`` sets or replaces the closing time."""

    poll_def: Hash
    closes: Moment | None = None


class TicketRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """POST /enrol/tickets by the registrar: only the ticket's hash reaches the service."""

    ticket_hash: Hash
    member: MemberId
    expires: Moment


class EnrolStatus(Struct, frozen=True, forbid_unknown_fields=True):
    """Answer to an enrolment and to asking after it; ``active`` once the directory lists the device."""

    device: DeviceId
    member: MemberId
    state: Literal["pending", "active", "refused"]


class PendingEnrolment(Struct, frozen=True, forbid_unknown_fields=True):
    """One enrolment that waits for the registrar."""

    member: MemberId
    request: bytes
    received: Moment


class PendingList(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /enrol/pending by the registrar."""

    pending: tuple[PendingEnrolment, ...]


class ReceivedReport(Struct, frozen=True, forbid_unknown_fields=True):
    """One device's report that it erased itself (DSSE), and when it came."""

    report: bytes
    received: Moment


class WipedList(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /wiped by the registrar."""

    reports: tuple[ReceivedReport, ...]


class NoteParcel(Struct, frozen=True, forbid_unknown_fields=True):
    """PUT and GET of ``PATH_NOTE_BATCH`` and ``PATH_SHARED_BATCH``: the signed batch (DSSE) and its sealed content."""

    batch: bytes
    content: bytes


class NoteHeads(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /notes/<member>: the end of each device's chain."""

    heads: dict[DeviceId, Head]


class SharedEnds(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /shared/<member>: the ends of all chains that lead to the member or come from one of its devices."""

    ends: Annotated[tuple[SharedEnd, ...], Meta(max_length=5_000)]


class Arrivals(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /arrivals/<reader> by an author: the reader's devices' own words (DSSE) about the author's chains."""

    arrivals: Annotated[tuple[Annotated[bytes, Meta(max_length=2_048)], ...], Meta(max_length=256)]


class ArrivalKept(Struct, frozen=True, forbid_unknown_fields=True):
    """Answer to PUT /arrivals/<reader>/<device>: what stands now."""

    head: Head | None


class SessionAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /sessions/<id>: the publisher's plan and the service's newest state, both DSSE envelopes."""

    plan: bytes
    state: bytes


class SessionOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """POST /sessions/<id>/orders, signed by the publisher or an operator of the plan."""

    plan: Hash
    command: SessionCommand


class ActList(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /sessions/<id>/acts?after=<n> by the publisher: members' signed acts in order of receipt."""

    acts: tuple[bytes, ...]
    next: int


class CommentList(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /comments?after=<n> by the publisher: DSSE envelopes in order of receipt."""

    comments: tuple[bytes, ...]
    next: int


class BulletinList(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /bulletins?after=<n>: DSSE envelopes of the publisher in order of receipt."""

    bulletins: Annotated[tuple[bytes, ...], Meta(max_length=50)]
    next: Annotated[int, Meta(ge=0)]


class Health(Struct, frozen=True, forbid_unknown_fields=True):
    """GET /health."""

    service: Annotated[str, Meta(max_length=40)]
    version: Annotated[str, Meta(max_length=40)]
