"""Models of own labels beside simpler ways, on the same folds of the same resumes.

    python scripts/measure_labels.py --data ../shared/data/resumes/train

DATA is what ``python -m ml_service train`` takes. Every figure is of resumes that the fit had not
seen; near-duplicates stand in one fold; nothing is sampled twice.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.bootstrap.engine import running_text_engine
from ml_service.bootstrap.training import gathering
from ml_service.career.evaluation import accuracy_at_coverage, calibration_error, macro_f1
from ml_service.career.taxonomy.cross_validation import HeldOut, cross_validate
from ml_service.career.taxonomy.folds import assign_folds
from ml_service.career.taxonomy.label_fitting import LabelledResume
from ml_service.career.taxonomy.label_mentions import LabelNames
from ml_service.cli.training_data import TrainingData, read_training_data
from ml_service.settings import Settings
from ml_service.use_cases.gather_evidence import Example, Gathered
from ml_service.use_cases.train_model import labelled_resumes, labels_of

Rows = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]
Way = Callable[[Rows, Rows], Scores]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    data = read_training_data(given.data)
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=len(data.rows))
        gathered = asyncio.run(_gather(data, lambda n: bar.advance(task, n)))
    labels = labels_of(gathered)
    resumes = labelled_resumes(gathered, labels)
    right = np.array([resume.label for resume in resumes])
    folds = np.array(assign_folds([_words(resume) for resume in resumes], right.tolist()))
    table = Table(title=f"{len(resumes):,} resumes, {len(labels)} labels, {max(folds) + 1} folds")
    for column in (
        "way",
        "top-1 (folds)",
        "top-3",
        "top-5",
        "macro-F1",
        "ECE (floor)",
        "surest half",
    ):
        table.add_column(column)
    for name, way in _simple_ways(gathered, resumes, right).items():
        scores = np.zeros((len(resumes), len(labels)))
        for fold in np.unique(folds):
            held = np.flatnonzero(folds == fold)
            scores[held] = way(np.flatnonzero(folds != fold), held)
        ranked = np.argsort(-scores, axis=1, kind="stable")
        table.add_row(name, *_accuracies(ranked, right, folds), *_said(scores, right))
    for name, judged in (
        ("this product, labels' names unread", _nameless(resumes, len(labels))),
        ("this product", resumes),
    ):
        held_out = cross_validate(judged, folds.tolist(), n_labels=len(labels))
        table.add_row(name, *_product(held_out))
    Console(width=130).print(table)


async def _gather(data: TrainingData, advanced: Callable[[int], None]) -> Gathered:
    examples = [Example(row.name, row.label, row.content) for row in data.rows]
    settings = Settings()
    async with running_text_engine(settings) as engine:
        return await gathering(engine, settings)(examples, advanced=advanced)


def _nameless(resumes: Sequence[LabelledResume], n_labels: int) -> list[LabelledResume]:
    """As if the labels were numbers: nothing is known of them but their resumes."""
    names = LabelNames([""] * n_labels)
    return [
        replace(resume, mentions=tuple(names.find(entry) for entry in resume.words))
        for resume in resumes
    ]


def _words(resume: LabelledResume) -> list[str]:
    return [word for entry in resume.words for word in entry.body]


def _simple_ways(
    gathered: Gathered, resumes: Sequence[LabelledResume], right: Rows
) -> dict[str, Way]:
    """What published work does: words, vectors, both, the title line beside them."""
    texts = [
        "\n".join(line.text for line in evidence.redacted.lines)
        for _, evidence in gathered.evidence
    ]
    titles = [" ".join(resume.words[0].opening) if resume.words else "" for resume in resumes]
    means = np.stack([evidence.vectors.vectors.mean(axis=0) for _, evidence in gathered.evidence])
    firsts = np.stack([evidence.vectors.vectors[0] for _, evidence in gathered.evidence])

    def svc(learned: Rows, held: Rows) -> Scores:
        known, asked = _tfidf(texts, learned, held)
        fitted = LinearSVC(C=0.5, random_state=0).fit(known, right[learned])
        scores: Scores = fitted.decision_function(asked)
        return scores

    def words(learned: Rows, held: Rows) -> Scores:
        return _logistic(*_tfidf(texts, learned, held), right[learned], strength=30)

    def vectors(learned: Rows, held: Rows) -> Scores:
        both = 5 * np.concatenate([means, firsts], axis=1)
        return _logistic(both[learned], both[held], right[learned], strength=3)

    def title(learned: Rows, held: Rows) -> Scores:
        return _logistic(*_tfidf(titles, learned, held), right[learned], strength=10)

    return {
        "TF-IDF, linear SVC": svc,
        "TF-IDF, logistic regression": words,
        "MiniLM vectors, logistic regression": vectors,
        "TF-IDF + MiniLM, log-probabilities added": lambda a, b: words(a, b) + vectors(a, b),
        "the same + title line": lambda a, b: words(a, b) + vectors(a, b) + title(a, b),
    }


def _tfidf(texts: Sequence[str], learned: Rows, held: Rows) -> tuple[object, object]:
    space = TfidfVectorizer(sublinear_tf=True, min_df=2, stop_words="english")
    known = space.fit_transform([texts[at] for at in learned])
    return known, space.transform([texts[at] for at in held])


def _logistic(known: object, asked: object, right: Rows, *, strength: float) -> Scores:
    fitted = LogisticRegression(C=strength, max_iter=300).fit(known, right)
    likely: Scores = np.log(np.maximum(fitted.predict_proba(asked), 1e-9))
    return likely


def _product(held_out: Sequence[HeldOut]) -> tuple[str, ...]:
    ranked = np.array([row.ranked for row in held_out])
    right = np.array([row.resume.label for row in held_out])
    folds = np.array([row.fold for row in held_out])
    confidences = np.array([row.confidence for row in held_out])
    return (*_accuracies(ranked, right, folds), *_calibrated(confidences, ranked[:, 0] == right))


def _accuracies(ranked: Rows, right: Rows, folds: Rows) -> tuple[str, ...]:
    first = ranked[:, 0] == right
    shares = [float(first[folds == fold].mean()) for fold in np.unique(folds)]
    top_1 = f"{first.mean():.3f} ({min(shares):.3f} to {max(shares):.3f})"
    others = (f"{(ranked[:, :k] == right[:, None]).any(axis=1).mean():.3f}" for k in (3, 5))
    guesses = [str(label) for label in ranked[:, 0]]
    return (top_1, *others, f"{macro_f1(guesses, [{str(label)} for label in right]):.3f}")


def _said(scores: Scores, right: Rows) -> tuple[str, str]:
    """The confidence that a way states itself: its probabilities, normalised."""
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return _calibrated(likely.max(axis=1), scores.argmax(axis=1) == right)


def _calibrated(confidences: Scores, hits: npt.NDArray[np.bool_]) -> tuple[str, str]:
    error = calibration_error(confidences, hits)
    half = accuracy_at_coverage(confidences, hits)[0.5]
    return f"{error.ece:.3f} ({error.floor:.3f})", f"{half:.3f}"


if __name__ == "__main__":
    main()
