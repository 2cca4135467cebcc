"""Scans that are made here, read by the real models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import ModelUnavailable, NoTextLayer, ParseTimeout, WeightsMismatch
from ml_service.extraction.extractor import PooledReader
from ml_service.extraction.limits import OcrLimits, ReadingLimits
from ml_service.extraction.ocr import engine as ocr_engine
from ml_service.extraction.ocr.engine import RecogniseText, SeenText, check_ocr_installed, load_ocr
from ml_service.extraction.ocr.scans import read_scans
from ml_service.extraction.pdf.document import read_pdf
from tests.unit.extraction import made

LINES = [
    (60.0, 80.0, "Ada Sample"),
    (60.0, 110.0, "ada@example.org"),
    (60.0, 150.0, "Experience"),
    (60.0, 180.0, "Analyst at Difference Engines in London"),
    (60.0, 210.0, "Wrote twelve programs for the analytical engine"),
]
SCAN = made.scan(made.pdf(LINES, size=14))
TEXT_PAGE = [(60.0, 80.0, "Certificate of honours in mathematics")]
MIXED = made.scan(made.pdf(LINES, size=14), beside=TEXT_PAGE)
BLANK = made.scan(made.pdf([]))
LIMITS = OcrLimits()


@pytest.fixture(scope="module")
def recognise() -> RecogniseText:
    return load_ocr(threads=2)


def texts(text: ExtractedText) -> list[str]:
    return [line.text for line in text.lines]


def first_reading(content: bytes) -> ExtractedText:
    return read_pdf(content, max_pages=5, second_reading_s=1)


def test_scan_is_read_in_order_with_boxes_and_marked(recognise: RecogniseText) -> None:
    text = read_scans(SCAN, None, limits=LIMITS, recognise=recognise)
    assert texts(text) == [line for _, _, line in LINES]
    for line, (x, y, _) in zip(text.lines, LINES, strict=True):
        assert line.box is not None
        assert line.box[0] == pytest.approx(x, abs=4)
        assert line.box[1] < y < line.box[3] + 4
    reading = text.reading
    assert (reading.engine, reading.agreement) == ("rapidocr", None)
    assert (reading.warnings, reading.ocr_pages) == (("read_by_ocr",), (1,))
    assert reading.ocr_confidence is not None
    assert 0.9 < reading.ocr_confidence <= 1.0


def test_two_columns_of_a_scan_are_read_like_those_of_text(recognise: RecogniseText) -> None:
    left = [(50.0, 80.0 + 24 * row, f"Skill {row} of a kind") for row in range(12)]
    right = [
        (250.0, 90.0 + 20 * row, f"Project {row} for the engine of a lord") for row in range(14)
    ]
    columns = made.pdf(left + right, size=12)
    text = read_scans(made.scan(columns), None, limits=LIMITS, recognise=recognise)
    assert texts(text) == texts(first_reading(columns))
    assert text.reading.columns == 2


def test_unread_page_of_a_mixed_document_is_named_and_then_read(recognise: RecogniseText) -> None:
    first = first_reading(MIXED)
    assert first.reading.unread_pages == (1,)
    assert first.reading.warnings == ("page_without_text",)
    text = read_scans(MIXED, first, limits=LIMITS, recognise=recognise)
    assert texts(text) == [line for _, _, line in LINES + TEXT_PAGE]
    assert [line.order for line in text.lines] == list(range(len(text.lines)))
    assert text.reading.engine == "pdfium+rapidocr"
    assert (text.reading.ocr_pages, text.reading.unread_pages) == ((1,), ())
    assert text.reading.warnings == ("read_by_ocr",)


def test_pages_beyond_the_limit_stay_unread(recognise: RecogniseText) -> None:
    content = made.scan(made.pdf(LINES, LINES, LINES, size=14))
    limits = replace(LIMITS, max_pages=1)
    reading = read_scans(content, None, limits=limits, recognise=recognise).reading
    assert (reading.ocr_pages, reading.unread_pages) == ((1,), (2, 3))
    assert reading.warnings == ("read_by_ocr", "page_without_text")


def test_no_page_is_begun_that_could_not_be_ended_in_time(recognise: RecogniseText) -> None:
    content = made.scan(made.pdf(LINES, LINES, size=14))
    limits = replace(LIMITS, wall_s=0.05)
    reading = read_scans(content, None, limits=limits, recognise=recognise).reading
    assert (reading.ocr_pages, reading.unread_pages) == ((1,), (2,))


def test_picture_without_words_is_no_text_layer(recognise: RecogniseText) -> None:
    with pytest.raises(NoTextLayer, match="recognised"):
        read_scans(BLANK, None, limits=LIMITS, recognise=recognise)


@pytest.mark.parametrize(
    ("confidence", "warnings"),
    [(0.95, ("read_by_ocr",)), (0.7, ("read_by_ocr", "ocr_doubtful"))],
)
def test_low_confidence_is_said(confidence: float, warnings: tuple[str, ...]) -> None:
    def seen(_picture: Any) -> list[SeenText]:
        return [SeenText("Analyst at Difference Engines", (0, 0, 400, 20), confidence)]

    reading = read_scans(SCAN, None, limits=LIMITS, recognise=seen).reading
    assert (reading.ocr_confidence, reading.warnings) == (confidence, warnings)


def test_what_is_hardly_recognised_is_left_out_and_counts() -> None:
    def seen(_picture: Any) -> list[SeenText]:
        sure = SeenText("Analyst at Difference Engines", (0, 0, 400, 20), 0.9)
        return [sure, SeenText("|||| ~ ||||", (0, 40, 90, 60), 0.2)]

    text = read_scans(SCAN, None, limits=LIMITS, recognise=seen)
    assert texts(text) == ["Analyst at Difference Engines"]
    assert text.reading.ocr_confidence is not None
    assert text.reading.ocr_confidence < 0.75


def test_guesswork_is_refused_beside_no_text_and_left_out_beside_text() -> None:
    def seen(_picture: Any) -> list[SeenText]:
        return [SeenText("Analyst at Difference Engines", (0, 0, 400, 20), 0.55)]

    with pytest.raises(NoTextLayer):
        read_scans(SCAN, None, limits=LIMITS, recognise=seen)
    first = first_reading(MIXED)
    assert read_scans(MIXED, first, limits=LIMITS, recognise=seen) == first


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_engine, "find_spec", lambda _name: None)
    with pytest.raises(ModelUnavailable, match=r"pip install -e '\.\[ocr\]'"):
        check_ocr_installed()


def test_models_that_were_not_measured_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ocr_engine, "_models_folder", lambda: tmp_path)
    with pytest.raises(ModelUnavailable, match="lacks its model"):
        check_ocr_installed()
    for name in ocr_engine.WEIGHTS:
        (tmp_path / name).write_bytes(b"other")
    with pytest.raises(WeightsMismatch):
        check_ocr_installed()


@pytest_asyncio.fixture
async def reader() -> AsyncIterator[PooledReader]:
    reader = PooledReader(ReadingLimits(), workers=1, ocr=LIMITS)
    await reader.start()
    yield reader
    await reader.close()


async def read(reader: PooledReader, content: bytes) -> ExtractedText:
    return await reader.read(reader.identify(content, filename="resume.pdf"))


async def test_scan_is_refused_at_once_unless_ocr_is_on() -> None:
    reader = PooledReader(ReadingLimits(), workers=1)
    await reader.start()
    try:
        assert (await reader.part()).detail["ocr"] == "off"
        with pytest.raises(NoTextLayer):
            await read(reader, SCAN)
        assert (await read(reader, MIXED)).reading.unread_pages == (1,)
    finally:
        await reader.close()


async def test_scans_and_mixed_documents_are_read_in_a_worker_of_their_own(
    reader: PooledReader,
) -> None:
    assert (await reader.part()).detail["ocr"] == "on"
    expected = [line for _, _, line in LINES]
    assert texts(await read(reader, SCAN)) == expected
    assert texts(await read(reader, MIXED))[: len(expected)] == expected
    plain = await read(reader, made.pdf(LINES))
    assert (plain.reading.engine, plain.reading.ocr_pages) == ("pdfium", ())
    with pytest.raises(NoTextLayer):
        await read(reader, BLANK)
    assert reader.status.replaced == 0
    sizes = [child.memory_info().rss for child in psutil.Process().children(recursive=True)]
    assert max(sizes) < 1_500_000_000


async def test_scan_that_takes_too_long_is_stopped_and_the_next_one_is_read() -> None:
    many = made.scan(made.pdf([(20.0, 20.0 + 9 * i, f"word {i} " * 9) for i in range(90)], size=8))
    reader = PooledReader(ReadingLimits(), workers=1, ocr=replace(LIMITS, wall_s=0.01, grace_s=0.1))
    await reader.start()
    try:
        with pytest.raises(ParseTimeout):
            await read(reader, many)
        assert reader.status.replaced == 1
        beside = await read(reader, made.scan(made.pdf(LINES), beside=TEXT_PAGE))
        assert texts(beside) == [line for _, _, line in TEXT_PAGE]
        assert beside.reading.warnings == ("page_without_text", "ocr_failed")
    finally:
        await reader.close()


async def test_start_without_the_packages_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ocr_engine, "find_spec", lambda _name: None)
    reader = PooledReader(ReadingLimits(), workers=1, ocr=LIMITS)
    with pytest.raises(ModelUnavailable, match="OCR=false"):
        await reader.start()
