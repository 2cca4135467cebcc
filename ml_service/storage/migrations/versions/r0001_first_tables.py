"""The first tables, and full-text indexes that follow them by triggers.

Frozen: a later change is a later revision.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TOKENS = """tokenize = "unicode61 remove_diacritics 2 tokenchars '+#'" """
SEARCHED = ("resume_filename", "career_path", "skills", "notes", "text")
# PostgreSQL compares bytes then, as SQLite does.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTITY = sa.String(36).with_variant(sa.String(36, collation="C"), "postgresql")
POSTING_PLACES = ("location", "city", "region", "country")


def upgrade() -> None:
    _predictions()
    _parts_of_predictions()
    _audit_events()
    _jobs()
    _search_table()
    if op.get_bind().dialect.name == "sqlite":  # elsewhere, a later revision begins with an index
        _search_of_predictions()
        _search_of_postings()


def _predictions() -> None:
    op.create_table(
        "predictions",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("user_id", TEXT),
        sa.Column("resume_filename", TEXT, nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("career_path", TEXT, nullable=False),
        sa.Column("soc_code", TEXT),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("abstained", sa.Boolean, nullable=False),
        sa.Column("ats_score", sa.Float, nullable=False),
        sa.Column("jobs_status", sa.String(32), nullable=False),
        sa.Column("jobs_provider", TEXT),
        sa.Column("jobs_query", TEXT),
        sa.Column("jobs_fetched_at", sa.DateTime(timezone=True)),
        sa.Column("model_id", TEXT, nullable=False),
        sa.Column("model_revision", TEXT, nullable=False),
        sa.Column("model_arm", TEXT),
        sa.Column("feedback", sa.String(16)),
        sa.Column("corrected_soc_code", TEXT),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notes", TEXT),
        sa.Column("resume_content", TEXT, nullable=False),
        sa.Column("prediction_data", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_predictions"),
    )
    for first in ("user_id", "career_path", "soc_code", "model_id", "fingerprint"):
        name = f"ix_predictions_{first}_created_at_id"
        op.create_index(name, "predictions", [first, "created_at", "id"])
    op.create_index("ix_predictions_created_at_id", "predictions", ["created_at", "id"])
    op.create_index(
        "ix_predictions_pending_jobs",
        "predictions",
        ["jobs_status"],
        sqlite_where=sa.text("jobs_status = 'pending'"),
        postgresql_where=sa.text("jobs_status = 'pending'"),
    )


def _parts_of_predictions() -> None:
    op.create_table(
        "prediction_jobs",
        sa.Column("prediction_id", IDENTITY, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("job_data", TEXT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("prediction_id", "position", name="pk_prediction_jobs"),
        _goes_with_its_prediction("prediction_jobs"),
    )
    op.create_table(
        "prediction_tags",
        sa.Column("prediction_id", IDENTITY, nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("prediction_id", "tag", name="pk_prediction_tags"),
        _goes_with_its_prediction("prediction_tags"),
    )
    op.create_index(
        "ix_prediction_tags_tag_created_at_prediction_id",
        "prediction_tags",
        ["tag", "created_at", "prediction_id"],
    )
    op.create_table(
        "prediction_text",
        sa.Column("prediction_id", IDENTITY, nullable=False),
        sa.Column("lines", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("prediction_id", name="pk_prediction_text"),
        _goes_with_its_prediction("prediction_text"),
    )


def _goes_with_its_prediction(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["prediction_id"],
        ["predictions.id"],
        name=f"fk_{table}_prediction_id_predictions",
        ondelete="CASCADE",
    )


def _audit_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject_id", IDENTITY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
    )
    op.create_index("ix_audit_events_subject_id_at", "audit_events", ["subject_id", "at"])
    op.create_index("ix_audit_events_at", "audit_events", ["at"])


def _jobs() -> None:
    op.create_table(
        "job_cache",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("page_data", TEXT, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_job_cache"),
    )
    op.create_index("ix_job_cache_expires_at", "job_cache", ["expires_at"])
    op.create_table(
        "postings",
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("job_id", TEXT, nullable=False),
        sa.Column("country", TEXT),
        sa.Column("remote", sa.Boolean),
        sa.Column("employment_types", TEXT, nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
        sa.Column("posting_data", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_postings"),
    )
    op.create_index("uq_postings_job_id", "postings", ["job_id"], unique=True)


def _search_table() -> None:
    op.create_table(
        "prediction_search",
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("prediction_id", IDENTITY, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in SEARCHED),
        sa.PrimaryKeyConstraint("entry_id", name="pk_prediction_search"),
        _goes_with_its_prediction("prediction_search"),
    )
    op.create_index(
        "uq_prediction_search_prediction_id", "prediction_search", ["prediction_id"], unique=True
    )


def _search_of_predictions() -> None:
    """The index reads its content from the table, where snippets are cut from."""
    op.execute(
        f"CREATE VIRTUAL TABLE prediction_fts USING fts5({', '.join(SEARCHED)}, "
        f"content = 'prediction_search', content_rowid = 'entry_id', {TOKENS})"
    )
    _follow(
        "prediction_search",
        index="prediction_fts",
        columns=SEARCHED,
        values=lambda row: [f"{row}.{name}" for name in SEARCHED],
    )


def _search_of_postings() -> None:
    """The index keeps no content of its own: a posting is read from its JSON."""
    op.execute(
        "CREATE VIRTUAL TABLE posting_fts USING fts5(title, employer_name, place, description, "
        f"content = '', {TOKENS})"
    )
    _follow(
        "postings",
        index="posting_fts",
        columns=("title", "employer_name", "place", "description"),
        values=_posting_values,
    )


def _posting_values(row: str) -> list[str]:
    def field(name: str) -> str:
        return f"coalesce(json_extract({row}.posting_data, '$.{name}'), '')"

    place = " || ' ' || ".join(field(name) for name in POSTING_PLACES)
    return [field("title"), field("employer_name"), place, field("description")]


def _follow(
    table: str,
    *,
    index: str,
    columns: tuple[str, ...],
    values: Callable[[str], list[str]],
) -> None:
    """Triggers as https://sqlite.org/fts5.html#external_content_tables gives them."""
    names = ", ".join(columns)
    new, old = ", ".join(values("new")), ", ".join(values("old"))
    insert = f"INSERT INTO {index}(rowid, {names}) VALUES (new.entry_id, {new});"  # noqa: S608 - constants above
    delete = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.entry_id, {old});"  # noqa: S608 - as above
    for event, statements in (
        ("INSERT", insert),
        ("DELETE", delete),
        ("UPDATE", f"{delete} {insert}"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_after_{event.lower()} AFTER {event} ON {table} "
            f"BEGIN {statements} END"
        )
