"""Small invented documents, and bytes that attack a reader."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import closing

from pypdfium2 import PdfDocument
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)

Placed = tuple[float, float, str]


def pdf(*pages: Sequence[Placed], size: float = 10, encrypt: str | None = None) -> bytes:
    """Texts at (x, y from the top) on A4 pages."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842), encrypt=encrypt)
    for page in pages:
        canvas.setFont("Helvetica", size)
        for x, y, text in page:
            canvas.drawString(x, 842 - y, text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def scan(content: bytes, *, dpi: int = 150, beside: Sequence[Placed] = ()) -> bytes:
    """The pages of a PDF as pictures, as a scanner makes them; then a page of text, if any."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    with closing(PdfDocument(content)) as document:
        for page in document:
            picture = ImageReader(page.render(scale=dpi / 72).to_pil())
            canvas.drawImage(picture, 0, 0, width=595, height=842)
            canvas.showPage()
    for x, y, text in beside:
        canvas.drawString(x, 842 - y, text)
    canvas.save()
    return target.getvalue()


def letter_by_letter_pdf(text: str, *, pitch_em: float = 0.0, size: float = 12) -> bytes:
    """Each letter is a text object of its own, as wkhtmltopdf writes them, spaces included."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    x = 40.0
    for letter in text:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, 700, letter)
        x += canvas.stringWidth(letter, "Helvetica", size) + pitch_em * size
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def raw_pdf(stream: bytes) -> bytes:
    """One page whose content stream is ``stream``, already compressed with Flate."""
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n" % (len(stream), stream)
    )


def text_bomb_pdf() -> bytes:
    """Some kilobytes that draw two million letters."""
    return raw_pdf(zlib.compress(b"BT /F1 9 Tf 9 9 Td " + b"(ab) Tj " * 1_000_000 + b"ET", 9))


def docx(body: str, parts: dict[str, str] | None = None) -> bytes:
    document = f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>"
    return package(
        {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document} | (parts or {})
    )


def package(members: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
