"""Full-text search of predictions: best match first, then newest.

What weighs a match must not grow with the history, so matches are ranked together in blocks: the
newest thousand, then the thousand before them, and so on. A search that finds less than a
thousand is ranked as a whole. A match is worth the sum over the terms of the best column that
each stands in; how often a word stands there, or in how many other records, does not count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.prediction import Page, PredictionFilter
from ml_service.storage.cursors import SearchCursor, digest, search_cursor
from ml_service.storage.history import conditions, in_order_of_time
from ml_service.storage.search_blocks import (
    SIZES,
    Search,
    SearchSizes,
    block_query,
    bounds_of,
    tagged,
)
from ml_service.storage.search_words import Term, terms_of
from ml_service.storage.serialisation import from_json
from ml_service.storage.snippets import best_snippet
from ml_service.storage.summaries import SUMMARY_COLUMNS, summaries_of
from ml_service.storage.tables import prediction_search, prediction_text, predictions

_entry = prediction_search.c.entry_id


@dataclass(frozen=True, slots=True)
class _Named:
    name: str


@dataclass(frozen=True, slots=True)
class _Profile:
    skills: tuple[_Named, ...]


@dataclass(frozen=True, slots=True)
class _Analysis:
    profile: _Profile


@dataclass(frozen=True, slots=True)
class _Line:
    text: str


# Of stored records no more than a snippet shows.
_LINES: TypeAdapter[tuple[_Line, ...]] = TypeAdapter(tuple[_Line, ...])
_ANALYSIS: TypeAdapter[_Analysis] = TypeAdapter(_Analysis)


_SHOWN = (
    predictions.c.resume_filename,
    predictions.c.career_path,
    predictions.c.notes,
    prediction_text.c.lines,
)


async def search_page(
    connection: AsyncConnection,
    words: str,
    where: PredictionFilter,
    *,
    limit: int,
    cursor: str | None,
    sizes: SearchSizes = SIZES,
) -> Page:
    """Raises InvalidRequest for a cursor of another search or nothing to search for.

    A snippet is plain text in which « and » mark what matched and stand for nothing else; show
    it as text, never as markup.
    """
    terms = terms_of(words, field="q")
    question = digest("search", terms, astuple(where))
    after = None if cursor is None else search_cursor(cursor, question=question)
    few = await _leaves(connection, where, n_few=sizes.read_one_by_one)
    search = Search(terms, where, few, connection.dialect.name, sizes)
    found = await _found(connection, search, question=question, after=after, limit=limit + 1)
    hits = found[:limit]
    rows = await _rows(connection, [hit.entry for hit in hits])
    snippets = await _snippets(connection, rows, terms)
    summaries = await summaries_of(connection, rows, snippets=snippets)
    return Page(summaries, hits[-1].encode() if len(found) > limit else None)


async def _leaves(connection: AsyncConnection, where: PredictionFilter, *, n_few: int) -> bool:
    """Whether it leaves so few. Looks only at what has an index."""
    indexed = replace(where, min_confidence=None, min_ats_score=None)
    if indexed == PredictionFilter():
        return False
    wanted = select(predictions.c.id).where(
        *conditions(indexed), *tagged(indexed.tag), *in_order_of_time(indexed)
    )
    counted = select(func.count()).select_from(wanted.limit(n_few + 1).subquery())
    return (await connection.scalar(counted) or 0) <= n_few


async def _found(
    connection: AsyncConnection,
    search: Search,
    *,
    question: str,
    after: SearchCursor | None,
    limit: int,
) -> list[SearchCursor]:
    """Each result as the cursor that goes on behind it; from one block into the next."""
    found: list[SearchCursor] = []
    top: int | None = None
    while len(found) < limit:
        statement = block_query(search, top=top, after=after, limit=limit - len(found))
        rows = (await connection.execute(statement)).all()
        if after is None and not rows:
            break
        block = (after.top, after.bottom) if after is not None else bounds_of(rows[0], search.sizes)
        found += [SearchCursor(question, *block, row.rank, row.entry_id) for row in rows]
        after, top = None, block[1] - 1
        if top < 0:
            break
    return found


async def _rows(connection: AsyncConnection, entries: Sequence[int]) -> list[Any]:
    result = await connection.execute(
        select(_entry, *SUMMARY_COLUMNS, *_SHOWN)
        .join(predictions, predictions.c.id == prediction_search.c.prediction_id)
        .outerjoin(prediction_text, prediction_text.c.prediction_id == predictions.c.id)
        .where(_entry.in_(entries))
    )
    return sorted(result.mappings(), key=lambda row: entries.index(row["entry_id"]))


async def _snippets(
    connection: AsyncConnection, rows: Sequence[Any], terms: Sequence[Term]
) -> dict[UUID, str]:
    """Text and notes show more than what a summary says anyway. Skills are read where nothing
    else shows a match. Reading whole resumes is work for a thread.
    """
    snippets = await asyncio.to_thread(
        lambda: {row["id"]: best_snippet(_fields(row), terms) for row in rows}
    )
    bare = [identity for identity, snippet in snippets.items() if snippet is None]
    if bare:
        skills = await _skills(connection, bare)
        snippets |= {identity: best_snippet([skills[identity]], terms) for identity in bare}
    return {identity: snippet for identity, snippet in snippets.items() if snippet is not None}


def _fields(row: Mapping[str, Any]) -> list[list[str]]:
    lines = () if row["lines"] is None else from_json(_LINES, row["lines"])
    return [
        [line.text for line in lines],
        [row["notes"] or ""],
        [row["career_path"]],
        [row["resume_filename"]],
    ]


async def _skills(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    rows = await connection.execute(
        select(predictions.c.id, predictions.c.prediction_data).where(predictions.c.id.in_(ids))
    )
    found = {}
    for identity, analysis in rows:
        profile = from_json(_ANALYSIS, analysis).profile
        found[identity] = [", ".join(skill.name for skill in profile.skills)]
    return found
