"""One search on every database: words are folded in Python, indexes only keep and find them.

The rows of ``prediction_search`` and ``postings`` are folded where they are. How words are folded
is imported, not copied: another way to fold needs a revision of its own that folds all anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from ml_service.storage.postings import folded_posting
from ml_service.storage.search_words import (
    POSTING_COLUMNS,
    PREDICTION_COLUMNS,
    Column,
    searchable,
)
from ml_service.storage.serialisation import POSTING, from_json

revision = "0003"
down_revision = "0002"

ROWS_AT_ONCE = 500
ENTRIES_IN_BUCKET = 8_192

SEARCHED = ("resume_filename", "career_path", "skills", "notes", "text")
POSTING_WORDS = ("title_words", "employer_words", "place_words", "description_words")

# Folded words stand between single spaces; nothing but a space may part them.
TOKENS = """tokenize = "ascii tokenchars '+#_'" """

# Each column's words begin at a place of their own, so that no phrase reaches into the next.
VECTOR = """
CREATE FUNCTION search_vector(before text, folded text[], firsts int[], labels text[])
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        string_agg('''' || before || word || ''':' || first + place || label, ' '), ''
    )::tsvector
    FROM unnest(folded, firsts, labels) AS part(folded, first, label),
         unnest(string_to_array(part.folded, ' ')) WITH ORDINALITY AS kept(word, place)
    WHERE word NOT IN ('', '_')
$$
"""

FOLLOW = """
CREATE FUNCTION {table}_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM {index} WHERE entry_id = OLD.entry_id;
    ELSE
        INSERT INTO {index} (entry_id, words)
        VALUES (NEW.entry_id, search_vector({before}, ARRAY[{columns}], '{firsts}', '{labels}'))
        ON CONFLICT (entry_id) DO UPDATE SET words = excluded.words;
    END IF;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    _upkeep()
    if sqlite:
        for table, index in (("prediction_search", "prediction_fts"), ("postings", "posting_fts")):
            for event in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_after_{event}")
            op.execute(f"DROP TABLE {index}")
    for name in POSTING_WORDS:
        op.add_column("postings", sa.Column(name, _text(), nullable=False, server_default=""))
    _fold("prediction_search", SEARCHED, _folded_prediction)
    _fold("postings", ("posting_data",), _folded_posting)
    if sqlite:
        _follow_by_fts5()
    else:
        _follow_by_tsvectors()
        _let_lists_of_one_alone()


def _text() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _upkeep() -> None:
    op.create_table(
        "upkeep",
        sa.Column("task", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("task", name="pk_upkeep"),
    )


def _fold(table: str, read: Sequence[str], fold: Callable[[Any], dict[str, str]]) -> None:
    """In batches, so that a long history need not fit into memory."""
    connection = op.get_bind()
    names = ["entry_id", *read]
    rows = sa.table(table, *map(sa.column, dict.fromkeys([*names, *POSTING_WORDS])))
    wanted = sa.select(*(rows.c[name] for name in names)).order_by(rows.c.entry_id)
    last = 0
    while batch := connection.execute(
        wanted.where(rows.c.entry_id > last).limit(ROWS_AT_ONCE)
    ).all():
        folded = [{"entry": row.entry_id, **fold(row)} for row in batch]
        new: dict[str, sa.BindParameter[str]]
        new = {name: sa.bindparam(name) for name in folded[0] if name != "entry"}
        change = sa.update(rows).where(rows.c.entry_id == sa.bindparam("entry")).values(new)
        connection.execute(change, folded)
        last = batch[-1].entry_id


def _folded_prediction(row: Any) -> dict[str, str]:
    return {
        name: searchable(getattr(row, name), column=PREDICTION_COLUMNS[name]) for name in SEARCHED
    }


def _folded_posting(row: Any) -> dict[str, str]:
    return folded_posting(from_json(POSTING, row.posting_data))


def _follow_by_fts5() -> None:
    """The indexes keep no content of their own. No relevance is asked of that of predictions."""
    _fts5("prediction_search", index="prediction_fts", columns=SEARCHED, options=", columnsize = 0")
    _fts5("postings", index="posting_fts", columns=POSTING_WORDS, options="")


def _fts5(table: str, *, index: str, columns: tuple[str, ...], options: str) -> None:
    """Triggers as https://sqlite.org/fts5.html#external_content_tables gives them."""
    names = ", ".join(columns)
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("new", "old"))
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content = '{table}', "
        f"content_rowid = 'entry_id', {TOKENS}{options})"
    )
    op.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608 - constants above
    insert = f"INSERT INTO {index}(rowid, {names}) VALUES (new.entry_id, {new});"  # noqa: S608 - as above
    delete = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.entry_id, {old});"  # noqa: S608 - as above
    changes = {"INSERT": insert, "DELETE": delete, "UPDATE": f"{delete} {insert}"}
    for event, statements in changes.items():
        op.execute(
            f"CREATE TRIGGER {table}_after_{event.lower()} AFTER {event} ON {table} "
            f"BEGIN {statements} END"
        )


def _follow_by_tsvectors() -> None:
    """In a bucket's words its number comes first; labels tell the columns of postings apart."""
    op.execute(sa.text(VECTOR.replace(":", r"\:")))
    _tsvectors(
        "prediction_search",
        index="prediction_fts",
        before=f"(NEW.entry_id / {ENTRIES_IN_BUCKET}) || ':'",
        columns={name: (PREDICTION_COLUMNS[name], "") for name in SEARCHED},
    )
    labels = zip(POSTING_WORDS, POSTING_COLUMNS.values(), "ABCD", strict=True)
    _tsvectors(
        "postings",
        index="posting_fts",
        before="''",
        columns={name: (column, label) for name, column, label in labels},
    )


def _tsvectors(
    table: str, *, index: str, before: str, columns: dict[str, tuple[Column, str]]
) -> None:
    """Vectors stand apart from the small rows that point to them, so that many of these are read
    at once. Nothing waits in a list beside the index, which every search would have to read.
    """
    op.create_table(
        index,
        sa.Column("entry_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("words", TSVECTOR, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=f"pk_{index}"),
    )
    op.execute(f"ALTER TABLE {index} SET (toast_tuple_target = 128)")
    op.execute(f"ALTER TABLE {index} ALTER COLUMN words SET STORAGE EXTERNAL")
    op.execute(f"ALTER TABLE {index} ALTER COLUMN words SET STATISTICS 0")
    follow = FOLLOW.format(
        table=table,
        index=index,
        before=before,
        columns=", ".join(f"NEW.{name}" for name in columns),
        firsts="{" + ", ".join(str(column.first) for column, _ in columns.values()) + "}",
        labels="{" + ", ".join(f'"{label}"' for _, label in columns.values()) + "}",
    )
    op.execute(sa.text(follow.replace(":", r"\:")))
    op.execute(
        f"CREATE TRIGGER {table}_after_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_follow()"
    )
    op.execute(f"UPDATE {table} SET entry_id = entry_id")  # noqa: S608 - constants above
    op.execute(
        f"CREATE INDEX ix_{index}_words ON {index} USING gin (words) WITH (fastupdate = off)"
    )


def _let_lists_of_one_alone() -> None:
    """PostgreSQL read lists of one user or model from this index; now only where it is told to."""
    op.drop_index("ix_predictions_created_at_id", "predictions")
    op.create_index(
        "ix_predictions_created_at_id",
        "predictions",
        ["created_at", "id"],
        postgresql_where=sa.text("id > ''"),
    )
