"""Train the shipped career model and measure it on resumes that it never saw.

    python scripts/train_occupations.py --resumes DIR --onet DIR --out data/models/occupations

DIR of resumes holds ``titles.csv`` (file, soc_codes, title_line) and the documents below it.
Vectors are kept in --cache, by the sum of their text, so that a second run takes minutes.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.analysis.profile import PARSER_VERSION, analyse_profile
from ml_service.analysis.redaction import redact
from ml_service.analysis.skills import SkillVocabulary
from ml_service.career.distant import MAX_CODES, TrainingResume
from ml_service.career.evaluation import (
    accuracy_at_coverage,
    calibration_error,
    macro_f1,
    top_k_accuracy,
)
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.features import FEATURES
from ml_service.career.head import Manifest, Metrics, save_head
from ml_service.career.model import CareerModel
from ml_service.career.occupations import Catalogue
from ml_service.career.passages import split_into_passages
from ml_service.career.splits import part
from ml_service.career.training import CatalogueVectors, HeldOutRow, Trained, label, train
from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import ServiceError
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.extraction.pdf import read_pdf
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM

MODEL_ID = "occupations"
THRESHOLD = 0.4
SEED = 20_250_501
MAX_PAGES, SECOND_READING_S = 30, 5.0
CHUNK = 2_048


class CachedEncoder:
    """Vectors by text; what is new is embedded and written to ``folder`` in chunks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine: SentenceTransformersEngine | None = None
        self._known: dict[str, Float32Array] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(folder.glob("*.npz")):
            with np.load(file, allow_pickle=False) as arrays:
                self._known.update(zip(arrays["keys"].tolist(), arrays["vectors"], strict=True))

    @property
    def engine(self) -> SentenceTransformersEngine:
        if self._engine is None:
            self._engine = SentenceTransformersEngine(MINILM)
        return self._engine

    def embed(self, texts: Sequence[str]) -> Embeddings:
        keys = [sha256(text.encode()).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        for begin in range(0, len(new), CHUNK):
            self._add(dict(list(new.items())[begin : begin + CHUNK]))
        return Embeddings(np.stack([self._known[key] for key in keys]), self.engine.ref)

    def _add(self, new: Mapping[str, str]) -> None:
        vectors = self.engine.embed_batch(list(new.values()))
        self._known.update(zip(new, vectors, strict=True))
        name = sha256("".join(new).encode()).hexdigest()[:16]
        np.savez(self._folder / f"{name}.npz", keys=np.array(list(new)), vectors=vectors)
        report(f"embedded {len(new)} texts")


def main() -> None:
    given = _arguments()
    catalogue = Catalogue.load(given.catalogue)
    encoder = CachedEncoder(given.cache)
    resumes = list(read_resumes(given.resumes, catalogue, encoder))
    report(f"{len(resumes)} resumes")
    vectors = catalogue_vectors(given.onet, catalogue, encoder)
    learned = [resume for resume in resumes if part(resume.filename) == "train"]
    trained = train(learned, vectors, catalogue, seed=SEED, report=report)
    held_out = [resume for resume in resumes if part(resume.filename) == "validation"]
    manifest = _manifest(trained, catalogue, encoder, n_resumes=len(learned))
    manifest = save_head(trained.head, manifest, given.out)
    model = CareerModel.load(given.out, catalogue)
    metrics: Metrics = {
        "out_of_fold": _figures_out_of_fold(trained.stated, catalogue),
        "out_of_fold_own_title_unknown": _figures_out_of_fold(trained.unnamed, catalogue),
        "out_of_fold_no_title_known": _figures_out_of_fold(trained.untold, catalogue),
        "validation": figures(model, held_out),
    }
    save_head(trained.head, replace(manifest, metrics=metrics), given.out)
    print(json.dumps(metrics, indent=2))


def report(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def read_resumes(
    folder: Path, catalogue: Catalogue, encoder: CachedEncoder
) -> Iterator[TrainingResume]:
    """Every PDF of ``titles.csv`` that can be read, its title line hidden, as serving sees it."""
    paths = {path.name: path for path in folder.glob("**/*.pdf")}
    vocabulary = SkillVocabulary(catalogue.technologies())
    with (folder / "titles.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] in paths]
    for row in sorted(rows, key=lambda row: row["file"]):
        try:
            evidence = read_evidence(paths[row["file"]], vocabulary, encoder)
        except ServiceError as refused:
            report(f"{row['file']}: {refused.code}")
            continue
        codes = frozenset(row["soc_codes"].split())
        yield TrainingResume(row["file"], evidence, codes)


def read_evidence(
    path: Path, vocabulary: SkillVocabulary, encoder: CachedEncoder
) -> ResumeEvidence:
    extracted = _without_first_line(
        read_pdf(path.read_bytes(), max_pages=MAX_PAGES, second_reading_s=SECOND_READING_S)
    )
    profile = analyse_profile(extracted, document_date=date(2025, 5, 1), vocabulary=vocabulary)
    redacted = redact(extracted, profile)
    passages = split_into_passages(redacted)
    vectors = encoder.embed([passage.text for passage in passages])
    return ResumeEvidence(passages=passages, vectors=vectors, redacted=redacted, profile=profile)


def catalogue_vectors(onet: Path, catalogue: Catalogue, encoder: CachedEncoder) -> CatalogueVectors:
    """Titles as the catalogue has them; descriptions and tasks only become weights."""
    own = [frozenset({code}) for code in catalogue.codes]
    titles = [entry.title for entry in catalogue]
    others = {
        title: codes
        for title in _alternate_titles(catalogue)
        if len(codes := catalogue.codes_of_title(title)) <= MAX_CODES
    }
    described = {
        row["O*NET-SOC Code"]: row["Description"] for row in _rows(onet / "Occupation Data.csv")
    }
    duties = [described[code] for code in catalogue.codes]
    tasks = [(row["Task"], row["O*NET-SOC Code"]) for row in _rows(onet / "Task Statements.csv")]
    task_codes = [frozenset({code}) for _, code in tasks]
    return CatalogueVectors(
        titles=label(
            encoder.embed([*titles, *titles, *others]).vectors,
            [*own, *own, *others.values()],
            catalogue,
        ),
        duties=label(
            encoder.embed([*duties, *duties, *duties, *(text for text, _ in tasks)]).vectors,
            [*own, *own, *own, *task_codes],
            catalogue,
        ),
    )


def figures(model: CareerModel, resumes: Iterable[TrainingResume]) -> Metrics:
    """The contract's figures for resumes whose right codes are known, title line hidden."""
    rows = [(model.predict(resume.evidence), resume.codes) for resume in resumes if resume.codes]
    ranked = [[path.soc_code or "" for path in career.career_paths] for career, _ in rows]
    confidences = np.array([career.career_paths[0].confidence for career, _ in rows])
    abstained = [career.abstained for career, _ in rows]
    return {
        **_table(ranked, [codes for _, codes in rows], confidences),
        "abstained": round(float(np.mean(abstained)), 4),
    }


def _table(
    ranked: Sequence[Sequence[str]],
    right: Sequence[frozenset[str]],
    confidences: np.typing.NDArray[np.float64],
) -> Metrics:
    hits = np.array([row[0] in codes for row, codes in zip(ranked, right, strict=True)])
    error = calibration_error(confidences, hits)
    groups = [
        row[0][:2] in {code[:2] for code in codes} for row, codes in zip(ranked, right, strict=True)
    ]
    coverage = accuracy_at_coverage(confidences, hits)
    table = {f"top_{k}": top_k_accuracy(ranked, right, k=k) for k in (1, 3, 5)}
    table |= {
        "major_group": float(np.mean(groups)),
        "macro_f1": macro_f1([row[0] for row in ranked], right),
        "ece": error.ece,
        "ece_low": error.low,
        "ece_high": error.high,
        "ece_floor": error.floor,
    }
    table |= {f"accuracy_at_{round(share * 100)}": value for share, value in coverage.items()}
    return {"n": len(right), **{name: round(value, 4) for name, value in table.items()}}


def _figures_out_of_fold(rows: Sequence[HeldOutRow], catalogue: Catalogue) -> Metrics:
    """Rankings only: the calibration has seen these rows, so its figures would flatter."""
    ranked = [
        [catalogue.codes[at] for at in np.argsort(-row.probabilities, kind="stable")[:5]]
        for row in rows
    ]
    right = [
        frozenset(catalogue.codes[at] for at in np.flatnonzero(row.right).tolist()) for row in rows
    ]
    table = {f"top_{k}": round(top_k_accuracy(ranked, right, k=k), 4) for k in (1, 3, 5)}
    return {"n": len(rows), **table}


def _without_first_line(extracted: ExtractedText) -> ExtractedText:
    first = next(at for at, line in enumerate(extracted.lines) if line.text.strip())
    return replace(extracted, lines=extracted.lines[first + 1 :])


def _manifest(
    trained: Trained, catalogue: Catalogue, encoder: CachedEncoder, *, n_resumes: int
) -> Manifest:
    return Manifest(
        model_id=MODEL_ID,
        revision="",
        encoder_id=encoder.engine.ref.model_id,
        encoder_revision=encoder.engine.ref.revision,
        labels=catalogue.codes,
        features=FEATURES,
        calibration=trained.calibration,
        threshold=THRESHOLD,
        metrics={},
        weights_sha256="",
        trained_at=date.today().isoformat(),  # noqa: DTZ011 - the day of the machine that trains
        seed=SEED,
        trained_on=f"O*NET 29.3 and {n_resumes} resumes, parser {PARSER_VERSION}",
    )


def _alternate_titles(catalogue: Catalogue) -> list[str]:
    return sorted({title for entry in catalogue for title in entry.alternate_titles})


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the shipped career model.")
    parser.add_argument("--resumes", type=Path, required=True)
    parser.add_argument("--onet", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, default=Path("data/occupations"))
    parser.add_argument("--out", type=Path, default=Path("data/models/occupations"))
    parser.add_argument("--cache", type=Path, default=Path("data/runtime/vectors"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
