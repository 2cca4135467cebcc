from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ml_service.domain.errors import (
    Corrupt,
    EmptyDocument,
    Encrypted,
    NoTextLayer,
    ParseMemory,
    TooManyPages,
)
from ml_service.extraction.pdf.document import read_pdf
from tests.unit.extraction import made


def scan() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawImage(ImageReader(Image.new("L", (40, 40), 128)), 0, 0, 400, 400)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def turned() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    canvas.drawString(50, 700, "Ada Lovelace, analyst")
    canvas.rotate(90)
    canvas.drawString(100, -40, "Curriculum vitae of 1843")
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def refuse(content: bytes, *, max_pages: int = 5) -> None:
    read_pdf(content, max_pages=max_pages, second_reading_s=1)


def test_password_protected_pdf_is_refused() -> None:
    with pytest.raises(Encrypted):
        refuse(made.pdf([(50, 50, "Ada Lovelace")], encrypt="secret"))


def test_cut_off_pdf_is_refused_as_corrupt() -> None:
    with pytest.raises(Corrupt):
        refuse(b"%PDF-1.7\n" + b"\0" * 500)


def test_too_many_pages_are_refused_with_both_numbers() -> None:
    with pytest.raises(TooManyPages, match="3 pages; at most 2"):
        refuse(made.pdf(*[[(50.0, 50.0, "Ada Lovelace")]] * 3), max_pages=2)


def test_scanned_page_has_no_text_layer() -> None:
    with pytest.raises(NoTextLayer):
        refuse(scan())


def test_blank_page_is_an_empty_document() -> None:
    with pytest.raises(EmptyDocument):
        refuse(made.pdf([]))


def test_absurd_amount_of_text_is_refused() -> None:
    with pytest.raises(ParseMemory):
        refuse(made.text_bomb_pdf())


def test_text_turned_on_its_side_is_read_as_words() -> None:
    text = read_pdf(turned(), max_pages=1, second_reading_s=1)
    assert [line.text for line in text.lines] == [
        "Ada Lovelace, analyst",
        "Curriculum vitae of 1843",
    ]
