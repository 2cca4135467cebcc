"""Mutations of a DOCX that keep it a zip of XML: members, elements, attributes, relationships."""

from __future__ import annotations

import io
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy
from random import Random

from fuzz_bytes import mutate_bytes
from fuzz_texts import odd_number, odd_text, resume_line
from lxml import etree

Members = list[tuple[str, bytes]]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_MAX_XML = 3_000_000
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ValueError, LookupError,
    RuntimeError, OSError, EOFError,
)  # fmt: skip
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = (
    "p", "r", "t", "tbl", "tr", "tc", "tcPr", "trPr", "pPr", "rPr", "sectPr", "numPr", "numId",
    "ilvl", "gridSpan", "vMerge", "ins", "del", "moveFrom", "moveTo", "delText", "instrText",
    "fldChar", "fldSimple", "sdt", "sdtContent", "sdtPr", "hyperlink", "br", "cr", "tab", "sym",
    "txbxContent", "body", "footnote", "cols", "vanish", "sz", "color", "shd", "highlight", "style",
    "basedOn", "abstractNum", "lvl", "lvlText", "num", "numFmt", "start", "lvlOverride", "altChunk",
    "startOverride", "lastRenderedPageBreak", "smartTag", "customXml", "headerReference", "titlePg",
)  # fmt: skip
_VALUES = (
    "restart", "continue", "begin", "separate", "end", "page", "column", "both", "auto", "FFFFFF",
    "000000", "bullet", "decimal", "lowerRoman", "upperLetter", "none", "ordinal", "%1.%2.%3",
    "%1%1%1%9", "Wingdings", "F0B7", "d800", "110000", "10FFFF", "paragraph", "Heading1", "default",
    "first", "even", "rId1", "PAGE", "HYPERLINK", "1", "true", "Normal", "nextPage",
)  # fmt: skip
_FRAGMENTS = (
    "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText></w:r>",
    "<w:r><w:fldChar w:fldCharType='separate'/></w:r>",
    "<w:r><w:fldChar w:fldCharType='end'/><w:t>after</w:t></w:r>",
    "<w:ins><w:del><w:ins><w:r><w:t>both</w:t></w:r></w:ins></w:del></w:ins>",
    "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='9'/><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl>",
    ("<w:tbl><w:tr/><w:tr><w:tc/></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr>"
    "</w:tbl>"),
    ("<w:tbl><w:tr><w:tc><w:p/><w:p/></w:tc><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>"
    "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"),
    "<w:sectPr><w:cols w:num='-5'/></w:sectPr>",
    "<w:pPr><w:sectPr><w:cols w:num='999999999'/><w:titlePg/></w:sectPr></w:pPr>",
    ("<w:p><w:pPr><w:numPr><w:ilvl w:val='8'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>n"
    "</w:t></w:r></w:p>"),
    "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>joined</w:t></w:r></w:p>",
    "<w:r><w:sym w:font='Wingdings' w:char='F0FF'/><w:sym w:char='DFFF'/><w:sym/></w:r>",
    "<w:altChunk r:id='rId1'/>",
    ("<w:r><mc:AlternateContent><mc:Choice/><mc:Fallback><w:t>f</w:t></mc:Fallback>"
    "</mc:AlternateContent></w:r>"),
    ("<w:r><w:drawing><wp:anchor behindDoc='1'><wp:extent cx='-9' cy='99999999999'/><w:txbxContent>"
    "<w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></wp:anchor></w:drawing></w:r>"),
    ("<w:r><w:drawing><wp:anchor><wp:extent cx='900000' cy='9000000'/><w:txbxContent><w:p><w:r>"
    "<w:t>rail</w:t></w:r></w:p></w:txbxContent></wp:anchor></w:drawing></w:r>"),
    "<w:r><w:br w:type='page'/><w:lastRenderedPageBreak/></w:r>",
    "<w:r><w:br w:type='column'/></w:r>",
    "<w:r><w:footnoteReference w:id='-7'/></w:r>",
    "<w:sdt><w:sdtPr/><w:sdtContent><w:sdt><w:sdtContent/></w:sdt></w:sdtContent></w:sdt>",
    "<!-- <w:t>comment</w:t> --><?pi text?>",
)  # fmt: skip
_PARTS = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml",
          "[Content_Types].xml", "word/_rels/document.xml.rels", "_rels/.rels", "word/header1.xml",
          "word/footnotes.xml", "../../x", "/etc/passwd", "word\\document.xml", "WORD/DOCUMENT.XML",
          "", "x" * 3_000, "word/media/image1.png", "é\u202e")  # fmt: skip
_METHODS = (0, 1, 8, 9, 12, 14, 93, 95, 99)


def mutate_docx(chance: Random, content: bytes, *, lure: str) -> bytes | None:
    """One to five mutations; None where the file cannot be opened.

    ``lure`` is an address that nobody may ask: what follows a link is found out.
    """
    members = read_members(content)
    if not members:
        return None
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        if chance.random() < 0.04:
            _set_lure(chance, members, lure)
        elif chance.random() < 0.75:
            _change_xml(chance, members)
        else:
            chance.choice(_MEMBER_MUTATIONS)(chance, members)
        if not members:
            break
    how = chance.choice((zipfile.ZIP_DEFLATED,) * 8 + (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 0))
    written = zip_members(members, how=how)
    return _with_odd_headers(chance, written) if chance.random() < 0.08 else written


def read_members(content: bytes) -> Members:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [
                (entry.filename, archive.read(entry))
                for entry in archive.infolist()[:200]
                if entry.file_size < _MAX_XML
            ]
    except _UNREADABLE:
        return []


def zip_members(members: Members, *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the same name twice is meant
        for name, content in members:
            entry = zipfile.ZipInfo(name, date_time=(2024, 1, 2, 3, 4, 6))
            archive.writestr(entry, content, compress_type=how)
    return target.getvalue()


def _with_odd_headers(chance: Random, content: bytes) -> bytes:
    """Methods, flags, times and sizes of the zip's own headers."""
    marks = [match.start() for match in re.finditer(b"PK\x01\x02|PK\x03\x04", content)]
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 6))):
        at = chance.choice(marks)
        shift = 2 if changed[at + 2] == 1 else 0  # the directory has one field more
        field = chance.choice((4, 6, 8, 8, 14, 18, 22, 26, 28)) + shift
        value = chance.choice((*_METHODS, 0x0800, 0xFFFF))
        changed[at + field : at + field + 2] = struct.pack("<H", value)
    return bytes(changed[: len(content)])


def _pick(chance: Random, members: Members, ending: str = "") -> int:
    """Index of a member; that of the body more often than not."""
    main = [at for at, (name, _) in enumerate(members) if name == "word/document.xml"]
    if main and not ending and chance.random() < 0.6:
        return main[-1]
    fitting = [at for at, (name, _) in enumerate(members) if name.endswith(ending)]
    return chance.choice(fitting or list(range(len(members))))


def _drop(chance: Random, members: Members) -> None:
    del members[chance.randrange(len(members))]


def _double(chance: Random, members: Members) -> None:
    members.append(members[_pick(chance, members)])


def _double_many(chance: Random, members: Members) -> None:
    name, content = members[_pick(chance, members)]
    count = chance.choice((20, 3_000))
    members.extend((f"{name}{at}", content[:2_000]) for at in range(count))


def _rename(chance: Random, members: Members) -> None:
    at = _pick(chance, members)
    members[at] = (chance.choice(_PARTS), members[at][1])


def _swap(chance: Random, members: Members) -> None:
    one, other = _pick(chance, members), chance.randrange(len(members))
    (first, a), (second, b) = members[one], members[other]
    members[one], members[other] = (first, b), (second, a)


def _damage(chance: Random, members: Members) -> None:
    at = _pick(chance, members)
    name, content = members[at]
    members[at] = (name, mutate_bytes(chance, content))


def _recode(chance: Random, members: Members) -> None:
    """The XML in another encoding, or one that it says and does not have."""
    at = _pick(chance, members, ".xml")
    name, content = members[at]
    text = content.decode("utf-8", "replace")
    body = re.sub(r"^\s*<\?xml.*?\?>", "", text, flags=re.DOTALL)
    said = chance.choice(("utf-16", "utf-7", "x-unknown", "ascii", "utf-32", "cp037", "utf-8"))
    written = chance.choice(("utf-16", "utf-8", "latin-1", "utf-32"))
    head = f'<?xml version="{chance.choice(("1.0", "1.1", "9"))}" encoding="{said}"?>'
    members[at] = (name, (head + body).encode(written, "replace"))


def _add_entities(chance: Random, members: Members) -> None:
    """Entities in entities, deep or many; outside ones are the business of the lure."""
    inner = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    declared = f'<!DOCTYPE w:document [<!ENTITY e0 "lol">{inner}]>'
    _declare(chance, members, declared, "&e8;")


def _declare(chance: Random, members: Members, declared: str, used: str) -> None:
    at = _pick(chance, members, ".xml")
    name, content = members[at]
    head = re.match(rb"\s*<\?xml.*?\?>", content, flags=re.DOTALL)
    split = head.end() if head else 0
    body = content[split:].replace(b"<w:t>", b"<w:t>" + used.encode(), 3)
    members[at] = (name, content[:split] + declared.encode() + body)


def _change_types(chance: Random, members: Members) -> None:
    at = _pick(chance, members, "[Content_Types].xml")
    name, content = members[at]
    kind = chance.choice((b"spreadsheetml", b"", b"wordprocessingml.template", b"x" * 9_000))
    members[at] = (name, content.replace(b"wordprocessingml.document", kind))


def _set_lure(chance: Random, members: Members, lure: str) -> None:
    """Relationships, entities, schemas and style sheets that lead out of the file."""
    if chance.random() < 0.5:
        system = chance.choice((lure, "file:///etc/passwd", "//127.0.0.1/x"))
        declared = f'<!DOCTYPE x SYSTEM "{lure}" [<!ENTITY out SYSTEM "{system}">'
        parameter = f'<!ENTITY % p SYSTEM "{system}"> %p;' if chance.random() < 0.5 else ""
        _declare(chance, members, declared + parameter + "]>", "&out;")
        return
    kind = chance.choice(("header", "footer", "styles", "aFChunk", "image", "attachedTemplate",
                          "numbering", "officeDocument", "settings", "footnotes"))  # fmt: skip
    mode = chance.choice(("External", "Internal", ""))
    added = f'<Relationship Id="rId1" Type="{_R}/{kind}" Target="{lure}" TargetMode="{mode}"/>'
    at = _pick(chance, members, ".rels")
    name, content = members[at]
    members[at] = (name, content.replace(b"</Relationships>", added.encode() + b"</Relationships>"))


def _change_xml(chance: Random, members: Members) -> None:
    """One to some changes of elements in one member."""
    at = _pick(chance, members, chance.choice(("", "", ".xml", ".rels")))
    name, content = members[at]
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return _damage(chance, members)
    for _ in range(chance.choice((1, 2, 5, 20))):
        elements = list(root.iter("*"))
        chance.choice(_XML_MUTATIONS)(chance, chance.choice(elements[:20_000]))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    members[at] = (name, written if len(written) < _MAX_XML else content)
    return None


def _remove(_chance: Random, element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _repeat(chance: Random, element: etree._Element) -> None:
    parent = element.getparent()
    size = sum(1 for _ in element.iter())
    for _ in range(min(chance.choice((1, 3, 60, 3_000)), 20_000 // size)):
        if parent is not None:
            parent.append(deepcopy(element))


def _move(chance: Random, element: etree._Element) -> None:
    others = list(element.getroottree().getroot().iter("*"))
    target = chance.choice(others)
    if element.getparent() is not None and element not in [target, *target.iterancestors()]:
        target.insert(chance.randrange(len(target) + 1), element)


def _wrap(chance: Random, element: etree._Element) -> None:
    """In elements of one kind, some hundreds deep at most: beyond that no parser reads."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    outer = inner = etree.Element(f"{{{_W}}}{chance.choice(_TAGS)}")
    tags = [chance.choice(_TAGS) for _ in range(chance.choice((1, 2)))]
    for depth in range(chance.choice((1, 5, 60, 200))):
        inner = etree.SubElement(inner, f"{{{_W}}}{tags[depth % len(tags)]}")
    inner.append(element)
    parent.insert(at, outer)


def _retag(chance: Random, element: etree._Element) -> None:
    namespace = chance.choice((_W, _W, _R, "", "urn:x"))
    name = chance.choice(_TAGS)
    element.tag = f"{{{namespace}}}{name}" if namespace else name


def _set_attribute(chance: Random, element: etree._Element) -> None:
    keys = list(element.keys()) or [f"{{{_W}}}val"]
    key = chance.choice(keys)
    if chance.random() < 0.1:
        element.attrib.pop(key, None)
    else:
        element.set(key, _odd_value(chance))


def _odd_value(chance: Random) -> str:
    roll = chance.random()
    if roll < 0.45:
        return odd_number(chance)
    return chance.choice(_VALUES) if roll < 0.9 else _allowed(odd_text(chance))


def _set_text(chance: Random, element: etree._Element) -> None:
    texts = list(element.iter(f"{{{_W}}}t")) or [element]
    for text in texts[: chance.choice((1, 5, 400))]:
        text.text = _allowed(resume_line(chance) if chance.random() < 0.6 else odd_text(chance))


def _insert(chance: Random, element: etree._Element) -> None:
    fragment = etree.fromstring(f"<x {_NAMESPACES}>{chance.choice(_FRAGMENTS)}</x>")
    times = chance.choice((1, 1, 2, 50))
    for child in list(fragment) * times:
        element.insert(chance.randrange(len(element) + 1), deepcopy(child))


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)


_XML_MUTATIONS: tuple[Callable[[Random, etree._Element], None], ...] = (
    _remove, _repeat, _move, _wrap, _retag, _set_attribute, _set_attribute, _set_attribute,
    _set_text, _set_text, _insert, _insert,
)  # fmt: skip
_MEMBER_MUTATIONS: tuple[Callable[[Random, Members], None], ...] = (
    _drop, _double, _double_many, _rename, _swap, _damage, _recode, _add_entities, _change_types,
)  # fmt: skip
