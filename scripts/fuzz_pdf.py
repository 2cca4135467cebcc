"""Mutations of a PDF that keep it a PDF: objects, numbers, pages, fonts, what is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from fuzz_pdf_parts import Part, PdfParts, parse_pdf, write_pdf
from fuzz_texts import odd_lines, odd_number, odd_text

_NUMBER = re.compile(rb"[-+]?\d*\.?\d+")
_NAME = re.compile(rb"/[A-Za-z0-9]+")
_REFERENCE = re.compile(rb"\d+\s+0\s+R")
_SHOWN = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]+>")
_MAX_STREAM = 400_000
_PAGE, _FONT = re.compile(rb"/Type\s*/Page\b"), re.compile(rb"/Type\s*/Font\b")
_PAGE_KEYS = (
    b"/Rotate %n", b"/Rotate 90", b"/Rotate 180", b"/Rotate 270", b"/UserUnit %n",
    b"/MediaBox[%n %n %n %n]", b"/MediaBox[0 0 0 0]", b"/MediaBox[0 0 14400 14400]", b"/MediaBox[]",
    b"/CropBox[%n %n %n %n]", b"/CropBox[9 9 10 10]", b"/MediaBox[0 0 595 %n]", b"/Contents %r",
    b"/Contents[%r %r %r]", b"/Resources %r", b"/Kids[%r %r]", b"/Parent %r", b"/Annots[%r %r]",
    b"/Type/Pages", b"/Group<</S/Transparency/CS/DeviceRGB>>", b"/Annots %r", b"/Tabs/S",
)  # fmt: skip
_FONT_KEYS = (
    b"/Subtype/Type3", b"/Subtype/Type0", b"/Subtype/TrueType", b"/Encoding/Identity-H",
    b"/Encoding/Identity-V", b"/Encoding/UniJIS-UTF16-H", b"/BaseFont/Symbol",
    b"/BaseFont/ZapfDingbats", b"/BaseFont/FontAwesome", b"/BaseFont/Wingdings-Regular",
    b"/FirstChar %n/LastChar %n/Widths[%n %n %n]", b"/Widths[%n]", b"/ToUnicode %r",
    b"/FontDescriptor %r", b"/DescendantFonts[%r]", b"/FontMatrix[%n 0 0 %n 0 0]",
    b"/Encoding<</Differences[0/fi/fl/ffi/.notdef/uniD800/u110000/g1 32/A/B/C]>>",
    b"/CharProcs<</a %r/b %r>>/Encoding<</Differences[97/a/b]>>", b"/FontBBox[%n %n %n %n]",
)  # fmt: skip
_OPERATORS = (
    b"%n 0 0 %n %n %n cm", b"%n %n %n %n %n %n cm", b"0 0 0 0 0 0 cm", b"BT", b"ET", b"q", b"Q",
    b"%n %n %n %n %n %n Tm", b"0 1 -1 0 300 300 Tm", b"-1 0 0 1 400 500 Tm", b"0 0 0 0 9 9 Tm",
    b"%n Tz", b"0 Tz", b"%n Tc", b"%n Tw", b"%n Ts", b"%n TL", b"3 Tr", b"7 Tr", b"%n Tr", b"T*",
    b"%n %n Td", b"%n %n TD", b"/F1 %n Tf", b"/F9 12 Tf", b"/F1 0 Tf", b"(x) '", b"%n %n (x) \"",
    b"[(a) %n (b) %n (c)] TJ", b"/Fm0 Do", b"/Im0 Do", b"BI /W %n /H %n /BPC 8 ID xxxx EI",
    b"1 1 1 rg", b"%n g", b"1 g 0 0 600 900 re f", b"0 0 %n %n re W n", b"%n %n %n %n re f",
    b"/Span<</ActualText<FEFFD800>>>BDC", b"EMC", b"/GS0 gs", b"%n w", b"sh", b"%n 0 0 rg",
    b"<0041D8000042> Tj", b"<00FF7F80> Tj", b"(\\000\\001\\377) Tj", b"1 0 0 1 72 700 Tm (in) Tj",
)  # fmt: skip
_CODES = ("0041", "D800", "DC00", "0000", "FFFE", "FFFF", "202E", "0066006600690066", "D83DDE00",
          "00AD", "000A", "0009", "FEFF", "0301", "05D0", "0660", "FB01", "E000", "")  # fmt: skip


def mutate_pdf(chance: Random, content: bytes, *, lure: str) -> bytes | None:
    """One to five mutations; None where the file cannot be taken apart.

    ``lure`` is an address that nobody may ask: what follows a link is found out.
    """
    document = parse_pdf(content)
    if document is None:
        return None
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        if chance.random() < 0.03:
            _set_lure(chance, document, lure)
        else:
            chance.choice(_MUTATIONS)(chance, document)
        if not document.parts:
            break
    return write_pdf(document)


def _filled(chance: Random, pattern: bytes, document: PdfParts) -> bytes:
    """``%n`` becomes an odd number, ``%r`` a reference to any object."""
    out = pattern
    while b"%n" in out:
        out = out.replace(b"%n", odd_number(chance).encode(), 1)
    while b"%r" in out:
        out = out.replace(b"%r", b"%d 0 R" % chance.choice(list(document.parts)), 1)
    return out


def _any(chance: Random, document: PdfParts, kind: re.Pattern[bytes] | None = None) -> Part:
    fitting = [p for p in document.parts.values() if kind is None or kind.search(p.head)]
    return chance.choice(fitting or list(document.parts.values()))


def _drawing(chance: Random, document: PdfParts) -> Part:
    """A content stream, or what may be one."""
    drawings = [p for p in document.parts.values() if p.is_plain and b"Tf" in (p.stream or b"")]
    return chance.choice(drawings) if drawings else _any(chance, document)


def _set_key(part: Part, key: bytes) -> None:
    """Twice in a dictionary, where it was there before: readers differ in what counts then."""
    name = _NAME.match(key)
    if name is not None:
        part.head = re.sub(re.escape(name[0]) + rb"\b", b"/Old", part.head)
    head, end, rest = part.head.rpartition(b">>")
    part.head = head + key + end + rest


def _change_number(chance: Random, document: PdfParts) -> None:
    part = _any(chance, document)
    part.head = _with_one_changed(chance, _NUMBER, part.head, odd_number(chance).encode())


def _change_name(chance: Random, document: PdfParts) -> None:
    part = _any(chance, document)
    names = _NAME.findall(_any(chance, document).head) or [b"/X"]
    part.head = _with_one_changed(chance, _NAME, part.head, chance.choice(names))


def _change_reference(chance: Random, document: PdfParts) -> None:
    part = _any(chance, document)
    other = b"%d 0 R" % chance.choice([*document.parts, 999_999])
    part.head = _with_one_changed(chance, _REFERENCE, part.head, other)


def _with_one_changed(
    chance: Random, pattern: re.Pattern[bytes], text: bytes, other: bytes
) -> bytes:
    places = list(pattern.finditer(text))
    if not places:
        return text
    place = chance.choice(places)
    return text[: place.start()] + other + text[place.end() :]


def _change_page(chance: Random, document: PdfParts) -> None:
    _set_key(_any(chance, document, _PAGE), _filled(chance, chance.choice(_PAGE_KEYS), document))


def _change_font(chance: Random, document: PdfParts) -> None:
    _set_key(_any(chance, document, _FONT), _filled(chance, chance.choice(_FONT_KEYS), document))


def _map_letters(chance: Random, document: PdfParts) -> None:
    """A ToUnicode map that says something odd of letters."""
    lines = [
        f"<{code:02x}> <{chance.choice(_CODES) * chance.choice((1, 1, 1, 200))}>"
        for code in chance.sample(range(32, 127), chance.choice((3, 30, 95)))
    ]
    ranges = f"<00> <{chance.choice(('ff', 'ffff', 'ffffffff'))}> <{chance.choice(_CODES)}>"
    text = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(lines)} beginbfchar\n" + "\n".join(lines) + "\nendbfchar\n"
        f"1 beginbfrange {ranges} endbfrange\nendcmap end end"
    )
    number = document.add(Part(b"<<>>", text.encode(), is_plain=True))
    for part in document.parts.values():
        if _FONT.search(part.head):
            _set_key(part, b"/ToUnicode %d 0 R" % number)


def _drop(chance: Random, document: PdfParts) -> None:
    del document.parts[chance.choice(list(document.parts))]


def _copy_over(chance: Random, document: PdfParts) -> None:
    one, other = _any(chance, document), _any(chance, document)
    other.head, other.stream, other.is_plain = one.head, one.stream, one.is_plain


def _nest(chance: Random, document: PdfParts) -> None:
    part = _any(chance, document)
    depth = chance.choice((10, 100, 1_000, 100_000))
    opened, closed = chance.choice(((b"[", b"]"), (b"<</A", b">>"), (b"(", b")")))
    inner = opened * depth + (closed * depth if chance.random() < 0.7 else b"")
    _set_key(part, b"/Nested " + inner)


def _repeat_pages(chance: Random, document: PdfParts) -> None:
    """One page many times, a tree of pages that is deep or a circle, a count that is wrong."""
    trees, pages = document.of(b"/Kids"), document.of(b"/Contents")
    if not trees or not pages:
        return
    tree = chance.choice(trees)
    count = chance.choice((2, 10, 50, 51, 3_000))
    kids = b"%d 0 R " % chance.choice([*pages, tree])
    said = chance.choice((b"%d" % count, odd_number(chance).encode()))
    document.parts[tree].head = b"<</Type/Pages/Count %b/Kids[%b]>>" % (said, kids * count)


def _change_drawing(chance: Random, document: PdfParts) -> None:
    part = _drawing(chance, document)
    for _ in range(chance.choice((1, 3, 30))):
        other = odd_number(chance).encode()
        part.stream = _with_one_changed(chance, _NUMBER, part.stream or b"", other)


def _add_operators(chance: Random, document: PdfParts) -> None:
    part = _drawing(chance, document)
    lines = (part.stream or b"").split(b"\n")
    for _ in range(chance.choice((1, 2, 8))):
        operator = _filled(chance, chance.choice(_OPERATORS), document)
        lines.insert(
            chance.randrange(len(lines) + 1),
            (operator + b" ") * chance.choice((1, 1, 1, 30, 2_000)),
        )
    part.stream = b"\n".join(lines)[:_MAX_STREAM]


def _move_drawing(chance: Random, document: PdfParts) -> None:
    """Lines of the stream dropped, doubled or shuffled."""
    part = _drawing(chance, document)
    lines = (part.stream or b"").split(b"\n")
    start = chance.randrange(len(lines))
    end = min(len(lines), start + chance.choice((1, 5, 50)))
    moved = lines[start:end]
    chance.shuffle(moved)
    part.stream = b"\n".join(lines[:start] + moved * chance.choice((0, 1, 2, 40)) + lines[end:])
    part.stream = part.stream[:_MAX_STREAM]


def _change_texts(chance: Random, document: PdfParts) -> None:
    part = _drawing(chance, document)
    text = _literal(odd_text(chance)[: chance.choice((20, 2_000))])
    for _ in range(chance.choice((1, 4, 40))):
        part.stream = _with_one_changed(chance, _SHOWN, part.stream or b"", text)[:_MAX_STREAM]


def _write_page(chance: Random, document: PdfParts) -> None:
    """The page anew: odd lines down the page, scattered, or all on one spot."""
    how = chance.choice(("down", "down", "scattered", "spot", "rows", "tiny"))
    size = chance.choice((10, 10, 10, 1, 0.1, 300)) if how != "tiny" else 0.5
    parts = [b"BT /F1 %b Tf" % str(size).encode()]
    x, y = 50.0, 800.0
    for line in odd_lines(chance):
        if how == "scattered":
            x, y = chance.uniform(-50, 650), chance.uniform(-50, 900)
        elif how == "rows" and x < 400:
            x += chance.choice((60, 120, 121))
        elif how != "spot":
            x, y = 50.0, y - chance.choice((12, 12, 12, 3, 0))
        place = f"1 0 0 1 {x:.2f} {y:.2f} Tm"
        parts.append(place.encode() + b" " + _literal(line[:3_000]) + b" Tj")
    _drawing(chance, document).stream = b"\n".join([*parts, b"ET"])[:_MAX_STREAM]


def _literal(text: str) -> bytes:
    escaped = text.encode("cp1252", "replace").replace(b"\\", b"\\\\")
    return b"(" + escaped.replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def _draw_itself(chance: Random, document: PdfParts) -> None:
    """A form that draws itself, or many times another."""
    times = chance.choice((1, 2, 20))
    number = max(document.parts) + 1
    below = number if chance.random() < 0.5 else chance.choice(list(document.parts))
    stream = b"BT /F1 9 Tf (form) Tj ET " + b"/Fm0 Do " * times
    head = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</Fm0 %d 0 R>>>>>>"
    document.parts[number] = Part(head % below, stream, is_plain=True)
    resources = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</Fm0 %d 0 R>>>>"  # noqa: E501 - one value
    _set_key(_any(chance, document, _PAGE), resources % number)
    part = _drawing(chance, document)
    part.stream = (part.stream or b"") + b"\n/Fm0 Do" * times


def _damage(chance: Random, document: PdfParts) -> None:
    document.damage.add(
        chance.choice(("no_table", "circle", "wrong_start", "wrong_length", "plain"))
    )


def _break_filter(chance: Random, document: PdfParts) -> None:
    part = _any(chance, document, re.compile(rb"/Filter"))
    names = (b"/LZWDecode", b"/RunLengthDecode", b"/JBIG2Decode", b"/JPXDecode", b"/DCTDecode",
             b"/CCITTFaxDecode", b"/Crypt", b"[/FlateDecode/FlateDecode]")  # fmt: skip
    part.stream = (part.stream or b"x") if chance.random() < 0.7 else chance.randbytes(400)
    part.is_plain = False
    _set_key(part, b"/Filter" + chance.choice(names))
    _set_key(part, _filled(chance, b"/DecodeParms<</Predictor %n/Columns %n/Colors %n>>", document))


def _set_lure(chance: Random, document: PdfParts, lure: str) -> None:
    """Links, actions and outside streams that lead to an address."""
    page, address = _any(chance, document, _PAGE), lure.encode()
    _set_key(page, b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 600 800]/A<</S/URI/URI(%b)>>>>]"
             % address)  # fmt: skip
    _set_key(page, b"/AA<</O<</S/SubmitForm/F(%b)>>/C<</S/Launch/F(%b)>>>>" % (address, address))
    root = document.parts.get(document.root)
    if root is not None:
        _set_key(root, b"/OpenAction<</S/GoToR/F(%b)/D[0/Fit]>>" % address)
    _set_key(_any(chance, document), b"/F<</FS/URL/F(%b)>>" % address)


_MUTATIONS: tuple[Callable[[Random, PdfParts], None], ...] = (
    _change_number, _change_number, _change_name, _change_reference, _change_page, _change_page,
    _change_font, _change_font, _map_letters, _drop, _copy_over, _nest, _repeat_pages,
    _change_drawing, _change_drawing, _add_operators, _add_operators, _move_drawing, _change_texts,
    _write_page, _write_page, _draw_itself, _damage, _break_filter,
)  # fmt: skip
