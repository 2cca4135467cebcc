from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import EmptyDocument
from ml_service.extraction.pdf.document import read_pdf

SEEN = "Ada Lovelace, analyst of engines"
KEYWORDS = "python sql kubernetes"


def read(draw: Callable[[Canvas], None], *, seen: str = SEEN) -> ExtractedText:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    if seen:
        canvas.drawString(50, 700, seen)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return read_pdf(target.getvalue(), max_pages=5, second_reading_s=5)


def texts(text: ExtractedText) -> list[str]:
    return [line.text for line in text.lines]


def in_white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.drawString(50, 600, KEYWORDS)


def in_the_colour_of_its_box(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.3, 0.5)
    canvas.rect(40, 590, 400, 30, stroke=0, fill=1)
    canvas.drawString(50, 600, KEYWORDS)


def in_tiny_letters(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(50, 600, KEYWORDS)


def scaled_to_tiny_letters(canvas: Canvas) -> None:
    canvas.scale(0.05, 0.05)
    canvas.drawString(1000, 12000, KEYWORDS)


def beside_the_page(canvas: Canvas) -> None:
    canvas.drawString(700, 600, KEYWORDS)


def below_the_page(canvas: Canvas) -> None:
    canvas.drawString(50, -40, KEYWORDS)


def without_paint(canvas: Canvas) -> None:
    drawn = canvas.beginText(50, 600)
    drawn.setTextRenderMode(3)
    drawn.textOut(KEYWORDS)
    canvas.drawText(drawn)


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        (in_white, "background"),
        (in_the_colour_of_its_box, "background"),
        (in_tiny_letters, "tiny"),
        (scaled_to_tiny_letters, "tiny"),
        (beside_the_page, "off_page"),
        (below_the_page, "off_page"),
        (without_paint, "invisible"),
    ],
)
def test_hidden_text_is_left_out_and_told_with_its_reason(
    draw: Callable[[Canvas], None], reason: str
) -> None:
    text = read(draw)
    assert texts(text) == [SEEN]
    (hidden,) = text.hidden
    assert (hidden.text, hidden.reason, hidden.page) == (KEYWORDS, reason, 1)
    assert text.reading.warnings == ("hidden_text:3",)


def test_white_letters_on_a_dark_box_are_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(40, 590, 400, 30, stroke=0, fill=1)
        in_white(canvas)

    text = read(draw)
    assert texts(text) == [SEEN, KEYWORDS]
    assert text.hidden == ()


def test_white_letters_on_a_picture_are_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("RGB", (40, 10), (20, 60, 90))), 40, 580, 400, 60)
        in_white(canvas)

    assert texts(read(draw)) == [SEEN, KEYWORDS]


def test_a_word_in_two_colours_stays_one_word() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(48, 590, 2 + canvas.stringWidth("Edu"), 30, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.drawString(50, 600, "Edu")
        canvas.setFillGray(0)
        canvas.drawString(50 + canvas.stringWidth("Edu"), 600, "cation")

    assert texts(read(draw)) == [SEEN, "Education"]


def test_white_words_amid_others_on_their_line_are_hidden_alone() -> None:
    def draw(canvas: Canvas) -> None:
        x = 50.0
        for word, shade in (("Education ", 0), (KEYWORDS + " ", 1), ("and work", 0)):
            canvas.setFillGray(shade)
            canvas.drawString(x, 600, word)
            x += canvas.stringWidth(word)

    text = read(draw)
    assert texts(text) == [SEEN, "Education and work"]
    assert [hidden.text for hidden in text.hidden] == [KEYWORDS]


def test_a_stray_page_number_off_the_page_warns_nobody() -> None:
    text = read(lambda canvas: canvas.drawString(50, -40, "Page 1"))
    assert [hidden.text for hidden in text.hidden] == ["Page 1"]
    assert text.reading.warnings == ()


def test_a_page_of_hidden_text_alone_is_empty() -> None:
    with pytest.raises(EmptyDocument):
        read(in_white, seen="")


def test_the_text_layer_of_a_scan_is_read_and_named() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (60, 84), 200)), 0, 0, 595, 842)
        without_paint(canvas)

    text = read(draw, seen="")
    assert texts(text) == [KEYWORDS]
    assert text.hidden == ()
    assert text.reading.warnings == ("ocr_layer",)


def test_turned_text_is_read_last_and_told() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.drawString(100, -40, "Curriculum vitae")

    text = read(draw)
    assert texts(text) == [SEEN, "Curriculum vitae"]
    assert text.reading.warnings == ("turned_text",)
