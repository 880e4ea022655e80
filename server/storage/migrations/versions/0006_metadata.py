# SPDX-License-Identifier: AGPL-3.0-or-later
"""TUF metadata takes the place of the signed index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Targets stay; who signs for them is told anew by the secretariat's first release."""
    op.create_table(
        "metadata_files",
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("version", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("put_at", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("role", "version", name="pk_metadata_files"),
    )
    op.drop_table("indexes")
