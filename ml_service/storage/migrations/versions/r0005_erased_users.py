"""Users who were erased a moment ago: what was uploaded for them before is not saved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "erased_users",
        sa.Column("user_sha256", sa.String(64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_sha256", name="pk_erased_users"),
    )
    op.create_index("ix_erased_users_erased_at", "erased_users", ["erased_at"])
