# SPDX-License-Identifier: AGPL-3.0-or-later
"""Batches that members share with one another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "shared",
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("n", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("member", sa.String(40), nullable=False),
        sa.Column("hash", sa.String(71), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("batch", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("device", "reader", "n", name="pk_shared"),
    )
    op.create_index("ix_shared_member", "shared", ["member"])
    op.create_index("ix_shared_reader", "shared", ["reader"])
