"""The report on an interview as a person at a terminal wants to read it."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ml_service.domain.interview import CriterionScore, InterviewReport
from ml_service.interview.rubric import CRITERIA, HIGHEST, LOWEST

BAR_CELLS = 20
SHORT_BAR_CELLS = 10
FEEDBACK = "Feedback for who practises. Not validated against hiring outcomes, not for selection."


def interview_view(report: InterviewReport, *, title: str) -> RenderableType:
    parts: list[RenderableType] = [_overall(report.overall), _criteria(report)]
    parts += [Text(f"Missing: {sentence}", style="yellow") for sentence in report.missing]
    parts.append(Text(FEEDBACK, style="dim"))
    subtitle = f"rubric {report.rubric_version}"
    return Panel(Group(*parts), title=escape(title), subtitle=subtitle, box=box.ROUNDED)


def _overall(overall: float | None) -> Text:
    if overall is None:
        return Text("Overall: not assessed", style="bold")
    return Text(f"Overall {overall:g} of 100  ", style="bold").append(_bar(overall / 100))


def _criteria(report: InterviewReport) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, show_lines=True)
    table.add_column("Criterion", ratio=3)
    table.add_column("1 to 5", ratio=3, min_width=SHORT_BAR_CELLS + 4)
    table.add_column("Weight", no_wrap=True, justify="right")
    table.add_column("What was said, and advice", ratio=7, overflow="fold")
    for one in report.criteria:
        said = Group(*_said(one))
        table.add_row(CRITERIA[one.criterion].title, _score(one), f"{one.weight:.0%}", said)
    return table


def _score(one: CriterionScore) -> Text:
    if one.score is None:
        return Text("not assessed", style="dim")
    share = (one.score - LOWEST) / (HIGHEST - LOWEST)
    text = Text(f"{one.score:g} ").append(_bar(share, cells=SHORT_BAR_CELLS))
    if one.disagreement:
        text.append(f"\nthe services differ by {one.disagreement:g}", style="yellow")
    return text


def _said(one: CriterionScore) -> Iterator[Text]:
    for said in one.evidence:
        yield Text(f"turn {said.turn + 1}: ", style="cyan").append(f"“{said.text}”", style="none")
    yield Text(one.advice, style="green")


def _bar(share: float, *, cells: int = BAR_CELLS) -> Text:
    filled = round(share * cells)
    return Text("█" * filled + "·" * (cells - filled), style="none")
