"""How well next occupations are foretold: every way of answering, in one run.

    python scripts/measure_next_steps.py --resumes DIR --models data/models

Each resume's latest job of known occupation is hidden with all after it, and told from those
before. On the validation part (default) everything is learned from the training part; with
``--part train`` each resume is answered by what the other folds taught. With ``--models``, the
folder of career models, the service's own answer is measured on the validation part as
well: the model reads the visible jobs alone, and the shipped next steps go on from what it says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from train_next_steps import SEED, histories_of, latest_jobs, occupation_vectors
from training_sources import CachedEncoder

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.catalogue.titles import normalise
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.transitions.evaluation import (
    DEPTHS,
    NEVER,
    Ranks,
    Scorer,
    Ways,
    per_target,
    ranks_of,
    recall,
)
from ml_service.career.transitions.history import passages_under
from ml_service.career.transitions.model import NextOccupations
from ml_service.career.transitions.training import NextJob, TransitionTrainer
from ml_service.domain.ports import Embeddings
from ml_service.domain.resume import RedactedText
from ml_service.hosting.shelf import ModelShelf

Table = dict[str, Ranks]


def main() -> None:
    given = _arguments()
    catalogue = Catalogue.load(given.catalogue)
    encoder = CachedEncoder(given.cache)
    learned = histories_of("train", given.resumes, catalogue, encoder)
    vectors = occupation_vectors(catalogue, encoder)
    trainer = TransitionTrainer(learned, vectors, catalogue, seed=SEED)
    unseen = given.part == "validation"
    histories = histories_of("validation", given.resumes, catalogue, encoder) if unseen else learned
    cases = latest_jobs(histories, catalogue)
    moves = [case for case in cases if case.is_move]
    ways = Ways(trainer, unseen=unseen)
    tables = {
        "moves: the occupation changes": (moves, _ranks(moves, ways.of_moves())),
        "all: it may stay the same": (cases, _ranks(cases, ways.of_all())),
    }
    if given.models is not None and unseen:
        service = AsServed(
            OccupationModel.load(ModelShelf(given.models).champion("occupations")[1], catalogue),
            _next_steps(given, catalogue),
        )
        tables["moves, as the service answers"] = (moves, service.ranks(moves, catalogue))
    print(f"{len(histories)} resumes of the {given.part} part")
    for title, (rows, table) in tables.items():
        _print_table(title, rows, table)
    _print_parts(moves, tables["moves: the occupation changes"][1])


SERVED = (
    "related to the predicted occupation",
    "next steps",
    "the predicted occupation, then next steps",
)


class AsServed:
    """The whole way of the service, with a resume cut down to its visible jobs."""

    def __init__(self, model: OccupationModel, next_occupations: NextOccupations) -> None:
        self._model = model
        self._next = next_occupations

    def ranks(self, cases: Sequence[NextJob], catalogue: Catalogue) -> Table:
        answers = [self._answers(case, catalogue) for case in cases]
        targets = [{catalogue.codes[at] for at in case.target} for case in cases]
        return {
            name: np.array(
                [
                    _first_hit(codes[way], right)
                    for codes, right in zip(answers, targets, strict=True)
                ]
            )
            for way, name in enumerate(SERVED)
        }

    def _answers(self, case: NextJob, catalogue: Catalogue) -> tuple[tuple[str, ...], ...]:
        """In the order of ``SERVED``."""
        evidence = visible_evidence(case)
        present = self._model.predict(evidence).career_paths[0].soc_code or ""
        moves = self._next.after_resume(present, evidence, limit=max(DEPTHS))
        steps = tuple(move.occupation.soc_code for move in moves)
        return catalogue.get(present).related, steps, (present, *steps)


def visible_evidence(case: NextJob) -> ResumeEvidence:
    """The resume as if only the visible jobs stood in it."""
    evidence = case.evidence
    rows = sorted({at for rows in passages_under(case.visible, evidence) for at in rows})
    places = {(job.first_line, job.last_line) for job in case.visible}
    lines = {line for at in rows for line in evidence.passages[at].lines}
    work = tuple(job for job in evidence.profile.work if (job.start_line, job.end_line) in places)
    return ResumeEvidence(
        passages=tuple(evidence.passages[at] for at in rows),
        vectors=Embeddings(evidence.vectors.vectors[rows], evidence.vectors.encoder),
        redacted=RedactedText(
            tuple(line for line in evidence.redacted.lines if line.order in lines)
        ),
        profile=replace(evidence.profile, work=work, skills=()),
    )


def _first_hit(codes: Iterable[str], right: set[str]) -> int:
    return next((at for at, code in enumerate(codes) if code in right), NEVER)


def _ranks(cases: Sequence[NextJob], ways: Mapping[str, Scorer]) -> Table:
    return {name: ranks_of(cases, way) for name, way in ways.items()}


def _print_table(title: str, cases: Sequence[NextJob], table: Table) -> None:
    print(f"\n{title} (n = {len(cases)}; 95 % intervals of recall@10 by bootstrap)\n")
    print("| Way | recall@1 | recall@5 | recall@10 | each occupation alike, @10 |")
    print("| --- | --- | --- | --- | --- |")
    for name, ranks in table.items():
        found = recall(ranks)
        low, high = _interval(ranks < max(DEPTHS))
        row = [f"{found[f'recall_{depth}']:.3f}" for depth in DEPTHS]
        row[-1] += f" ({low:.3f} to {high:.3f})"
        print(f"| {name} | {' | '.join(row)} | {per_target(cases, ranks):.3f} |")


def _print_parts(cases: Sequence[NextJob], table: Table) -> None:
    """Where a hidden title has one occupation only, a hit by one of many is ruled out; where no
    visible job speaks of it, nothing was given away.
    """
    one = np.array([len(case.target) == 1 for case in cases])
    untold = np.array([not _is_told(case) for case in cases])
    print(
        f"\nA hidden title of one occupation (n = {one.sum()}), one untold (n = {untold.sum()})\n"
    )
    print("| Way | one occupation, recall@10 | untold, recall@10 |\n| --- | --- | --- |")
    for name, ranks in table.items():
        found = [recall(ranks[kept])["recall_10"] for kept in (one, untold)]
        print(f"| {name} | {found[0]:.3f} | {found[1]:.3f} |")


def _is_told(case: NextJob) -> bool:
    lines = visible_evidence(case).redacted.lines
    return f" {case.title} " in f" {normalise(' '.join(line.text for line in lines))} "


def _interval(hits: np.typing.NDArray[np.bool_]) -> tuple[float, float]:
    draws = np.random.default_rng(SEED).choice(hits, (1_000, len(hits))).mean(axis=1)
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(low), float(high)


def _next_steps(given: argparse.Namespace, catalogue: Catalogue) -> NextOccupations:
    return NextOccupations.load(given.next_steps, catalogue)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the next steps.")
    parser.add_argument("--resumes", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, default=Path("data/occupations"))
    parser.add_argument("--next-steps", type=Path, default=Path("data/occupations/next_steps"))
    parser.add_argument("--models", type=Path)
    parser.add_argument("--part", choices=("train", "validation"), default="validation")
    parser.add_argument("--cache", type=Path, default=Path("data/runtime/vectors"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
