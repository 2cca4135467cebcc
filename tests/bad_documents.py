"""Documents that must be refused: broken, locked, hostile, or simply not a resume.

``REFUSED`` lists each with its file name and the codes that are a right answer to it. Bombs are
small as files and large when they are opened; they are made anew at each call, never kept.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import docx
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.documents import PEOPLE, resume_docx, resume_pdf, resume_text, zipped
from tests.other_texts import INVOICE, LOREM_IPSUM, RECIPE, SOURCE_CODE

WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT_PART = "word/document.xml"
PAGE_OBJECT = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)


@dataclass(frozen=True, slots=True)
class BadDocument:
    """``codes`` are the refusals that say truly what is wrong with it."""

    filename: str
    make: Callable[[], bytes]
    codes: frozenset[str]


def zero_bytes() -> bytes:
    return b""


def plain_text() -> bytes:
    return resume_text(PEOPLE[0]).encode()


def html_page() -> bytes:
    body = resume_text(PEOPLE[0]).replace("\n", "<br>")
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def png_image() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (200, 100), 255).save(buffer, "PNG")
    return buffer.getvalue()


def rtf_document() -> bytes:
    return rb"{\rtf1\ansi " + resume_text(PEOPLE[0]).encode("ascii", "ignore") + b"}"


def legacy_word() -> bytes:
    return compound_file({"WordDocument": b"\xec\xa5\xc1\x00" * 1200})


def spreadsheet() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def plain_zip() -> bytes:
    return zipped({"notes.txt": b"work experience, education, skills"})


def encrypted_pdf() -> bytes:
    return _locked_pdf(StandardEncryption("secret", "owner", strength=128))


def owner_locked_pdf() -> bytes:
    """Opens without a password and only forbids changes: a good resume, not a bad document."""
    return _locked_pdf(StandardEncryption("", "owner", canModify=0, strength=128))


def encrypted_docx() -> bytes:
    """An OLE2 container, as Word writes it for a document with a password (MS-OFFCRYPTO 2.3.4)."""
    info = struct.pack("<HHI", 4, 4, 0x40) + b"<encryption/>".ljust(4096)
    return compound_file({"EncryptionInfo": info, "EncryptedPackage": b"\x5a" * 8192})


def truncated_pdf() -> bytes:
    """Cut off before the page and the catalogue are written."""
    whole = resume_pdf(PEOPLE[0])
    return whole[: whole.index(b"/Type /Page")]


def garbage_pdf() -> bytes:
    return b"%PDF-1.7\n" + bytes((7 * i * i + 3 * i) % 256 for i in range(4096)) + b"\n%%EOF\n"


def truncated_docx() -> bytes:
    whole = resume_docx(PEOPLE[0])
    return whole[: len(whole) // 2]


def damaged_docx() -> bytes:
    """The archive lists its members well, but the body no longer inflates."""
    whole = bytearray(resume_docx(PEOPLE[0]))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        entry = archive.getinfo(DOCUMENT_PART)
    start = entry.header_offset + 30 + len(entry.filename)
    whole[start : start + entry.compress_size] = b"\xff" * entry.compress_size
    return bytes(whole)


def malformed_docx() -> bytes:
    return docx_with_body(b"<w:document><w:body><w:p>")


def long_pdf(n_pages: int = 400) -> bytes:
    lines = resume_text(PEOPLE[0]).splitlines()
    return text_pdf([lines] * n_pages)


def scanned_pdf() -> bytes:
    """A picture of a resume, without a text layer."""
    picture = Image.new("L", (850, 1100), 255)
    ImageDraw.Draw(picture).multiline_text((60, 60), resume_text(PEOPLE[1]), fill=0)
    canvas, buffer = _canvas()
    canvas.drawImage(ImageReader(picture), 0, 0, *LETTER)
    canvas.save()
    return buffer.getvalue()


def blank_pdf() -> bytes:
    return text_pdf([[]])


def blank_docx() -> bytes:
    return resume_like_docx("")


def paragraph_bomb(n_paragraphs: int = 5_000_000) -> bytes:
    """About 30 kB as a file, 30 MB as XML, gigabytes as a tree."""
    body = b"<w:p/>" * n_paragraphs
    return docx_with_body(_document(body))


def huge_member_docx(n_bytes: int = 300_000_000) -> bytes:
    """A part of zeros that nothing refers to, beside a resume that is sound."""
    with zipfile.ZipFile(io.BytesIO(resume_docx(PEOPLE[0]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**members, "word/media/padding.bin": bytes(n_bytes)})


def nested_docx(depth: int = 50_000) -> bytes:
    opening = b"<w:tbl><w:tr><w:tc>" * depth
    return docx_with_body(_document(opening + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * depth))


def flate_bomb_pdf(n_bytes: int = 500_000_000) -> bytes:
    """A page whose content is spaces, deflated twice."""
    packer = zlib.compressobj(9)
    block = b" " * 1_000_000
    once = b"".join(packer.compress(block) for _ in range(n_bytes // len(block))) + packer.flush()
    return raw_pdf(zlib.compress(once, 9), filters="[/FlateDecode /FlateDecode]")


def operator_bomb_pdf(n_operators: int = 3_000_000) -> bytes:
    """Millions of text operators: some kilobytes as a file, minutes for a slow parser."""
    content = b"BT /F1 9 Tf " + b"1 0 0 1 9 9 Tm (a) Tj " * n_operators + b"ET"
    return raw_pdf(zlib.compress(content, 9), filters="/FlateDecode")


def nested_pdf(depth: int = 500_000) -> bytes:
    return raw_pdf(zlib.compress(b"[" * depth + b"]" * depth, 9), filters="/FlateDecode")


def oversize_pdf(n_bytes: int = 11_000_000) -> bytes:
    """A sound resume with a comment behind it that makes the file too large."""
    whole = resume_pdf(PEOPLE[0])
    return whole + b"%" + b"x" * (n_bytes - len(whole) - 1)


def invoice_pdf() -> bytes:
    return text_pdf([INVOICE.splitlines()])


def recipe_pdf() -> bytes:
    return text_pdf([RECIPE.splitlines()])


def source_code_pdf() -> bytes:
    return text_pdf([SOURCE_CODE.splitlines()])


def lorem_ipsum_docx() -> bytes:
    return resume_like_docx(LOREM_IPSUM)


def text_pdf(pages: list[list[str]]) -> bytes:
    """Lines of 10 point text from the top of each page."""
    canvas, buffer = _canvas()
    for lines in pages:
        canvas.setFont("Helvetica", 10)
        for i, line in enumerate(lines):
            canvas.drawString(54, 738 - 12 * i, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def resume_like_docx(text: str) -> bytes:
    word = docx.Document()
    for line in text.splitlines():
        word.add_paragraph(line)
    buffer = io.BytesIO()
    word.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def docx_with_body(document_xml: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(resume_docx(PEOPLE[0]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**members, DOCUMENT_PART: document_xml})


def raw_pdf(content: bytes, *, filters: str) -> bytes:
    """One page with this stream as its content."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE_OBJECT,
        f"<< /Length {len(content)} /Filter {filters} >>\nstream\n".encode()
        + content
        + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    whole, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return b"%bxref\n0 6\n0000000000 65535 f \n%btrailer\n<< /Size 6 /Root 1 0 R >>\n%b" % (
        whole,
        table,
        b"startxref\n%d\n%%%%EOF\n" % len(whole),
    )


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE2 file with at most three streams of 4096 bytes or more each (MS-CFB 2.1 to 2.6).

    Sector 0 is the allocation table, sector 1 the directory, then the streams follow.
    """
    end, no_sector, table_sector = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    allocation, body = [table_sector, end], b""
    siblings = [*range(2, len(streams) + 1), no_sector]
    directory = _directory_entry("Root Entry", kind=5, child=1, start=end)
    for (name, content), sibling in zip(streams.items(), siblings, strict=True):
        first, n_sectors = len(allocation), -(-len(content) // 512)
        directory += _directory_entry(name, kind=2, sibling=sibling, start=first, size=len(content))
        allocation += [*range(first + 1, first + n_sectors), end]
        body += content.ljust(n_sectors * 512, b"\0")
    allocation += [no_sector] * (128 - len(allocation))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[no_sector] * 108)
    return header + struct.pack("<128I", *allocation) + directory.ljust(512, b"\0") + body


def _directory_entry(
    name: str,
    *,
    kind: int,
    start: int,
    child: int = 0xFFFFFFFF,
    sibling: int = 0xFFFFFFFF,
    size: int = 0,
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, sibling, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


def _canvas() -> tuple[Canvas, io.BytesIO]:
    buffer = io.BytesIO()
    return Canvas(buffer, pagesize=LETTER, invariant=1), buffer


def _locked_pdf(encryption: StandardEncryption) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=LETTER, invariant=1, encrypt=encryption)
    for i, line in enumerate(resume_text(PEOPLE[2]).splitlines()):
        canvas.drawString(54, 738 - 13 * i, line)
    canvas.save()
    return buffer.getvalue()


def _document(body: bytes) -> bytes:
    opening = f'<w:document xmlns:w="{WORD_NAMESPACE}"><w:body>'.encode()
    return opening + body + b"</w:body></w:document>"


def _refused(filename: str, make: Callable[[], bytes], *codes: str) -> BadDocument:
    return BadDocument(filename, make, frozenset(codes))


_LIMITS = ("parse_memory", "parse_timeout", "corrupt", "empty_document")

BROKEN: tuple[BadDocument, ...] = (
    _refused("zero.pdf", zero_bytes, "empty_document"),
    _refused("text.pdf", plain_text, "unsupported_type"),
    _refused("page.pdf", html_page, "unsupported_type"),
    _refused("picture.pdf", png_image, "unsupported_type"),
    _refused("rich_text.docx", rtf_document, "unsupported_type"),
    _refused("legacy.doc", legacy_word, "unsupported_type"),
    _refused("sheet.docx", spreadsheet, "unsupported_type"),
    _refused("archive.docx", plain_zip, "unsupported_type"),
    _refused("locked.pdf", encrypted_pdf, "encrypted"),
    _refused("locked.docx", encrypted_docx, "encrypted"),
    _refused("cut.pdf", truncated_pdf, "corrupt"),
    _refused("garbage.pdf", garbage_pdf, "corrupt"),
    _refused("cut.docx", truncated_docx, "corrupt"),
    _refused("damaged.docx", damaged_docx, "corrupt"),
    _refused("malformed.docx", malformed_docx, "corrupt"),
    _refused("long.pdf", long_pdf, "too_many_pages"),
    _refused("scan.pdf", scanned_pdf, "no_text_layer"),
    _refused("blank.pdf", blank_pdf, "empty_document", "no_text_layer"),
    _refused("blank.docx", blank_docx, "empty_document"),
    _refused("oversize.pdf", oversize_pdf, "too_large"),
)
BOMBS: tuple[BadDocument, ...] = (
    _refused("paragraphs.docx", paragraph_bomb, *_LIMITS),
    _refused("huge_member.docx", huge_member_docx, *_LIMITS),
    _refused("nested.docx", nested_docx, *_LIMITS),
    _refused("flate.pdf", flate_bomb_pdf, *_LIMITS),
    _refused("operators.pdf", operator_bomb_pdf, *_LIMITS, "not_a_resume"),
    _refused("nested.pdf", nested_pdf, *_LIMITS, "no_text_layer"),
)
NOT_RESUMES: tuple[BadDocument, ...] = (
    _refused("invoice.pdf", invoice_pdf, "not_a_resume"),
    _refused("recipe.pdf", recipe_pdf, "not_a_resume"),
    _refused("code.pdf", source_code_pdf, "not_a_resume"),
    _refused("lorem.docx", lorem_ipsum_docx, "not_a_resume"),
)
REFUSED: tuple[BadDocument, ...] = (*BROKEN, *BOMBS, *NOT_RESUMES)
