# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reports of devices that erased themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "wiped",
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("payload", sa.String(71), nullable=False),
        sa.Column("report", sa.LargeBinary, nullable=False),
        sa.Column("received", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("device", name="pk_wiped"),
    )
