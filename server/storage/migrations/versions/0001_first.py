# SPDX-License-Identifier: AGPL-3.0-or-later
"""First schema of the service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HASH, ID, MOMENT = sa.String(71), sa.String(40), sa.String(24)
GENESIS = "sha256:2f0f1b0ff80ba68f8497f2e14969893cfecfb139f61304764a3173265f4457c1"


def upgrade() -> None:
    """Make all tables and the empty audit chain."""
    _distribution()
    _votes()
    _audit()
    _enrolment()


def _distribution() -> None:
    op.create_table(
        "targets",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("sha256", HASH, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_targets"),
    )
    op.create_table(
        "indexes",
        sa.Column("version", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("payload", HASH, nullable=False),
        sa.Column("directory", sa.String(64), nullable=False),
        sa.Column("directory_version", sa.BigInteger, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_indexes"),
    )
    op.create_table(
        "envelopes",
        sa.Column("scope", ID, nullable=False),
        sa.Column("epoch", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("device", ID, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("scope", "epoch", "device", name="pk_envelopes"),
    )
    op.create_table(
        "blobs",
        sa.Column("hash", HASH, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_blobs"),
    )


def _votes() -> None:
    op.create_table(
        "polls",
        sa.Column("poll", ID, nullable=False),
        sa.Column("definition", sa.LargeBinary, nullable=False),
        sa.Column("poll_def", HASH, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opens", MOMENT, nullable=True),
        sa.Column("opened", MOMENT, nullable=True),
        sa.Column("closes", MOMENT, nullable=True),
        sa.Column("closed", MOMENT, nullable=True),
        sa.Column("closing", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("poll", name="pk_polls"),
    )
    op.create_index("ix_polls_state", "polls", ["state"])
    op.create_table(
        "poll_members",
        sa.Column("member", ID, nullable=False),
        sa.Column("poll", ID, nullable=False),
        sa.Column("eligible", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("member", "poll", name="pk_poll_members"),
        sa.ForeignKeyConstraint(["poll"], ["polls.poll"], name="fk_poll_members_poll"),
    )
    op.create_table(
        "statements",
        sa.Column("hash", HASH, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("device", ID, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("subject", ID, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("receipt", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_statements"),
        sa.UniqueConstraint("device", "n", name="uq_statements_device"),
        sa.UniqueConstraint("position", name="uq_statements_position"),
    )
    op.create_table(
        "heads",
        sa.Column("poll", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("statement", HASH, nullable=False),
        sa.PrimaryKeyConstraint("poll", "member", name="pk_heads"),
        sa.ForeignKeyConstraint(["poll"], ["polls.poll"], name="fk_heads_poll"),
        sa.ForeignKeyConstraint(["statement"], ["statements.hash"], name="fk_heads_statement"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("detail", sa.String(80), nullable=False),
        sa.Column("prev", HASH, nullable=False),
        sa.Column("head", HASH, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit"),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("head", HASH, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"id": 1, "position": 0, "head": GENESIS, "at": "1970-01-01T00:00:00.000Z"}])


def _enrolment() -> None:
    op.create_table(
        "tickets",
        sa.Column("ticket_hash", HASH, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("used_by", ID, nullable=True),
        sa.PrimaryKeyConstraint("ticket_hash", name="pk_tickets"),
    )
    op.create_table(
        "enrolments",
        sa.Column("device", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("payload", HASH, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("received", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("device", name="pk_enrolments"),
    )
    op.create_table(
        "nonces",
        sa.Column("keyid", sa.String(80), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("keyid", "nonce", name="pk_nonces"),
    )
    op.create_index("ix_nonces_at", "nonces", ["at"])
