"""What ``scripts/fuzz_readers.py`` found, each as the smallest document that showed it."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from math import isfinite

import pytest

from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.redaction import redact
from ml_service.analysis.sections import find_sections
from ml_service.ats.report import score_resume
from ml_service.contract.text import lines_out
from ml_service.domain.document import ExtractedText, HiddenText, Line, Reading
from ml_service.domain.errors import ParseMemory, ParseTimeout
from ml_service.extraction.extractor import PooledReader
from ml_service.extraction.limits import ReadingLimits
from ml_service.extraction.line_lengths import MAX_LINE_LETTERS, broken_up
from ml_service.extraction.pdf.document import read_pdf
from ml_service.extraction.pdf.second_reading import read_with_pdfminer
from ml_service.extraction.refusal import Refusal
from ml_service.extraction.sniffing import sniff
from ml_service.extraction.worker import lift_cpu_limit, read_document
from tests.unit.analysis.people import TODAY, VOCABULARY
from tests.unit.extraction.made import docx, paragraph

TEXT = b"BT /F1 12 Tf 60 700 Td (Work Experience at Sample Works) Tj ET"
LIMITS = replace(ReadingLimits(), cpu_s=60)
ANALYSED_WITHIN_S = 1.0
# Ten lines of each took from one to seven seconds of processor time, longer lines far more.
SLOW_UNITS = (",R ", "é,", "-a.", "a.", ".", "1", "$1,000 ")


def mapped_pdf(*letters: str, drawn: bytes = TEXT) -> bytes:
    """A font whose map says that the codes of A, B, C ... are these UTF-16 units, in digits."""
    lines = "\n".join(f"<{65 + at:02x}> <{letter}>" for at, letter in enumerate(letters))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{lines}\nendbfchar\nendcmap end end"
    ).encode()
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%b\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>endobj\n"
        b"6 0 obj<</Length %d>>stream\n%b\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n" % (len(drawn), drawn, len(cmap), cmap)
    )


def read(content: bytes) -> ExtractedText:
    return read_pdf(content, max_pages=5, second_reading_s=5)


def in_worker(content: bytes) -> ExtractedText | Refusal:
    """As a worker does it, with the net that turns what nobody foresaw into a refusal."""
    try:
        return read_document(sniff(content, filename="resume").kind, content, LIMITS)
    finally:
        lift_cpu_limit()


@pytest.mark.parametrize("half", ["D800", "DC00", "DFFF"])
def test_half_a_surrogate_pair_is_no_letter_of_a_line(half: str) -> None:
    """It was read, and neither language, answer nor storage could write it: an error of 500."""
    text = read(mapped_pdf(half, drawn=TEXT.replace(b"Sample", b"AAA")))
    assert [line.text for line in text.lines] == ["Work Experience at \ufffd\ufffd\ufffd Works"]
    assert all(line.model_dump_json() for line in lines_out(text.lines))


@pytest.mark.parametrize("unit", ["0000", "0007", "D800"])
def test_second_reading_holds_no_control_characters(unit: str) -> None:
    """A NUL cannot be stored in PostgreSQL."""
    text = read_with_pdfminer(
        mapped_pdf(unit, drawn=TEXT.replace(b"Sample", b"SAmple")), max_pages=5, time_limit_s=20
    )
    assert text is not None
    [line] = text.lines
    assert line.text.isprintable()
    assert line.text.startswith("Work Experience at S")


@pytest.mark.parametrize("space", ["2000", "2001", "2004", "205F", "1680"])
def test_a_line_of_nothing_but_a_rare_space_is_none(space: str) -> None:
    drawn = TEXT + b" BT /F1 12 Tf 60 400 Td (A) Tj ET"
    assert [line.text for line in read(mapped_pdf(space, drawn=drawn)).lines] == [
        "Work Experience at Sample Works"
    ]


@pytest.mark.parametrize("times", [4, 5])
@pytest.mark.parametrize("across", [b"1", b"2147483648"])
def test_letters_of_a_matrix_beyond_all_numbers_cost_no_other_line(
    times: int, across: bytes
) -> None:
    """Boxes were infinite or NaN, and a direction of writing cannot be told from NaN."""
    scaled = (across + b" 0 0 2147483648 0 0 cm ") * times
    broken = b"q " + scaled + b"BT /F1 90 Tf 0 1 -1 0 9 9 Tm (lost) Tj ET Q "
    text = read(mapped_pdf("0041", drawn=broken + TEXT))
    assert "Work Experience at Sample Works" in [line.text for line in text.lines]
    boxes = [*(line.box for line in text.lines), *(part.box for part in text.hidden)]
    assert all(isfinite(edge) for box in boxes for edge in box or ())


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_damage_in_a_rarely_used_compression_is_foreseen(method: int) -> None:
    content = damaged(method)
    refusal = in_worker(content)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.cause) == ("corrupt", None)


@pytest.mark.slow
async def test_a_form_that_draws_itself_twice_costs_one_refusal_and_no_other_document() -> None:
    """PDFium takes memory without end and aborts at the limit of its worker."""
    reader = PooledReader(ReadingLimits(memory_bytes=200_000_000, wall_s=20), workers=1)
    await reader.start()
    try:
        with pytest.raises((ParseMemory, ParseTimeout)):
            await reader.read(sniff(drawing_itself(), filename="resume.pdf"))
        text = await reader.read(sniff(mapped_pdf("0041"), filename="resume.pdf"))
    finally:
        await reader.close()
    assert [line.text for line in text.lines] == ["Work Experience at Sample Works"]


def drawing_itself() -> bytes:
    form, draws = b"/Fm0 Do /Fm0 Do", TEXT + b" /Fm0 Do /Fm0 Do"
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<"
        b"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</Fm0 5 0 R>>>>>>"
        b"endobj\n4 0 obj<</Length %d>>stream\n%b\nendstream endobj\n"
        b"5 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</Fm0 5 0 R>>>>"
        b"/Length %d>>stream\n%b\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n" % (len(draws), draws, len(form), form)
    )


def damaged(method: int) -> bytes:
    """A DOCX whose body was compressed by ``method`` and then broken."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(paragraph("Ada") * 50))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
        start = archive.getinfo("word/document.xml").header_offset
    content = bytearray(target.getvalue())
    body = start + 30 + len("word/document.xml")
    content[body + 12 : body + 40] = b"\xff" * 28
    return bytes(content)


def test_a_paragraph_longer_than_a_page_is_broken_at_blanks() -> None:
    text = in_worker(docx(paragraph("Python and SQL " * 1_000) + paragraph("Short")))
    assert isinstance(text, ExtractedText)
    assert all(len(line.text) <= MAX_LINE_LETTERS for line in text.lines)
    assert " ".join(line.text for line in text.lines) == "Python and SQL " * 1_000 + "Short"
    assert [line.order for line in text.lines] == list(range(len(text.lines)))


def test_lines_of_usual_length_are_left_as_they_are() -> None:
    text = in_worker(docx(paragraph("a" * MAX_LINE_LETTERS)))
    assert isinstance(text, ExtractedText)
    assert [len(line.text) for line in text.lines] == [MAX_LINE_LETTERS]
    assert broken_up(text) is text


def test_hidden_text_is_broken_up_as_well() -> None:
    hidden = HiddenText(1, None, "x" * (2 * MAX_LINE_LETTERS + 1), "tiny")
    text = ExtractedText((), 1, Reading("docx", None, 1), (hidden,))
    assert [len(part.text) for part in broken_up(text).hidden] == [2_000, 2_000, 1]


@pytest.mark.parametrize("unit", SLOW_UNITS)
def test_time_to_analyse_does_not_run_away_with_the_length_of_lines(unit: str) -> None:
    """Regular expressions that looked at a line from each of its letters to the end."""
    analyse(pages_of((unit * 9).strip()))  # loads what is loaded once
    text = pages_of((unit * MAX_LINE_LETTERS)[: MAX_LINE_LETTERS - 10].strip())
    started = time.process_time()
    analyse(text)
    assert time.process_time() - started < ANALYSED_WITHIN_S


def columns_of(count: int) -> list[Line]:
    """Two columns, each under a heading of its own, and a line on the next page."""
    left, right = (
        [
            Line("Python" if at else heading, 1, (x, 9.0, x + 90, 20.0), column, 0)
            for at in range(count)
        ]
        for column, heading, x in ((0, "SKILLS", 9.0), (1, "EDUCATION", 309.0))
    )
    return [*left, *right, Line("SQL", 2, (9.0, 9.0, 99.0, 20.0), 0, 0)]


@pytest.mark.parametrize(
    "lines",
    [[Line("SKILLS", 1, None, 0, 0)] * 6_000, columns_of(4_000)],
    ids=["headings", "columns"],
)
def test_time_to_find_sections_does_not_run_away_with_the_number_of_lines(
    lines: list[Line],
) -> None:
    """Lines were looked for in lists of lines, field by field."""
    counted = [replace(line, order=order) for order, line in enumerate(lines)]
    started = time.process_time()
    find_sections(counted)
    assert time.process_time() - started < ANALYSED_WITHIN_S


def pages_of(long: str) -> ExtractedText:
    headings = ("Ada Sample", "Work Experience", "Education", "Skills", "Languages")
    lines = enumerate(text for heading in headings for text in (heading, long, long))
    return ExtractedText(
        tuple(Line(text, 1, None, 0, order) for order, text in lines),
        n_pages=1,
        reading=Reading("docx", None, 1),
    )


def analyse(text: ExtractedText) -> None:
    profile = analyse_profile(text, document_date=TODAY, vocabulary=VOCABULARY)
    redacted = redact(text, profile)
    score_resume(text, profile, redacted=redacted, document_date=TODAY)
