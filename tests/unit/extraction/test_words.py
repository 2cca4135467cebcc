from __future__ import annotations

import io
import zlib

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ml_service.extraction.pdf.document import read_pdf
from tests.unit.extraction import made


def read(content: bytes) -> list[str]:
    text = read_pdf(content, max_pages=9, second_reading_s=1)
    return [line.text for line in text.lines]


def test_words_of_letters_drawn_one_by_one_are_whole_and_apart() -> None:
    sentence = "Head of staff training, chief of jobs at Fjord & Co."
    assert read(made.letter_by_letter_pdf(sentence)) == [sentence]


def test_letter_spaced_heading_is_one_word_each() -> None:
    content = made.letter_by_letter_pdf("PROFESSIONAL EXPERIENCE", pitch_em=0.2)
    assert read(content) == ["PROFESSIONAL EXPERIENCE"]


def test_heading_typed_with_blanks_between_its_letters_is_read_as_words() -> None:
    assert read(made.pdf([(50, 50, "A D A   L O V E L A C E")])) == ["ADA LOVELACE"]


def test_overlapping_advances_do_not_part_words() -> None:
    content = made.letter_by_letter_pdf("Financial management of accounts", pitch_em=-0.05)
    assert read(content) == ["Financial management of accounts"]


def test_a_tab_and_a_change_of_letters_part_no_line() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(50, 700, "Analyst")
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(55 + canvas.stringWidth("Analyst", "Helvetica-Bold", 14), 700, "of engines")
    canvas.drawString(300, 700, "1842 to 1843")
    canvas.save()
    assert read(target.getvalue()) == ["Analyst of engines 1842 to 1843"]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_that_is_turned_keeps_its_words_and_their_place(angle: int) -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(600, 600))
    canvas.translate(300, 300)
    canvas.rotate(angle)
    canvas.drawString(100, 0, "Ada Lovelace, analyst of engines")
    canvas.save()
    (line,) = read_pdf(target.getvalue(), max_pages=1, second_reading_s=1).lines
    assert line.text == "Ada Lovelace, analyst of engines"
    assert line.box is not None
    left, top, right, bottom = line.box
    begins_at = {90: (bottom, 200), 180: (right, 200), 270: (top, 400)}[angle]
    assert begins_at[0] == pytest.approx(begins_at[1], abs=1)
    assert (right - left > bottom - top) is (angle == 180)


def test_letters_whose_place_is_no_number_are_off_the_page_and_harm_no_others() -> None:
    beyond_floats = b"99999999 0 0 99999999 99999999 99999999 cm " * 3
    drawn = b"BT /F1 9 Tf 50 700 Td (Ada Lovelace, analyst) Tj ET "
    stream = drawn + beyond_floats + b"BT /F1 9 Tf 9 9 Td (ab cd) Tj ET"
    text = read_pdf(made.raw_pdf(zlib.compress(stream)), max_pages=1, second_reading_s=1)
    assert [line.text for line in text.lines] == ["Ada Lovelace, analyst"]
    assert [(part.text, part.reason) for part in text.hidden] == [
        ("ab", "off_page"),
        ("cd", "off_page"),
    ]


def test_characters_of_a_symbol_font_are_bullets() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    canvas.setFont("ZapfDingbats", 10)
    canvas.drawString(50, 700, "l")
    canvas.setFont("Helvetica", 10)
    canvas.drawString(65, 700, "Reduced tables of lunar distances")
    canvas.showPage()
    canvas.save()
    assert read(target.getvalue()) == ["\u2022 Reduced tables of lunar distances"]


def test_marks_without_width_are_dropped_and_part_no_words() -> None:
    marks = {"X": "200B", "Y": "200F", "Z": "FEFF"}
    assert read(marked_pdf("EnginXeer ofY engines, ZAda", marks)) == ["Engineer of engines, Ada"]


def marked_pdf(text: str, marks: dict[str, str]) -> bytes:
    """A font that says of some of its characters that they stand for other ones."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842), pageCompression=0)
    canvas.setFont("Vera", 10)
    canvas.drawString(50, 700, text)
    canvas.showPage()
    canvas.save()
    content = target.getvalue()
    for letter, code in marks.items():
        stands_for = f"<{ord(letter):04X}>".encode()
        assert content.count(stands_for) == 1
        content = content.replace(stands_for, f"<{code}>".encode())
    return content
