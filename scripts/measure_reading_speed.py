"""Milliseconds to read one PDF, beside bare PDFium and pdfplumber, and what the hand-over adds.

    python scripts/measure_reading_speed.py ../shared/data/resumes/train ../shared/data/layouts

The readers take turns on each file, in this process, and the median of the rounds counts. Wall
time is what a caller waits for; processor time grows less when the machine has other work. So
"ours" is the reading beyond the hand-over; "hand-over" is what giving the same bytes to a worker
of the service, and taking its lines, adds in wall time. Files that need the slow path (a second
reading by pdfminer) are counted and left out of all rows.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pdfplumber
import pypdfium2
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.domain.errors import DocumentRefused
from ml_service.extraction.extractor import PooledReader, ReadingLimits
from ml_service.extraction.pdf.document import read_pdf

_MAX_PAGES = 50
_SECOND_READING_S = 10.0


class _Spent(NamedTuple):
    """Milliseconds for one file."""

    wall: float
    processor: float


class _Measured(NamedTuple):
    """Milliseconds of each reader for the files that took the plain path, in one order."""

    spent: dict[str, list[_Spent]]
    handed_over: list[float]
    n_slow: int
    n_refused: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--files", type=int, default=200, help="files a folder, drawn by chance")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--without-pdfplumber", action="store_true")
    arguments = parser.parse_args()
    readers = dict(READERS)
    if arguments.without_pdfplumber:
        del readers["pdfplumber"]
    for folder in arguments.folders:
        files = sorted(folder.rglob("*.pdf"))
        random.Random(arguments.seed).shuffle(files)  # noqa: S311 - a sample, no secret
        files = files[: arguments.files]
        measured = asyncio.run(measure(files, readers, rounds=arguments.rounds))
        Console(width=110).print(_table(measured, title=f"{folder.name}: {len(files)} files"))


async def measure(
    files: list[Path], readers: dict[str, Callable[[bytes], object]], *, rounds: int
) -> _Measured:
    measured = _Measured({name: [] for name in readers}, [], 0, 0)
    worker = PooledReader(ReadingLimits(), workers=1)
    await worker.start()
    for path in files:
        content = path.read_bytes()
        try:
            is_slow = _takes_slow_path(content)
        except DocumentRefused:
            measured = measured._replace(n_refused=measured.n_refused + 1)
            continue
        if is_slow:
            measured = measured._replace(n_slow=measured.n_slow + 1)
            continue
        turns = [
            {name: _timed(read, content) for name, read in readers.items()} for _ in range(rounds)
        ]
        for name, spent in measured.spent.items():
            spent.append(_Spent(*(median(turn[name][side] for turn in turns) for side in (0, 1))))
        through = [await _timed_in_worker(worker, content) for _ in range(rounds)]
        measured.handed_over.append(median(through) - measured.spent["ours"][-1].wall)
    await worker.close()
    return measured


def _takes_slow_path(content: bytes) -> bool:
    """Raises DocumentRefused."""
    text = read_pdf(content, max_pages=_MAX_PAGES, second_reading_s=_SECOND_READING_S)
    return "order_doubtful" in text.reading.warnings


def _timed(read: Callable[[bytes], object], content: bytes) -> _Spent:
    wall, processor = time.perf_counter(), time.process_time()
    read(content)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return _Spent(1000 * wall, 1000 * processor)


async def _timed_in_worker(worker: PooledReader, content: bytes) -> float:
    document = worker.identify(content, filename="measured.pdf")
    started = time.perf_counter()
    await worker.read(document)
    return 1000 * (time.perf_counter() - started)


def _ours(content: bytes) -> object:
    return read_pdf(content, max_pages=_MAX_PAGES, second_reading_s=_SECOND_READING_S)


def _pypdfium2(content: bytes) -> int:
    with closing(pypdfium2.PdfDocument(content)) as document:
        return sum(len(page.get_textpage().get_text_range()) for page in document)


def _pdfplumber(content: bytes) -> int:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return sum(len(page.extract_text()) for page in document.pages)


READERS: dict[str, Callable[[bytes], object]] = {
    "ours": _ours,
    "pypdfium2": _pypdfium2,
    "pdfplumber": _pdfplumber,
}


def _table(measured: _Measured, *, title: str) -> Table:
    n_read = len(measured.handed_over) + measured.n_slow
    share = 100 * measured.n_slow / max(1, n_read)
    slow = f"slow path {measured.n_slow} of {n_read} read ({share:.1f} %)"
    table = Table(title=f"{title}, {slow}, {measured.n_refused} refused")
    table.add_column("milliseconds")
    for heading in ("processor p50", "p95", "max", "wall p50", "p95", "max"):
        table.add_column(heading, justify="right")
    for name, spent in measured.spent.items():
        processor, wall = ([one.processor for one in spent], [one.wall for one in spent])
        table.add_row(name, *_quantiles(processor), *_quantiles(wall))
    table.add_row("hand-over", "", "", "", *_quantiles(measured.handed_over))
    return table


def _quantiles(values: list[float]) -> list[str]:
    ordered = sorted(values) or [0.0]
    last = len(ordered) - 1
    return [f"{ordered[min(last, int(share * len(ordered)))]:.1f}" for share in (0.5, 0.95, 1.0)]


if __name__ == "__main__":
    main()
