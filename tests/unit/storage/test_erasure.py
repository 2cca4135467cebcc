"""Deleted means gone from the files, not only from the answers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.prediction import (
    Annotations,
    Prediction,
    PredictionChange,
    PredictionFilter,
)
from ml_service.storage import forgetting
from ml_service.storage.database import Database
from ml_service.storage.forgetting import forget_remains
from ml_service.storage.postgres import ERASED_TABLES
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.tables import prediction_search, upkeep
from tests.unit.storage.databases import on_postgresql, on_sqlite
from tests.unit.storage.examples import NOON, a_prediction, an_analysis, text_lines

SECRETS = ("Quetzalcoatlus", "xylophonist", "zyzzyvaphile", "wyvernsmith", "jabberwocky")


def remains(file: Path) -> set[str]:
    """Secrets whose endings still stand in a file; the index keeps words without their start."""
    content = b"".join(path.read_bytes().lower() for path in file.parent.iterdir())
    return {secret for secret in SECRETS if secret.lower()[4:].encode() in content}


async def add_others(store: SqlPredictionStore) -> list[Prediction]:
    others = [a_prediction(minutes=n) for n in range(60)]
    for n, prediction in enumerate(others):
        await store.add(prediction, lines=text_lines(f"word{n} " * 50, "quiet xylem jab wyv"))
    return others


def a_secret() -> Prediction:
    analysis = an_analysis(filename=f"{SECRETS[0]}.pdf", skills=(SECRETS[1],))
    return a_prediction(analysis=analysis, annotations=Annotations(notes=SECRETS[2]))


@on_sqlite
async def test_no_word_of_a_deleted_prediction_stays_in_the_files(
    store: SqlPredictionStore, database_file: Path
) -> None:
    others, secret = await add_others(store), a_secret()
    await store.add(secret, lines=text_lines(SECRETS[3], "and more"))
    for prediction in others[:20]:
        await store.change(prediction.prediction_id, PredictionChange(notes="n"), at=NOON)
    await store.change(secret.prediction_id, PredictionChange(notes=SECRETS[4]), at=NOON)
    assert await asyncio.to_thread(remains, database_file) == set(SECRETS)
    await store.delete(secret.prediction_id)
    assert await asyncio.to_thread(remains, database_file) == set()
    for prediction in others:
        found = await store.get(prediction.prediction_id)
        assert found.analysis == prediction.analysis


@on_sqlite
@pytest.mark.skipif(
    forgetting.HAS_SECURE_DELETE, reason="this SQLite forgets at once, whatever the size"
)
async def test_a_large_index_forgets_step_by_step_and_after_a_restart(
    database: Database,
    store: SqlPredictionStore,
    database_file: Path,
) -> None:
    """Also the control of the test above: without a rewrite, it would find the words."""
    await store.add(a_prediction(), lines=text_lines(" ".join(f"w{n}" for n in range(9_000))))
    await number_on_from(database, forgetting.MAX_ENTRIES_TO_REWRITE + 1)
    await added_and_deleted(store, SECRETS[3])
    assert await asyncio.to_thread(remains, database_file) == {SECRETS[3]}
    assert not await forget_remains(database, pages_in_one_step=1)
    await database.close()
    await database.open()
    await added_and_deleted(store, SECRETS[4])
    n_steps = 1
    while not await forget_remains(database, pages_in_one_step=1):
        n_steps += 1
    assert n_steps > 5
    assert await asyncio.to_thread(remains, database_file) == set()
    assert (await store.search("w8999", where=PredictionFilter(), limit=9, cursor=None)).summaries
    assert await forget_remains(database)


async def number_on_from(database: Database, entry_id: int) -> None:
    """The entries that follow the only one count as those of a history of so many."""
    async with database.writing() as connection:
        await connection.execute(update(prediction_search).values(entry_id=entry_id))


async def added_and_deleted(store: SqlPredictionStore, word: str) -> None:
    secret = a_prediction()
    await store.add(secret, lines=text_lines(word))
    await store.delete(secret.prediction_id)


@on_postgresql
async def test_postgresql_forgets_in_one_step(
    database: Database, store: SqlPredictionStore
) -> None:
    await add_others(store)
    await added_and_deleted(store, SECRETS[3])
    assert await forget_remains(database)
    async with database.reading() as connection:
        found = await connection.execute(
            text("SELECT relname, vacuum_count, n_dead_tup FROM pg_stat_user_tables")
        )
        swept = {row.relname: (row.vacuum_count, row.n_dead_tup) for row in found}
    assert {swept[table] for table in ERASED_TABLES} == {(1, 0)}


async def test_nothing_deleted_is_nothing_to_forget(database: Database) -> None:
    assert await forget_remains(database)


@on_sqlite
async def test_a_log_that_somebody_reads_is_emptied_when_he_is_done(
    database: Database, store: SqlPredictionStore, database_file: Path
) -> None:
    await added_and_deleted(store, "first")
    async with database.reading() as reader:
        await reader.execute(text("SELECT count(*) FROM predictions"))
        await added_and_deleted(store, SECRETS[3])
        assert await forget_remains(database)
        assert await asyncio.to_thread(remains, database_file) == {SECRETS[3]}
        assert await noted(database) == ["erase_log"]
    assert await forget_remains(database)
    assert await asyncio.to_thread(remains, database_file) == set()
    assert await noted(database) == []


@on_sqlite
async def test_a_deletion_stands_when_the_log_cannot_be_emptied(
    database: Database,
    store: SqlPredictionStore,
    database_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_: object) -> bool:
        raise StorageUnavailable

    secret = a_secret()
    await store.add(secret, lines=text_lines(SECRETS[3]))
    with monkeypatch.context() as patched:
        patched.setattr(Database, "erase_log", fail)
        assert await store.erase_user(secret.user_id or "") == 1
    assert await noted(database) == ["erase_log"]
    assert await forget_remains(database)
    assert await asyncio.to_thread(remains, database_file) == set()


@on_postgresql
async def test_a_vacuum_that_fails_is_repeated(
    database: Database, store: SqlPredictionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so is one during which more was deleted."""

    async def fail(_: object) -> None:
        raise StorageUnavailable

    vacuum = Database.vacuum

    async def delete_meanwhile(vacuumed: Database) -> None:
        await vacuum(vacuumed)
        await added_and_deleted(store, "meanwhile")

    await added_and_deleted(store, SECRETS[3])
    with monkeypatch.context() as patched:
        patched.setattr(Database, "vacuum", fail)
        with pytest.raises(StorageUnavailable):
            await forget_remains(database)
    assert await noted(database) == ["forget_remains"]
    with monkeypatch.context() as patched:
        patched.setattr(Database, "vacuum", delete_meanwhile)
        await forget_remains(database)
    assert await noted(database) == ["forget_remains"]
    assert await forget_remains(database)
    assert await noted(database) == []


async def noted(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.scalars(select(upkeep.c.task))).all())
