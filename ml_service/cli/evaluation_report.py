"""An evaluation as a page that needs nothing else, the same figures as JSON, charts as SVG."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from ml_service.cli.chart_style import DARK, LIGHT, Theme
from ml_service.cli.confusion import MAX_LABELS, confusion_matrix
from ml_service.cli.evaluated import Evaluated
from ml_service.cli.evaluation_charts import draw_confusion, draw_reliability, draw_thresholds
from ml_service.cli.evaluation_view import figure, wrong
from ml_service.cli.new_file import new_file
from ml_service.domain.errors import InvalidRequest
from ml_service.use_cases.evaluate_model import Accuracy

PAGE = "report.html"
FIGURES = "report.json"
TEMPLATE = "evaluation_report.html.j2"
CONFUSIONS = 25


@dataclass(frozen=True, slots=True)
class Chart:
    """SVG; ``light`` is also written as a file of its own."""

    light: bytes
    dark: bytes

    @property
    def light_uri(self) -> str:
        return _data_uri(self.light)

    @property
    def dark_uri(self) -> str:
        return _data_uri(self.dark)


def open_report_folder(folder: Path) -> None:
    """Make it where it is missing. Raises InvalidRequest, before the long work, where it cannot
    be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidRequest(f"{folder} cannot be made: {reason}.", field="report") from error


def write_report(evaluated: Evaluated, folder: Path) -> None:
    """``report.html``, ``report.json`` and the charts; what an earlier report left is replaced.

    None holds text of a resume. Raises InvalidRequest where nothing can be written.
    """
    accuracy = evaluated.evaluation.accuracy
    charts = {} if accuracy is None else _charts(evaluated, accuracy)
    for name, chart in charts.items():
        _write(folder / f"{name}.svg", chart.light)
    figures = json.dumps(evaluated.as_json(), indent=2, ensure_ascii=False)
    _write(folder / FIGURES, f"{figures}\n".encode("utf-8", "replace"))
    _write(folder / PAGE, report_page(evaluated, charts).encode("utf-8", "replace"))


def report_page(evaluated: Evaluated, charts: Mapping[str, Chart]) -> str:
    """HTML. ``charts``: ``confusion_matrix``, ``reliability``, ``thresholds``; none where nothing
    was judged.
    """
    accuracy = evaluated.evaluation.accuracy
    answers = accuracy.answers if accuracy else ()
    page = Environment(
        loader=PackageLoader("ml_service.cli", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters["figure"] = figure
    return page.get_template(TEMPLATE).render(
        evaluated=evaluated,
        evaluation=evaluated.evaluation,
        accuracy=accuracy,
        charts=charts,
        name=evaluated.name_of,
        confusions=[pair for pair in answers if wrong(pair)][:CONFUSIONS],
        matrix=confusion_matrix(answers),
        max_labels=MAX_LABELS,
    )


def _charts(evaluated: Evaluated, accuracy: Accuracy) -> dict[str, Chart]:
    matrix = confusion_matrix(accuracy.answers)
    own = evaluated.evaluation.threshold

    def chart(draw: Callable[[Theme], bytes]) -> Chart:
        return Chart(light=draw(LIGHT), dark=draw(DARK))

    return {
        "confusion_matrix": chart(
            lambda theme: draw_confusion(matrix, name=evaluated.short_name_of, theme=theme)
        ),
        "reliability": chart(
            lambda theme: draw_reliability(accuracy.reliability, accuracy.calibration, theme=theme)
        ),
        "thresholds": chart(
            lambda theme: draw_thresholds(accuracy.thresholds, own=own, theme=theme)
        ),
    }


def _write(file: Path, content: bytes) -> None:
    with new_file(file, field="report") as part:
        part.write_bytes(content)


def _data_uri(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")
