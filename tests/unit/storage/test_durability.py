"""An acknowledged prediction outlives the process, however that ends."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from ml_service.storage.database import Database
from tests.unit.storage.examples import LINES, a_prediction
from tests.unit.storage.stores import a_store

REPOSITORY = Path(__file__).parents[3]
N_ROUNDS = 20

WRITE_UNTIL_KILLED = """
import asyncio, sys
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from tests.unit.storage.examples import LINES, a_prediction, tagged
from tests.unit.storage.stores import a_store

async def add(store):
    while True:
        prediction = tagged(a_prediction(), "tag")
        await store.add(prediction, lines=LINES)
        print(prediction.prediction_id, flush=True)

async def write():
    database = Database(sys.argv[1])
    await database.open()
    await migrate(database)
    store = a_store(database)
    await asyncio.gather(add(store), add(store), add(store))

asyncio.run(write())
"""


@pytest.mark.slow
async def test_twenty_kills_lose_nothing_that_was_acknowledged(
    database_url: str, database_file: Path
) -> None:
    acknowledged: list[UUID] = []
    for n in range(N_ROUNDS):
        acknowledged += await asyncio.to_thread(one_round, database_url, random.Random(n))
    assert len(acknowledged) > N_ROUNDS

    database = Database(database_url)
    await database.open()
    store = a_store(database)
    example = a_prediction()
    for prediction_id in acknowledged:
        prediction = await store.get(prediction_id)
        assert prediction.analysis == example.analysis
        assert prediction.jobs == example.jobs
        assert prediction.annotations.tags == ("tag",)
        assert await store.lines(prediction_id) == LINES
    assert len(await counts_of_parts(database)) == 1
    await database.close()
    if database.dialect == "sqlite":
        assert await asyncio.to_thread(damage, database_file) == []


async def counts_of_parts(database: Database) -> set[int]:
    """One number, unless a part of a record is missing."""
    parts = ["predictions", "prediction_text", "prediction_search", "audit_events"]
    parts += ["prediction_fts"] * (database.dialect == "postgresql")
    async with database.reading() as connection:
        return {await connection.scalar(text(f"SELECT count(*) FROM {part}")) for part in parts}  # noqa: S608 - names above


def one_round(url: str, chance: random.Random) -> list[UUID]:
    """Ids that the child had printed whole when it was killed, some time after its first."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_UNTIL_KILLED, url],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        assert first, "the child ended before it wrote anything"
        killer = threading.Timer(chance.uniform(0, 0.15), child.kill)
        killer.start()
        printed = first + child.stdout.read()
        killer.join()
    *whole, _ = printed.split("\n")
    return [UUID(line) for line in whole]


def damage(file: Path) -> list[object]:
    """What SQLite finds wrong."""
    connection = sqlite3.connect(file)
    found: list[object] = [
        row for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)
    ]
    found += connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.execute(
        "INSERT INTO prediction_fts(prediction_fts, rank) VALUES ('integrity-check', 1)"
    )
    connection.close()
    return found
