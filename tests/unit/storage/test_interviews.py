"""What every store of interviews holds to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from ml_service.domain.errors import (
    InterviewNotFound,
    InvalidRequest,
    KeyInUse,
    StorageUnavailable,
    UserErased,
)
from ml_service.domain.interview_records import InterviewStore, KeptInterview
from ml_service.domain.ports import Claim, KeptAnswer
from ml_service.domain.upkeep import Finding
from ml_service.storage import interviews as module
from ml_service.storage.backup import back_up
from ml_service.storage.check import check
from ml_service.storage.database import Database
from ml_service.storage.idempotency import SqlIdempotencyKeys
from ml_service.storage.interviews import SqlInterviewStore
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.restore import restore
from ml_service.storage.tables import interviews as rows
from ml_service.storage.tables import metadata
from tests.unit.storage.databases import on_sqlite
from tests.unit.storage.examples import LINES, NOON, a_prediction
from tests.unit.storage.interviews import QUOTED, SAID, a_report, an_interview, interviews_of

KEY = "k" * 64
LATER = NOON + timedelta(hours=1)


class Unwatched:
    def started(self, n_rows: int) -> None: ...

    def advanced(self, n_rows: int) -> None: ...


@pytest.fixture
def interviews(database: Database) -> InterviewStore:
    return interviews_of(database)


async def added(store: InterviewStore, *kept: KeptInterview) -> None:
    for one in kept:
        await store.add(one, transcript=SAID, begun_at=NOON)


async def rows_left(database: Database) -> dict[str, int]:
    async with database.reading() as connection:
        counts = {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if table.name not in {"upkeep", "audit_events"}
        }
    return {name: count for name, count in counts.items() if count}


async def test_what_is_added_is_found_again_whole(interviews: InterviewStore) -> None:
    kept = an_interview("an id / with a slash")

    assert await interviews.add(kept, transcript=SAID, begun_at=NOON) == kept

    assert await interviews.find("an id / with a slash") == kept
    assert await interviews.get("an id / with a slash") == kept.interview
    assert await interviews.by_record(kept.record_id) == kept.interview
    record = await interviews.record("an id / with a slash")
    assert (record.interview, record.transcript) == (kept.interview, SAID)
    assert [(event.at, event.actor, event.action) for event in record.events] == [
        (NOON, "service", "created")
    ]


async def test_what_is_not_there_is_not_found(interviews: InterviewStore) -> None:
    assert await interviews.find("nobody") is None
    for asked in (
        interviews.get("nobody"),
        interviews.record("nobody"),
        interviews.delete("nobody"),
        interviews.by_record(uuid4()),
        interviews.renew(an_interview(), a_report()),
    ):
        with pytest.raises(InterviewNotFound):
            await asked


async def test_without_stored_text_no_word_of_a_transcript_is_kept(
    database: Database, database_url: str
) -> None:
    store = interviews_of(database, store_text=False)
    kept = await store.add(an_interview(), transcript=SAID, begun_at=NOON)

    assert kept.interview.report.criteria[0].evidence[0].text == ""
    assert await store.get("interview-1") == kept.interview
    assert (await store.record("interview-1")).transcript is None
    assert [said.turn for said in kept.interview.report.criteria[0].evidence] == [1]
    renewed = await store.renew(kept, a_report())
    assert renewed.interview.report.criteria[0].evidence[0].text == ""
    if database_url.startswith("sqlite"):
        folder = Path(database_url.removeprefix("sqlite+aiosqlite:///")).parent
        content = b"".join(file.read_bytes() for file in folder.iterdir())
        assert QUOTED.encode() not in content


async def test_of_two_who_add_one_id_at_once_both_get_the_first(
    database: Database, interviews: InterviewStore
) -> None:
    both = [an_interview(fingerprint=mark * 64) for mark in "ab"]

    kept = await asyncio.gather(
        *(interviews.add(one, transcript=SAID, begun_at=NOON) for one in both)
    )

    assert kept[0] == kept[1] == await interviews.find("interview-1")
    assert await rows_left(database) == {"interviews": 1, "interview_text": 1}


async def test_a_fuller_report_takes_the_place_of_a_partial_one(
    interviews: InterviewStore,
) -> None:
    partial = an_interview(report=a_report(technical="unavailable", overall=None))
    await added(interviews, partial)

    renewed = await interviews.renew(partial, a_report())

    assert renewed.interview == replace(partial.interview, report=a_report())
    record = await interviews.record("interview-1")
    assert record.interview == renewed.interview
    assert [event.action for event in record.events] == ["created", "rescored"]
    page = await interviews.page("user-1", limit=9, cursor=None)
    assert page.summaries[0].overall == 72.5


async def test_a_users_interviews_are_paged_newest_first(interviews: InterviewStore) -> None:
    await added(interviews, *(an_interview(f"i{n}", minutes=n) for n in range(5)))
    await added(interviews, an_interview("another's", user_id="user-2"))

    seen, cursor = [], None
    for n_expected in (2, 2, 1):
        page = await interviews.page("user-1", limit=2, cursor=cursor)
        assert len(page.summaries) == n_expected
        seen += [summary.interview_id for summary in page.summaries]
        cursor = page.next_cursor

    assert (seen, cursor) == (["i4", "i3", "i2", "i1", "i0"], None)
    with pytest.raises(InvalidRequest, match="cursor"):
        await interviews.page("user-1", limit=2, cursor="made up")


async def test_a_deleted_interview_takes_all_along(
    database: Database, interviews: InterviewStore
) -> None:
    keys = SqlIdempotencyKeys(database)
    claim = await keys.claim(KEY, fingerprint="f", now=NOON, held_until=LATER)
    assert isinstance(claim, Claim)
    kept = an_interview()
    await interviews.add(kept, transcript=SAID, claim=claim, begun_at=NOON)
    await keys.keep(claim, record_id=kept.record_id, body="[201]")

    await interviews.delete("interview-1")

    assert await rows_left(database) == {}
    await added(interviews, an_interview())


async def test_a_key_gives_the_interview_that_came_of_it(
    database: Database, interviews: InterviewStore
) -> None:
    keys = SqlIdempotencyKeys(database)
    claim = await keys.claim(KEY, fingerprint="f", now=NOON, held_until=LATER)
    assert isinstance(claim, Claim)
    kept = an_interview()
    await interviews.add(kept, transcript=SAID, claim=claim, begun_at=NOON)

    asked = keys.claim(KEY, fingerprint="f", now=NOON, held_until=LATER)
    assert await asked == KeptAnswer(kept.record_id, None)
    await keys.keep(claim, record_id=kept.record_id, body="[201]")
    asked = keys.claim(KEY, fingerprint="f", now=NOON, held_until=LATER)
    assert await asked == KeptAnswer(kept.record_id, "[201]")


async def test_nothing_is_written_for_a_claim_that_was_lost(
    database: Database, interviews: InterviewStore
) -> None:
    lost = Claim(KEY, uuid4(), LATER)

    with pytest.raises(KeyInUse):
        await interviews.add(an_interview(), transcript=SAID, claim=lost, begun_at=NOON)

    assert await rows_left(database) == {}


async def test_all_of_one_user_goes_and_nothing_of_another(
    database: Database, interviews: InterviewStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ERASED_AT_ONCE", 2)
    await added(interviews, *(an_interview(f"i{n}") for n in range(5)))
    other = an_interview("another's", user_id="user-2")
    await added(interviews, other)

    assert await interviews.erase_user("user-1") == 5
    assert await interviews.erase_user("user-1") == 0

    assert await rows_left(database) == {"interviews": 1, "interview_text": 1}
    assert await interviews.find("another's") == other


async def test_what_was_in_work_for_an_erased_user_is_not_saved(
    database: Database, store: SqlPredictionStore, interviews: InterviewStore
) -> None:
    """``store`` erases at noon."""
    await store.erase_user("user-1")

    with pytest.raises(UserErased):
        await interviews.add(an_interview(), transcript=SAID, begun_at=NOON - timedelta(seconds=1))
    await interviews.add(an_interview(), transcript=SAID, begun_at=NOON + timedelta(seconds=1))
    await interviews.add(an_interview("nobody's", user_id=None), transcript=SAID, begun_at=NOON)


async def test_the_oldest_expire_a_batch_at_a_time(interviews: InterviewStore) -> None:
    await added(interviews, *(an_interview(f"i{n}", minutes=n) for n in (4, 3, 2, 1, 0)))
    limit = NOON + timedelta(minutes=3)

    expired = [await interviews.erase_created_before(limit, limit=2) for _ in range(3)]

    assert expired == [2, 1, 0]
    page = await interviews.page("user-1", limit=9, cursor=None)
    assert [summary.interview_id for summary in page.summaries] == ["i4", "i3"]


@on_sqlite
async def test_erased_words_leave_the_files_of_sqlite(
    database: Database, interviews: InterviewStore, database_url: str
) -> None:
    await added(interviews, an_interview())
    folder = Path(database_url.removeprefix("sqlite+aiosqlite:///")).parent

    def remains() -> bool:
        return any(QUOTED.encode() in file.read_bytes() for file in folder.iterdir())

    assert await asyncio.to_thread(remains)
    await interviews.erase_user("user-1")
    assert not await asyncio.to_thread(remains)


async def test_a_check_finds_what_is_damaged(
    database: Database, interviews: InterviewStore
) -> None:
    await added(interviews, an_interview("sound"), an_interview("damaged"))
    async with database.writing() as connection:
        changed = update(rows).where(rows.c.interview_id == "damaged").values(overall=1.0)
        await connection.execute(changed)

    findings = {finding.name: finding for finding in await check(database, watch=Unwatched())}

    assert _counts(findings["interviews"]) == (2, 1)
    assert _counts(findings["transcripts of interviews"]) == (2, 0)
    assert _counts(findings["references of interview_text"]) == (2, 0)


def _counts(finding: Finding) -> tuple[int, int]:
    return finding.n_checked, finding.n_problems


async def test_a_backup_holds_interviews(
    database: Database, store: SqlPredictionStore, interviews: InterviewStore, tmp_path: Path
) -> None:
    kept = an_interview()
    await added(interviews, kept)
    await store.add(a_prediction(), lines=LINES)
    file = tmp_path / "backup.zip"

    manifest = await back_up(
        database, file, service_version="1", created_at=NOON, watch=Unwatched()
    )
    elsewhere = Database(f"sqlite+aiosqlite:///{tmp_path / 'restored.db'}")
    await elsewhere.open()
    await restore(elsewhere, file, manifest, replace=False, watch=Unwatched())

    assert (await interviews_of(elsewhere).record("interview-1")).transcript == SAID
    assert await interviews_of(elsewhere).find("interview-1") == kept
    await elsewhere.close()


async def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    store: SqlInterviewStore = interviews_of(Database(f"sqlite+aiosqlite:///{tmp_path / 'no.db'}"))

    with pytest.raises(StorageUnavailable):
        await store.find("interview-1")
