"""What a person types, as a question that SQLite's FTS5 understands.

Every word becomes a quoted string, in which FTS5 gives a meaning to nothing but the quote, and
that is doubled. Source: https://sqlite.org/fts5.html#full_text_query_syntax
"""

from __future__ import annotations

import re
import sqlite3

from sqlalchemy import ColumnElement, func, literal_column, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.errors import InvalidRequest
from ml_service.storage.column_types import storable

MAX_CHARACTERS = 1_000
MAX_TERMS = 64

# Relevance by where a word stands, in the order of the index's columns.
PREDICTION_WEIGHTS = (2.0, 4.0, 3.0, 2.0, 1.0)
POSTING_WEIGHTS = (10.0, 2.0, 1.0, 1.0)

COMMON_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "it", "of", "on"}
    | {"or", "the", "to", "with"}
)

# Without secure-delete (SQLite 3.42) the words of a deleted entry stay in the index's pages until
# it is rewritten. Up to this many entries (about half a second) that is done at once; beyond,
# SQLite's own merging does it in time. No search finds them meanwhile.
HAS_SECURE_DELETE = sqlite3.sqlite_version_info >= (3, 42)
MAX_ENTRIES_TO_REWRITE = 5_000

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TERM = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')


def all_of(words: str) -> str:
    """A question for entries that hold every word; "a phrase" and a trailing * work.

    Raises InvalidRequest when there is nothing to search for, or too much.
    """
    terms = _terms(words, field="q")
    # Without AND between them, FTS5 leaves out words that its older Unicode does not know.
    return " ".join(terms)


def any_of(words: str, *, place: str | None) -> str:
    """A question for postings that hold some of the words and lie in ``place``.

    Of "Portland, OR" the part before the comma must be there; the rest counts for more when it
    is. Raises InvalidRequest when there is nothing to search for, or too much.
    """
    telling = [word for word in words.split() if _says_something(word)]
    plain = [word for word in telling if word.lower().strip(",;") not in COMMON_WORDS]
    terms = _terms(" ".join(plain) if plain else words, field="query")
    wanted = f"({' OR '.join(terms)})"
    town, *rest = [part for part in map(_phrase, (place or "").split(",")) if part] or [""]
    if not town:
        return wanted
    inside = f"(place : {town} AND {wanted})"
    if not rest:
        return inside
    region = " OR ".join(f"place : {part}" for part in rest)
    return f"(({inside} AND ({region})) OR {inside})"


def _terms(words: str, *, field: str) -> list[str]:
    if len(words) > MAX_CHARACTERS:
        message = f"Search with at most {MAX_CHARACTERS} characters."
        raise InvalidRequest(message, field=field)
    found = [
        _quoted(phrase or word.rstrip("*")) + ("*" if star or word.endswith("*") else "")
        for phrase, star, word in _TERM.findall(storable(words).translate(_QUOTES))
        if _says_something(phrase or word)
    ]
    if len(found) > MAX_TERMS:
        raise InvalidRequest(f"Search for at most {MAX_TERMS} words.", field=field)
    if not found:
        raise InvalidRequest("Give a word to search for.", field=field)
    return found


def _phrase(text: str) -> str:
    return _quoted(storable(text).strip()) if _says_something(text) else ""


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def matches(index: str, question: str) -> ColumnElement[bool]:
    return literal_column(index).op("MATCH", is_comparison=True)(question)


def relevance(index: str, weights: tuple[float, ...]) -> ColumnElement[float]:
    """bm25 as FTS5 computes it: the smaller, the better."""
    return func.bm25(literal_column(index), *map(literal_column, map(str, weights)))


async def erase_at_once(connection: AsyncConnection) -> None:
    """Before a deletion: its words shall leave the index's pages with it."""
    if HAS_SECURE_DELETE:
        await connection.execute(
            text("INSERT INTO prediction_fts(prediction_fts, rank) VALUES ('secure-delete', 1)")
        )


async def erase_remains(connection: AsyncConnection) -> None:
    """After a deletion, where SQLite is too old for ``erase_at_once``."""
    if HAS_SECURE_DELETE:
        return
    newest = await connection.scalar(text("SELECT max(entry_id) FROM prediction_search"))
    if (newest or 0) <= MAX_ENTRIES_TO_REWRITE:
        await connection.execute(
            text("INSERT INTO prediction_fts(prediction_fts) VALUES ('optimize')")
        )
