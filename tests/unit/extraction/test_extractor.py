from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from ml_service.domain.document import Document, ExtractedText
from ml_service.domain.errors import DocumentRefused, Encrypted, Overloaded, ParseTimeout
from ml_service.domain.ports import DocumentReader
from ml_service.extraction.extractor import PooledReader
from ml_service.extraction.limits import ReadingLimits
from tests.unit.extraction import made

REAL = Path(__file__).parents[3] / "../shared/data"
GOOD = made.pdf([(50, 50, "Ada Lovelace, analyst of engines")])
SLOW_TEXT = [(50.0, 20.0 + i % 800, f"word {i} " * 9) for i in range(2_500)]


@pytest_asyncio.fixture
async def reader() -> AsyncIterator[PooledReader]:
    reader = PooledReader(ReadingLimits(), workers=1)
    await reader.start()
    yield reader
    await reader.close()


async def read(reader: PooledReader, content: bytes) -> ExtractedText:
    return await reader.read(reader.identify(content, filename="resume.pdf"))


async def outcome(reader: PooledReader, content: bytes) -> str:
    """The refusal's code, or ``read``."""
    try:
        text = await read(reader, content)
    except DocumentRefused as refused:
        return refused.code
    assert text.lines
    return "read"


def workers() -> list[psutil.Process]:
    """The processes below this one that read documents, not those that serve them."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if child.ppid() != os.getpid()]


async def test_reader_satisfies_its_port_and_reads(reader: PooledReader) -> None:
    port: DocumentReader = reader
    document = port.identify(GOOD, filename="resume.pdf")
    text = await port.read(document)
    assert [line.text for line in text.lines] == ["Ada Lovelace, analyst of engines"]
    assert (reader.status.workers, reader.status.busy, reader.status.replaced) == (1, 0, 0)


async def test_refusals_keep_their_kind_across_the_process_border(reader: PooledReader) -> None:
    with pytest.raises(Encrypted) as refused:
        await read(reader, made.pdf([(50, 50, "Ada")], encrypt="secret"))
    assert refused.value.message == Encrypted.default_message
    assert reader.status.replaced == 0


async def test_document_that_takes_too_long_is_stopped_and_the_next_one_is_read() -> None:
    limits = replace(ReadingLimits(), wall_s=0.2)
    reader = PooledReader(limits, workers=1)
    await reader.start()
    try:
        with pytest.raises(ParseTimeout):
            await read(reader, made.pdf(*[SLOW_TEXT] * 8))
        assert reader.status.replaced == 1
        await asyncio.sleep(0.5)
        assert await outcome(reader, GOOD) == "read"
    finally:
        await reader.close()


async def test_memory_of_a_worker_is_limited() -> None:
    reader = PooledReader(replace(ReadingLimits(), memory_bytes=32 * 1024 * 1024), workers=1)
    await reader.start()
    try:
        assert await outcome(reader, made.text_bomb_pdf()) == "parse_memory"
        assert await outcome(reader, GOOD) == "read"
    finally:
        await reader.close()


async def test_worker_that_is_killed_while_idle_is_replaced(reader: PooledReader) -> None:
    for worker in workers():
        worker.send_signal(signal.SIGKILL)
    await asyncio.sleep(0.5)
    assert await outcome(reader, GOOD) == "read"


async def test_worker_is_recycled_after_its_share_of_documents() -> None:
    reader = PooledReader(replace(ReadingLimits(), documents_per_worker=2), workers=1)
    await reader.start()
    try:
        assert [await outcome(reader, GOOD) for _ in range(7)] == ["read"] * 7
        assert reader.status.replaced == 0
    finally:
        await reader.close()


async def test_full_pool_refuses_as_overloaded() -> None:
    limits = replace(ReadingLimits(), max_waiting=1, max_wait_s=5)
    reader = PooledReader(limits, workers=1)
    await reader.start()
    try:
        document = reader.identify(made.pdf(*[SLOW_TEXT] * 2), filename="a")
        results = await asyncio.gather(
            *(reader.read(document) for _ in range(4)), return_exceptions=True
        )
        refused = [result for result in results if isinstance(result, Overloaded)]
        assert len(refused) == 2
        assert await outcome(reader, GOOD) == "read"
    finally:
        await reader.close()


async def test_cancelled_reading_gives_its_slot_back(reader: PooledReader) -> None:
    document = reader.identify(made.pdf(*[SLOW_TEXT] * 8), filename="a")
    task = asyncio.create_task(reader.read(document))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert reader.status.busy == 0
    assert await outcome(reader, GOOD) == "read"


async def test_no_worker_is_left_behind() -> None:
    reader = PooledReader(ReadingLimits(), workers=2)
    await reader.start()
    assert len(workers()) == 2
    await reader.close()
    assert workers() == []


def test_workers_import_neither_models_nor_frameworks() -> None:
    script = (
        "import sys, ml_service.extraction.worker\n"
        "heavy = {'torch', 'fastapi', 'scipy', 'sqlalchemy', 'sklearn', 'PIL', 'pydantic'}\n"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[3])


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not beside the project")
async def test_every_hostile_document_is_answered_and_a_good_one_is_read_after_it(
    reader: PooledReader,
) -> None:
    paths = sorted((REAL / "hostile").rglob("*.pdf")) + sorted((REAL / "hostile").rglob("*.doc*"))
    assert len(paths) > 150
    good = Document(content=GOOD, filename="good.pdf", kind="pdf", sha256="")
    for path in paths:
        async with asyncio.timeout(15):
            await outcome(reader, path.read_bytes())
            assert (await reader.read(good)).lines
    assert max((worker.memory_info().rss for worker in workers()), default=0) < 700_000_000
