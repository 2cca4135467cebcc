"""What lists show of a prediction, in a column of its own and in the index of users.

Each row is written once: SQLite's table is made anew, so that the column stands before the wide
ones; PostgreSQL rewrites its table for a column whose type changes. A million rows take minutes
and, for as long, room for the table once more, on SQLite twice (its log also holds the overwritten
pages of the former table).
"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MAX_SUMMARY_BYTES = 1_000
FORMER_INDEX, INDEX = (
    "ix_predictions_user_id_created_at_id",
    "ix_predictions_user_id_created_at_id_shown",
)
SHOWN = ("confidence", "abstained", "ats_score", "jobs_status", "summary_data")

# Of the row ``p``; the same on both, but for the names of functions.
SUMMARY = """
    {object}(
        'resume_filename', p.resume_filename,
        'career_path', p.career_path,
        'soc_code', p.soc_code,
        'model', {object}(
            'model_id', p.model_id, 'revision', p.model_revision, 'arm', p.model_arm
        ),
        'tags', {tags}
    )
"""
TAGS_ON_SQLITE = """
    json((
        SELECT json_group_array(tag) FROM (
            SELECT tag FROM prediction_tags WHERE prediction_id = p.id ORDER BY position
        )
    ))
"""
TAGS_ON_POSTGRESQL = """
    coalesce(
        (SELECT json_agg(tag ORDER BY position) FROM prediction_tags WHERE prediction_id = p.id),
        '[]'
    )
"""
FILLED_ON_SQLITE = """
INSERT INTO predictions_anew ({before}, summary_data, {after})
SELECT {before},
    CASE WHEN length(CAST(summary AS BLOB)) <= {most} THEN summary END,
    {after}
FROM (SELECT p.*, {summary} AS summary FROM predictions AS p)
"""
FUNCTION_ON_POSTGRESQL = """
CREATE FUNCTION summary_of(p predictions) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    summary text := {summary};
BEGIN
    RETURN CASE WHEN octet_length(summary) <= {most} THEN summary END;
END
$$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _fill_on_sqlite()
    else:
        _fill_on_postgresql()
    op.create_index(INDEX, "predictions", ["user_id", "created_at", "id", *SHOWN])


def _fill_on_sqlite() -> None:
    """Source: https://sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes"""
    connection = op.get_bind()
    former = sa.Table("predictions", sa.MetaData(), autoload_with=connection)
    names = list(former.columns.keys())
    place = names.index("notes")
    columns = [sa.Column(one.name, one.type, nullable=one.nullable) for one in former.columns]
    columns.insert(place, sa.Column("summary_data", sa.Text))
    key = sa.PrimaryKeyConstraint("id", name="pk_predictions")
    op.create_table("predictions_anew", *columns, key)
    fill = FILLED_ON_SQLITE.format(
        before=", ".join(names[:place]),
        after=", ".join(names[place:]),
        summary=SUMMARY.format(object="json_object", tags=TAGS_ON_SQLITE),
        most=MAX_SUMMARY_BYTES,
    )
    connection.exec_driver_sql(fill)
    statement = "SELECT sql FROM sqlite_schema WHERE tbl_name = 'predictions' AND type = 'index' "
    indexes = connection.exec_driver_sql(
        statement + "AND sql IS NOT NULL AND name <> ?", (FORMER_INDEX,)
    )
    to_make = indexes.scalars().all()
    op.drop_table("predictions")
    op.rename_table("predictions_anew", "predictions")
    for index in to_make:
        connection.exec_driver_sql(index)


def _fill_on_postgresql() -> None:
    """The rows that ``USING`` sees are as they were; a function may ask for the tags of each."""
    connection = op.get_bind()
    op.drop_index(FORMER_INDEX, "predictions")
    op.add_column("predictions", sa.Column("summary_data", sa.Text(collation="C")))
    summary = SUMMARY.format(object="json_build_object", tags=TAGS_ON_POSTGRESQL)
    connection.exec_driver_sql(
        FUNCTION_ON_POSTGRESQL.format(summary=summary, most=MAX_SUMMARY_BYTES)
    )
    connection.exec_driver_sql(
        'ALTER TABLE predictions ALTER COLUMN summary_data TYPE text COLLATE "C" '
        "USING summary_of(predictions)"
    )
    connection.exec_driver_sql("DROP FUNCTION summary_of(predictions)")
    _let_the_index_answer_alone()


def _let_the_index_answer_alone() -> None:
    """Only after VACUUM, which cannot be part of a transaction: the service does it soon."""
    note = sa.text(
        "INSERT INTO upkeep (task, state) "
        "SELECT 'forget_remains', :state WHERE EXISTS (SELECT FROM predictions) "
        "ON CONFLICT (task) DO UPDATE SET state = excluded.state"
    )
    op.get_bind().execute(note, {"state": uuid4().hex})
