"""Make two models of a table, ready to upload: a random forest and gradient boosting, as ONNX.

    python scripts/create_test_model.py --csv claims.csv --out /tmp/models
    python scripts/create_test_model.py --out /tmp/models                 # invented rows

Of insurance claims (the default ``--target fraud_reported``) they say whether a claim is settled
as it stands or looked into; of a column of numbers, such as ``total_claim_amount``, they say how
much. A quarter of the rows is held out before anything is looked at; the figures in the manifests
are of those rows. Needs scikit-learn and skl2onnx. What is written to FOLDER is a zip a model:

    curl -F model_file=@claims-forest.zip -F model_name=claims-forest \\
         http://localhost:8000/api/v1/upload-model
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    mean_absolute_error,
    r2_score,
    roc_auc_score,
)
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder
from tabular_rows import Column, Columns, Row, Wish, choose_columns, invented_rows, read_rows

SEED = 20
HELD_OUT = 0.25
N_INVENTED = 2_000
MOST_LABELS = 20
OPSETS = {"": 18, "ai.onnx.ml": 3}
SHOWN = {"fraud_reported": {"N": "settle", "Y": "investigate"}}
"""How the labels of a known column are told to people."""
_FAR_APART = 1e-3

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Task:
    """``labels`` in the order of the probabilities, empty where a number is predicted."""

    target: str
    source: str
    columns: Columns
    labels: tuple[str, ...]
    train: tuple[Array, Array]
    held_out: tuple[Array, Array]
    example: Mapping[str, float | str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--csv", type=Path, help="rows; default: invented ones")
    parser.add_argument("--target", default="fraud_reported", help="the column to predict")
    parser.add_argument("--leave-out", action="append", default=[], metavar="COLUMN")
    parser.add_argument("--keep", action="append", default=[], metavar="COLUMN")
    parser.add_argument("--name", default="claims", help="the models are NAME-forest, NAME-boosted")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    given = parser.parse_args()
    rows = read_rows(given.csv) if given.csv else invented_rows(N_INVENTED, seed=SEED)
    source = (
        f"{len(rows):,} rows of {given.csv.name}" if given.csv else f"{len(rows):,} invented rows"
    )
    wish = Wish(given.target, frozenset(given.keep), frozenset(given.leave_out))
    task = _task(rows, wish, source=source)
    given.out.mkdir(parents=True, exist_ok=True)
    for column, reason in task.columns.left_out.items():
        print(f"left out: {column} {reason}")
    for kind, estimator in _estimators(task).items():
        _make(task, estimator, given.out / f"{given.name}-{kind}.zip")


def _task(rows: Sequence[Row], wish: Wish, *, source: str) -> Task:
    """The split comes first."""
    target = wish.target
    if not rows or target not in rows[0]:
        raise SystemExit(f"There is no column {target}.")
    rows = [row for row in rows if row[target].strip()]
    said = [row[target].strip() for row in rows]
    labels = tuple(sorted(set(said))) if len(set(said)) <= MOST_LABELS else ()
    train, held_out = train_test_split(
        np.arange(len(rows)),
        test_size=HELD_OUT,
        random_state=SEED,
        stratify=said if labels else None,
    )
    columns = choose_columns([rows[at] for at in train], wish)
    answers = np.array(said) if labels else np.array(said, dtype=np.float64)
    first = rows[train[0]]
    return Task(
        target=target,
        source=source,
        columns=columns,
        labels=labels,
        train=(_matrix(columns.kept, [rows[at] for at in train]), answers[train]),
        held_out=(_matrix(columns.kept, [rows[at] for at in held_out]), answers[held_out]),
        example={column.name: column.cell(first) for column in columns.kept if first[column.name]},
    )


def _matrix(columns: Sequence[Column], rows: Sequence[Row]) -> Array:
    matrix = np.empty((len(rows), len(columns)), dtype=object)
    for at, column in enumerate(columns):
        cells = [column.cell(row) for row in rows]
        # Graphs count in 32 bits: learned from the same numbers, they answer the same.
        matrix[:, at] = np.array(cells, dtype=np.float32) if column.is_number else cells
    return matrix


def _estimators(task: Task) -> dict[str, Any]:
    if task.labels:
        return {
            "forest": RandomForestClassifier(300, min_samples_leaf=3, random_state=SEED),
            "boosted": GradientBoostingClassifier(n_estimators=60, max_depth=2, random_state=SEED),
        }
    return {
        "forest": RandomForestRegressor(300, min_samples_leaf=3, random_state=SEED),
        "boosted": GradientBoostingRegressor(n_estimators=100, random_state=SEED),
    }


def _make(task: Task, estimator: Any, file: Path) -> None:
    pipeline = make_pipeline(_encoding(task.columns.kept), estimator).fit(*task.train)
    graph = _exported(pipeline, task)
    figures = _figures(task, pipeline)
    _refuse_another_answer(task, pipeline, graph)
    manifest = _manifest(task, type(estimator).__name__, figures)
    _write(file, {"manifest.json": _as_json(manifest), "model.onnx": graph})
    told = ", ".join(f"{name} {value:,.3f}" for name, value in figures.items())
    print(f"{file}: {file.stat().st_size:,} bytes; held out: {told}")


def _encoding(columns: Sequence[Column]) -> ColumnTransformer:
    numbers = [at for at, column in enumerate(columns) if column.is_number]
    texts = [at for at, column in enumerate(columns) if not column.is_number]
    return ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median"), numbers),
            ("texts", OneHotEncoder(handle_unknown="ignore"), texts),
        ],
        sparse_threshold=0,
    )


def _exported(pipeline: Pipeline, task: Task) -> bytes:
    types = [
        (column.name, (FloatTensorType if column.is_number else StringTensorType)([None, 1]))
        for column in task.columns.kept
    ]
    options = {"zipmap": False} if task.labels else None
    model = to_onnx(pipeline, initial_types=types, options=options, target_opset=OPSETS)
    graph: bytes = model.SerializeToString()
    return graph


def _figures(task: Task, pipeline: Pipeline) -> dict[str, float]:
    """Beside those of who always says the commonest label, or the median."""
    rows, answers = task.held_out
    said = pipeline.predict(rows)
    if not task.labels:
        middle = float(np.median(task.train[1]))
        return {
            "n": len(answers),
            "mean_absolute_error": float(mean_absolute_error(answers, said)),
            "mean_absolute_error_of_the_median": float(np.abs(answers - middle).mean()),
            "r2": float(r2_score(answers, said)),
        }
    shares = pipeline.predict_proba(rows)
    is_label = answers[:, None] == np.array(task.labels)
    commonest = max(task.labels, key=lambda label: int((task.train[1] == label).sum()))
    figures = {
        "n": len(answers),
        "accuracy": float(accuracy_score(answers, said)),
        "accuracy_of_the_commonest_label": float((answers == commonest).mean()),
        "balanced_accuracy": float(balanced_accuracy_score(answers, said)),
        "brier": float(((shares - is_label) ** 2).sum(axis=1).mean()),
    }
    if len(task.labels) == 2:
        figures["roc_auc"] = float(roc_auc_score(is_label[:, 1], shares[:, 1]))
    return figures


def _refuse_another_answer(task: Task, pipeline: Pipeline, graph: bytes) -> None:
    """The graph has to say what scikit-learn says of the rows held out."""
    rows = task.held_out[0]
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    columns = zip(session.get_inputs(), task.columns.kept, strict=True)  # it renames some
    fed = {
        spec.name: rows[:, [at]].astype(np.float32 if column.is_number else str)
        for at, (spec, column) in enumerate(columns)
    }
    name = session.get_outputs()[-1].name
    (given,) = session.run([name], fed)
    if task.labels:
        apart = np.abs(given - pipeline.predict_proba(rows)).max(axis=1)
    else:
        expected = pipeline.predict(rows)
        apart = np.abs(given.ravel() - expected) / np.maximum(np.abs(expected), 1.0)
    if (apart > _FAR_APART).any():
        raise SystemExit(f"The graph differs from scikit-learn by {apart.max():.4f}.")


def _manifest(task: Task, algorithm: str, figures: Mapping[str, float]) -> dict[str, Any]:
    shown = SHOWN.get(task.target, {})
    labels = [shown.get(label, label) for label in task.labels]
    manifest = {
        "title": f"{task.target}, {algorithm}"[:200],
        "trained_at": datetime.now(UTC).date().isoformat(),
        "trained_on": task.source,
        "features": [_feature(column) for column in task.columns.kept],
        "example": task.example,
        "metrics": {"held_out": figures},
        "about": _about(task, shown),
    }
    return {**manifest, "labels": labels} if labels else manifest


def _feature(column: Column) -> dict[str, Any]:
    kind = "number" if column.is_number else "text"
    return {
        "name": column.name,
        "type": kind,
        "optional": column.optional,
        "values": [] if column.optional else list(column.values),
    }


def _about(task: Task, shown: Mapping[str, str]) -> dict[str, list[str]]:
    meaning = [f"{label}: {task.target} is {said}." for said, label in shown.items()]
    if task.labels:
        meaning.append(
            "brier: the mean over rows of the squared differences of all labels, 0 to 2."
        )
    split = f"{HELD_OUT:.0%} of {task.source} held out, drawn by chance before anything else."
    return {
        "data": [split, "Figures are of the rows held out; one draw, so they vary by some points."],
        "definitions": meaning or [f"It answers the column {task.target}."],
        "limits": [
            "A model to try the service with. It decides no claim.",
            "Its probabilities were not calibrated; brier says how far they may be trusted.",
            *(f"{name}: left out, it {reason}." for name, reason in task.columns.left_out.items()),
        ],
    }


def _as_json(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def _write(file: Path, members: Mapping[str, bytes]) -> None:
    """The same bytes for the same members."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)


if __name__ == "__main__":
    main()
