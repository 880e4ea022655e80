# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every signed or sealed object of the wire, once, for both ends (docs/protocol.md).

Each type carries its suite in ``t``; a new suite is a new ``t``, nothing is negotiated. All travel as DSSE
envelopes whose payload is ``codec.encode(value)``, except the manifest, which is sealed under the scope key
first (its hash and length stand in TUF metadata). An object's identity is the SHA-256 of its payload.
"""

from __future__ import annotations

from client.protocol.messages.answers import (
    CertifiedResult,
    ClosingList,
    CommentReceipt,
    CountedVote,
    LogHead,
    LogPosition,
    Receipt,
    ReceiptStatus,
    SignedTime,
    VoteHead,
)
from client.protocol.messages.base import KeyId, Number, SealPublic, Signed, SignPublic, TargetName
from client.protocol.messages.bulletins import (
    AnswerText,
    Bulletin,
    CommentAnswer,
    ExtensionText,
    PollExtension,
)
from client.protocol.messages.carried import CarriedReceipt, CarriedStatement
from client.protocol.messages.kept import KEPT_AT_ONCE, KeptList, KeptStatement
from client.protocol.messages.live import (
    Conclusion,
    SessionActText,
    SessionPlan,
    SessionReceipt,
    SessionState,
    SessionStatement,
)
from client.protocol.messages.notes import NoteBatch, NoteContent, NoteKey
from client.protocol.messages.packs import PackManifest, PollWording
from client.protocol.messages.polls import MemberAnswered, PollDefinition, PollQuestion, PollStatus
from client.protocol.messages.shared import Arrival, SharedBatch, SharedContent, SharedEnd
from client.protocol.messages.statements import (
    CommentStatement,
    CommentText,
    SealedFor,
    VoteClock,
    VoteStatement,
)
from client.protocol.messages.trust import (
    DeviceEntry,
    DeviceState,
    Directory,
    EnrolRequest,
    EnvelopeBody,
    KeyRole,
    MemberEntry,
    Reader,
    Root,
    Target,
)
from client.protocol.messages.wiped import WipeReport

Statement = VoteStatement | CommentStatement | SessionStatement
"""What a member's device signs and the outbox sends."""

AnyReceipt = Receipt | CommentReceipt | SessionReceipt

__all__ = [
    "KEPT_AT_ONCE",
    "AnswerText",
    "AnyReceipt",
    "Arrival",
    "Bulletin",
    "CarriedReceipt",
    "CarriedStatement",
    "CertifiedResult",
    "ClosingList",
    "CommentAnswer",
    "CommentReceipt",
    "CommentStatement",
    "CommentText",
    "Conclusion",
    "CountedVote",
    "DeviceEntry",
    "DeviceState",
    "Directory",
    "EnrolRequest",
    "EnvelopeBody",
    "ExtensionText",
    "KeptList",
    "KeptStatement",
    "KeyId",
    "KeyRole",
    "LogHead",
    "LogPosition",
    "MemberAnswered",
    "MemberEntry",
    "NoteBatch",
    "NoteContent",
    "NoteKey",
    "Number",
    "PackManifest",
    "PollDefinition",
    "PollExtension",
    "PollQuestion",
    "PollStatus",
    "PollWording",
    "Reader",
    "Receipt",
    "ReceiptStatus",
    "Root",
    "SealPublic",
    "SealedFor",
    "SessionActText",
    "SessionPlan",
    "SessionReceipt",
    "SessionState",
    "SessionStatement",
    "SharedBatch",
    "SharedContent",
    "SharedEnd",
    "SignPublic",
    "Signed",
    "SignedTime",
    "Statement",
    "Target",
    "TargetName",
    "VoteClock",
    "VoteHead",
    "VoteStatement",
    "WipeReport",
]
