# SPDX-License-Identifier: AGPL-3.0-or-later
"""The service's tables. A change here comes with a migration; a test holds the two together.

Rules: moments are text of one width, so that they compare in SQL on every database; signed objects are kept
as the bytes that came; nothing is in here that the service could not read anyway (no wording, no comment
text, no paper). Rows of ``statements``, ``notes``, ``shared``, ``bulletins`` and ``audit`` are never changed and never
deleted.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_HASH = String(71)
_ID = String(40)
_MOMENT = String(24)

targets = Table(
    "targets",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("sha256", _HASH, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

metadata_files = Table(  # of TUF; ``metadata`` is SQLAlchemy's
    "metadata_files",
    metadata,
    Column("role", String(16), primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Column("put_at", _MOMENT, nullable=False),
)

envelopes = Table(
    "envelopes",
    metadata,
    Column("scope", _ID, primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("device", _ID, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("hash", _HASH, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("put_at", _MOMENT, nullable=False),
)

polls = Table(
    "polls",
    metadata,
    Column("poll", _ID, primary_key=True),
    Column("definition", LargeBinary, nullable=False),
    Column("poll_def", _HASH, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opens", _MOMENT, nullable=True),  # when it opens by itself; NULL for session votes
    Column("opened", _MOMENT, nullable=True),
    Column("closes", _MOMENT, nullable=True),
    Column("closed", _MOMENT, nullable=True),
    Column("closing", LargeBinary, nullable=True),
    Column("certified", LargeBinary, nullable=True),
    Column("void", Boolean, nullable=False, server_default=false()),  # the papers changed under it
    Index("ix_polls_state", "state"),
)

poll_members = Table(
    "poll_members",
    metadata,
    Column("member", _ID, primary_key=True),
    Column("poll", _ID, ForeignKey("polls.poll"), primary_key=True),
    Column("eligible", Boolean, nullable=False),  # false: only an opener
)

sessions = Table(
    "sessions",
    metadata,
    Column("session", _ID, primary_key=True),
    Column("pack", _ID, nullable=False),
    Column("plan", LargeBinary, nullable=False),
    Column("plan_hash", _HASH, nullable=False),
    Column("version", BigInteger, nullable=False),  # of the plan
    Column("hall", LargeBinary, nullable=False),
    UniqueConstraint("pack"),
)

statements = Table(
    "statements",
    metadata,
    Column("hash", _HASH, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("member", _ID, nullable=False),
    Column("device", _ID, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("subject", _ID, nullable=False),  # poll of a vote, pack of a comment, session of an act
    Column("status", String(16), nullable=False),
    Column("received_at", _MOMENT, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    UniqueConstraint("device", "n"),
    UniqueConstraint("position"),
)

heads = Table(
    "heads",
    metadata,
    Column("poll", _ID, ForeignKey("polls.poll"), primary_key=True),
    Column("member", _ID, primary_key=True),
    Column("statement", _HASH, ForeignKey("statements.hash"), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", _MOMENT, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("detail", String(80), nullable=False),
    Column("prev", _HASH, nullable=False),
    Column("head", _HASH, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("head", _HASH, nullable=False),
    Column("at", _MOMENT, nullable=False),
)

signed_heads = Table(
    "signed_heads",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("head", _HASH, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
)

bulletins = Table(
    "bulletins",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("pack", _ID, nullable=False),
    Column("subject", _ID, nullable=False),  # comment of an answer, poll of an extension
    Column("version", Integer, nullable=False),
    Column("hash", _HASH, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    UniqueConstraint("subject", "version"),
)

notes = Table(
    "notes",
    metadata,
    Column("device", _ID, primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("member", _ID, nullable=False),
    Column("hash", _HASH, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("batch", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("ix_notes_member", "member"),
)

shared = Table(
    "shared",
    metadata,
    Column("device", _ID, primary_key=True),
    Column("reader", _ID, primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("member", _ID, nullable=False),
    Column("hash", _HASH, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("batch", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("ix_shared_member", "member"),
    Index("ix_shared_reader", "reader"),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("teller", _ID, primary_key=True),
    Column("device", _ID, primary_key=True),
    Column("reader", _ID, nullable=False),
    Column("author", _ID, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("hash", _HASH, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Index("ix_arrivals_author", "author", "reader"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("ticket_hash", _HASH, primary_key=True),
    Column("member", _ID, nullable=False),
    Column("expires", _MOMENT, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used_by", _ID, nullable=True),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("device", _ID, primary_key=True),
    Column("member", _ID, nullable=False),
    Column("payload", _HASH, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("received", _MOMENT, nullable=False),
)

wiped = Table(
    "wiped",
    metadata,
    Column("device", _ID, primary_key=True),
    Column("payload", _HASH, nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("received", _MOMENT, nullable=False),
)

nonces = Table(
    "nonces",
    metadata,
    Column("keyid", String(80), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("at", _MOMENT, nullable=False, index=True),
)
