"""How far a long command is: a bar for people, a line now and then for logs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ml_service.domain.upkeep import RowWatch

LINE_EVERY_S = 30.0

Note = Callable[[], str]
Advance = Callable[[int], None]


def nothing_to_add() -> str:
    return ""


@contextmanager
def shown_progress(
    what: str,
    *,
    total: int | None,
    console: Console,
    quiet: bool = False,
    note: Note = nothing_to_add,
) -> Iterator[Advance]:
    """Yields a function that is told how many more are done. ``note`` is asked what else to say."""
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with _bar(console) as bar:
            task = bar.add_task(what, total=total, note=note())
            yield lambda count: bar.update(task, advance=count, note=note())
    else:
        lines = _Lines(what, total=total, console=console, note=note)
        yield lines.advance
        lines.end()


@contextmanager
def watched(what: str, *, console: Console, quiet: bool) -> Iterator[RowWatch]:
    """For work that says itself how much there is, once it knows."""
    with ExitStack() as stack:
        yield _Watch(
            lambda total: stack.enter_context(
                shown_progress(what, total=total, console=console, quiet=quiet)
            )
        )


class _Watch:
    def __init__(self, begin: Callable[[int], Advance]) -> None:
        self._begin = begin
        self._advance: Advance = lambda _: None

    def started(self, n_rows: int) -> None:
        self._advance = self._begin(n_rows)

    def advanced(self, n_rows: int) -> None:
        self._advance(n_rows)


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
    )


class _Rate(TextColumn):
    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.1f}/s", style="dim")


class _Lines:
    """For output that goes to a file or another program."""

    def __init__(self, what: str, *, total: int | None, console: Console, note: Note) -> None:
        self._what = what
        self._total = total
        self._console = console
        self._note = note
        self._done = 0
        self._begin = self._told_at = time.monotonic()

    def advance(self, count: int) -> None:
        self._done += count
        if time.monotonic() - self._told_at >= LINE_EVERY_S:
            self._told_at = time.monotonic()
            self._tell()

    def end(self) -> None:
        self._tell()

    def _tell(self) -> None:
        passed_s = max(time.monotonic() - self._begin, 1e-3)
        rate = self._done / passed_s
        of, left = "", ""
        if self._total is not None:
            of = f"/{self._total:,}"
            if 0 < self._done < self._total:
                left = f", {(self._total - self._done) / rate:,.0f} s left"
        said = f"{self._done:,}{of} {self._what}, {rate:,.1f}/s{left} {self._note()}"
        self._console.print(said.rstrip(), highlight=False, markup=False, soft_wrap=True)
