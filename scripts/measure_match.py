"""How well a resume is matched with a job description, by words alone and with meaning.

    python scripts/measure_match.py --postings DIR --resumes DIR

``--postings`` holds ``health_service_2020.jsonl``, ``data_science.csv`` and ``teaching.csv``;
``--resumes`` a folder of PDFs a category. Both may be left out: the judged pairs of
``match_pairs.py`` are always measured. The same seed draws the same adverts and resumes.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from match_pairs import TUNING, UNSEEN, Judged

from ml_service.analysis.profile import profile_and_text
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.encoder import encoding_engine
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.passages import Passage, split_into_passages
from ml_service.domain.errors import InvalidRequest, ServiceError
from ml_service.domain.ports import Float32Array
from ml_service.domain.resume import RedactedLine
from ml_service.extraction.pdf.document import read_pdf
from ml_service.inference.engines.base import Engine
from ml_service.matching.asked import FindSkills, asked_for, skills_asked_for
from ml_service.matching.job_description import WordMatch
from ml_service.matching.meaning import MIN_SIMILARITY, met_by_meaning, statements_near
from ml_service.matching.statements import Statement, statements_of, tells_of_doing
from ml_service.settings import Settings

DATA = Path(__file__).resolve().parents[1] / "data"
DOCUMENT_DATE = date(2025, 5, 1)
FIELDS = {
    "health": "HEALTHCARE",
    "data science": "INFORMATION-TECHNOLOGY",
    "teaching": "TEACHER",
}
THRESHOLDS = (0.30, 0.33, 0.36, 0.39, 0.42, 0.45, 0.48, 0.51, 0.54, 0.57, 0.60)

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """A resume as the service sees it."""

    field: str
    lines: tuple[RedactedLine, ...]
    passages: tuple[Passage, ...]
    vectors: Float32Array


@dataclass(slots=True)
class Vectors:
    """Each text is embedded once."""

    engine: Engine
    known: dict[str, Float32Array] = field(default_factory=dict)

    def of(self, texts: Sequence[str]) -> Float32Array:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            self.known.update(zip(new, self.engine.embed_batch(new), strict=True))
        return np.stack([self.known[text] for text in texts])


def main() -> None:
    arguments = _arguments()
    vectors = Vectors(encoding_engine(Settings()))
    measure_pairs(vectors)
    if arguments.postings is None:
        return
    adverts = {name: _drawn(texts, arguments) for name, texts in postings(arguments.postings)}
    measure_decidable(adverts)
    if arguments.resumes is not None:
        resumes = list(_resumes(arguments, vectors))
        measure_separation(adverts, resumes, each=arguments.compared_each, vectors=vectors)
        measure_time(adverts, resumes, vectors)


def _vocabulary() -> SkillVocabulary:
    return SkillVocabulary(Catalogue.load(DATA / "occupations").technologies())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--postings", type=Path)
    parser.add_argument("--resumes", type=Path)
    parser.add_argument("--adverts-each", type=int, default=200)
    parser.add_argument("--resumes-each", type=int, default=20)
    parser.add_argument("--compared-each", type=int, default=15)
    parser.add_argument("--seed", type=int, default=11)
    return parser.parse_args()


def _drawn(texts: list[str], arguments: argparse.Namespace) -> list[str]:
    chance = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    return chance.sample(texts, min(arguments.adverts_each, len(texts)))


def postings(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Descriptions by source; sources that are not there are left out."""
    health = folder / "health_service_2020.jsonl"
    if health.is_file():
        rows = health.read_text(encoding="utf-8").splitlines()
        yield "health", [json.loads(row)["description"] for row in rows]
    for name, file, column in (
        ("data science", "data_science.csv", "Job Description"),
        ("teaching", "teaching.csv", "description"),
    ):
        if (folder / file).is_file():
            with (folder / file).open(encoding="utf-8", newline="") as table:
                yield name, [row[column] for row in csv.DictReader(table)]


def _resumes(arguments: argparse.Namespace, vectors: Vectors) -> Iterator[Read]:
    vocabulary = _vocabulary()
    chance = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    for name, category in FIELDS.items():
        paths = sorted((arguments.resumes / category).glob("*.pdf"))
        for path in chance.sample(paths, min(arguments.resumes_each, len(paths))):
            try:
                extracted = read_pdf(path.read_bytes(), max_pages=30, second_reading_s=5.0)
            except ServiceError as refused:
                print(f"{path.name}: {refused.code}", file=sys.stderr)
                continue
            _, redacted = profile_and_text(
                extracted, document_date=DOCUMENT_DATE, vocabulary=vocabulary
            )
            passages = split_into_passages(redacted)
            known = vectors.of([passage.text for passage in passages])
            yield Read(name, redacted.lines, passages, known)


# The judged pairs


def measure_pairs(vectors: Vectors) -> None:
    """Precision and recall over judged sentences, the rules applied as in the service."""
    print(f"\nJudged pairs; the service asks for {MIN_SIMILARITY}")
    print(f"{'similarity':>10} | {'tuned on':^29} | {'unseen':^29}")
    for threshold in THRESHOLDS:
        cells = (_precision(pairs, threshold, vectors) for pairs in (TUNING, UNSEEN))
        print(f"{threshold:>10.2f} | " + " | ".join(cells))


def _precision(pairs: Sequence[Judged], threshold: float, vectors: Vectors) -> str:
    met = sum(_is_met(one.phrase, text, threshold, vectors) for one in pairs for text in one.meets)
    wrong = sum(
        _is_met(one.phrase, text, threshold, vectors) for one in pairs for text in one.fails
    )
    total = sum(len(one.meets) for one in pairs)
    precision = f"{met / (met + wrong):.2f}" if met + wrong else "  - "
    return f"precision {precision} recall {met / total:.2f}"


def _is_met(phrase: str, text: str, threshold: float, vectors: Vectors) -> bool:
    line = RedactedLine(text=text, page=1, order=0)
    told = [one for one in statements_of([line]) if tells_of_doing(one)]
    if not told:
        return False
    return bool(
        met_by_meaning(
            [phrase],
            told,
            phrase_vectors=vectors.of([phrase]),
            statement_vectors=vectors.of([one.text for one in told]),
            min_similarity=threshold,
        )
    )


# Adverts


def measure_decidable(adverts: dict[str, list[str]]) -> None:
    vocabulary = _vocabulary()
    print("\nAdverts that ask for something decidable, and requirements of each")
    print(f"{'source':<14}{'adverts':>8}{'by name only':>14}{'with described':>16}{'items':>8}")
    for name, texts in adverts.items():
        named = [any(skills_asked_for(text, vocabulary.names_in)) for text in texts]
        asked = [asked_for(text, vocabulary.names_in) for text in texts]
        items = [len(one.required) + len(one.preferred) for one in asked]
        print(
            f"{name:<14}{len(texts):>8}{np.mean(named):>14.3f}"
            f"{np.mean([count > 0 for count in items]):>16.3f}{np.median(items):>8.0f}"
        )


# Resumes against adverts


@dataclass(frozen=True, slots=True)
class Compared:
    """One advert over all resumes; ``open`` phrases went to the encoder, ``met`` were met."""

    field: str
    words: Scores
    medium: Scores
    open: Scores
    met: Scores


def measure_separation(
    adverts: dict[str, list[str]], resumes: Sequence[Read], *, each: int, vectors: Vectors
) -> None:
    """AUC: how often a resume of the advert's field scores above one of another field."""
    vocabulary = _Remembered(_vocabulary())
    print(f"\nResumes of the advert's own field above those of others ({len(resumes)} resumes)")
    print(f"{'':<14}{'':>8}{'AUC':^18}{'met by meaning':^18}")
    print(f"{'source':<14}{'adverts':>8}{'words':>9}{'medium':>9}{'own':>9}{'others':>9}")
    everything: list[Compared] = []
    for name, texts in adverts.items():
        decidable = (text for text in texts if _is_decidable(text, vocabulary))
        compared = [
            _compared(name, text, resumes, vocabulary, vectors) for text in islice(decidable, each)
        ]
        everything.extend(compared)
        _print_separation(name, compared, resumes)
    _print_separation("all", everything, resumes)


class _Remembered:
    """The same lines are searched for skills once, however many adverts they meet."""

    def __init__(self, vocabulary: SkillVocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def __call__(self, texts: Sequence[str]) -> tuple[str, ...]:
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = self._vocabulary.names_in(key)
        return self._known[key]


def _is_decidable(text: str, find_skills: FindSkills) -> bool:
    asked = asked_for(text, find_skills)
    return bool(asked.required or asked.preferred)


def _compared(
    name: str, text: str, resumes: Sequence[Read], find_skills: FindSkills, vectors: Vectors
) -> Compared:
    columns = zip(*(_both(text, one, find_skills, vectors) for one in resumes), strict=True)
    words, medium, n_open, n_met = (np.array(column, dtype=float) for column in columns)
    return Compared(name, words, medium, n_open, n_met)


def _both(
    text: str, resume: Read, find_skills: FindSkills, vectors: Vectors
) -> tuple[float, float, int, int]:
    match = WordMatch(text, lines=resume.lines, find_skills=find_skills)
    met = _by_meaning(match, resume, vectors.of)
    return match.completed().score, match.completed(met).score, len(match.open_phrases), len(met)


def _by_meaning(
    match: WordMatch, resume: Read, embed: Callable[[Sequence[str]], Float32Array]
) -> dict[str, Statement]:
    if not match.open_phrases or not match.sentences:
        return {}
    phrases = embed(match.open_phrases)
    near = statements_near(
        match.sentences,
        phrases,
        passages=resume.vectors,
        passage_lines=[passage.lines for passage in resume.passages],
    )
    return met_by_meaning(
        match.open_phrases,
        near,
        phrase_vectors=phrases,
        statement_vectors=embed([one.text for one in near]),
    )


def _print_separation(name: str, compared: Sequence[Compared], resumes: Sequence[Read]) -> None:
    """The shares met are of the phrases that words left open."""
    fields = np.array([resume.field for resume in resumes])
    own = [fields == one.field for one in compared]
    words = np.mean([_auc(one.words, mine) for one, mine in zip(compared, own, strict=True)])
    medium = np.mean([_auc(one.medium, mine) for one, mine in zip(compared, own, strict=True)])
    inside = _share(
        [(one.met[mine], one.open[mine]) for one, mine in zip(compared, own, strict=True)]
    )
    outside = _share(
        [(one.met[~mine], one.open[~mine]) for one, mine in zip(compared, own, strict=True)]
    )
    print(f"{name:<14}{len(compared):>8}{words:>9.3f}{medium:>9.3f}{inside:>9.3f}{outside:>9.3f}")


def _auc(scores: Scores, own: npt.NDArray[np.bool_]) -> float:
    """Ties count half."""
    differences = scores[own][:, None] - scores[~own][None, :]
    return float((differences > 0).mean() + (differences == 0).mean() / 2)


def _share(counts: Sequence[tuple[Scores, Scores]]) -> float:
    asked = sum(float(n_open.sum()) for _, n_open in counts)
    return sum(float(n_met.sum()) for n_met, _ in counts) / asked if asked else 0.0


def measure_time(adverts: dict[str, list[str]], resumes: Sequence[Read], vectors: Vectors) -> None:
    """What a job description adds to an upload, in milliseconds; vectors of passages are there."""
    vocabulary, spent = _vocabulary(), []
    texts = [text for name in adverts for text in adverts[name][:30]]
    for text, resume in zip(texts, cycle(resumes), strict=False):
        begin = time.perf_counter()
        try:
            match = WordMatch(text, lines=resume.lines, find_skills=vocabulary.names_in)
        except InvalidRequest:
            continue
        match.completed(_by_meaning(match, resume, vectors.engine.embed_batch))
        spent.append(1_000 * (time.perf_counter() - begin))
    print(
        f"\nA job description costs, in ms, over {len(spent)} adverts: "
        f"median {np.median(spent):.0f}, p95 {np.percentile(spent, 95):.0f}"
    )


if __name__ == "__main__":
    main()
