"""One prediction as a person at a terminal wants to read it."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ml_service.domain.ats_report import AtsReport
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.prediction import Analysis, Contribution, NextStep, Prediction

BAR_CELLS = 20

ABSTAINED = {
    "low_confidence": "Not sure enough to name one: read these as directions.",
    "language": "The resume is in a language that the model was not trained on.",
    "short_text": "There is too little text to judge by.",
}


def prediction_view(prediction: Prediction) -> RenderableType:
    analysis = prediction.analysis
    parts: list[RenderableType] = [_careers(analysis), _why(analysis.explanation)]
    if analysis.next_steps:
        parts.append(_next_steps(analysis.next_steps))
    parts += [_ats(analysis.ats), _jobs(prediction.jobs)]
    title = escape(analysis.resume_filename)
    subtitle = f"prediction {prediction.prediction_id}"
    return Panel(Group(*parts), title=title, subtitle=subtitle, box=box.ROUNDED)


def _careers(analysis: Analysis) -> RenderableType:
    table = _table(("Career path", 5), ("O*NET-SOC", 2), ("Confidence", 4))
    for path in analysis.career.career_paths:
        table.add_row(escape(path.title), path.soc_code or "", _bar(path.confidence))
    reason = analysis.career.abstain_reason
    if reason is None:
        return table
    return Group(table, Text(ABSTAINED[reason], style="yellow"))


def _bar(share: float) -> Text:
    filled = round(share * BAR_CELLS)
    return Text("█" * filled + "·" * (BAR_CELLS - filled) + f" {share:4.0%}")


def _why(explanation: tuple[Contribution, ...]) -> RenderableType:
    table = _table(("Why: passages that moved the answer", 8), ("Moved by", 2), ("Page", 1))
    for item in explanation:
        style = "green" if item.contribution > 0 else "red"
        change = Text(f"{item.contribution:+.3f}", style=style)
        table.add_row(escape(_shortened(item.text)), change, str(item.page))
    return table


def _next_steps(steps: tuple[NextStep, ...]) -> RenderableType:
    table = _table(("Next steps", 4), ("Median wage", 2), ("Skills to add", 5))
    for step in steps:
        wage = "" if step.median_wage is None else f"${step.median_wage:,}"
        table.add_row(escape(step.title), wage, escape(", ".join(step.missing_skills[:4])))
    return table


def _ats(report: AtsReport) -> RenderableType:
    table = _table((f"ATS score {report.ats_score:g} of 100", 4), ("Points", 2), ("What to do", 5))
    for check in report.checks:
        points = "skipped" if check.status == "skipped" else f"{check.earned:g}/{check.weight:g}"
        table.add_row(escape(check.title), points, escape(check.fix or ""))
    if report.cap is None:
        return table
    return Group(table, Text(f"Capped at {report.cap.limit:g}: {report.cap.reason}", "yellow"))


def _jobs(jobs: JobsOutcome) -> RenderableType:
    if not jobs.postings:
        return Text(f"Jobs: {jobs.status.replace('_', ' ')}", style="dim")
    table = _table(("Jobs", 5), ("Employer", 4), ("Similarity", 2))
    for posting in jobs.postings:
        similarity = "" if posting.similarity is None else f"{posting.similarity:.2f}"
        table.add_row(escape(posting.title), escape(posting.employer_name or ""), similarity)
    return table


def _table(*columns: tuple[str, int]) -> Table:
    """Headings with the share of the width that each column gets."""
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for heading, ratio in columns:
        table.add_column(heading, ratio=ratio, overflow="fold")
    return table


def _shortened(text: str, limit: int = 220) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
