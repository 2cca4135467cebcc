"""Milliseconds to read one PDF in this process, beside bare PDFium and pdfplumber.

    python scripts/measure_reading_speed.py ../shared/data/resumes/train ../shared/data/layouts

The three readers take turns on each file. Wall time is what a caller waits for; processor time
does not grow when the machine has other work. The hand-over to a worker process is not in it.
Files that need the slow path (a second reading by pdfminer) are counted and left out of our row.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pdfplumber
import pypdfium2
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.domain.errors import DocumentRefused
from ml_service.extraction.pdf.document import read_pdf

Times = dict[str, list[tuple[float, float]]]
_MAX_PAGES = 50
_SECOND_READING_S = 10.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--files", type=int, default=200, help="files a folder, drawn by chance")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--without-pdfplumber", action="store_true")
    arguments = parser.parse_args()
    readers = dict(READERS)
    if arguments.without_pdfplumber:
        del readers["pdfplumber"]
    for folder in arguments.folders:
        files = sorted(folder.rglob("*.pdf"))
        random.Random(arguments.seed).shuffle(files)  # noqa: S311 - a sample, no secret
        Console(width=110).print(measure(files[: arguments.files], readers, title=folder.name))


def measure(files: list[Path], readers: dict[str, Callable[[bytes], object]], title: str) -> Table:
    """One row a reader, over the files that took the plain path."""
    times: Times = {name: [] for name in (*readers, "ours")}
    n_slow = n_refused = 0
    for path in files:
        content = path.read_bytes()
        try:
            is_slow, ours = _timed(_read, content)
        except DocumentRefused:
            n_refused += 1
            continue
        n_slow += bool(is_slow)
        if is_slow:
            continue
        times["ours"].append(ours)
        for name, read in readers.items():
            times[name].append(_timed(read, content)[1])
    return _table(times, title=f"{title}: {len(files)} files, {n_slow} slow, {n_refused} refused")


def _timed(read: Callable[[bytes], object], content: bytes) -> tuple[object, tuple[float, float]]:
    """What was read, and milliseconds of wall and of processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    found = read(content)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return found, (1000 * wall, 1000 * processor)


def _read(content: bytes) -> bool:
    """Whether the slow path was needed."""
    text = read_pdf(content, max_pages=_MAX_PAGES, second_reading_s=_SECOND_READING_S)
    return "order_doubtful" in text.reading.warnings


def _pypdfium2(content: bytes) -> int:
    with closing(pypdfium2.PdfDocument(content)) as document:
        return sum(len(page.get_textpage().get_text_range()) for page in document)


def _pdfplumber(content: bytes) -> int:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return sum(len(page.extract_text()) for page in document.pages)


READERS: dict[str, Callable[[bytes], object]] = {
    "pypdfium2": _pypdfium2,
    "pdfplumber": _pdfplumber,
}


def _table(times: Times, *, title: str) -> Table:
    table = Table(title=title)
    table.add_column("reader")
    for heading in ("wall p50 ms", "wall p95 ms", "processor p50 ms", "processor p95 ms"):
        table.add_column(heading, justify="right")
    for name, pairs in times.items():
        wall, processor = ([pair[side] for pair in pairs] for side in (0, 1))
        shares = [(wall, 0.5), (wall, 0.95), (processor, 0.5), (processor, 0.95)]
        table.add_row(name, *(f"{_share(values, share):.1f}" for values, share in shares))
    return table


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


if __name__ == "__main__":
    main()
