"""The generated documents are what they say, read with libraries that are not ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pypdfium2
import pytest
from lxml import etree

from tests.bad_documents import (
    BROKEN,
    encrypted_docx,
    encrypted_pdf,
    garbage_pdf,
    huge_member_docx,
    legacy_word,
    long_pdf,
    owner_locked_pdf,
    paragraph_bomb,
    scanned_pdf,
    truncated_pdf,
)
from tests.documents import PEOPLE, DocxLayout, Person, resume_docx, resume_pdf, resume_text

LAYOUTS: tuple[DocxLayout, ...] = ("plain", "table", "header_footer", "text_box")
COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
each_person = pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.file_stem)


def pdf_text(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "\n".join(pages)


def words_of(text: str) -> list[str]:
    return sorted(text.replace("•", " ").split())


@each_person
def test_one_column_pdf_says_the_resume_in_its_order(person: Person) -> None:
    assert pdf_text(resume_pdf(person)).replace("•", "").split() == resume_text(person).split()


@each_person
def test_two_column_pdf_keeps_its_columns_apart(person: Person) -> None:
    with pypdfium2.PdfDocument(resume_pdf(person, columns=2)) as document:
        page = document[0].get_textpage()
        boxes = [page.get_rect(i) for i in range(page.count_rects())]
    below_the_name = [box for box in boxes if box[3] < 700]
    left = [box for box in below_the_name if box[0] < 240]
    assert left
    assert max(right for _, _, right, _ in left) < 240


@each_person
def test_two_column_pdf_holds_every_word(person: Person) -> None:
    expected = words_of(resume_text(person) + " Contact")
    assert words_of(pdf_text(resume_pdf(person, columns=2))) == expected


@each_person
@pytest.mark.parametrize("layout", LAYOUTS)
def test_docx_holds_every_word(person: Person, layout: DocxLayout) -> None:
    with zipfile.ZipFile(io.BytesIO(resume_docx(person, layout))) as archive:
        parts = [n for n in archive.namelist() if n.startswith(("word/document", "word/header"))]
        parts += [n for n in archive.namelist() if n.startswith("word/footer")]
        found = {
            word.strip(":")
            for part in parts
            for text in etree.fromstring(archive.read(part)).itertext()
            for word in text.split()
        }
    assert set(resume_text(person).split()) <= found


def test_text_box_is_not_among_the_paragraphs() -> None:
    word = docx.Document(io.BytesIO(resume_docx(PEOPLE[0], "text_box")))
    assert PEOPLE[0].email not in "\n".join(paragraph.text for paragraph in word.paragraphs)


def test_same_call_gives_the_same_bytes() -> None:
    assert resume_pdf(PEOPLE[0], columns=2) == resume_pdf(PEOPLE[0], columns=2)
    assert resume_docx(PEOPLE[0], "table") == resume_docx(PEOPLE[0], "table")
    assert [bad.make() for bad in BROKEN] == [bad.make() for bad in BROKEN]


def test_people_are_told_apart() -> None:
    assert len({person.email for person in PEOPLE}) == len(PEOPLE) >= 6
    assert len({code for person in PEOPLE for code in person.soc_codes}) >= len(PEOPLE)


def test_encrypted_pdf_needs_its_password() -> None:
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(encrypted_pdf())


def test_owner_locked_pdf_opens_without_a_password() -> None:
    assert PEOPLE[2].name in pdf_text(owner_locked_pdf())


@pytest.mark.parametrize("broken", [truncated_pdf(), garbage_pdf()], ids=["truncated", "garbage"])
def test_broken_pdf_does_not_open(broken: bytes) -> None:
    with pytest.raises(pypdfium2.PdfiumError, match="Data format"):
        pypdfium2.PdfDocument(broken)


def test_scan_has_a_picture_and_no_text() -> None:
    assert pdf_text(scanned_pdf()).strip() == ""
    assert b"/Subtype /Image" in scanned_pdf()


def test_long_pdf_has_its_pages() -> None:
    with pypdfium2.PdfDocument(long_pdf(60)) as document:
        assert len(document) == 60


@pytest.mark.parametrize(
    ("content", "stream"),
    [(encrypted_docx(), "EncryptedPackage"), (legacy_word(), "WordDocument")],
    ids=["encrypted", "legacy"],
)
def test_compound_file_names_its_stream(content: bytes, stream: str) -> None:
    assert content.startswith(COMPOUND_FILE)
    directory = content[1024:1536]
    assert stream.encode("utf-16-le") in directory
    assert len(content) % 512 == 0


@pytest.mark.parametrize("make", [paragraph_bomb, huge_member_docx])
def test_bomb_is_small_as_a_file_and_large_when_opened(make: Callable[[], bytes]) -> None:
    content = make()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inflated = sum(entry.file_size for entry in archive.infolist())
    assert len(content) < 500_000
    assert inflated > 25_000_000
