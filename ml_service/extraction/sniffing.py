"""Tell a document's kind from its bytes; a file name is a label, never a proof."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from typing import NoReturn

from ml_service.domain.document import Document, DocumentKind
from ml_service.domain.errors import Corrupt, EmptyDocument, Encrypted, UnsupportedType
from ml_service.extraction.archive import list_members, read_member

_PDF_HEADER_WITHIN = 1024
_MAX_FILENAME = 255
_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_MAIN_PART = "word/document.xml"
_CONTENT_TYPES = "[Content_Types].xml"
_MAX_CONTENT_TYPES = 1_000_000
_WORDPROCESSING = re.compile(
    rb"wordprocessingml\.(document|template)\.main|ms-word\.[a-z]+\.macroEnabled"
)

_SAVE_AS = "Save it as PDF or DOCX and try again."
_PICTURE = "This is a picture. Export the resume as PDF or DOCX from where it was written."
_WEB_PAGE = "This is a web page. Print it to PDF and send that."
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF", b"BM",
             b"\x00\x00\x00\x0cjP  ", b"AT&TFORM")  # fmt: skip
_PICTURE_BRANDS = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff")
_WEB = (b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<meta")
_WEB_ARCHIVE = re.compile(rb"^(from:|mime-version:|content-type:\s*multipart)", re.MULTILINE)
_EMPTY_ZIP = b"PK\x05\x06"


def sniff(content: bytes, *, filename: str) -> Document:
    """Raises EmptyDocument, UnsupportedType (which says what to do), Encrypted or Corrupt."""
    return Document(
        content=content,
        filename=clean_filename(filename),
        kind=_kind(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def clean_filename(filename: str) -> str:
    """The base name without folders and control characters, at most 255 characters."""
    base = re.split(r"[/\\]", filename)[-1]
    visible = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip()
    if len(visible) > _MAX_FILENAME:
        stem, dot, suffix = visible.rpartition(".")
        ending = dot + suffix if stem and len(suffix) <= 8 else ""
        visible = visible[: _MAX_FILENAME - len(ending)] + ending
    return visible if visible.strip(".") else "resume"


def _kind(content: bytes) -> DocumentKind:
    if not content:
        raise EmptyDocument("The file is empty. Check that the right file was sent.")
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _kind_of_zip(content)
    if content.startswith(_OLE2):
        _refuse_ole2(content)
    if b"%PDF-" not in content[:_PDF_HEADER_WITHIN]:
        _refuse_other(content)
    return "pdf"


def _kind_of_zip(content: bytes) -> DocumentKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = list_members(archive)
            if _MAIN_PART in members:
                return "docx"
            if _CONTENT_TYPES in members and _names_word(archive):
                return "docx"
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        if _MAIN_PART.encode() in content or _CONTENT_TYPES.encode() in content:
            raise Corrupt from error
        raise UnsupportedType from error
    if "content.xml" in members and "mimetype" in members:
        raise UnsupportedType(f"This is an OpenDocument file. {_SAVE_AS}")
    if any(name.endswith(".iwa") or name == "index.apxl" for name in members):
        raise UnsupportedType(f"This is a Pages file. {_SAVE_AS}")
    if any(name.startswith(("xl/", "ppt/")) for name in members):
        raise UnsupportedType(f"This is a spreadsheet or a presentation. {_SAVE_AS}")
    raise UnsupportedType("This is an archive. Send the resume itself, as PDF or DOCX.")


def _names_word(archive: zipfile.ZipFile) -> bool:
    declared = read_member(archive, _CONTENT_TYPES, max_bytes=_MAX_CONTENT_TYPES)
    return declared is not None and _WORDPROCESSING.search(declared) is not None


def _refuse_ole2(content: bytes) -> NoReturn:
    if _ENCRYPTED_PACKAGE in content:
        raise Encrypted
    raise UnsupportedType(f"This is an old Office file (.doc, .xls or .ppt). {_SAVE_AS}")


def _refuse_other(content: bytes) -> NoReturn:
    """Says what it is and what to do; what it is not is never guessed from the file name."""
    beginning = content[:_PDF_HEADER_WITHIN]
    head = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(_PICTURES) or beginning[4:12] in _PICTURE_BRANDS:
        raise UnsupportedType(_PICTURE)
    if head.startswith(b"{\\rtf"):
        raise UnsupportedType(f"This is an RTF file. {_SAVE_AS}")
    if head.startswith(b"%!ps"):
        raise UnsupportedType("This is a PostScript file. Convert it to PDF and try again.")
    if head.startswith((b"<?xml", b"<svg")):
        _refuse_xml(head)
    if head.startswith(_WEB) or _WEB_ARCHIVE.match(head):
        raise UnsupportedType(_WEB_PAGE)
    if b"\x00" not in beginning or content.startswith(_WIDE_TEXT):
        raise UnsupportedType(f"This is a text file. {_SAVE_AS}")
    raise UnsupportedType


def _refuse_xml(head: bytes) -> NoReturn:
    if b"opendocument" in head:
        raise UnsupportedType(f"This is an OpenDocument file. {_SAVE_AS}")
    if b"word.document" in head or b"/office/word/" in head or b"xmlpackage" in head:
        raise UnsupportedType(f"This is a Word XML file. {_SAVE_AS}")
    if b"<svg" in head:
        raise UnsupportedType(_PICTURE)
    if b"<html" in head or b"<!doctype html" in head:
        raise UnsupportedType(_WEB_PAGE)
    raise UnsupportedType(f"This is an XML file. {_SAVE_AS}")
