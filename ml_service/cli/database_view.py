"""What upkeep of the database says, as tables."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from ml_service.domain.upkeep import Finding, Manifest


def backup_view(manifest: Manifest, file: Path, *, n_bytes: int) -> RenderableType:
    table = _table("Table", "Rows")
    for copy in manifest.tables:
        table.add_row(copy.name, f"{copy.rows:,}")
    made = manifest.created_at.isoformat(timespec="seconds")
    written = f"Written: {escape(str(file))}, {n_bytes:,} bytes, as it stood at {made}"
    return Group(table, written)


def check_view(findings: tuple[Finding, ...]) -> RenderableType:
    table = _table("Looked at", "Number", "Wrong")
    for finding in findings:
        table.add_row(finding.name, f"{finding.n_checked:,}", f"{finding.n_problems:,}")
    return Group(table, *_problems(findings), _verdict(findings))


def _problems(findings: tuple[Finding, ...]) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for finding in findings:
        lines += [f"[red]{finding.name}[/]: {escape(problem)}" for problem in finding.problems]
        left = finding.n_problems - len(finding.problems)
        if left:
            lines.append(f"[red]{finding.name}[/]: and {left:,} more")
    return lines


def _verdict(findings: tuple[Finding, ...]) -> str:
    if all(finding.ok for finding in findings):
        return "The database is whole."
    return "Something is wrong. Keep a copy of the database as it is, then restore a backup."


def _table(*headings: str) -> Table:
    table = Table(box=box.MARKDOWN)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    return table
