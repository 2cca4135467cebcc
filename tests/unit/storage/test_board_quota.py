from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.ports import BoardQuota, BoardQuotaLog
from ml_service.storage.board_quota import SqlBoardQuotaLog
from ml_service.storage.database import Database
from tests.unit.storage.examples import NOON

SECOND = timedelta(seconds=1)
QUOTA = BoardQuota(
    limit=200,
    remaining=187,
    resets_at=NOON + timedelta(days=25),
    exhausted_until=NOON + timedelta(minutes=15),
    observed_at=NOON,
)
SILENT = BoardQuota(None, None, None, None, NOON + SECOND)


@pytest.fixture
def quota_log(database: Database) -> BoardQuotaLog:
    return SqlBoardQuotaLog(database)


async def test_nothing_is_known_of_a_board_that_never_answered(quota_log: BoardQuotaLog) -> None:
    await quota_log.note("other", QUOTA)

    assert await quota_log.last("jsearch") is None


async def test_what_was_noted_comes_back_whole(quota_log: BoardQuotaLog) -> None:
    await quota_log.note("jsearch", QUOTA)

    assert await quota_log.last("jsearch") == QUOTA


async def test_the_newest_note_counts_whenever_it_is_written(quota_log: BoardQuotaLog) -> None:
    await quota_log.note("jsearch", QUOTA)
    await quota_log.note("jsearch", SILENT)
    await quota_log.note("jsearch", replace(QUOTA, remaining=1))

    assert await quota_log.last("jsearch") == SILENT


async def test_each_board_has_its_own_row(quota_log: BoardQuotaLog) -> None:
    await quota_log.note("jsearch", QUOTA)
    await quota_log.note("other", SILENT)

    assert (await quota_log.last("jsearch"), await quota_log.last("other")) == (QUOTA, SILENT)


async def test_notes_at_once_leave_one_row(quota_log: BoardQuotaLog) -> None:
    notes = [replace(QUOTA, remaining=n, observed_at=NOON + n * SECOND) for n in range(8)]
    await asyncio.gather(*(quota_log.note("jsearch", note) for note in notes))

    assert await quota_log.last("jsearch") == notes[-1]


async def test_another_connection_sees_it(database_url: str, quota_log: BoardQuotaLog) -> None:
    await quota_log.note("jsearch", QUOTA)
    other = Database(database_url)
    await other.open()
    try:
        assert await SqlBoardQuotaLog(other).last("jsearch") == QUOTA
    finally:
        await other.close()


async def test_a_closed_database_is_told_as_such(
    database: Database, quota_log: BoardQuotaLog
) -> None:
    await database.close()
    with pytest.raises(StorageUnavailable):
        await quota_log.last("jsearch")
    with pytest.raises(StorageUnavailable):
        await quota_log.note("jsearch", QUOTA)
