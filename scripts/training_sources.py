"""What career models are trained from: resumes as serving sees them, and O*NET's texts."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np

from ml_service.analysis.profile import profile_and_text
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.catalogue.occupations import MOST_CODES_OF_A_TITLE, Catalogue
from ml_service.career.catalogue.titles import normalise
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupation_training.distant import TrainingResume
from ml_service.career.occupation_training.examples import position_keys
from ml_service.career.occupation_training.projection_fitting import CatalogueVectors, label
from ml_service.career.occupation_training.title_word_fitting import TitleTexts
from ml_service.career.passages import split_into_passages
from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import ServiceError
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.extraction.pdf.document import read_pdf
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM

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


def report(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def read_resumes(
    folder: Path, catalogue: Catalogue, encoder: CachedEncoder
) -> Iterator[TrainingResume]:
    """Every PDF of ``titles.csv`` that can be read, as serving sees it."""
    paths = {path.name: path for path in folder.glob("**/*.pdf")}
    vocabulary = SkillVocabulary(catalogue.technologies())
    with (folder / "titles.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] in paths]
    for row in sorted(rows, key=lambda row: row["file"]):
        try:
            extracted = _extracted(paths[row["file"]])
        except ServiceError as refused:
            report(f"{row['file']}: {refused.code}")
            continue
        codes = frozenset(row["soc_codes"].split())
        hidden = _evidence(_without_first_line(extracted), vocabulary, encoder)
        shown = _evidence(extracted, vocabulary, encoder) if codes else None
        yield TrainingResume(row["file"], hidden, codes, row["title_line"], shown)


def _extracted(path: Path) -> ExtractedText:
    return read_pdf(path.read_bytes(), max_pages=MAX_PAGES, second_reading_s=SECOND_READING_S)


def _evidence(
    extracted: ExtractedText, vocabulary: SkillVocabulary, encoder: CachedEncoder
) -> ResumeEvidence:
    profile, redacted = profile_and_text(
        extracted, document_date=date(2025, 5, 1), vocabulary=vocabulary
    )
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
        if len(codes := catalogue.codes_of_title(title)) <= MOST_CODES_OF_A_TITLE
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
        title_keys=tuple(normalise(title) for title in (*titles, *titles, *others)),
        duties=label(
            encoder.embed([*duties, *duties, *duties, *(text for text, _ in tasks)]).vectors,
            [*own, *own, *own, *task_codes],
            catalogue,
        ),
    )


def position_vectors(resumes: Iterable[TrainingResume], encoder: CachedEncoder) -> TitleTexts:
    keys = sorted({key for resume in resumes for key in position_keys(resume)})
    return TitleTexts(keys=tuple(keys), vectors=encoder.embed(keys).vectors)


def _without_first_line(extracted: ExtractedText) -> ExtractedText:
    first = next(at for at, line in enumerate(extracted.lines) if line.text.strip())
    return replace(extracted, lines=extracted.lines[first + 1 :])


def _alternate_titles(catalogue: Catalogue) -> list[str]:
    return sorted({title for entry in catalogue for title in entry.alternate_titles})


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
