"""The figures of an evaluation as tables that can be pasted into a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ml_service.career.evaluation_tables import AnswerCount, AtThreshold, ClassFigures
from ml_service.cli.evaluated import Evaluated
from ml_service.use_cases.evaluate_model import Accuracy, Evaluation

ALL_CLASSES = 40
MOST_FREQUENT = 20
CONFUSIONS = 10

NONE = "–"
Name = Callable[[str], str]


def evaluation_view(evaluated: Evaluated) -> RenderableType:
    return Group(*_parts(evaluated))


def _parts(evaluated: Evaluated) -> Iterator[RenderableType]:
    evaluation = evaluated.evaluation
    yield _documents(evaluation)
    yield from (Text(note) for note in evaluated.notes)
    if evaluation.accuracy is not None:
        accuracy, name = evaluation.accuracy, evaluated.name_of
        yield _accuracy(accuracy, evaluated)
        yield from _classes(accuracy.classes, name)
        if any(wrong(pair) for pair in accuracy.answers):
            yield _confusions(accuracy.answers, name)
        yield _thresholds(accuracy.thresholds, own=evaluation.threshold)
        yield _prediction_sets(accuracy)
    yield _stages(evaluation)


def wrong(pair: AnswerCount) -> bool:
    return pair.right != pair.answered


def most_frequent(classes: Sequence[ClassFigures]) -> Sequence[ClassFigures]:
    return sorted(classes, key=lambda figures: (-figures.n, figures.label))[:MOST_FREQUENT]


def of_threshold(rows: Sequence[AtThreshold], *, own: float) -> Iterator[AtThreshold]:
    """Every second step, and the model's own."""
    for row in rows:
        if row.threshold == own or round(row.threshold * 100) % 10 == 0:
            yield row


def figure(value: float | None, digits: int = 3) -> str:
    return NONE if value is None else f"{value:.{digits}f}"


def _documents(evaluation: Evaluation) -> Table:
    table = _table("Documents", "Number")
    table.add_row("given", str(evaluation.n_documents))
    table.add_row("with text", str(evaluation.n_read))
    for code, count in sorted(evaluation.refused.items()):
        table.add_row(f"refused: {code}", str(count))
    table.add_row("abstained", str(evaluation.n_abstained))
    for reason, count in sorted(evaluation.abstained.items()):
        table.add_row(f"abstained: {reason}", str(count))
    return table


def _accuracy(accuracy: Accuracy, evaluated: Evaluated) -> Table:
    title = "title line hidden" if evaluated.hide_title else "title line shown"
    table = _table(f"Accuracy, {title}, by {evaluated.judged_by}, n={accuracy.n_judged}", "Figure")
    interval = accuracy.top_1_interval
    table.add_row(
        "top-1 (95 % interval)",
        f"{accuracy.top_1:.3f} ({interval.low:.3f} to {interval.high:.3f})",
    )
    table.add_row("top-3", f"{accuracy.top_3:.3f}")
    table.add_row("top-5", f"{accuracy.top_5:.3f}")
    table.add_row("macro-F1", f"{accuracy.macro_f1:.3f}")
    error = accuracy.calibration
    table.add_row("ECE (95 % interval)", f"{error.ece:.3f} ({error.low:.3f} to {error.high:.3f})")
    table.add_row("ECE floor at this n", f"{error.floor:.3f}")
    for share, right in accuracy.coverage.items():
        table.add_row(f"right among the surest {share:.0%}", f"{right:.3f}")
    return table


def _classes(classes: Sequence[ClassFigures], name: Name) -> Iterator[RenderableType]:
    table = _table("Label", "n", "Precision", "Recall", "F1")
    shown = classes if len(classes) <= ALL_CLASSES else most_frequent(classes)
    for row in shown:
        table.add_row(
            Text(name(row.label)),
            str(row.n),
            figure(row.precision),
            figure(row.recall),
            figure(row.f1),
        )
    yield table
    if len(shown) < len(classes):
        yield f"The {len(shown)} most frequent of {len(classes)} labels; --report lists all."


def _confusions(answers: Sequence[AnswerCount], name: Name) -> Table:
    table = _table("Most often confused: label", "Answered", "n", n_texts=2)
    for pair in [pair for pair in answers if wrong(pair)][:CONFUSIONS]:
        table.add_row(Text(name(pair.right)), Text(name(pair.answered)), str(pair.n))
    return table


def _thresholds(rows: Sequence[AtThreshold], *, own: float) -> Table:
    table = _table("Abstaining below", "Answered", "Right among them")
    for row in of_threshold(rows, own=own):
        mark = " (this model's)" if row.threshold == own else ""
        table.add_row(f"{row.threshold:.2f}{mark}", f"{row.coverage:.3f}", figure(row.accuracy))
    return table


def _prediction_sets(accuracy: Accuracy) -> Table:
    table = _table(
        "Smallest set of answers with", "Reached by", "Holds a right one", "Answers in it"
    )
    for row in accuracy.prediction_sets:
        table.add_row(
            f"confidence {row.level:.2f} in all",
            f"{row.reached:.3f}",
            figure(row.covered),
            figure(row.mean_size, digits=2),
        )
    return table


def _stages(evaluation: Evaluation) -> Table:
    table = _table("Stage, milliseconds", "Median", "p95")
    for stage, times in evaluation.stages.items():
        table.add_row(stage, f"{times.median_ms:.1f}", f"{times.p95_ms:.1f}")
    return table


def _table(*headings: str, n_texts: int = 1) -> Table:
    table = Table(box=box.MARKDOWN)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < n_texts else "right", overflow="fold")
    return table
