# SPDX-License-Identifier: AGPL-3.0-or-later
"""Live sessions; certified and void results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HASH, ID = sa.String(71), sa.String(40)


def upgrade() -> None:
    """One table for sessions, two columns for what becomes of a closed poll."""
    op.create_table(
        "sessions",
        sa.Column("session", ID, nullable=False),
        sa.Column("pack", ID, nullable=False),
        sa.Column("plan", sa.LargeBinary, nullable=False),
        sa.Column("plan_hash", HASH, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("hall", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_sessions"),
        sa.UniqueConstraint("pack", name="uq_sessions_pack"),
    )
    op.add_column("polls", sa.Column("certified", sa.LargeBinary, nullable=True))
    op.add_column("polls", sa.Column("void", sa.Boolean, nullable=False, server_default=sa.false()))
