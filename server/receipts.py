# SPDX-License-Identifier: AGPL-3.0-or-later
"""The service's own signature: receipts, poll status, vote heads, closing lists, log heads, time.

The only holder of the receipt key. It decides no fact; it words and signs what storage decided, as DSSE
envelopes under the key the directory lists for the service.
"""

from __future__ import annotations

from client.clock import Millis, to_rfc3339
from client.crypto import dsse
from client.crypto.signing import SigningKey
from client.domain.ballot import PollBlock
from client.domain.ids import Hash, MemberId, Moment, PollId
from client.protocol import codec
from client.protocol.live import Heard
from client.protocol.messages import (
    CertifiedResult,
    ClosingList,
    CommentReceipt,
    CommentStatement,
    KeptList,
    KeyId,
    LogHead,
    LogPosition,
    MemberAnswered,
    PollStatus,
    Receipt,
    ReceiptStatus,
    SessionReceipt,
    SessionState,
    SessionStatement,
    SignedTime,
    VoteHead,
    VoteStatement,
)
from server.storage.polls import PollRow
from server.storage.statements import StoredStatement

Own = (
    Receipt
    | CommentReceipt
    | SessionReceipt
    | MemberAnswered
    | PollStatus
    | VoteHead
    | ClosingList
    | CertifiedResult
    | SessionState
    | LogHead
    | KeptList
    | SignedTime
)


class Signer:
    """Words and signs what the service promises.

    Args:
        key: The receipt key.
        keyid: Its id in the directory.
    """

    def __init__(self, key: SigningKey, keyid: KeyId) -> None:
        self._key = key
        self.keyid = keyid

    def sign(self, value: Own) -> bytes:
        """The envelope around ``value``."""
        return dsse.sign(codec.encode(value), keyid=self.keyid, key=self._key)

    def vote_receipt(
        self, vote: VoteStatement, *, digest: Hash, status: ReceiptStatus, at: Moment, log: LogPosition
    ) -> bytes:
        """The promise about one vote."""
        return self.sign(
            Receipt(
                vote=digest,
                poll=vote.poll,
                member=vote.member,
                status=status,
                received_at=at,
                log=log,
                by=self.keyid,
            )
        )

    def comment_receipt(self, comment: CommentStatement, *, digest: Hash, at: Moment, log: LogPosition) -> bytes:
        """The promise about one comment."""
        return self.sign(
            CommentReceipt(
                statement=digest,
                comment=comment.comment,
                member=comment.member,
                received_at=at,
                log=log,
                by=self.keyid,
            )
        )

    def act_receipt(self, act: SessionStatement, *, digest: Hash, status: Heard, at: Moment, log: LogPosition) -> bytes:
        """The promise about one act in a session."""
        return self.sign(
            SessionReceipt(
                statement=digest,
                session=act.session,
                member=act.member,
                status=status,
                received_at=at,
                log=log,
                by=self.keyid,
            )
        )

    def vote_head(self, poll: PollId, member: MemberId, head: StoredStatement) -> bytes:
        """Which vote of a member stands."""
        return self.sign(
            VoteHead(
                poll=poll,
                member=member,
                head=head.hash,
                device=head.device,
                received_at=head.received_at,
                by=self.keyid,
            )
        )

    def answered(self, row: PollRow, member: MemberId, at: Moment, *, answered: bool) -> bytes:
        """Whether a vote of a member stands, for that member's aide."""
        return self.sign(MemberAnswered(row.poll, row.poll_def, member, answered, at, self.keyid))

    def poll_status(self, row: PollRow, at: Moment, block: PollBlock | None = None) -> bytes:
        """Where a poll stands at ``at``; ``block`` says why it takes no votes."""
        return self.sign(
            PollStatus(
                poll=row.poll,
                poll_def=row.poll_def,
                state=row.state,
                opened=row.opened,
                closes=row.closes,
                closed=row.closed,
                block=PollBlock.PAPERS_CHANGED if row.void else block,
                at=at,
                by=self.keyid,
            )
        )

    def log_head(self, position: LogPosition, at: Moment) -> bytes:
        """The head of the audit chain."""
        return self.sign(LogHead(index=position.index, head=position.head, at=at, by=self.keyid))

    def time(self, now: Millis) -> bytes:
        """The service's clock."""
        return self.sign(SignedTime(now=Moment(to_rfc3339(now)), by=self.keyid))
