from __future__ import annotations

from ml_service.extraction.pdf import read_pdf
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
