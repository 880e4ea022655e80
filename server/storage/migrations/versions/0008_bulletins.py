# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the secretariat tells after a pack was published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A list that only grows."""
    op.create_table(
        "bulletins",
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(71), nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_bulletins"),
        sa.UniqueConstraint("subject", "version", name="uq_bulletins_subject"),
    )
