from __future__ import annotations

import hashlib

import pytest

from ml_service.domain.errors import EmptyDocument
from ml_service.use_cases.plain_text import document_of_text, read_plain_text


def lines(text: str) -> list[str]:
    return [line.text for line in read_plain_text(text).lines]


def test_line_breaks_tabs_and_runs_of_spaces_end_a_line() -> None:
    assert lines("Cook\r\nGrill\tLima\n\n  Skills     knives,  fire ") == [
        "Cook",
        "Grill",
        "Lima",
        "Skills",
        "knives,  fire",
    ]


def test_a_text_without_line_breaks_becomes_lines_of_a_page() -> None:
    text = "full-time " * 100

    assert max(map(len, lines(text))) <= 120
    assert " ".join(lines(text)) == text.strip()


def test_lines_are_counted_in_order() -> None:
    extracted = read_plain_text("a\nb\nc")

    assert [line.order for line in extracted.lines] == [0, 1, 2]
    assert (extracted.n_pages, extracted.reading.engine) == (1, "text")


def test_white_space_is_no_document() -> None:
    with pytest.raises(EmptyDocument):
        read_plain_text(" \n\t ")


def test_a_text_is_told_by_its_name_and_hash() -> None:
    document = document_of_text("Köchin", name="line 7")

    assert (document.filename, document.kind) == ("line 7", "text")
    assert document.sha256 == hashlib.sha256("Köchin".encode()).hexdigest()
