"""How many texts that are no resume are refused or abstained on, and how many resumes are too.

    python scripts/measure_refusals.py --resumes DIR --more-resumes FILE.jsonl --postings DIR \
        --onet DIR --transcripts FILE.jsonl --others DIR

Every argument may be left out, and those for folders and files be given several times; the
invented texts of the tests are always measured. What was tuned on and what was not stand in
different rows. ``--fit`` prints the weights instead, fitted to the tuned rows only.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from refusal_baseline import was_english, was_refused
from refusal_sets import (
    Kind,
    Sample,
    job_descriptions_of,
    others_of,
    postings_of,
    resume_texts_of,
    resumes_of,
    transcripts_of,
    written,
)

from ml_service.analysis.language import ENGLISH
from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.recognition.clues import clues_of
from ml_service.analysis.recognition.recognition import WEIGHTS, refuse_what_is_no_resume
from ml_service.analysis.redaction import redact
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.encoder import encoding_engine
from ml_service.career.abstention import MIN_RESUME_LIKELIHOOD
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.passages import split_into_passages
from ml_service.domain.errors import NotAResume
from ml_service.domain.ports import Embeddings
from ml_service.domain.resume import ResumeProfile
from ml_service.hosting.shelf import ModelShelf
from ml_service.inference.engines.base import Engine
from ml_service.settings import Settings

DATA = Path(__file__).resolve().parents[1] / "data"
DOCUMENT_DATE = date(2025, 5, 1)
PENALTY = 0.3
BOOST = {"written: no_resumes": 6.0, "written: english_resumes": 2.0, "resumes: layouts": 2.0}
N_EMPTY = 40


@dataclass(frozen=True, slots=True)
class Row:
    """``outcome`` is "refused", why the model abstains, or "answered"; ``highest`` confidence."""

    group: str
    name: str
    kind: Kind
    tuned: bool
    before: str
    outcome: str
    highest: float | None


@dataclass(frozen=True, slots=True)
class Clued:
    group: str
    is_resume: bool
    values: tuple[float, ...]


def main() -> None:
    given = _arguments()
    catalogue = Catalogue.load(given.catalogue)
    vocabulary = SkillVocabulary(catalogue.technologies())
    samples = chain(*_sources(given), written())
    if given.fit:
        for name, weight in fit(list(_clued(samples, vocabulary))).items():
            print(f'    "{name}": {weight:.2f},')
        return
    model = OccupationModel.load(ModelShelf(given.models).champion("occupations")[1], catalogue)
    engine = encoding_engine(Settings())
    rows = [_measured(sample, vocabulary, model, engine) for sample in samples]
    print_tables(rows)


def _sources(given: argparse.Namespace) -> Iterator[Iterable[Sample]]:
    yield from map(resumes_of, given.resumes)
    yield from map(resume_texts_of, given.more_resumes)
    yield from map(postings_of, given.postings)
    yield from map(job_descriptions_of, given.onet)
    yield from map(transcripts_of, given.transcripts)
    yield from map(others_of, given.others)


def _measured(
    sample: Sample,
    vocabulary: SkillVocabulary,
    model: OccupationModel,
    engine: Engine,
) -> Row:
    """The model is asked only where it should not answer: its answers are measured elsewhere."""
    profile = _profile(sample, vocabulary)
    outcome, highest = _outcome(sample, profile, model, engine)
    before = _outcome_before(sample, profile)
    return Row(sample.group, sample.name, sample.kind, sample.tuned, before, outcome, highest)


def _outcome(
    sample: Sample,
    profile: ResumeProfile,
    model: OccupationModel,
    engine: Engine,
) -> tuple[str, float | None]:
    try:
        refuse_what_is_no_resume(sample.text, profile)
    except NotAResume:
        return "refused", None
    if profile.language != ENGLISH and sample.kind == "resume":
        return "language", None
    if sample.kind == "resume":
        doubtful = profile.resume_likelihood < MIN_RESUME_LIKELIHOOD
        return ("doubtful" if doubtful else "answered"), None
    redacted = redact(sample.text, profile)
    passages = split_into_passages(redacted)
    vectors = engine.embed_batch([passage.text for passage in passages])
    evidence = ResumeEvidence(passages, Embeddings(vectors, engine.ref), redacted, profile)
    answer = model.predict(evidence)
    return answer.abstain_reason or "answered", answer.career_paths[0].confidence


def _outcome_before(sample: Sample, profile: ResumeProfile) -> str:
    if was_refused(sample.text, profile):
        return "refused"
    return "answered" if was_english(sample.text, profile) else "language"


def _profile(sample: Sample, vocabulary: SkillVocabulary) -> ResumeProfile:
    return analyse_profile(sample.text, document_date=DOCUMENT_DATE, vocabulary=vocabulary)


def print_tables(rows: Sequence[Row]) -> None:
    groups: dict[tuple[str, str, bool], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.kind, row.group, row.tuned].append(row)
    print("| Set | n | refused | language | other reason | answered | > 0.5 | before: right |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (kind, group, tuned), members in sorted(groups.items()):
        found = Counter(row.outcome for row in members)
        others = sum(found[why] for why in ("short_text", "low_confidence", "doubtful"))
        sure = sum(row.highest is not None and row.highest > 0.5 for row in members)
        right = sum(_is_right(kind, row.before) for row in members)
        print(
            f"| {group}{', tuned on' if tuned else ''} | {len(members)} | {found['refused']} | "
            f"{found['language']} | {others} | {found['answered']} | {sure} | "
            f"{right / len(members):.1%} |"
        )
    for row in rows:
        if not row.tuned and not _is_right(row.kind, row.outcome):
            print(f"{row.group}: {row.name}: {row.outcome}, {row.highest}")


def _is_right(kind: str, outcome: str) -> bool:
    if kind == "resume":
        return outcome == "answered"
    return outcome == "language" if kind == "other language" else outcome != "answered"


def _clued(samples: Iterable[Sample], vocabulary: SkillVocabulary) -> Iterator[Clued]:
    for sample in samples:
        profile = _profile(sample, vocabulary)
        if not sample.tuned or profile.language != ENGLISH or sample.kind == "other language":
            continue
        clues = clues_of([line.text for line in redact(sample.text, profile).lines], profile)
        values = tuple(clues[name] for name in WEIGHTS)
        yield Clued(sample.group, sample.kind == "resume", values)


def fit(rows: Sequence[Clued]) -> Mapping[str, float]:
    """Logits a unit and the intercept: a ridge logistic regression that keeps the signs.

    A clue can only count for the side that it was written for. Groups weigh as the root of
    their size, both sides the same, and an empty text is no resume.
    """
    empty = Clued("empty", False, (0.0,) * len(WEIGHTS))
    weights = np.append(_group_weights(rows), np.full(N_EMPTY, 2.0))
    values = np.array([row.values for row in [*rows, *[empty] * N_EMPTY]])
    sides = np.array([1.0 if row.is_resume else -1.0 for row in [*rows, *[empty] * N_EMPTY]])
    mean, spread = values[: len(rows)].mean(0), values[: len(rows)].std(0) + 1e-9
    found = _minimum((values - mean) / spread, sides, weights)
    slopes = found[:-1] / spread
    intercept = found[-1] - float(slopes @ mean)
    return dict(zip(WEIGHTS, slopes.tolist(), strict=True)) | {"INTERCEPT": float(intercept)}


def _minimum(
    values: npt.NDArray[np.float64],
    sides: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    def loss(given: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margins = sides * (values @ given[:-1] + given[-1])
        pulls = -weights * sides / (1 + np.exp(margins))
        penalty = (given[:-1] ** 2).sum() / (2 * PENALTY)
        slope = np.append(values.T @ pulls + given[:-1] / PENALTY, pulls.sum())
        return float((weights * np.logaddexp(0, -margins)).sum() + penalty), slope

    bounds = [(0, None) if known > 0 else (None, 0) for known in WEIGHTS.values()]
    start = np.zeros(values.shape[1] + 1)
    found = minimize(loss, start, jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B")
    return np.asarray(found.x, dtype=np.float64)


def _group_weights(rows: Sequence[Clued]) -> npt.NDArray[np.float64]:
    sizes = Counter((row.group, row.is_resume) for row in rows)
    weights = np.array(
        [BOOST.get(row.group, 1.0) / np.sqrt(sizes[row.group, row.is_resume]) for row in rows]
    )
    is_resume = np.array([row.is_resume for row in rows])
    for side in (is_resume, ~is_resume):
        weights[side] *= 1000 / weights[side].sum()
    return weights


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for name in ("resumes", "more-resumes", "postings", "onet", "transcripts", "others"):
        parser.add_argument(f"--{name}", type=Path, action="append", default=[])
    parser.add_argument("--catalogue", type=Path, default=DATA / "occupations")
    parser.add_argument("--models", type=Path, default=DATA / "models")
    parser.add_argument("--fit", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
