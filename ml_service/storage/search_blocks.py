"""The statements of a search: which entries are ranked together, and what each is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from ml_service.domain.prediction import PredictionFilter
from ml_service.storage.cursors import SearchCursor
from ml_service.storage.full_text import newest_of, within
from ml_service.storage.history import conditions, in_order_of_time
from ml_service.storage.search_words import Term
from ml_service.storage.tables import prediction_search, prediction_tags, predictions


@dataclass(frozen=True, slots=True)
class SearchSizes:
    """``ranked_together`` entries make a block. Where a filter leaves ``read_one_by_one`` or
    fewer, their words are read without the index.
    """

    ranked_together: int = 1_000
    read_one_by_one: int = 5_000


SIZES = SearchSizes()

WEIGHTS = {"career_path": 4, "skills": 3, "resume_filename": 2, "notes": 2, "text": 1}

_entry = prediction_search.c.entry_id


@dataclass(frozen=True, slots=True)
class Search:
    """``few`` says that the filter leaves few predictions, whatever they hold."""

    terms: tuple[Term, ...]
    where: PredictionFilter
    few: bool
    dialect: str
    sizes: SearchSizes = SIZES


def block_query(
    search: Search, *, top: int | None, after: SearchCursor | None, limit: int
) -> Select[Any]:
    """Entry ids and ranks of one block: what is left of that of ``after``, or the one whose
    entries begin at ``top``. Nothing wide is read on the way.
    """
    newest, oldest = (top, 0) if after is None else (after.top, after.bottom)
    block = _candidates(search, top=newest, bottom=oldest).cte("block")
    ranked = (
        select(_entry.label("entry_id"), _rank(search).label("rank"))
        .join(block, block.c.entry_id == _entry)
        .subquery("ranked")
    )
    place = (ranked.c.rank, ranked.c.entry_id)
    # Each of these is worked out once; joined, they might be worked out for every entry.
    bounds = {
        "newest": func.max(block.c.entry_id),
        "oldest": func.min(block.c.entry_id),
        "n_entries": func.count(),
    }
    statement = select(
        ranked,
        *(
            select(bound).select_from(block).scalar_subquery().label(name)
            for name, bound in bounds.items()
        ),
    )
    if after is not None:
        statement = statement.where(tuple_(*place) < tuple_(after.rank, after.entry))
    return statement.order_by(*(column.desc() for column in place)).limit(limit)


def bounds_of(row: Row[Any], sizes: SearchSizes) -> tuple[int, int]:
    """A block that is not full is the last, and reaches down to the first entry."""
    return row.newest, row.oldest if row.n_entries == sizes.ranked_together else 0


def _candidates(search: Search, *, top: int | None, bottom: int) -> Select[Any]:
    if search.few:
        return _few_candidates(search, top=top, bottom=bottom)

    def narrowing(entry: ColumnElement[int]) -> list[ColumnElement[bool]]:
        if search.where == PredictionFilter():
            return []
        wanted = (
            select(predictions.c.id)
            .join(prediction_search, prediction_search.c.prediction_id == predictions.c.id)
            .where(_entry == entry, *conditions(search.where), *tagged(search.where.tag))
        )
        return [exists(wanted)]

    return newest_of(
        search.dialect,
        search.terms,
        top=top,
        bottom=bottom,
        narrowing=narrowing,
        limit=search.sizes.ranked_together,
    )


def _few_candidates(search: Search, *, top: int | None, bottom: int) -> Select[Any]:
    everywhere = [prediction_search.c[name] for name in WEIGHTS]
    holding = [
        or_(*(_holds(column, term, search.dialect) for column in everywhere))
        for term in search.terms
    ]
    return (
        select(_entry)
        .join(predictions, predictions.c.id == prediction_search.c.prediction_id)
        .where(*conditions(search.where), *tagged(search.where.tag))
        .where(*in_order_of_time(search.where))
        .where(*within(_entry, top=top, bottom=bottom), and_(*holding))
        .order_by(_entry.desc())
        .limit(search.sizes.ranked_together)
    )


def _rank(search: Search) -> ColumnElement[int]:
    return reduce(add, (_worth(term, search.dialect) for term in search.terms))


def _worth(term: Term, dialect: str) -> ColumnElement[int]:
    """The columns stand in the order of their weights; the last, wide one is not looked at."""
    *telling, _ = WEIGHTS
    return case(
        *((_holds(prediction_search.c[name], term, dialect), WEIGHTS[name]) for name in telling),
        else_=1,
    )


def _holds(column: ColumnElement[str], term: Term, dialect: str) -> ColumnElement[bool]:
    """Words stand between single spaces."""
    place = func.instr if dialect == "sqlite" else func.strpos
    wanted = " ".join(["", *term.words]) + ("" if term.prefix else " ")
    return place(literal(" ", String) + column + literal(" ", String), wanted) > 0


def tagged(tag: str | None) -> list[ColumnElement[bool]]:
    if tag is None:
        return []
    tagged = select(prediction_tags.c.prediction_id).where(prediction_tags.c.tag == tag)
    return [predictions.c.id.in_(tagged)]
