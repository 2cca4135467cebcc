"""Which postings answer a job query, and in which order, on either database.

Some of the words are enough; the title counts most, then the employer. SQLite weighs by bm25, so
that rare words count more than common ones. PostgreSQL keeps no counts of words: there all count
alike, and of very many that match the newest are weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    REAL,
    ColumnElement,
    Integer,
    Select,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)

from ml_service.domain.posting import JobQuery
from ml_service.storage.full_text import (
    TsQuery,
    fts5_table,
    fts5_term,
    matches,
    tsquery_term,
    tsvector_table,
)
from ml_service.storage.search_words import Term, telling_terms_of, words_of
from ml_service.storage.tables import postings

BM25_WEIGHTS = (10.0, 2.0, 1.0, 1.0)
TS_RANK_WEIGHTS = [0.1, 0.1, 0.2, 1.0]
"""Of the labels D to A: description, place, employer, title."""

REGION_WORTH = 10.0
"""More than any words: a town of the wanted region comes before its namesakes."""

MAX_WEIGHED = 10_000

_fts5, _tsvectors = fts5_table("posting_fts"), tsvector_table("posting_fts")


@dataclass(frozen=True, slots=True)
class JobTerms:
    """Of "Portland, OR" the town must be there; the rest counts for more when it is."""

    wanted: tuple[Term, ...]
    town: Term | None
    region: tuple[Term, ...]

    @classmethod
    def of(cls, query: JobQuery) -> JobTerms:
        """Raises InvalidRequest when there is nothing to search for, or too much."""
        wanted = telling_terms_of(query.query, field="query")
        parts = [words_of(part) for part in (query.location or "").split(",")]
        place = [Term(tuple(words)) for words in parts if words]
        return cls(wanted, place[0] if place else None, tuple(place[1:]))


def rank_by_bm25(
    terms: JobTerms, *, where: Sequence[ColumnElement[bool]], newest: int
) -> Select[Any]:
    entry = literal_column("posting_fts.rowid", Integer)
    weights: list[ColumnElement[float]]
    weights = [literal_column(str(weight)) for weight in BM25_WEIGHTS]
    rank = -func.bm25(literal_column("posting_fts"), *weights)
    return (
        select(entry.label("entry_id"), rank.label("rank"))
        .select_from(_fts5)
        .join(postings, postings.c.entry_id == entry)
        .where(matches("posting_fts", _fts5_question(terms)), entry <= newest, *where)
        .order_by(literal_column("rank").desc(), entry.desc())
    )


def _fts5_question(terms: JobTerms) -> str:
    wanted = f"({' OR '.join(map(fts5_term, terms.wanted))})"
    if terms.town is None:
        return wanted
    inside = f"(place_words : {fts5_term(terms.town)} AND {wanted})"
    if not terms.region:
        return inside
    region = " OR ".join(f"place_words : {fts5_term(part)}" for part in terms.region)
    return f"(({inside} AND ({region})) OR {inside})"


def rank_by_ts_rank(
    terms: JobTerms, *, where: Sequence[ColumnElement[bool]], newest: int
) -> Select[Any]:
    wanted = " | ".join(map(tsquery_term, terms.wanted))
    town = "" if terms.town is None else f"{tsquery_term(terms.town, label='C')} & "
    region = " | ".join(tsquery_term(part, label="C") for part in terms.region)
    words, entry = _tsvectors.c.words, _tsvectors.c.entry_id
    newest_first = (entry + literal_column("0")).desc()  # as in full_text.py
    weighed = (
        select(entry, words)
        .join(postings, postings.c.entry_id == entry)
        .where(_holds(words, f"{town}({wanted})"), entry <= newest, *where)
        .order_by(newest_first)
        .limit(MAX_WEIGHED)
        .subquery("weighed")
    )
    weights = cast(TS_RANK_WEIGHTS, ARRAY(REAL))
    rank: ColumnElement[Any] = func.ts_rank(weights, weighed.c.words, cast(wanted, TsQuery))
    if region:
        rank += case((_holds(weighed.c.words, region), REGION_WORTH), else_=0.0)
    return select(weighed.c.entry_id, rank.label("rank")).order_by(
        literal_column("rank").desc(), weighed.c.entry_id.desc()
    )


def _holds(words: ColumnElement[Any], question: str) -> ColumnElement[bool]:
    return words.op("@@", is_comparison=True)(cast(literal(question), TsQuery))
