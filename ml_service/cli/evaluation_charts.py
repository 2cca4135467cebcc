"""The charts of an evaluation as PNG. To be imported where one is drawn: see ``chart_style``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_rgba

from ml_service.career.evaluation import N_BINS, CalibrationError
from ml_service.career.evaluation_tables import AtThreshold, ConfidenceBin
from ml_service.cli.chart_style import Theme, drawing, png, quiet
from ml_service.cli.confusion import ConfusionMatrix

CELL = 0.34
FEW_CELLS = 3.4
LABEL_CHARACTERS = 32
LABEL_GAP = 0.06
MOST_BELOW = 0.75
Rgba = tuple[float, float, float, float]


def draw_confusion(matrix: ConfusionMatrix, *, name: Callable[[str], str], theme: Theme) -> bytes:
    """Shades are shares of a row; the numbers in the cells are documents."""
    n_rows, n_columns = matrix.counts.shape
    cell = max(CELL, FEW_CELLS / n_columns)
    with drawing(theme, width=3.6 + cell * n_columns, height=2.6 + cell * n_rows) as figure:
        axes = figure.add_subplot()
        shades = LinearSegmentedColormap.from_list("shades", theme.shades)
        image = axes.imshow(matrix.shares, cmap=shades, vmin=0, vmax=1)
        _name_cells(axes, matrix, name)
        _number_cells(axes, matrix, shades, theme)
        axes.set(xlabel="answered", ylabel="label", title=_confusion_title(matrix))
        bar = figure.colorbar(image, ax=axes, shrink=0.6, pad=0.02, aspect=18)
        bar.set_label("share of the row")
        bar.outline.set_visible(False)
        return png(figure)


def draw_reliability(
    bins: Sequence[ConfidenceBin], error: CalibrationError, *, theme: Theme
) -> bytes:
    """How often what was said with this confidence is right, over how often it was said."""
    with drawing(theme, width=6.0, height=6.4) as figure:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
        above.plot([0, 1], [0, 1], color=theme.ink, linewidth=1, linestyle=(0, (4, 4)))
        _draw_bins(above, bins, theme)
        said = (
            f"ECE {error.ece:.3f} ({error.low:.3f} to {error.high:.3f})\n"
            f"floor {error.floor:.3f}, n = {sum(row.n for row in bins):,}"
        )
        above.text(0.98, 0.03, said, transform=above.transAxes, horizontalalignment="right")
        above.set(ylim=(-0.02, 1.02), ylabel="share that is right", title="Is the confidence true?")
        below.bar(
            [(row.low + row.high) / 2 for row in bins],
            [row.n for row in bins],
            width=0.9 / N_BINS,
            color=theme.blue,
        )
        below.set(xlim=(0, 1), xlabel="confidence of the first answer", ylabel="documents")
        for axes in (above, below):
            quiet(axes, theme)
        return png(figure)


def _draw_bins(axes: Axes, bins: Sequence[ConfidenceBin], theme: Theme) -> None:
    """Each bin with the interval of its accuracy, and its gap to the diagonal."""
    confidence = np.array([row.confidence for row in bins])
    accuracy = np.array([row.accuracy for row in bins])
    below = accuracy - np.array([row.interval.low for row in bins])
    above = np.array([row.interval.high for row in bins]) - accuracy
    axes.vlines(confidence, confidence, accuracy, color=theme.orange, linewidth=7, alpha=0.5)
    axes.errorbar(
        confidence,
        accuracy,
        yerr=np.maximum([below, above], 0),
        fmt="o-",
        color=theme.blue,
        markersize=5,
        linewidth=1.4,
        elinewidth=1,
        capsize=2.5,
    )


def draw_thresholds(rows: Sequence[AtThreshold], *, own: float, theme: Theme) -> bytes:
    """What more silence buys: the right answers among the given ones, by the share given."""
    known = [(row, row.accuracy) for row in rows if row.accuracy is not None]
    with drawing(theme, width=6.0, height=4.6) as figure:
        axes = figure.add_subplot()
        coverage = [row.coverage for row, _ in known]
        axes.plot(coverage, [right for _, right in known], "o-", color=theme.blue, markersize=4)
        for row, right in _apart(known):
            at = (row.coverage, right)
            _note(axes, f"{row.threshold:.2f}", at, color=theme.ink, right=True)
        for row, right in known:
            if row.threshold == own:
                axes.plot(row.coverage, right, "D", color=theme.orange, markersize=8)
                said = f"this model's: {own:.2f}"
                _note(axes, said, (row.coverage, right), color=theme.orange, right=False)
        lowest = min((right for _, right in known), default=0.0)
        axes.set(
            xlim=(0, 1.05),
            ylim=(min(lowest - 0.05, MOST_BELOW), 1.03),
            xlabel="share of the documents that is answered",
            ylabel="share of the answers that is right",
            title="What abstaining below a confidence buys",
        )
        quiet(axes, theme)
        return png(figure)


def _note(axes: Axes, said: str, at: tuple[float, float], *, color: str, right: bool) -> None:
    """Above to the right of its point or below to the left: the curve falls."""
    axes.annotate(
        said,
        at,
        xytext=(5, 4) if right else (-8, -12),
        textcoords="offset points",
        horizontalalignment="left" if right else "right",
        fontsize=8,
        color=color,
    )


def _apart(known: Sequence[tuple[AtThreshold, float]]) -> Iterator[tuple[AtThreshold, float]]:
    """Points far enough from the one that was named last for another name."""
    last = -1.0
    for row, right in reversed(known):
        if row.coverage - last >= LABEL_GAP:
            last = row.coverage
            yield row, right


def _name_cells(axes: Axes, matrix: ConfusionMatrix, name: Callable[[str], str]) -> None:
    n_rows, n_columns = matrix.counts.shape
    axes.set_xticks(np.arange(n_columns), [_short(name(label)) for label in matrix.columns])
    axes.set_yticks(np.arange(n_rows), [_short(name(label)) for label in matrix.rows])
    for label in axes.get_xticklabels():
        label.set(rotation=45, horizontalalignment="right", rotation_mode="anchor")
    axes.set_xticks(np.arange(n_columns + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(n_rows + 1) - 0.5, minor=True)
    axes.grid(which="minor", linewidth=0.5)
    axes.tick_params(which="both", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _number_cells(axes: Axes, matrix: ConfusionMatrix, shades: Colormap, theme: Theme) -> None:
    for row, column in np.argwhere(matrix.counts):
        axes.text(
            column,
            row,
            f"{matrix.counts[row, column]}",
            fontsize=7,
            horizontalalignment="center",
            verticalalignment="center",
            color=_readable_on(shades(matrix.shares[row, column]), theme),
        )


def _readable_on(color: Rgba, theme: Theme) -> str:
    """The ink or the ground, whichever stands out more.

    Source: Web Content Accessibility Guidelines 2.2, contrast ratio.
    """
    light = _luminance(color)

    def contrast(other: str) -> float:
        pair = sorted([light, _luminance(to_rgba(other))])
        return (pair[1] + 0.05) / (pair[0] + 0.05)

    return max((theme.ink, theme.ground), key=contrast)


def _luminance(color: Rgba) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _confusion_title(matrix: ConfusionMatrix) -> str:
    if not matrix.is_cut:
        return f"Right labels and answers, {matrix.n_labels} labels"
    n_shown = len(matrix.rows) - 1
    chosen = f"the {n_shown} most confused or most frequent of {matrix.n_labels}"
    return f"Right labels and answers: {chosen}"


def _short(label: str) -> str:
    whole = len(label) <= LABEL_CHARACTERS
    return label if whole else label[: LABEL_CHARACTERS - 1].rstrip() + "…"
