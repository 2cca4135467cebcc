"""The figures of an evaluation as a table that can be pasted into a page."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table

from ml_service.use_cases.evaluate_model import Accuracy, Evaluation


def evaluation_view(evaluation: Evaluation, *, hide_title: bool) -> RenderableType:
    parts = [_documents(evaluation)]
    if evaluation.accuracy is not None:
        parts.append(_accuracy(evaluation.accuracy, hide_title=hide_title))
    parts.append(_stages(evaluation))
    return Group(*parts)


def _documents(evaluation: Evaluation) -> Table:
    table = _table("Documents", "Number")
    table.add_row("given", str(evaluation.n_documents))
    table.add_row("read", str(evaluation.n_read))
    for code, count in sorted(evaluation.refused.items()):
        table.add_row(f"refused: {code}", str(count))
    table.add_row("abstained", str(evaluation.n_abstained))
    return table


def _accuracy(accuracy: Accuracy, *, hide_title: bool) -> Table:
    title = "title line hidden" if hide_title else "title line shown"
    table = _table(f"Accuracy, {title}, n={accuracy.n_judged}", "Figure")
    table.add_row("top-1", f"{accuracy.top_1:.3f}")
    table.add_row("top-3", f"{accuracy.top_3:.3f}")
    table.add_row("top-5", f"{accuracy.top_5:.3f}")
    table.add_row("macro-F1", f"{accuracy.macro_f1:.3f}")
    error = accuracy.calibration
    table.add_row("ECE (95 % interval)", f"{error.ece:.3f} ({error.low:.3f} to {error.high:.3f})")
    table.add_row("ECE floor at this n", f"{error.floor:.3f}")
    for share, right in accuracy.coverage.items():
        table.add_row(f"right among the surest {share:.0%}", f"{right:.3f}")
    return table


def _stages(evaluation: Evaluation) -> Table:
    table = _table("Stage, milliseconds", "Median", "p95")
    for stage, times in evaluation.stages.items():
        table.add_row(stage, f"{times.median_ms:.1f}", f"{times.p95_ms:.1f}")
    return table


def _table(*headings: str) -> Table:
    table = Table(box=box.MARKDOWN)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    return table
