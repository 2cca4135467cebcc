"""Learn the next steps from the work histories of resumes, and say how well they are foretold.

    python scripts/train_next_steps.py --resumes DIR --out data/occupations/next_steps

DIR of resumes as for train_occupations.py, whose cache of vectors serves here too. Only the
training part is read for weights and figures; measure_next_steps.py looks at the rest.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training_sources import CachedEncoder, read_resumes, report

from ml_service.analysis.profile import PARSER_VERSION
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.splits import Part, part
from ml_service.career.transitions.evaluation import Ways, ranks_of, recall
from ml_service.career.transitions.features import FEATURES
from ml_service.career.transitions.model import NextOccupations, save_transitions
from ml_service.career.transitions.training import (
    NextJob,
    TransitionTrainer,
    WorkHistory,
    next_jobs,
    occupation_vector,
    read_histories,
    texts_of_titles,
)
from ml_service.domain.ports import Float32Array

MODEL_ID = "next-steps"
SEED = 20_250_501


def main() -> None:
    given = _arguments()
    catalogue = Catalogue.load(given.catalogue)
    encoder = CachedEncoder(given.cache)
    histories = histories_of("train", given.resumes, catalogue, encoder)
    vectors = occupation_vectors(catalogue, encoder)
    trainer = TransitionTrainer(histories, vectors, catalogue, seed=SEED)
    report(f"{len(histories)} resumes, {len(trainer.moves)} moves")
    weights = trainer.fit()
    report("fitted; now the figures by folds")
    manifest = _manifest(catalogue, encoder, n_resumes=len(histories), n_moves=len(trainer.moves))
    manifest["metrics"] = _out_of_fold(trainer, latest_jobs(histories, catalogue))
    save_transitions(weights, manifest, given.out)
    NextOccupations.load(given.out, catalogue)
    print(json.dumps(manifest["metrics"], indent=2))


def histories_of(
    which: Part, folder: Path, catalogue: Catalogue, encoder: CachedEncoder
) -> list[WorkHistory]:
    resumes = (
        (resume.filename, resume.evidence)
        for resume in read_resumes(folder, catalogue, encoder)
        if part(resume.filename) == which
    )
    return read_histories(resumes, catalogue)


def occupation_vectors(catalogue: Catalogue, encoder: CachedEncoder) -> Float32Array:
    """Shape (n_codes, n_dims)."""
    titles = texts_of_titles(catalogue)
    every = list(dict.fromkeys(title for own in titles for title in own))
    row = {title: at for at, title in enumerate(every)}
    vectors = encoder.embed(every).vectors
    return np.stack([occupation_vector(vectors[[row[title] for title in own]]) for own in titles])


def latest_jobs(histories: Sequence[WorkHistory], catalogue: Catalogue) -> list[NextJob]:
    """What is measured: each resume's latest job, hidden."""
    every = (case for work in histories for case in next_jobs(work, n_codes=len(catalogue)))
    return [case for case in every if case.latest]


def _out_of_fold(trainer: TransitionTrainer, cases: Sequence[NextJob]) -> dict[str, Any]:
    moves = [case for case in cases if case.is_move]
    tables = {
        "moves": (moves, Ways(trainer, unseen=False).of_moves()),
        "all": (cases, Ways(trainer, unseen=False).of_all()),
    }
    return {
        name: {"n": len(rows), **{way: recall(ranks_of(rows, by)) for way, by in ways.items()}}
        for name, (rows, ways) in tables.items()
    }


def _manifest(
    catalogue: Catalogue, encoder: CachedEncoder, *, n_resumes: int, n_moves: int
) -> dict[str, Any]:
    return {
        "model_id": MODEL_ID,
        "encoder_id": encoder.engine.ref.model_id,
        "encoder_revision": encoder.engine.ref.revision,
        "labels": list(catalogue.codes),
        "features": list(FEATURES),
        "trained_at": date.today().isoformat(),  # noqa: DTZ011 - the day of the machine that trains
        "seed": SEED,
        "trained_on": f"{n_moves} moves of {n_resumes} resumes, parser {PARSER_VERSION}",
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the next steps.")
    parser.add_argument("--resumes", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, default=Path("data/occupations"))
    parser.add_argument("--out", type=Path, default=Path("data/occupations/next_steps"))
    parser.add_argument("--cache", type=Path, default=Path("data/runtime/vectors"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
