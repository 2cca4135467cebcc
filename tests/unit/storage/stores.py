"""Stores over a database for tests in which it does not matter who acts, nor when."""

from __future__ import annotations

from ml_service.storage.database import Database
from ml_service.storage.postings import SqlPostingIndex
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.search_blocks import SIZES, SearchSizes
from tests.unit.storage.examples import NOON


def a_store(
    database: Database, *, store_text: bool = True, search_sizes: SearchSizes = SIZES
) -> SqlPredictionStore:
    return SqlPredictionStore(
        database,
        store_text=store_text,
        actor=lambda: "service",
        clock=lambda: NOON,
        search_sizes=search_sizes,
    )


def an_index(database: Database) -> SqlPostingIndex:
    return SqlPostingIndex(database, clock=lambda: NOON)
