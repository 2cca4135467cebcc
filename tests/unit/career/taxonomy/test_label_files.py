from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from ml_service.career.taxonomy.label_files import read_label_model, write_label_model
from ml_service.career.taxonomy.label_fitting import fit_labels
from ml_service.career.taxonomy.label_model import LabelModel
from ml_service.domain.errors import ModelUnavailable, WeightsMismatch
from ml_service.hosting.model_files import (
    MANIFEST_FILE,
    WEIGHTS_FILE,
    Manifest,
    read_manifest,
    write_model,
)
from tests.unit.career.taxonomy.makers import (
    card_for,
    evidence_of,
    fitted_trades,
    lines_of_people,
    resumes_of,
    trades_model,
)

Change = Callable[[Manifest], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    card = replace(card_for(), calibration=_calibration())
    write_label_model(tmp_path, fitted_trades(), card)
    return tmp_path


def _calibration() -> dict[str, Any]:
    fitted = fitted_trades().calibration
    return {"weights": list(fitted.weights), "intercept": fitted.intercept}


def read(folder: Path) -> LabelModel:
    return read_label_model(folder, read_manifest(folder))


def test_a_saved_model_answers_as_before_but_for_its_rounding(folder: Path) -> None:
    model, before = read(folder), trades_model()

    for _, lines in lines_of_people(2, seed=11):
        evidence = evidence_of(*lines)
        now, then = model.predict(evidence).career_paths, before.predict(evidence).career_paths
        assert [path.title for path in now] == [path.title for path in then]
        assert [path.confidence for path in now] == pytest.approx(
            [path.confidence for path in then], abs=2e-3
        )


def test_the_revision_is_the_beginning_of_the_sum(folder: Path) -> None:
    digest = sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()

    assert read(folder).ref.revision == digest[:12]
    assert read_manifest(folder)["weights_sha256"] == digest


def test_the_same_head_has_the_same_revision(folder: Path, tmp_path: Path) -> None:
    again = write_label_model(tmp_path / "again", fitted_trades(), card_for())

    assert again["revision"] == read(folder).ref.revision


def test_words_and_labels_of_any_alphabet_survive(tmp_path: Path) -> None:
    labels = ("Köchin [Süd]", "看護師", "C++\\d")
    rows = [
        (label, (f"Größe {label} wörter", f"ünï{at}x{k} größe übung", f"{label} straße"))
        for at, label in enumerate(labels)
        for k in range(4)
    ]
    fitted = fit_labels(resumes_of(rows, labels), [at % 3 for at in range(12)], n_labels=3)
    card = replace(
        card_for(labels),
        calibration={"weights": list(fitted.calibration.weights), "intercept": 0.0},
    )

    write_label_model(tmp_path, fitted, card)

    model = read(tmp_path)
    assert model.labels == labels
    assert model.predict(evidence_of(*rows[0][1])).career_paths[0].title == labels[0]


@pytest.mark.parametrize("at", [30, -30])
def test_a_flipped_byte_is_noticed(folder: Path, at: int) -> None:
    content = bytearray((folder / WEIGHTS_FILE).read_bytes())
    content[at] ^= 1
    (folder / WEIGHTS_FILE).write_bytes(bytes(content))

    with pytest.raises(WeightsMismatch):
        read(folder)


@pytest.mark.parametrize("name", [WEIGHTS_FILE, MANIFEST_FILE])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(ModelUnavailable):
        read(folder)


FIELDS = (
    *("form", "weights_sha256", "model_id", "revision", "taxonomy", "encoder_id"),
    *("encoder_revision", "labels", "languages", "abstains_below", "trained_at", "trained_on"),
    *("metrics", "calibration", "about"),
)


@pytest.mark.parametrize("value", [None, 7, "", ["x", 3], {"weights": [1]}])
@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_another_kind_makes_a_model_that_is_not_loaded(
    folder: Path, name: str, value: object
) -> None:
    manifest = read_manifest(folder)
    if type(value) is type(manifest[name]) and name not in {"form", "weights_sha256"}:
        value = None
    manifest[name] = value

    with pytest.raises((ModelUnavailable, WeightsMismatch)):
        read_label_model(folder, manifest)


@pytest.mark.parametrize("name", FIELDS)
def test_a_missing_field_makes_a_model_that_is_not_loaded(folder: Path, name: str) -> None:
    manifest = read_manifest(folder)
    del manifest[name]

    with pytest.raises((ModelUnavailable, WeightsMismatch)):
        read_label_model(folder, manifest)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest["labels"].append("PILOT"),
        lambda manifest: manifest["labels"].pop(),
        lambda manifest: manifest.update(labels=["NURSING"] * 4),
        lambda manifest: manifest["calibration"].update(weights=[1.0]),
        lambda manifest: manifest["calibration"].update(weights="ab"),
        lambda manifest: manifest["calibration"].pop("intercept"),
        lambda manifest: manifest.update(form="labels-2"),
    ],
)
def test_a_manifest_of_other_weights_is_refused(folder: Path, change: Change) -> None:
    manifest = read_manifest(folder)
    change(manifest)

    with pytest.raises(WeightsMismatch):
        read_label_model(folder, manifest)


def _arrays(folder: Path) -> dict[str, npt.NDArray[Any]]:
    with np.load(folder / WEIGHTS_FILE) as stored:
        return {name: stored[name] for name in stored.files}


def _last_words_gone(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.frombuffer(array.tobytes().rpartition(b"\n")[0], dtype=np.uint8)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("body_weights", lambda array: array[1:]),
        ("mean_weights", lambda array: array[:, 1:]),
        ("opening_weights", lambda array: array[1:]),
        ("title_idf", lambda array: array[1:]),
        ("mean_bias", lambda array: array[None]),
        ("odds", lambda array: array[1:]),
        ("prior", lambda array: array[1:]),
        ("ranking", lambda array: array[1:]),
        ("body_words", _last_words_gone),
        ("body_words", lambda _: np.frombuffer(b"one\xff", dtype=np.uint8)),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(
    folder: Path, name: str, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]
) -> None:
    arrays = _arrays(folder)
    arrays[name] = change(arrays[name])
    manifest = write_model(folder, arrays, read_manifest(folder))

    with pytest.raises(WeightsMismatch):
        read_label_model(folder, manifest)


@pytest.mark.parametrize("name", ["body_weights", "title_words", "mean_bias", "odds"])
def test_a_missing_array_is_refused(folder: Path, name: str) -> None:
    arrays = _arrays(folder)
    del arrays[name]
    manifest = write_model(folder, arrays, read_manifest(folder))

    with pytest.raises(WeightsMismatch):
        read_label_model(folder, manifest)
