"""Fields and symbols of a DOCX: what Word shows in the place of their code.

Source: ISO/IEC 29500-1, 17.16 (fields), 17.3.3.30 (sym).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from ml_service.extraction.docx.xml import attribute

_PAGE_NUMBER = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)\b", re.IGNORECASE)
_PAGE_WORDS = re.compile(
    r"[\s\-–—|•·,/(]*(?:\b(?:page|seite|página|pagina|p)\b\.?)?[\s/]*(?:\b(?:of|von|sur|de|di)\b)?"
    r"[\s\-–—|•·/)]*$",
    re.IGNORECASE,
)
_SYMBOLS = {
    "28": "☎", "29": "☎", "2a": "✉", "3a": "💻", "6c": "●", "6e": "■", "71": "❑", "72": "❒",
    "73": "⬧", "75": "◆", "76": "❖", "77": "◆", "9f": "•", "a7": "▪", "a8": "◻", "b7": "•",
    "d8": "➢", "e0": "→", "fc": "✓", "fe": "☑",
}  # fmt: skip


@dataclass(slots=True)
class Fields:
    """Where the walk stands in the fields of a paragraph: code comes first, then the result."""

    _codes: list[str] = field(default_factory=list)
    _in_result: list[bool] = field(default_factory=list)
    dropped: bool = False

    def mark(self, kind: str | None) -> None:
        """``begin``, ``separate`` or ``end`` of a field; ends without a begin are overlooked."""
        if kind == "begin":
            self._codes.append("")
            self._in_result.append(False)
        elif kind == "separate" and self._in_result:
            self._in_result[-1] = True
        elif kind == "end" and self._codes:
            self.dropped = self.dropped or is_page_number(self._codes[-1])
            self._codes.pop()
            self._in_result.pop()

    def add_code(self, text: str) -> None:
        if self._codes and not self._in_result[-1]:
            self._codes[-1] += text

    @property
    def shown(self) -> bool:
        """False in the result of a field that counts pages, which is no text of the resume."""
        return not any(map(is_page_number, self._codes))


def is_page_number(code: str) -> bool:
    return _PAGE_NUMBER.match(code) is not None


def without_page_words(text: str) -> str:
    """``Ada Sample - Page of`` without what the dropped numbers leave behind."""
    return _PAGE_WORDS.sub("", text)


def symbol_of(element: etree._Element) -> str:
    """A letter of a symbol font as Unicode has it; private use where that is not known."""
    code = (attribute(element, "char") or "").lower()
    font = (attribute(element, "font") or "").lower()
    if len(code) > 6 or not code or not set(code) <= set("0123456789abcdef"):
        return ""
    if font.startswith("wingdings") or font == "symbol":
        known = _SYMBOLS.get(code[-2:])
        if known is not None and (font == "wingdings" or code[-2:] == "b7"):
            return known
    point = int(code, 16)
    return chr(point) if 0x20 <= point < 0xD800 or 0xE000 <= point <= 0x10FFFF else ""
