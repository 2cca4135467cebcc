"""Mutates documents and runs each through the real reader, the profile, redaction and the score.

    python scripts/fuzz_readers.py --minutes 60 --seed 7 --findings DIR [--seeds DIR ...]

A finding is whatever is neither read nor refused as ``ml_service/domain/errors.py`` says: any other
exception (in a worker as well, where it costs one refusal), a worker that dies, more time or memory
than is allowed, text that cannot be stored, an address that was asked. The first of each kind is
made smaller and kept in the findings folder. Documents that go a new way are mutated further.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz_bytes import mutate_bytes
from fuzz_docx import mutate_docx
from fuzz_findings import Findings
from fuzz_pdf import mutate_pdf
from fuzz_seeds import Kind, Seed, own_seeds, seeds_in
from fuzz_trial import Bench, Trial

from ml_service.extraction.docx.document import read_docx
from ml_service.extraction.limits import ReadingLimits
from ml_service.extraction.pdf.document import read_pdf
from ml_service.extraction.sniffing import sniff
from ml_service.extraction.worker import limit_cpu, prepare

WORKER_ABORTED = "worker: a reading worker ended with -6"
"""PDFium aborts where the limit gives it no memory; that is refused as ``parse_memory``."""
_BYTES_ALONE = 0.12
_MAX_BYTES = 5_000_000
_MAX_KEPT = 800
_KEPT_BELOW_S = 2.0


def main() -> None:
    arguments = _arguments()
    if arguments.read is not None:
        read_here(arguments.read)
        return
    corpus = Corpus(own_seeds(), seeds_in(arguments.seeds))
    findings = Findings(arguments.findings)
    with Bench() as bench:
        tally = fuzz(
            bench,
            corpus,
            findings,
            chance=Random(arguments.seed),  # noqa: S311 - a run that can be repeated, no secret
            minutes=arguments.minutes,
            documents=arguments.documents,
        )
        Console(width=110).print(tally.table(bench, corpus), findings_table(findings))
    if arguments.account is not None:
        arguments.account.write_text(account(tally, findings), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--documents", type=int, default=10**9, help="ends after as many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=Path, nargs="*", default=[], help="folders of documents")
    parser.add_argument("--findings", type=Path, default=Path("findings"))
    parser.add_argument("--account", type=Path, help="write what became of all as JSON")
    parser.add_argument("--read", type=Path, help="only read this file, in this process")
    return parser.parse_args()


def read_here(path: Path) -> None:
    """With a worker's limits, but without its net: an exception comes through with its stack."""
    limits = ReadingLimits()
    prepare(limits)
    limit_cpu(limits.cpu_s)
    document = sniff(path.read_bytes(), filename=path.name)
    if document.kind == "docx":
        text = read_docx(document.content, max_pages=limits.max_pages)
    else:
        text = read_pdf(
            document.content, max_pages=limits.max_pages, second_reading_s=limits.second_reading_s
        )
    print(f"{len(text.lines)} lines, {text.reading}")


class Corpus:
    """Seeds, and mutants that went a way which none went before."""

    def __init__(self, *seeds: Sequence[Seed]) -> None:
        """``seeds`` come in groups, and each group gets as many turns as any other."""
        self.groups = [group for group in seeds if group]
        self.kept: list[Seed] = []
        self._ways: set[tuple[object, ...]] = set()

    @property
    def n_ways(self) -> int:
        return len(self._ways)

    def pick(self, chance: Random, kind: Kind) -> bytes:
        """Of the seeds or of the kept ones, as likely as not; late ones rather than early ones."""
        kept = [seed for seed in self.kept if seed.kind == kind]
        if kept and chance.random() < 0.5:
            late = max(chance.randrange(len(kept)), chance.randrange(len(kept)))
            return kept[late].content
        groups = [[one for one in group if one.kind == kind] for group in self.groups]
        return chance.choice(chance.choice([group for group in groups if group])).content

    def learn(self, kind: Kind, content: bytes, trial: Trial) -> None:
        way = (kind, *trial.likeness)
        if way in self._ways:
            return
        self._ways.add(way)
        if trial.took_s < _KEPT_BELOW_S and trial.step_s < _KEPT_BELOW_S:
            self.kept.append(Seed(kind, content))
            del self.kept[: max(0, len(self.kept) - _MAX_KEPT)]


@dataclass
class Tally:
    """What became of all documents."""

    outcomes: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    slowest: Trial | None = None
    slowest_step_s: float = 0.0
    elapsed_s: float = 0.0

    def add(self, kind: Kind, trial: Trial) -> None:
        self.outcomes[kind, trial.outcome] += 1
        self.slowest_step_s = max(self.slowest_step_s, trial.step_s)
        if self.slowest is None or trial.took_s > self.slowest.took_s:
            self.slowest = trial

    def table(self, bench: Bench, corpus: Corpus) -> Table:
        total = self.outcomes.total()
        slowest = (
            "-" if self.slowest is None else f"{self.slowest.took_s:.1f} s, {self.slowest.outcome}"
        )
        table = Table(title=f"{total} documents, {self.elapsed_s / 60:.1f} minutes")
        table.add_column("outcome")
        for kind in KINDS:
            table.add_column(kind, justify="right")
        for outcome in sorted({outcome for _, outcome in self.outcomes}):
            table.add_row(outcome, *(str(self.outcomes[kind, outcome]) for kind in KINDS))
        table.add_section()
        table.add_row("ways to go", str(corpus.n_ways))
        table.add_row("slowest to read", slowest)
        table.add_row("slowest step after it", f"{self.slowest_step_s:.2f} s")
        table.add_row("largest worker", f"{bench.memory.largest_bytes / 2**20:.0f} MiB")
        table.add_row("lost workers", str(bench.lost_workers))
        return table


KINDS: tuple[Kind, ...] = ("pdf", "docx")
_MUTATORS: dict[Kind, Callable[..., bytes | None]] = {"pdf": mutate_pdf, "docx": mutate_docx}


def fuzz(
    bench: Bench,
    corpus: Corpus,
    findings: Findings,
    *,
    chance: Random,
    minutes: float,
    documents: int = 10**9,
) -> Tally:
    """Until the minutes are over or as many documents were tried."""
    tally, started = Tally(), time.monotonic()
    with _progress() as progress:
        bar = progress.add_task("", total=minutes * 60, said="")
        while tally.elapsed_s < minutes * 60 and tally.outcomes.total() < documents:
            kind = chance.choice(KINDS)
            content = mutant(chance, kind, corpus.pick(chance, kind), lure=bench.lure.address)
            trial = bench.run(content)
            tally.add(kind, trial)
            corpus.learn(kind, content, trial)
            if trial.problems:
                findings.add(content, trial, bench.run)
            tally.elapsed_s = time.monotonic() - started
            said = f"{tally.outcomes.total()} documents, {corpus.n_ways} ways, {findings.counts.total()} findings"  # noqa: E501 - one sentence
            progress.update(bar, completed=tally.elapsed_s, said=said)
    return tally


def mutant(chance: Random, kind: Kind, content: bytes, *, lure: str) -> bytes:
    """By structure where the document still has one, else by its bytes."""
    changed = None
    if chance.random() > _BYTES_ALONE:
        changed = _MUTATORS[kind](chance, content, lure=lure)
    if changed is None:
        changed = mutate_bytes(chance, content)
    elif chance.random() < _BYTES_ALONE:
        changed = mutate_bytes(chance, changed)
    return changed[:_MAX_BYTES]


def account(tally: Tally, findings: Findings) -> str:
    """What the tables say, but workers that the memory limit ended, which are told to."""
    outcomes: Counter[str] = Counter()
    for (_, outcome), count in tally.outcomes.items():
        outcomes[outcome] += count
    found = {kind: n for kind, n in findings.counts.items() if kind != WORKER_ABORTED}
    return json.dumps({"outcomes": outcomes, "findings": found})


def findings_table(findings: Findings) -> Table:
    table = Table(title=f"{len(findings.counts)} kinds of findings")
    table.add_column("kind", overflow="fold")
    table.add_column("times", justify="right")
    for kind, count in findings.counts.most_common():
        table.add_row(kind, str(count))
    return table


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        BarColumn(), TextColumn("{task.fields[said]}"), TimeRemainingColumn(), console=console
    )


if __name__ == "__main__":
    main()
