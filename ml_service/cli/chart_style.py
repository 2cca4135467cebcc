"""How charts look, on a light and on a dark page.

Imports matplotlib, which takes a second: to be imported where a chart is drawn. Figures are made
without pyplot, which would keep each of them for the whole process.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.typing import RcKeyType

DPI = 160
FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans", "Arial Unicode MS")
"""Those that this machine has, in this order: DejaVu Sans comes with matplotlib."""


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


@contextmanager
def drawing(theme: Theme, *, width: float, height: float) -> Iterator[Figure]:
    """Inches. Labels in scripts that no font here has are told by the tables beside the chart."""
    with rc_context(_style(theme)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure


def quiet(axes: Axes, theme: Theme) -> None:
    axes.grid(color=theme.faint, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(theme.faint)


def png(figure: Figure) -> bytes:
    """The same figure gives the same bytes."""
    stream = io.BytesIO()
    figure.savefig(
        stream,
        format="png",
        bbox_inches="tight",
        pad_inches=0.15,
        metadata={"Software": None},
        pil_kwargs={"optimize": True},
    )
    return stream.getvalue()


def _style(theme: Theme) -> dict[RcKeyType, Any]:
    installed = set(font_manager.get_font_names())
    return {
        "font.family": [family for family in FONTS if family in installed],
        "font.size": 9.5,
        "text.parse_math": False,  # a label with two dollar signs is no formula
        "axes.titlesize": 12,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 12,
        "figure.facecolor": theme.ground,
        "axes.facecolor": theme.ground,
        "text.color": theme.ink,
        "axes.labelcolor": theme.ink,
        "axes.titlecolor": theme.ink,
        "xtick.color": theme.ink,
        "ytick.color": theme.ink,
        "grid.color": theme.faint,
    }
