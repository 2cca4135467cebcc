"""Models of intents beside simpler ways, in one run: a benchmark, and the product's own intents.

    python scripts/measure_intents.py --clinc ../shared/data/intents/clinc150.jsonl
    python scripts/measure_intents.py --career data/intents/test.csv
    python scripts/measure_intents.py --speed

CLINC150 (Larson and others, 2019): what is tuned is tuned within train and oos_train, by
cross-validation; val and oos_val choose one threshold, at 1,000 requests out of scope to 4,500 in
scope. Figures on val are of its other half. Where the file, or ``--held-back``, has parts test and
oos_test they are measured with the threshold of the whole of val.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.bootstrap.encoder import vector_of
from ml_service.bootstrap.engine import running_text_engine
from ml_service.bootstrap.models import model_host, model_shelf
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.cli.intent_views import confusion_view
from ml_service.cli.labelled_rows import read_labelled_rows
from ml_service.cli.model_views import figure_views
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.domain.shares import calibration_gap
from ml_service.hosting.loaded import CANARY
from ml_service.hosting.model_files import read_manifest
from ml_service.intents.files import read_intent_model
from ml_service.intents.folds import N_FOLDS
from ml_service.intents.head import Floats, judge
from ml_service.intents.judging import (
    choose_threshold,
    losses_by_way,
    request_weights,
    scope_f1,
)
from ml_service.intents.measuring import answers_of, confusions, figures
from ml_service.intents.training import Examples, fit_intents, n_fits
from ml_service.intents.word_marks import raw_marks, weighed
from ml_service.settings import Settings
from ml_service.use_cases.classify_intents import DEFAULT_INTENTS, MOST_TEXTS, ClassifyIntents

Bools = npt.NDArray[np.bool_]
HALVINGS = 50
console = Console()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinc", type=Path)
    parser.add_argument("--held-back", type=Path, help="JSONL with the parts test and oos_test")
    parser.add_argument("--career", type=Path)
    parser.add_argument("--speed", action="store_true")
    given = parser.parse_args()
    if given.clinc:
        files = [file for file in (given.clinc, given.held_back) if file]
        measure_clinc([json.loads(line) for file in files for line in file.open(encoding="utf-8")])
    if given.career:
        measure_career(given.career)
    if given.speed:
        asyncio.run(measure_speed(Settings()))


@dataclass(frozen=True, slots=True)
class Said:
    """What one way says of the texts of a part: likeliest intents, and how little each text looks
    in scope, on any scale.
    """

    likeliest: npt.NDArray[np.intp]
    doubts: Floats
    confidences: Floats | None = None


Way = Callable[[Examples, Examples], Said]


def measure_clinc(rows: Sequence[Mapping[str, str]]) -> None:
    intents = sorted({row["label"] for row in rows if row["part"] == "train"})
    with console.status("embedding"):
        vectors = asyncio.run(_embedded([row["text"] for row in rows])).vectors
    train = _part(rows, vectors, intents, {"train", "oos_train"})
    val = _part(rows, vectors, intents, {"val", "oos_val"})
    test = _part(rows, vectors, intents, {"test", "oos_test"})
    table = Table(
        "way",
        "val: accuracy in scope",
        "with refusals wrong",
        "out-of-scope F1",
        "ECE",
        *(("test: accuracy", "refusals wrong", "F1") if len(test.labels) else ()),
    )
    for name, way in _ways().items():
        began = time.perf_counter()
        both = way(train, _joined(val, test))
        on_val, on_test = _cut(both, len(val.labels))
        cells = [*_halved(on_val, val)]
        if len(test.labels):
            cells += _at(
                on_test, test, choose_threshold(on_val.doubts, val.labels == val.n_intents)
            )
        table.add_row(name, *cells)
        console.print(f"{name}: {time.perf_counter() - began:.0f} s")
    console.print(table)


def _part(
    rows: Sequence[Mapping[str, str]],
    vectors: Float32Array,
    intents: Sequence[str],
    parts: set[str],
) -> Examples:
    place = {intent: at for at, intent in enumerate(intents)}
    kept = [at for at, row in enumerate(rows) if row["part"] in parts]
    return Examples(
        texts=tuple(rows[at]["text"] for at in kept),
        vectors=vectors[kept],
        labels=np.array([place.get(rows[at]["label"], len(intents)) for at in kept], dtype=np.intp),
        n_intents=len(intents),
    )


def _joined(one: Examples, other: Examples) -> Examples:
    return Examples(
        one.texts + other.texts,
        np.concatenate([one.vectors, other.vectors]),
        np.concatenate([one.labels, other.labels]),
        one.n_intents,
    )


def _cut(said: Said, at: int) -> tuple[Said, Said]:
    sure = said.confidences
    return (
        Said(said.likeliest[:at], said.doubts[:at], None if sure is None else sure[:at]),
        Said(said.likeliest[at:], said.doubts[at:], None if sure is None else sure[at:]),
    )


def _ways() -> Mapping[str, Way]:
    return {
        "vectors, linear SVM": lambda train, asked: _svm(train, asked, _vector_inputs),
        "TF-IDF, linear SVM": lambda train, asked: _svm(train, asked, _tfidf_inputs),
        "this product": _product,
    }


def _product(train: Examples, asked: Examples) -> Said:
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("learning", total=n_fits(N_FOLDS))
        fitted = fit_intents(train, advance=lambda: bar.advance(task))
    head = fitted.head
    _tell_unseen(train, fitted.unseen)
    marks = [weighed(raw_marks(text), head.telling) for text in asked.texts]
    verdicts = judge(head.scores(asked.vectors, marks), train.n_intents, head.judgement)
    confidences = verdicts.confidences(head.judgement)
    return Said(confidences.argmax(axis=1), verdicts.p_out_of_scope, confidences.max(axis=1))


def _tell_unseen(train: Examples, unseen: tuple[Floats, Floats]) -> None:
    inside = train.labels < train.n_intents
    scores = unseen[0][inside], unseen[1][inside]
    for share, (loss, _) in losses_by_way(scores, train.labels[inside], train.n_intents).items():
        console.print(f"  cross-validated log loss with words counting {share:.2f}: {loss:.4f}")


def _svm(
    train: Examples,
    asked: Examples,
    inputs: Callable[[Examples, Examples], tuple[object, object]],
) -> Said:
    """Learned in scope alone; the margin of the best is the doubt, turned around."""
    inside = np.flatnonzero(train.labels < train.n_intents)
    known, unknown = inputs(train, asked)
    fitted = LinearSVC(C=1.0).fit(known[inside], train.labels[inside])  # type: ignore[index]  # a matrix of either kind
    margins = fitted.decision_function(unknown)
    return Said(margins.argmax(axis=1), -margins.max(axis=1))


def _vector_inputs(train: Examples, asked: Examples) -> tuple[object, object]:
    return train.vectors, asked.vectors


def _tfidf_inputs(train: Examples, asked: Examples) -> tuple[object, object]:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    known = hstack([kind.fit_transform(train.texts) for kind in (words, parts)]).tocsr()
    return known, hstack([kind.transform(asked.texts) for kind in (words, parts)]).tocsr()


def _halved(said: Said, part: Examples) -> list[str]:
    """Each half of the part by the threshold of the other, over random halvings."""
    outside = part.labels == part.n_intents
    hits = said.likeliest == part.labels
    chance, kept, found = np.random.default_rng(0), [], []
    for _ in range(HALVINGS):
        first = chance.random(len(hits)) < 0.5
        for half in (first, ~first):
            threshold = choose_threshold(said.doubts[half], outside[half])
            refused = said.doubts[~half] >= threshold
            kept.append((hits[~half] & ~refused)[~outside[~half]].mean())
            weights = request_weights(outside[~half])
            found.append(scope_f1(refused, outside[~half], weights)[2])
    cells = [f"{hits[~outside].mean():.4f}", f"{np.mean(kept):.4f}"]
    cells.append(f"{np.mean(found):.3f} ± {np.std(found):.3f}")
    sure = said.confidences
    ece = "-" if sure is None else f"{calibration_gap(sure, hits, request_weights(outside)):.3f}"
    return [*cells, ece]


def _at(said: Said, part: Examples, threshold: float) -> list[str]:
    outside, refused = part.labels == part.n_intents, said.doubts >= threshold
    hits = said.likeliest == part.labels
    f1 = scope_f1(refused, outside, np.ones(len(hits)))[2]
    right = (hits & ~refused)[~outside].mean()
    return [f"{hits[~outside].mean():.4f}", f"{right:.4f}", f"{f1:.3f}"]


def measure_career(file: Path) -> None:
    """The model that ships, on texts that were written apart from those it learned from."""
    _, folder = model_shelf(Settings()).champion(DEFAULT_INTENTS)
    model = read_intent_model(folder, read_manifest(folder))
    rows = read_labelled_rows(file).rows
    texts = [str(row.content) for row in rows]
    names = (*model.intents, "out_of_scope")
    right = np.array([names.index(row.label) for row in rows])
    vectors = asyncio.run(_embedded(texts))
    marks = [weighed(raw_marks(text), model.head.telling) for text in texts]
    scores = model.head.scores(vectors.vectors, marks)
    answers = answers_of(scores, right, len(model.intents), model.head.judgement)
    console.print(*figure_views({f"{file.name}, {model.ref.revision}": figures(answers, names)}))
    counts = confusions(answers).items()
    told = [(names[at], names[said], n) for (at, said), n in counts]
    console.print(confusion_view(told))


async def _embedded(texts: Sequence[str]) -> Embeddings:
    async with running_text_engine(Settings()) as engine:
        found = [
            await engine.encoder.embed_documents(texts[at : at + MOST_TEXTS])
            for at in range(0, len(texts), MOST_TEXTS)
        ]
        return Embeddings(np.concatenate([part.vectors for part in found]), engine.encoder.ref)


Ask = Callable[[Sequence[str]], Awaitable[object]]
SINGLES, BATCHES = 500, 15


async def measure_speed(settings: Settings) -> None:
    """Texts that were never asked before, so that no kept vector answers."""
    catalogue = await asyncio.to_thread(Catalogue.load, settings.catalogue_dir)
    async with running_text_engine(settings) as engine:
        encoder = engine.encoder
        host = model_host(settings, catalogue, await vector_of(CANARY, encoder, settings))
        classify = ClassifyIntents(host=host, encoder=encoder, default=DEFAULT_INTENTS)
        await host.refresh()
        ways: dict[str, Ask] = {
            "bare encoder": encoder.embed_documents,
            "with intents": lambda texts: classify(texts, model=None, who=None),
        }
        numbers = itertools.count()
        one = await _timed(ways, numbers, size=1, rounds=SINGLES)
        many = await _timed(ways, numbers, size=MOST_TEXTS, rounds=BATCHES)
        await host.close()
    table = Table("", "one: p50 ms", "one: p95 ms", f"texts per second, {MOST_TEXTS} at once")
    for name in ways:
        took = np.array(one[name]) * 1_000
        cells = f"{np.median(took):.1f}", f"{np.quantile(took, 0.95):.1f}"
        table.add_row(name, *cells, f"{MOST_TEXTS / np.median(many[name]):.0f}")
    console.print(table)


async def _timed(
    ways: Mapping[str, Ask], numbers: Iterator[int], *, size: int, rounds: int
) -> dict[str, list[float]]:
    """Seconds by way; they take turns."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, ask in ways.items():
            texts = [f"find nursing jobs number {next(numbers)} in Leeds" for _ in range(size)]
            began = time.perf_counter()
            await ask(texts)
            took[name].append(time.perf_counter() - began)
    return took


if __name__ == "__main__":
    main()
