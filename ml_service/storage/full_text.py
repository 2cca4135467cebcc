"""Terms as questions to the full-text index of predictions, and the newest that answer them.

SQLite has an FTS5 index, which is read from the newest entry on. PostgreSQL has tsvectors under a
GIN index, which cannot be read in an order: there each word is kept with the bucket of its entry,
"17:word" for the 17th thousands, and buckets are asked from the newest on until enough is found.
Either way a common word costs no more in a long history than in a short one.

Sources: https://sqlite.org/fts5.html, https://www.postgresql.org/docs/current/textsearch.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    TableClause,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.types import UserDefinedType

from ml_service.storage.search_words import Term


class TsQuery(UserDefinedType[str]):
    """As SQLAlchemy's own, which is slow to import with its dialect where SQLite is used."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "TSQUERY"


ENTRIES_IN_BUCKET = 8_192
"""As in the migration that made PostgreSQL's index."""

BUCKET = "~"
"""Where a question leaves room for the bucket; no word holds it."""

Narrowing = Callable[[ColumnElement[int]], list[ColumnElement[bool]]]
"""Of an entry's id, what else must hold."""


def fts5_table(index: str) -> TableClause:
    return table(index, column("rowid", Integer))


def tsvector_table(index: str) -> TableClause:
    return table(index, column("entry_id", Integer), column("words"))


_fts5, _tsvectors = fts5_table("prediction_fts"), tsvector_table("prediction_fts")


def fts5_all_of(terms: Sequence[Term]) -> str:
    return " AND ".join(map(fts5_term, terms))


def fts5_term(term: Term) -> str:
    """Words hold no quotes, nor anything else that has a meaning within them."""
    return f'"{" ".join(term.words)}"' + " *" * term.prefix


def tsquery_all_of(terms: Sequence[Term], *, before: str = "") -> str:
    return " & ".join(tsquery_term(term, before=before) for term in terms)


def tsquery_term(term: Term, *, before: str = "", label: str = "") -> str:
    """``before`` stands in front of every word; ``label`` names the only column to look in."""
    last = len(term.words) - 1
    words = []
    for place, word in enumerate(term.words):
        options = label + "*" * (term.prefix and place == last)
        words.append(f"'{before}{word}'" + (f":{options}" if options else ""))
    return f"({' <-> '.join(words)})"


def matches(index: str, question: str) -> ColumnElement[bool]:
    """For FTS5, whose columns are asked by the table's name."""
    return literal_column(index).op("MATCH", is_comparison=True)(question)


def newest_of(
    dialect: str,
    terms: Sequence[Term],
    *,
    top: int | None,
    bottom: int,
    narrowing: Narrowing,
    limit: int,
) -> Select[Any]:
    """The ids of at most ``limit`` entries from ``top`` down to ``bottom`` that hold all terms."""
    query = _from_fts5 if dialect == "sqlite" else _from_tsvectors
    return query(terms, top=top, bottom=bottom, narrowing=narrowing, limit=limit)


def _from_fts5(
    terms: Sequence[Term], *, top: int | None, bottom: int, narrowing: Narrowing, limit: int
) -> Select[Any]:
    entry = literal_column("prediction_fts.rowid", Integer)
    return (
        select(entry.label("entry_id"))
        .select_from(_fts5)
        .where(matches("prediction_fts", fts5_all_of(terms)))
        .where(*within(entry, top=top, bottom=bottom), *narrowing(entry))
        .order_by(entry.desc())
        .limit(limit)
    )


def _from_tsvectors(
    terms: Sequence[Term], *, top: int | None, bottom: int, narrowing: Narrowing, limit: int
) -> Select[Any]:
    """A lateral join is a loop over its left side, in its order, until the limit is reached.

    Adding 0 keeps the planner from walking the entries themselves, in their order, and reading
    the words of each: how dear that is it does not know.
    """
    entry, plain = _tsvectors.c.entry_id, _tsvectors.c.entry_id + literal_column("0")
    newest = select(func.coalesce(func.max(entry), 0)).scalar_subquery()
    last = literal(top, Integer) if top is not None else newest
    buckets = (
        func.generate_series(last // ENTRIES_IN_BUCKET, bottom // ENTRIES_IN_BUCKET, -1)
        .table_valued("bucket")
        .render_derived("buckets")
    )
    question = tsquery_all_of(terms, before=f"{BUCKET}:")
    asked = func.replace(question, BUCKET, cast(buckets.c.bucket, String))
    found = (
        select(entry)
        .where(_tsvectors.c.words.op("@@", is_comparison=True)(cast(asked, TsQuery)))
        .where(*within(plain, top=top, bottom=bottom), *narrowing(entry))
        .order_by(plain.desc())
        .lateral("found")
    )
    return select(found.c.entry_id).select_from(buckets).join(found, true()).limit(limit)


def within(entry: ColumnElement[int], *, top: int | None, bottom: int) -> list[ColumnElement[bool]]:
    return [entry >= bottom] * (bottom > 0) + ([] if top is None else [entry <= top])
