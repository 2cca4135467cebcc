"""What a bulk run came to, by reason."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from ml_service.use_cases.analyse_folder import BulkTally
from ml_service.use_cases.find_documents import FoundDocuments


def bulk_view(
    tally: BulkTally, found: FoundDocuments, out: Path, *, interrupted: bool
) -> RenderableType:
    table = Table(box=box.MARKDOWN)
    table.add_column("Files")
    table.add_column("Number", justify="right")
    table.add_row("found", f"{tally.total:,}")
    if tally.kept:
        table.add_row("of them done in an earlier run", f"{tally.kept:,}")
    table.add_row("analysed", f"{tally.analysed:,}")
    for reason, count in sorted(tally.abstained.items()):
        table.add_row(f"of them abstained: {reason}", f"{count:,}")
    for (status, code), count in sorted(tally.unhappy.items()):
        table.add_row(f"{status}: {code}", f"{count:,}")
    for reason, count in sorted(found.left_out.items()):
        table.add_row(f"not looked at: {escape(reason)}", f"{count:,}")
    return Group(table, _last_line(tally, out, interrupted=interrupted))


def _last_line(tally: BulkTally, out: Path, *, interrupted: bool) -> str:
    if interrupted and not tally.done:
        return "Stopped before the first file. Run it again to go on."
    if interrupted:
        left = tally.total - tally.done
        return (
            f"Stopped with {left:,} left. {escape(str(out))} holds the rest; run it again to go on."
        )
    return f"Written: {escape(str(out))}"
