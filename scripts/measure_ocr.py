"""How well scanned resumes are read: word recall and precision, seconds a page, confidence.

    python scripts/measure_ocr.py --originals FOLDER [--number 40] [--scans FOLDER]

A resume with text is drawn as pictures, as a scanner makes them (200 dots per inch, or coarser,
turned by half a degree, in grey and compressed), and what is recognised is compared with its own
text. Scans whose text is not at hand are read for their confidence and time only.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

import psutil
import pypdfium2
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import ServiceError
from ml_service.extraction.extractor import OcrLimits, PooledReader, ReadingLimits

_WORD = re.compile(r"\w+")
_NO_HURRY_S = 900.0  # a busy machine must not look like a poor engine


@dataclass(frozen=True, slots=True)
class Scanner:
    name: str
    dpi: int
    turned_degrees: float
    jpeg_quality: int


SCANNERS = (
    Scanner("200 dpi", 200, 0.0, 85),
    Scanner("150 dpi, turned 0.5 degrees", 150, 0.5, 70),
    Scanner("100 dpi, turned 0.5 degrees", 100, 0.5, 50),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Words are compared without case; ``in_order`` is the share of pairs of neighbours found."""

    recall: float
    precision: float
    in_order: float
    confidence: float
    seconds_a_page: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--originals", type=Path, required=True, help="folder of PDFs with text")
    parser.add_argument("--number", type=int, default=40, help="how many of them")
    parser.add_argument("--scans", type=Path, help="folder of scans, for confidence and time")
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    paths = sorted(arguments.originals.rglob("*.pdf"))
    chosen = random.Random(arguments.seed).sample(  # noqa: S311 - a repeatable choice
        paths, min(arguments.number, len(paths))
    )
    asyncio.run(_measure(chosen, sorted(arguments.scans.rglob("*.pdf")) if arguments.scans else []))
    return 0


async def _measure(originals: Sequence[Path], scans: Sequence[Path]) -> None:
    reader = PooledReader(ReadingLimits(), workers=1, ocr=OcrLimits(wall_s=_NO_HURRY_S))
    await reader.start()
    try:
        print("| Scan | Resumes | Recall | Worst | Precision | In order | Confidence | s a page |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for scanner in SCANNERS:
            found = [await _outcome(reader, path, scanner) for path in originals]
            _print_row(scanner.name, [one for one in found if one is not None])
        for path in scans:
            text, seconds = await _timed(reader, path.read_bytes())
            print(f"| {path.name} | 1 | | | | | {_confidence(text):.3f} | {seconds:.2f} |")
        sizes = [child.memory_info().rss for child in psutil.Process().children(recursive=True)]
        print(
            f"\nLargest process: {max(sizes) / 2**20:.0f} MiB; replaced {reader.status.replaced}."
        )
    finally:
        await reader.close()


async def _outcome(reader: PooledReader, path: Path, scanner: Scanner) -> Outcome | None:
    """None where the original itself is refused or the scan is."""
    content = await asyncio.to_thread(path.read_bytes)
    try:
        original, _ = await _timed(reader, content)
        if original.reading.ocr_pages or original.n_pages > OcrLimits().max_pages:
            return None
        read, seconds = await _timed(reader, await asyncio.to_thread(scanned, content, scanner))
    except ServiceError as refused:
        print(f"{path.name}: {refused.code}", file=sys.stderr)
        return None
    wanted, found = _words(original), _words(read)
    recall, precision = _shares(Counter(wanted), Counter(found))
    in_order, _ = _shares(Counter(_pairs(wanted)), Counter(_pairs(found)))
    return Outcome(recall, precision, in_order, _confidence(read), seconds)


def scanned(content: bytes, scanner: Scanner) -> bytes:
    """The pages as pictures, one a page."""
    pictures: list[Image.Image] = []
    with closing(pypdfium2.PdfDocument(content)) as document:
        for page in document:
            picture = page.render(scale=scanner.dpi / 72).to_pil().convert("L")
            turned = picture.rotate(
                scanner.turned_degrees, resample=Image.Resampling.BICUBIC, fillcolor=255
            )
            packed = io.BytesIO()
            turned.save(packed, "JPEG", quality=scanner.jpeg_quality)
            pictures.append(Image.open(packed))
    target = io.BytesIO()
    pictures[0].save(
        target, "PDF", resolution=scanner.dpi, save_all=True, append_images=pictures[1:]
    )
    return target.getvalue()


async def _timed(reader: PooledReader, content: bytes) -> tuple[ExtractedText, float]:
    """The text, and seconds a page."""
    document = reader.identify(content, filename="resume.pdf")
    started = time.perf_counter()
    text = await reader.read(document)
    return text, (time.perf_counter() - started) / text.n_pages


def _words(text: ExtractedText) -> list[str]:
    return [word for line in text.lines for word in _WORD.findall(line.text.lower())]


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{one} {two}" for one, two in pairwise(words)]


def _shares(wanted: Counter[str], found: Counter[str]) -> tuple[float, float]:
    common = (wanted & found).total()
    return common / max(1, wanted.total()), common / max(1, found.total())


def _confidence(text: ExtractedText) -> float:
    return text.reading.ocr_confidence or 0.0


def _print_row(name: str, found: Sequence[Outcome]) -> None:
    if not found:
        print(f"| {name} | 0 | | | | | | |")
        return
    print(
        f"| {name} | {len(found)} | {mean(one.recall for one in found):.3f} "
        f"| {min(one.recall for one in found):.3f} | {mean(one.precision for one in found):.3f} "
        f"| {mean(one.in_order for one in found):.3f} "
        f"| {mean(one.confidence for one in found):.3f} "
        f"| {median(one.seconds_a_page for one in found):.2f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
