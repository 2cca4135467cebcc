"""The charts of an evaluation as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ml_service.career.evaluation import CalibrationError
from ml_service.career.evaluation_tables import AtThreshold, ConfidenceBin
from ml_service.cli.chart_style import (
    TICK_SIZE,
    TITLE_SIZE,
    Plot,
    Theme,
    readable_on,
    round_steps,
    shade,
    width_of,
)
from ml_service.cli.confusion import ConfusionMatrix
from ml_service.cli.svg import Drawing
from ml_service.domain.shares import N_BINS

LABEL_CHARACTERS = 32
LABEL_GAP = 0.06
MOST_BELOW = 0.75

_CELL = 34.0
_FEW_CELLS = 340.0
_SHARES = (0, 0.2, 0.4, 0.6, 0.8, 1)
_TURNED = 45


def draw_reliability(
    bins: Sequence[ConfidenceBin], error: CalibrationError, *, theme: Theme
) -> bytes:
    """How often what was said with this confidence is right, over how often it was said."""
    drawing = Drawing(600, 640, ground=theme.ground)
    above = Plot(drawing, theme, 80, 60, 490, 400, x=(0, 1), y=(-0.02, 1.02))
    above.title("Is the confidence true?")
    above.name_up("share that is right")
    above.frame(_SHARES, _SHARES, tell_across=False)
    above.drawing.line([above.at(0, 0), above.at(1, 1)], color=theme.ink, dashes="5 5")
    _draw_bins(above, bins)
    _draw_error(above, error, n=sum(row.n for row in bins))
    most = max((row.n for row in bins), default=1)
    below = Plot(drawing, theme, 80, 480, 490, 100, x=(0, 1), y=(0, most * 1.05))
    below.frame(_SHARES, [n for n in round_steps(0, most, most=3) if n % 1 == 0], tell_across=True)
    below.name_up("documents")
    below.name_across("confidence of the first answer")
    _draw_counts(below, bins)
    return drawing.svg()


def _draw_bins(plot: Plot, bins: Sequence[ConfidenceBin]) -> None:
    """Each bin with the interval of its accuracy, and its gap to the diagonal."""
    theme, drawing = plot.theme, plot.drawing
    for row in bins:
        x, said = plot.at(row.confidence, row.confidence)
        true = plot.at(row.confidence, row.accuracy)[1]
        drawing.box(x - 5, min(said, true), 10, abs(said - true), fill=theme.orange, opacity=0.5)
    for row in bins:
        x, low = plot.at(row.confidence, row.interval.low)
        high = plot.at(row.confidence, row.interval.high)[1]
        drawing.line([(x, low), (x, high)], color=theme.blue, width=1.4)
        for end in (low, high):
            drawing.line([(x - 4, end), (x + 4, end)], color=theme.blue, width=1.4)
    points = [plot.at(row.confidence, row.accuracy) for row in bins]
    drawing.line(points, color=theme.blue, width=2)
    for point in points:
        drawing.dot(point, radius=4, fill=theme.blue)


def _draw_error(plot: Plot, error: CalibrationError, *, n: int) -> None:
    said = (
        f"ECE {error.ece:.3f} ({error.low:.3f} to {error.high:.3f})",
        f"floor {error.floor:.3f}, n = {n:,}",
    )
    right, bottom = plot.left + plot.width - 10, plot.top + plot.height - 34
    for row, line in enumerate(said):
        place = (right, bottom + 19 * row)
        plot.drawing.text(place, line, color=plot.theme.ink, anchor="end")


def _draw_counts(plot: Plot, bins: Sequence[ConfidenceBin]) -> None:
    for row in bins:
        gap = 0.05 / N_BINS
        x, top = plot.at(row.low + gap, row.n)
        right, bottom = plot.at(row.high - gap, 0)
        plot.drawing.box(x, top, right - x, bottom - top, fill=plot.theme.blue)


def draw_thresholds(rows: Sequence[AtThreshold], *, own: float, theme: Theme) -> bytes:
    """What more silence buys: the right answers among the given ones, by the share given."""
    known = [(row, row.accuracy) for row in rows if row.accuracy is not None]
    lowest = min((right for _, right in known), default=0.0)
    bottom = min(lowest - 0.05, MOST_BELOW)
    drawing = Drawing(600, 460, ground=theme.ground)
    plot = Plot(drawing, theme, 80, 60, 490, 330, x=(0, 1.05), y=(bottom, 1.03))
    plot.title("What abstaining below a confidence buys")
    plot.name_up("share of the answers that is right")
    plot.name_across("share of the documents that is answered")
    plot.frame(_SHARES, round_steps(bottom, 1, most=6), tell_across=True)
    points = [plot.at(row.coverage, right) for row, right in known]
    drawing.line(points, color=theme.blue, width=2)
    for point in points:
        drawing.dot(point, radius=3.5, fill=theme.blue)
    for row, right in _apart(known):
        x, y = plot.at(row.coverage, right)
        drawing.text((x + 6, y - 6), f"{row.threshold:.2f}", color=theme.ink, size=11)
    for row, right in known:
        if row.threshold == own:
            x, y = plot.at(row.coverage, right)
            drawing.diamond((x, y), radius=7, fill=theme.orange)
            said, place = f"this model's: {own:.2f}", (x - 10, y + 17)
            drawing.text(place, said, color=theme.orange, size=11, anchor="end")
    return drawing.svg()


def _apart(known: Sequence[tuple[AtThreshold, float]]) -> Iterator[tuple[AtThreshold, float]]:
    """Points far enough from the one that was named last for another name."""
    last = -1.0
    for row, right in reversed(known):
        if row.coverage - last >= LABEL_GAP:
            last = row.coverage
            yield row, right


def draw_confusion(matrix: ConfusionMatrix, *, name: Callable[[str], str], theme: Theme) -> bytes:
    """Shades are shares of a row; the numbers in the cells are documents."""
    n_rows, n_columns = matrix.counts.shape
    cell = max(_CELL, _FEW_CELLS / n_columns)
    rows = [_short(name(label)) for label in matrix.rows]
    columns = [_short(name(label)) for label in matrix.columns]
    left = 50 + max(width_of(label, size=TICK_SIZE) for label in rows)
    slope = max(width_of(label, size=TICK_SIZE) for label in columns) * 0.72
    left = max(left, slope + 12 - cell / 2)  # the first column's name begins left of its cell
    title = _confusion_title(matrix)
    width = max(left + n_columns * cell + 110, left + width_of(title, size=TITLE_SIZE) + 20)
    drawing = Drawing(width, 60 + n_rows * cell + slope + 56, ground=theme.ground)
    plot = Plot(
        drawing, theme, left, 60, n_columns * cell, n_rows * cell, x=(0, n_columns), y=(n_rows, 0)
    )
    plot.title(title)
    _draw_cells(plot, matrix, cell)
    _name_cells(plot, rows, columns, cell=cell, slope=slope)
    _draw_scale(plot)
    return drawing.svg()


def _draw_cells(plot: Plot, matrix: ConfusionMatrix, cell: float) -> None:
    drawing, theme = plot.drawing, plot.theme
    drawing.box(plot.left - 1, plot.top - 1, plot.width + 2, plot.height + 2, fill=theme.faint)
    for (row, column), share in np.ndenumerate(matrix.shares):
        x, y = plot.left + column * cell, plot.top + row * cell
        drawing.box(x + 0.5, y + 0.5, cell - 1, cell - 1, fill=shade(float(share), theme))
    for row, column in np.argwhere(matrix.counts):
        place = (plot.left + (column + 0.5) * cell, plot.top + (row + 0.5) * cell + 4)
        on = shade(float(matrix.shares[row, column]), theme)
        said = f"{matrix.counts[row, column]}"
        drawing.text(place, said, color=readable_on(on, theme), size=10.5, anchor="middle")


def _name_cells(
    plot: Plot, rows: Sequence[str], columns: Sequence[str], *, cell: float, slope: float
) -> None:
    drawing, ink = plot.drawing, plot.theme.ink
    bottom = plot.top + plot.height
    for at, said in enumerate(rows):
        place = (plot.left - 8, plot.top + (at + 0.5) * cell + 4)
        drawing.text(place, said, color=ink, size=TICK_SIZE, anchor="end")
    for at, said in enumerate(columns):
        place = (plot.left + (at + 0.5) * cell + 4, bottom + 16)
        drawing.text(place, said, color=ink, size=TICK_SIZE, anchor="end", turned=-_TURNED)
    middle = plot.left + plot.width / 2
    drawing.text((middle, bottom + slope + 44), "answered", color=ink, anchor="middle")
    drawing.text((20, plot.top + plot.height / 2), "label", color=ink, anchor="middle", turned=-90)


def _draw_scale(plot: Plot) -> None:
    """Which shade means which share."""
    drawing, theme = plot.drawing, plot.theme
    left, height, n_steps = plot.left + plot.width + 24, min(plot.height, 300), 60
    for step in range(n_steps):
        top = plot.top + height * (1 - (step + 1) / n_steps)
        drawing.box(left, top, 14, height / n_steps + 0.5, fill=shade(step / (n_steps - 1), theme))
    for share in (0, 0.5, 1):
        place = (left + 20, plot.top + height * (1 - share) + 4)
        drawing.text(place, f"{share:g}", color=theme.ink, size=TICK_SIZE)
    middle = (left + 62, plot.top + height / 2)
    drawing.text(middle, "share of the row", color=theme.ink, anchor="middle", turned=-90)


def _confusion_title(matrix: ConfusionMatrix) -> str:
    if not matrix.is_cut:
        return f"Right labels and answers, {matrix.n_labels} labels"
    n_shown = len(matrix.rows) - 1
    chosen = f"the {n_shown} most confused or most frequent of {matrix.n_labels}"
    return f"Right labels and answers: {chosen}"


def _short(label: str) -> str:
    whole = len(label) <= LABEL_CHARACTERS
    return label if whole else label[: LABEL_CHARACTERS - 1].rstrip() + "…"
