# SPDX-License-Identifier: AGPL-3.0-or-later
"""Heads of the audit chain, signed each minute in which it grew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "signed_heads",
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("head", sa.String(71), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_signed_heads"),
    )
