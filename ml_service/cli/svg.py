"""Pictures as SVG: shapes and text, in pixels from the upper left corner."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Drawing:
    """The same calls give the same bytes."""

    def __init__(self, width: float, height: float, *, ground: str) -> None:
        self._width, self._height = width, height
        self._parts: list[str] = []
        self.box(0, 0, width, height, fill=ground)

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str, opacity: float = 1
    ) -> None:
        shape = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self._parts.append(f'<rect {shape} fill="{fill}"{_see_through(opacity)}/>')

    def line(
        self, points: Iterable[Point], *, color: str, width: float = 1, dashes: str = ""
    ) -> None:
        through = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        stroke = f'stroke="{color}" stroke-width="{_n(width)}" stroke-linejoin="round"{dashed}'
        self._parts.append(f'<polyline points="{through}" fill="none" {stroke}/>')

    def dot(self, at: Point, *, radius: float, fill: str) -> None:
        self._parts.append(
            f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" fill="{fill}"/>'
        )

    def diamond(self, at: Point, *, radius: float, fill: str) -> None:
        x, y = at
        corners = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
        through = " ".join(f"{_n(left)},{_n(top)}" for left, top in corners)
        self._parts.append(f'<polygon points="{through}" fill="{fill}"/>')

    def text(
        self,
        at: Point,
        said: str,
        *,
        color: str,
        size: float = 13,
        anchor: Anchor = "start",
        bold: bool = False,
        turned: int = 0,
    ) -> None:
        """``at`` is on the line that letters stand on; ``turned`` in degrees, clockwise."""
        x, y = _n(at[0]), _n(at[1])
        weight = ' font-weight="600"' if bold else ""
        turn = f' transform="rotate({turned} {x} {y})"' if turned else ""
        place = f'x="{x}" y="{y}" font-size="{_n(size)}" text-anchor="{anchor}"'
        words = escape(_NOT_IN_XML.sub("\ufffd", said))
        self._parts.append(f'<text {place} fill="{color}"{weight}{turn}>{words}</text>')

    def svg(self) -> bytes:
        size = f'width="{_n(self._width)}" height="{_n(self._height)}"'
        view = f'viewBox="0 0 {_n(self._width)} {_n(self._height)}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} font-family="{FONT}">'
        return "\n".join([head, *self._parts, "</svg>\n"]).encode()


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _see_through(opacity: float) -> str:
    return "" if opacity == 1 else f' fill-opacity="{_n(opacity)}"'
