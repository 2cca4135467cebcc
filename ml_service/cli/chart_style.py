"""How charts look, on a light and on a dark page: colours, and the frame around a plot."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ml_service.cli.svg import Drawing, Point

TICK_SIZE = 12.0
TITLE_SIZE = 16.0


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours that stay apart for all kinds of colour vision. Source of blue and orange: Okabe
    and Ito, Color Universal Design, 2008; lighter on the dark ground.
    """

    ground: str
    ink: str
    faint: str
    blue: str
    orange: str
    shades: tuple[str, ...]


LIGHT = Theme(
    ground="#ffffff",
    ink="#1f2933",
    faint="#d5dbe1",
    blue="#0072b2",
    orange="#d55e00",
    shades=("#ffffff", "#cfe3f1", "#74b3d8", "#0072b2", "#06365a"),
)
DARK = Theme(
    ground="#14191f",
    ink="#e4e9ee",
    faint="#39434d",
    blue="#56b4e9",
    orange="#f0a04b",
    shades=("#14191f", "#123a57", "#1f6a9c", "#56b4e9", "#d6effd"),
)


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot's place in a drawing, in pixels, and the values at its edges."""

    drawing: Drawing
    theme: Theme
    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> Point:
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def frame(self, across: Sequence[float], up: Sequence[float], *, tell_across: bool) -> None:
        """Faint lines at the values, with their numbers left of them and, if told, below."""
        faint, ink = self.theme.faint, self.theme.ink
        bottom = self.top + self.height
        for value in across:
            x, _ = self.at(value, self.y[0])
            self.drawing.line([(x, self.top), (x, bottom)], color=faint)
            if tell_across:
                place = (x, bottom + 18)
                self.drawing.text(place, number(value), color=ink, size=TICK_SIZE, anchor="middle")
        for value in up:
            _, y = self.at(self.x[0], value)
            self.drawing.line([(self.left, y), (self.left + self.width, y)], color=faint)
            place = (self.left - 7, y + 4)
            self.drawing.text(place, number(value), color=ink, size=TICK_SIZE, anchor="end")

    def name_across(self, said: str) -> None:
        place = (self.left + self.width / 2, self.top + self.height + 40)
        self.drawing.text(place, said, color=self.theme.ink, anchor="middle")

    def name_up(self, said: str) -> None:
        place = (self.left - 46, self.top + self.height / 2)
        self.drawing.text(place, said, color=self.theme.ink, anchor="middle", turned=-90)

    def title(self, said: str) -> None:
        place = (self.left, self.top - 18)
        self.drawing.text(place, said, color=self.theme.ink, size=TITLE_SIZE, bold=True)


def number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def round_steps(low: float, high: float, *, most: int) -> list[float]:
    """Between both, at steps of 1, 2 or 5 times a power of ten, ``most`` of them at most."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(at * step, 10) for at in range(first, last + 1)]


def shade(share: float, theme: Theme) -> str:
    """A colour between those of the theme: the first for 0, the last for 1."""
    place = min(max(share, 0), 1) * (len(theme.shades) - 1)
    at = min(int(place), len(theme.shades) - 2)
    low, high = _parts(theme.shades[at]), _parts(theme.shades[at + 1])
    mixed = (round(a + (b - a) * (place - at)) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def readable_on(color: str, theme: Theme) -> str:
    """The ink or the ground, whichever stands out more.

    Source: Web Content Accessibility Guidelines 2.2, contrast ratio.
    """
    light = _luminance(color)

    def contrast(other: str) -> float:
        pair = sorted([light, _luminance(other)])
        return (pair[1] + 0.05) / (pair[0] + 0.05)

    return max((theme.ink, theme.ground), key=contrast)


def width_of(said: str, *, size: float) -> float:
    """About so many pixels: fonts differ, and wide letters take twice the room."""
    wide = sum(unicodedata.east_asian_width(letter) in {"W", "F"} for letter in said)
    return size * (0.56 * (len(said) - wide) + wide)


def _luminance(color: str) -> float:
    shares = (part / 255 for part in _parts(color))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
