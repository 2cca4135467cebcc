"""Requests counted together by all processes of one PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # Not in PostgreSQL's log: counting must be cheap, and after a crash it may begin anew.
    prefixes = ["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else []
    op.create_table(
        "rate_counters",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("hits", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_counters"),
        prefixes=prefixes,
    )
    op.create_index("ix_rate_counters_expires_at", "rate_counters", ["expires_at"])
