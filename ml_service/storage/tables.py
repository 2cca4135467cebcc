"""The tables, as the newest migration leaves them; a test compares the two.

Full-text indexes are not here: they belong to a dialect, and migrations make them. So are the
conditions of partial indexes: to name one loads the dialect, of a database that is not used.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from ml_service.storage.column_types import StoredText, UtcDateTime, UuidText

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING_CONVENTION)


def _prediction_id(*, primary_key: bool) -> Column[object]:
    reference = ForeignKey("predictions.id", ondelete="CASCADE")
    return Column("prediction_id", UuidText, reference, primary_key=primary_key, nullable=False)


# The wide columns stand last: a list then never reads the pages they overflow to.
predictions = Table(
    "predictions",
    metadata,
    Column("id", UuidText, primary_key=True),
    Column("user_id", StoredText),
    Column("resume_filename", StoredText, nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("fingerprint", StoredText, nullable=False),
    Column("career_path", StoredText, nullable=False),
    Column("soc_code", StoredText),
    Column("confidence", Float, nullable=False),
    Column("abstained", Boolean(create_constraint=False), nullable=False),
    Column("ats_score", Float, nullable=False),
    Column("jobs_status", String(32), nullable=False),
    Column("jobs_provider", StoredText),
    Column("jobs_query", StoredText),
    Column("jobs_fetched_at", UtcDateTime),
    Column("model_id", StoredText, nullable=False),
    Column("model_revision", StoredText, nullable=False),
    Column("model_arm", StoredText),
    Column("feedback", String(16)),
    Column("corrected_soc_code", StoredText),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("summary_data", StoredText),
    Column("notes", StoredText),
    Column("resume_content", StoredText, nullable=False),
    Column("prediction_data", StoredText, nullable=False),
    # For statements that say "id > ''", as history.in_order_of_time explains.
    Index(None, "created_at", "id"),
    # All that a list shows: a user's rows lie far apart, their entries in this index side by side.
    Index(
        "ix_predictions_user_id_created_at_id_shown",
        "user_id",
        "created_at",
        "id",
        "confidence",
        "abstained",
        "ats_score",
        "jobs_status",
        "summary_data",
    ),
    Index(None, "career_path", "created_at", "id"),
    Index(None, "soc_code", "created_at", "id"),
    Index(None, "model_id", "created_at", "id"),
    Index(None, "fingerprint", "created_at", "id"),
    Index("ix_predictions_pending_jobs", "jobs_status"),  # of those that are pending alone
)

prediction_jobs = Table(
    "prediction_jobs",
    metadata,
    _prediction_id(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("job_data", StoredText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# created_at is the prediction's, which never changes: a page of one tag is then one index range.
prediction_tags = Table(
    "prediction_tags",
    metadata,
    _prediction_id(primary_key=True),
    Column("tag", StoredText, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "tag", "created_at", "prediction_id"),
)

prediction_text = Table(
    "prediction_text",
    metadata,
    _prediction_id(primary_key=True),
    Column("lines", StoredText, nullable=False),
)

# What a search reads: folded words between single spaces (search_words.py). The full-text index
# follows this table by triggers.
prediction_search = Table(
    "prediction_search",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    _prediction_id(primary_key=False),
    Column("resume_filename", StoredText, nullable=False),
    Column("career_path", StoredText, nullable=False),
    Column("skills", StoredText, nullable=False),
    Column("notes", StoredText, nullable=False),
    Column("text", StoredText, nullable=False),
    Index("uq_prediction_search_prediction_id", "prediction_id", unique=True),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", StoredText, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject_id", UuidText, nullable=False),
    Index(None, "subject_id", "at"),
    Index(None, "at"),
)

job_cache = Table(
    "job_cache",
    metadata,
    Column("key", StoredText, primary_key=True),
    Column("page_data", StoredText, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

# Beside posting_data stand the columns that a search filters by, and folded words, which the
# full-text index follows by triggers.
postings = Table(
    "postings",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    Column("job_id", StoredText, nullable=False),
    Column("country", StoredText),
    Column("remote", Boolean(create_constraint=False)),
    Column("employment_types", StoredText, nullable=False),
    Column("posted_at", UtcDateTime),
    Column("posting_data", StoredText, nullable=False),
    Column("title_words", StoredText, nullable=False, server_default=""),
    Column("employer_words", StoredText, nullable=False, server_default=""),
    Column("place_words", StoredText, nullable=False, server_default=""),
    Column("description_words", StoredText, nullable=False, server_default=""),
    Index("uq_postings_job_id", "job_id", unique=True),
)

# ``id`` is what the audit trail and keys of requests know an interview by.
interviews = Table(
    "interviews",
    metadata,
    Column("id", UuidText, primary_key=True),
    Column("interview_id", StoredText, nullable=False),
    Column("user_id", StoredText),
    Column("transcript_sha256", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("rubric_version", StoredText, nullable=False),
    Column("overall", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Column("report_data", StoredText, nullable=False),
    Index("uq_interviews_interview_id", "interview_id", unique=True),
    Index(None, "user_id", "created_at", "id"),
    Index(None, "created_at", "id"),
)

interview_text = Table(
    "interview_text",
    metadata,
    Column(
        "record_id", UuidText, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("transcript", StoredText, nullable=False),
)

# A key names one request: sha256 over caller, route and Idempotency-Key. Deleting what the answer
# is about takes the answer with it.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("owner", UuidText, nullable=False),
    Column("held_until", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("prediction_id", UuidText, ForeignKey("predictions.id", ondelete="CASCADE")),
    Column("answer", StoredText),
    Column("interview_record_id", UuidText, ForeignKey("interviews.id", ondelete="CASCADE")),
    Index(None, "expires_at"),
    Index(None, "prediction_id"),
    Index(None, "interview_record_id"),
)

# What a job board last said of its quota: one row a provider.
board_quota = Table(
    "board_quota",
    metadata,
    Column("provider", StoredText, primary_key=True),
    Column("quota_limit", Integer),
    Column("quota_remaining", Integer),
    Column("quota_resets_at", UtcDateTime),
    Column("exhausted_until", UtcDateTime),
    Column("observed_at", UtcDateTime, nullable=False),
)

# Hits of one caller in one window; ``expires_at`` in seconds since 1970 by the server's clock.
rate_counters = Table(
    "rate_counters",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("hits", BigInteger, nullable=False),
    Column("expires_at", Double, nullable=False),
    Index(None, "expires_at"),
)

# For an hour: uploads that began before are not saved.
erased_users = Table(
    "erased_users",
    metadata,
    Column("user_sha256", String(64), primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False),
    Index(None, "erased_at"),
)

# Beside each other: what was answered, and what a shadow would have. Written while a model's
# traffic has more than one arm.
arm_answers = Table(
    "arm_answers",
    metadata,
    _prediction_id(primary_key=True),
    Column("model_revision", StoredText, primary_key=True),
    Column("model_id", StoredText, nullable=False),
    Column("arm", StoredText),
    Column("shadow", Boolean(create_constraint=False), nullable=False),
    Column("label", StoredText, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("agrees", Boolean(create_constraint=False)),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_arm_answers_model_id", "model_id", "created_at"),
)

# Work that goes on after what it belongs to was answered, and after a restart.
upkeep = Table(
    "upkeep",
    metadata,
    Column("task", String(32), primary_key=True),
    Column("state", String(32), nullable=False),
)
