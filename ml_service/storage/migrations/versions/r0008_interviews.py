"""Interviews and what they were scored, beside their transcripts where these are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

IDENTITY = sa.String(36).with_variant(sa.String(36, collation="C"), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _interviews()
    _transcripts()
    _keys_of_requests()


def _interviews() -> None:
    op.create_table(
        "interviews",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("interview_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT),
        sa.Column("transcript_sha256", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("rubric_version", TEXT, nullable=False),
        sa.Column("overall", sa.Float()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_data", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interviews"),
    )
    op.create_index("uq_interviews_interview_id", "interviews", ["interview_id"], unique=True)
    op.create_index(
        "ix_interviews_user_id_created_at_id", "interviews", ["user_id", "created_at", "id"]
    )
    op.create_index("ix_interviews_created_at_id", "interviews", ["created_at", "id"])


def _transcripts() -> None:
    op.create_table(
        "interview_text",
        sa.Column("record_id", IDENTITY, nullable=False),
        sa.Column("transcript", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_interview_text"),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["interviews.id"],
            name="fk_interview_text_record_id_interviews",
            ondelete="CASCADE",
        ),
    )


def _keys_of_requests() -> None:
    """SQLite adds no reference to a table that is there: Alembic makes the table anew."""
    with op.batch_alter_table("idempotency_keys") as table:
        table.add_column(sa.Column("interview_record_id", IDENTITY))
        table.create_foreign_key(
            "fk_idempotency_keys_interview_record_id_interviews",
            "interviews",
            ["interview_record_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.create_index(
        "ix_idempotency_keys_interview_record_id", "idempotency_keys", ["interview_record_id"]
    )
