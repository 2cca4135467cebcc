"""What several processes share: idempotency keys and the quota of job boards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# PostgreSQL compares bytes then, as SQLite does.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTITY = sa.String(36).with_variant(sa.String(36, collation="C"), "postgresql")


def upgrade() -> None:
    _idempotency_keys()
    _board_quota()


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("owner", IDENTITY, nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prediction_id", IDENTITY),
        sa.Column("answer", TEXT),
        sa.PrimaryKeyConstraint("key", name="pk_idempotency_keys"),
        sa.ForeignKeyConstraint(
            ["prediction_id"],
            ["predictions.id"],
            name="fk_idempotency_keys_prediction_id_predictions",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"])
    op.create_index("ix_idempotency_keys_prediction_id", "idempotency_keys", ["prediction_id"])


def _board_quota() -> None:
    op.create_table(
        "board_quota",
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("quota_limit", sa.Integer),
        sa.Column("quota_remaining", sa.Integer),
        sa.Column("quota_resets_at", sa.DateTime(timezone=True)),
        sa.Column("exhausted_until", sa.DateTime(timezone=True)),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", name="pk_board_quota"),
    )
