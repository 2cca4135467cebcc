"""Train the shipped career model and measure it on resumes that it never saw.

    python scripts/train_occupations.py --resumes DIR --onet DIR

DIR of resumes holds ``titles.csv`` (file, soc_codes, title_line) and the documents below it.
Vectors are kept in --cache, by the sum of their text, so that a second run takes minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from occupation_figures import figures_of_classes, figures_of_kinds, figures_of_model
from training_sources import (
    CachedEncoder,
    catalogue_vectors,
    position_vectors,
    read_resumes,
    report,
)

from ml_service.analysis.profile import PARSER_VERSION
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.occupation_model.card import about_occupations
from ml_service.career.occupation_model.features import FEATURES
from ml_service.career.occupation_model.head import (
    Metrics,
    OccupationManifest,
    load_head,
    save_head,
)
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.occupation_training.distant import TrainingResume
from ml_service.career.occupation_training.examples import Basis, read_examples, withhold_titles
from ml_service.career.occupation_training.projection_fitting import CatalogueVectors
from ml_service.career.occupation_training.training import (
    Ranker,
    Trained,
    rows_of,
    train,
    unknown_lines,
)
from ml_service.career.splits import part
from ml_service.hosting.shelf import ModelShelf

MODEL_ID = "occupations"
THRESHOLD = 0.4
SEED = 20_250_501


def main() -> None:
    given = _arguments()
    catalogue = Catalogue.load(given.catalogue)
    encoder = CachedEncoder(given.cache)
    resumes = list(read_resumes(given.resumes, catalogue, encoder))
    report(f"{len(resumes)} resumes")
    vectors = catalogue_vectors(given.onet, catalogue, encoder)
    learned = [resume for resume in resumes if part(resume.filename) == "train"]
    positions = position_vectors(learned, encoder)
    trained = train(learned, vectors, positions, catalogue, seed=SEED, report=report)
    manifest = _manifest(trained, catalogue, encoder, n_resumes=len(learned))
    metrics: Metrics = {}

    def write(folder: Path) -> dict[str, Any]:
        saved = save_head(trained.head, manifest, folder)
        metrics["out_of_fold"] = figures_of_kinds(trained.held_out, trained.confidences, catalogue)
        of_classes = figures_of_classes(trained.held_out, catalogue)
        metrics.update({f"out_of_fold_{name}": told for name, told in of_classes.items()})
        metrics.update(_validation(resumes, vectors, catalogue, folder))
        return asdict(save_head(trained.head, replace(saved, metrics=metrics), folder))

    shelf = ModelShelf(given.models)
    shelf.promote(MODEL_ID, shelf.add(MODEL_ID, write))
    print(json.dumps(metrics, indent=2))


def _validation(
    resumes: list[TrainingResume], vectors: CatalogueVectors, catalogue: Catalogue, folder: Path
) -> Metrics:
    """Of the model as it was saved, on the part that was never trained, tuned or calibrated on."""
    learned = [resume for resume in resumes if part(resume.filename) == "train"]
    held_out = [resume for resume in resumes if resume.codes and part(resume.filename) != "train"]
    model = OccupationModel.load(folder, catalogue)
    hidden = [(resume.evidence, resume.codes) for resume in held_out]
    shown = [(resume.shown, resume.codes) for resume in held_out if resume.shown is not None]
    head, manifest = load_head(folder)
    basis = Basis(head.projections, head.words, head.prior, learned)
    withheld = withhold_titles(held_out, unknown_lines(learned), catalogue, seed=SEED)
    examples = read_examples(held_out, basis, withheld, vectors, catalogue, seed=SEED)
    rows = tuple(rows_of(examples, Ranker(head.weights, head.reranker)))
    confidences = [manifest.calibration[row.expert].confidence(row.clues) for row in rows]
    return {
        "validation": figures_of_model(model, hidden),
        "validation_title_shown": figures_of_model(model, shown),
        "validation_by_kind": figures_of_kinds(rows, confidences, catalogue),
        "validation_by_major_group": figures_of_classes(rows, catalogue)["by_major_group"],
    }


def _manifest(
    trained: Trained, catalogue: Catalogue, encoder: CachedEncoder, *, n_resumes: int
) -> OccupationManifest:
    return OccupationManifest(
        model_id=MODEL_ID,
        revision="",
        encoder_id=encoder.engine.ref.model_id,
        encoder_revision=encoder.engine.ref.revision,
        labels=catalogue.codes,
        features=FEATURES,
        calibration=trained.calibration,
        abstains_below=THRESHOLD,
        metrics={},
        trained_at=date.today().isoformat(),  # noqa: DTZ011 - the day of the machine that trains
        seed=SEED,
        trained_on=f"O*NET 29.3 and {n_resumes} resumes, parser {PARSER_VERSION}",
        about=about_occupations(n_resumes=n_resumes),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the shipped career model.")
    parser.add_argument("--resumes", type=Path, required=True)
    parser.add_argument("--onet", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, default=Path("data/occupations"))
    parser.add_argument("--models", type=Path, default=Path("data/models"))
    parser.add_argument("--cache", type=Path, default=Path("data/runtime/vectors"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
