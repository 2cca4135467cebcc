from __future__ import annotations

import pytest

from ml_service.domain.errors import Corrupt, EmptyDocument, Encrypted, UnsupportedType
from ml_service.extraction.sniffing import clean_filename, sniff
from tests.unit.extraction import made

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")


def test_pdf_named_docx_is_a_pdf() -> None:
    document = sniff(made.pdf([(50, 50, "Ada")]), filename="resume.docx")
    assert document.kind == "pdf"
    assert len(document.sha256) == 64


def test_pdf_header_may_come_late_but_within_1024_bytes() -> None:
    assert sniff(b"\n" * 900 + b"%PDF-1.7", filename="a").kind == "pdf"
    with pytest.raises(UnsupportedType):
        sniff(b"\n" * 1100 + b"%PDF-1.7", filename="a")


def test_docx_is_told_by_its_members() -> None:
    assert sniff(made.docx(made.paragraph("Ada")), filename="a.pdf").kind == "docx"


def test_docx_with_another_main_part_is_told_by_its_content_types() -> None:
    content = made.package(
        {"[Content_Types].xml": made.CONTENT_TYPES, "word/document2.xml": "<a/>"}
    )
    assert sniff(content, filename="a").kind == "docx"


def test_protected_docx_is_encrypted() -> None:
    with pytest.raises(Encrypted):
        sniff(OLE2 + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), filename="a.docx")


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (OLE2 + b"\0" * 600, "old Office"),
        (rb"{\rtf1\ansi Ada}", "RTF"),
        (b"<!DOCTYPE html><p>Ada</p>", "web page"),
        (b"Ada Lovelace, analyst", "text file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "picture"),
        (b"\0\0\0\x1cftypheic" + b"\0" * 40, "picture"),
        (b'<?xml version="1.0"?><svg/>', "picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html/>', "web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "Word XML"),
        (
            b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument',
            "OpenDocument",
        ),
        (b'<?xml version="1.0"?><resume/>', "XML file"),
        ("Ada Lovelace".encode("utf-16"), "text file"),
        (made.package({"mimetype": "x", "content.xml": "<a/>"}), "OpenDocument"),
        (made.package({"Index/Document.iwa": "x"}), "Pages"),
        (made.package({}), "archive"),
        (made.package({"xl/workbook.xml": "<a/>"}), "spreadsheet"),
        (made.package({"photo.jpg": "x"}), "archive"),
    ],
)
def test_other_kinds_are_refused_with_what_to_do(content: bytes, hint: str) -> None:
    with pytest.raises(UnsupportedType, match=hint):
        sniff(content, filename="resume.pdf")


def test_no_bytes_are_an_empty_document() -> None:
    with pytest.raises(EmptyDocument):
        sniff(b"", filename="resume.pdf")


def test_cut_off_docx_is_corrupt() -> None:
    content = made.docx(made.paragraph("Ada"))
    with pytest.raises(Corrupt):
        sniff(content[:-30], filename="resume.docx")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\cv.pdf", "cv.pdf"),
        ("cv\r\nX-Evil: 1\u202e.pdf", "cvX-Evil: 1.pdf"),
        ("..", "resume"),
        ("", "resume"),
        ("a" * 300 + ".pdf", "a" * 251 + ".pdf"),
    ],
)
def test_file_name_is_only_a_label(given: str, kept: str) -> None:
    assert clean_filename(given) == kept
