"""Plain text out of descriptions that were written for a web page."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_TAG = re.compile(r"</?(?:p|br|div|span|ul|ol|li|h[1-6]|strong|b|em|i|a|table)\b[^>]{0,500}>", re.I)


def without_markup(text: str) -> str:
    """Lines of plain text; text without any tag keeps its lines and loses its entities only."""
    if not _TAG.search(text):
        return html.unescape(text)
    reader = _TextOfMarkup()
    reader.feed(text)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


class _TextOfMarkup(HTMLParser):
    """Text with a line break for every block; scripts and styles are left out."""

    BLOCKS = frozenset({"p", "br", "div", "ul", "ol", "li", "tr", "h1", "h2", "h3", "h4"})
    SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        self._silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT and self._silent > 0
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
