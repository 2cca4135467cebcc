"""How the history's lists and searches answer at 1,000,000 predictions, beside 1,000.

    .venv/bin/python scripts/benchmark_history.py
    .venv/bin/python scripts/benchmark_history.py --database postgresql --rows 200000

Fills two databases of invented records in a temporary folder, one small and one large, asks both
the same questions in turn, and prints the median and the 95th percentile of each. Questions go
through the store, without HTTP, whose constant cost would make the ratios look better. PostgreSQL
is the one of the package pgserver. A million records take some gigabytes and minutes to make.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from pgserver.postgres_server import PostgresServer, get_server
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from sqlalchemy import insert, select

from ml_service.domain.document import Line
from ml_service.domain.prediction import Annotations, Prediction, PredictionFilter
from ml_service.storage.cursors import ListCursor
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.prediction_rows import (
    job_rows,
    prediction_row,
    search_row,
    tag_rows,
    text_of,
)
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.serialisation import LINES, to_json
from ml_service.storage.tables import (
    prediction_jobs,
    prediction_search,
    prediction_tags,
    prediction_text,
    predictions,
)
from tests.unit.storage.examples import a_prediction, an_analysis

SMALL = 1_000
BATCH = 1_000
PAGE = 30
FAR_PAGE = 10_000
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
PREDICTIONS_PER_USER = 20
HEAVY_USER, HEAVY_SHARE = "an agency", 0.1
COMMON, RARE, N_RARE = "communication", "zymurgy", 3
TAGS = ("shortlist", "berlin", "2026", "call back")
LIST_BAR, SEARCH_BAR = 2.0, 4.0

Question = Callable[["Filled", random.Random], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with records, and what a question has to know of it."""

    store: SqlPredictionStore
    n_rows: int
    far_cursor: str
    far_cursor_of_heavy_user: str
    common_cursor: str

    def some_user(self, chance: random.Random) -> str:
        return f"user {chance.randrange(max(1, self.n_rows // PREDICTIONS_PER_USER))}"


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    bar: float
    small_ms: Sequence[float]
    large_ms: Sequence[float]


async def page(filled: Filled, where: PredictionFilter, cursor: str | None = None) -> None:
    found = await filled.store.page(where, limit=PAGE, cursor=cursor)
    assert found.summaries  # noqa: S101 - a question without an answer measures nothing


async def search(
    filled: Filled,
    words: str,
    where: PredictionFilter | None = None,
    cursor: str | None = None,
) -> None:
    where = where or PredictionFilter()
    found = await filled.store.search(words, where=where, limit=PAGE, cursor=cursor)
    assert found.summaries  # noqa: S101 - as above


def of_user(filled: Filled, chance: random.Random) -> PredictionFilter:
    return PredictionFilter(user_id=filled.some_user(chance))


OF_HEAVY_USER = PredictionFilter(user_id=HEAVY_USER)
CAREER_PATHS = ("Software Developers", "Registered Nurses", "Accountants", "Electricians")

QUESTIONS: dict[str, tuple[float, Question]] = {
    "all, page 1": (LIST_BAR, lambda f, _: page(f, PredictionFilter())),
    f"all, page {FAR_PAGE:,}": (
        LIST_BAR,
        lambda f, _: page(f, PredictionFilter(), f.far_cursor),
    ),
    "a user's history": (LIST_BAR, lambda f, chance: page(f, of_user(f, chance))),
    "a tenth of all is one user's, page 1": (LIST_BAR, lambda f, _: page(f, OF_HEAVY_USER)),
    "the same user, in the middle": (
        LIST_BAR,
        lambda f, _: page(f, OF_HEAVY_USER, f.far_cursor_of_heavy_user),
    ),
    "by career path": (
        LIST_BAR,
        lambda f, chance: page(f, PredictionFilter(career_path=chance.choice(CAREER_PATHS))),
    ),
    "by soc code": (LIST_BAR, lambda f, _: page(f, PredictionFilter(soc_code="15-1252.00"))),
    "by model": (LIST_BAR, lambda f, _: page(f, PredictionFilter(model_id="occupations"))),
    "by tag": (
        LIST_BAR,
        lambda f, chance: page(f, PredictionFilter(tag=chance.choice(TAGS))),
    ),
    "confidence at least 0.9": (
        LIST_BAR,
        lambda f, _: page(f, PredictionFilter(min_confidence=0.9)),
    ),
    "search: rare word": (SEARCH_BAR, lambda f, _: search(f, RARE)),
    "search: common word, page 1": (SEARCH_BAR, lambda f, _: search(f, COMMON)),
    "search: common word, page 2": (
        SEARCH_BAR,
        lambda f, _: search(f, COMMON, cursor=f.common_cursor),
    ),
    "search: rare and common word": (SEARCH_BAR, lambda f, _: search(f, f"{COMMON} {RARE}")),
    "search: phrase of common words": (
        SEARCH_BAR,
        lambda f, _: search(f, f'"{COMMON} skills"'),
    ),
    "search: common word of a user": (
        SEARCH_BAR,
        lambda f, chance: search(f, COMMON, of_user(f, chance)),
    ),
}


def main() -> None:
    asked = _arguments()
    console = Console() if sys.stdout.isatty() else Console(width=110)
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
    measured = asyncio.run(_benchmark(asked, Console(stderr=True)))
    console.print(_table(asked, measured))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rows", type=int, default=1_000_000, help="records of the large one")
    parser.add_argument("--rounds", type=int, default=200, help="times that each is asked")
    parser.add_argument("--folder", type=Path, help="where to keep the databases for a next run")
    return parser.parse_args()


async def _benchmark(asked: argparse.Namespace, console: Console) -> list[Measured]:
    with tempfile.TemporaryDirectory(prefix="history-") as temporary:
        folder: Path = asked.folder or Path(temporary)
        with _urls(asked.database, folder) as url_of:
            async with (
                _filled(url_of("small"), SMALL, console) as small,
                _filled(url_of("large"), asked.rows, console) as large,
            ):
                return await _ask_in_turn(small, large, rounds=asked.rounds, console=console)


async def _ask_in_turn(
    small: Filled, large: Filled, *, rounds: int, console: Console
) -> list[Measured]:
    chance = random.Random(7)  # noqa: S311 - no secret
    measured = []
    for name, (bar, question) in QUESTIONS.items():
        with console.status(f"asking: {name}"):
            times: tuple[list[float], list[float]] = ([], [])
            for number in range(rounds + 5):
                for filled, spent in zip((small, large), times, strict=True):
                    begin = time.perf_counter()
                    await question(filled, chance)
                    if number >= 5:  # the first ones warm caches and prepared statements
                        spent.append((time.perf_counter() - begin) * 1_000)
            measured.append(Measured(name, bar, *times))
    return measured


class _Urls:
    def __init__(self, server: PostgresServer | None, folder: Path) -> None:
        self._server = server
        self._folder = folder

    def __enter__(self) -> Callable[[str], str]:
        return self._url

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.cleanup()

    def _url(self, name: str) -> str:
        if self._server is None:
            return f"sqlite+aiosqlite:///{self._folder / name}.db"
        known = self._server.psql("SELECT datname FROM pg_database;")
        if f" {name}\n" not in known:
            self._server.psql(f"CREATE DATABASE {name};")
        return f"postgresql+asyncpg://postgres@/{name}?host={self._folder / 'pg'}"


def _urls(kind: str, folder: Path) -> _Urls:
    if kind == "sqlite":
        return _Urls(None, folder)
    return _Urls(get_server(folder / "pg", cleanup_mode="stop"), folder)


@asynccontextmanager
async def _filled(url: str, n_rows: int, console: Console) -> AsyncIterator[Filled]:
    database = Database(url)
    await database.open()
    try:
        await migrate(database)
        async with database.reading() as connection:
            is_new = await connection.scalar(select(predictions.c.id).limit(1)) is None
        if is_new:
            await _fill(database, n_rows, console)
            await _settle(database)
        store = SqlPredictionStore(
            database, store_text=True, actor=lambda: "benchmark", clock=lambda: datetime.now(UTC)
        )
        yield Filled(
            store,
            n_rows,
            await _cursor_at(database, min(FAR_PAGE * PAGE, n_rows - 2 * PAGE)),
            await _cursor_at(database, int(n_rows * HEAVY_SHARE / 2), user_id=HEAVY_USER),
            await _second_page(store),
        )
    finally:
        await database.close()


async def _second_page(store: SqlPredictionStore) -> str:
    first = await store.search(COMMON, where=PredictionFilter(), limit=PAGE, cursor=None)
    assert first.next_cursor  # noqa: S101 - the common word stands everywhere
    return first.next_cursor


async def _settle(database: Database) -> None:
    """What a database that grew over months has had time for."""
    async with database.writing() as connection:
        await connection.exec_driver_sql("ANALYZE")
    await database.vacuum()


async def _cursor_at(database: Database, offset: int, *, user_id: str | None = None) -> str:
    statement = select(predictions.c.created_at, predictions.c.id)
    if user_id is not None:
        statement = statement.where(predictions.c.user_id == user_id)
    newest_first = statement.order_by(predictions.c.created_at.desc(), predictions.c.id.desc())
    async with database.reading() as connection:
        created_at, identity = (
            await connection.execute(newest_first.offset(offset).limit(1))
        ).one()
    return ListCursor(created_at, identity).encode()


async def _fill(database: Database, n_rows: int, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("records", total=n_rows)
        for batch in _batches(n_rows):
            async with database.writing() as connection:
                for table, rows in batch.items():
                    await connection.execute(insert(_TABLES[table]), rows)
            bar.advance(task, len(batch["predictions"]))


_TABLES = {
    "predictions": predictions,
    "prediction_jobs": prediction_jobs,
    "prediction_tags": prediction_tags,
    "prediction_text": prediction_text,
    "prediction_search": prediction_search,
}


def _batches(n_rows: int) -> Iterator[dict[str, list[dict[str, object]]]]:
    chance = random.Random(20)  # noqa: S311 - no secret
    vocabulary = [f"word{number}" for number in range(20_000)]
    rare_at = {int(n_rows * (share + 0.5) / N_RARE) for share in range(N_RARE)}
    batch: dict[str, list[dict[str, object]]] = {name: [] for name in _TABLES}
    for number in range(n_rows):
        words = _words(chance, vocabulary, rare=number in rare_at)
        _add(batch, _record(number, n_rows, chance), words)
        if len(batch["predictions"]) == BATCH or number == n_rows - 1:
            yield batch
            batch = {name: [] for name in _TABLES}


def _words(chance: random.Random, vocabulary: Sequence[str], *, rare: bool) -> list[str]:
    """Few words are frequent, most are not, as in texts."""
    words = [vocabulary[int(len(vocabulary) * chance.random() ** 4)] for _ in range(80)]
    words[10:10] = [COMMON, "skills"]
    return [*words, RARE] if rare else words


def _record(number: int, n_rows: int, chance: random.Random) -> Prediction:
    n_users = max(1, n_rows // PREDICTIONS_PER_USER)
    heavy = chance.random() < HEAVY_SHARE
    analysis = an_analysis(
        career_path=chance.choice(CAREER_PATHS),
        confidence=round(chance.random(), 4),
        filename=f"resume {number}.pdf",
        skills=tuple(chance.sample(("Python", "SQL", "Excel", "Welding", "Triage", "C++"), 3)),
    )
    record = a_prediction(
        user_id=HEAVY_USER if heavy else f"user {number % n_users}",
        fingerprint=f"{number:064x}",
        analysis=analysis,
        annotations=Annotations(tags=(chance.choice(TAGS),)),
    )
    at = FIRST_DAY + timedelta(seconds=100 * number)
    return replace(record, prediction_id=_id_at(at, number), created_at=at, updated_at=at)


def _id_at(at: datetime, number: int) -> UUID:
    """A UUIDv7 of that moment."""
    milliseconds = int(at.timestamp() * 1_000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0x2 << 62 | number)


def _add(
    batch: dict[str, list[dict[str, object]]], record: Prediction, words: Sequence[str]
) -> None:
    lines = tuple(
        Line(" ".join(words[begin : begin + 10]), page=1, box=None, column=0, order=order)
        for order, begin in enumerate(range(0, len(words), 10))
    )
    text, identity = text_of(lines), record.prediction_id
    batch["predictions"].append(prediction_row(record, text=text))
    batch["prediction_jobs"] += job_rows(identity, record.jobs.postings, at=record.updated_at)
    batch["prediction_tags"] += tag_rows(
        identity, record.annotations.tags, created_at=record.created_at
    )
    batch["prediction_text"].append({"prediction_id": identity, "lines": to_json(LINES, lines)})
    batch["prediction_search"].append(search_row(record, text=text))


def _table(asked: argparse.Namespace, measured: Sequence[Measured]) -> Table:
    table = Table(title=f"{asked.database}: {asked.rows:,} records beside {SMALL:,}, milliseconds")
    table.add_column("question")
    for title in (f"{SMALL:,}: p50", "p95", f"{asked.rows:,}: p50", "p95", "p95 ratio", "bar", ""):
        table.add_column(title, justify="right")
    for one in measured:
        small, large = _p50_p95(one.small_ms), _p50_p95(one.large_ms)
        ratio = large[1] / small[1]
        table.add_row(
            one.name,
            *(f"{value:.1f}" for value in (*small, *large)),
            f"{ratio:.2f}",
            f"{one.bar:g}",
            "met" if ratio <= one.bar else "[bold red]missed[/]",
        )
    return table


def _p50_p95(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
