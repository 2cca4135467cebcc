"""What each arm of a model's traffic said of a resume, and how long it took."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

IDENTITY = sa.String(36).with_variant(sa.String(36, collation="C"), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "arm_answers",
        sa.Column("prediction_id", IDENTITY, nullable=False),
        sa.Column("model_revision", TEXT, nullable=False),
        sa.Column("model_id", TEXT, nullable=False),
        sa.Column("arm", TEXT),
        sa.Column("shadow", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("agrees", sa.Boolean(create_constraint=False)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("prediction_id", "model_revision", name="pk_arm_answers"),
        sa.ForeignKeyConstraint(
            ["prediction_id"],
            ["predictions.id"],
            name="fk_arm_answers_prediction_id_predictions",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_arm_answers_model_id", "arm_answers", ["model_id", "created_at"])
