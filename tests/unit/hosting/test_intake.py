"""Models from outside onto a real shelf: there and answering, or not a trace of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save as save_safetensors

from ml_service.bootstrap.new_models import check_card
from ml_service.career.taxonomy.label_files import read_label_model, write_label_model
from ml_service.domain.errors import InvalidRequest, ModelRefused, ModelUnavailable
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.intake import ModelIntake, Probe, TryGraph
from ml_service.hosting.loaded import HostedModel
from ml_service.hosting.model_files import Manifest, kind_of, read_arrays, read_manifest
from ml_service.hosting.shelf import ModelShelf
from ml_service.inference.engines.plain_onnx import HostedOnnxModel
from ml_service.inference.graph_trial import try_graph
from tests.onnx_graphs import classifier, endless, regressor, with_manifest, zipped
from tests.unit.career.taxonomy.makers import card_for, fitted_trades
from tests.unit.hosting.models import Weights

MOST = 1_000_000


def probe(folder: Path) -> HostedModel:
    """As a service does, but that a head answers no text here."""
    manifest = read_manifest(folder)
    if kind_of(manifest) == "onnx":
        graph = HostedOnnxModel(folder)
        graph.answer_canary()
        return graph
    return Weights(read_label_model(folder, manifest).ref, 1)


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    return ModelShelf(tmp_path / "models")


@pytest.fixture
def intake(shelf: ModelShelf) -> ModelIntake:
    return intake_of(shelf)


def intake_of(
    shelf: ModelShelf,
    *,
    probe: Probe = probe,
    try_graph: TryGraph = try_graph,
    max_bytes: int = MOST,
) -> ModelIntake:
    return ModelIntake(
        shelf, probe=probe, try_graph=try_graph, check_card=check_card, max_bytes=max_bytes
    )


def everything(shelf: ModelShelf) -> list[Path]:
    return sorted(shelf.folder.rglob("*"))


def test_the_first_of_a_name_answers_and_the_next_waits(
    intake: ModelIntake, shelf: ModelShelf
) -> None:
    first = intake.take(classifier(), "sums")
    second = intake.take(classifier(2.0), "sums", manifest='{"title": "Twice"}')

    assert first.is_new
    assert second.is_new
    assert first.revision == sha256(classifier()).hexdigest()[:12]
    assert shelf.champion("sums")[0] == first.revision
    assert [entry.revision for entry in shelf.revisions("sums")] == [
        first.revision,
        second.revision,
    ]
    assert second.manifest["title"] == "Twice"


def test_the_same_again_is_there_already(intake: ModelIntake, shelf: ModelShelf) -> None:
    content = with_manifest(classifier(), features=[
        {"name": "a", "type": "number"}, {"name": "b", "type": "number"},
    ])  # fmt: skip
    first = intake.take(content, "sums")
    before = {path: path.stat().st_mtime_ns for path in everything(shelf)}

    again = intake.take(content, "sums")

    assert (again.revision, again.is_new) == (first.revision, False)
    assert {path: path.stat().st_mtime_ns for path in everything(shelf)} == before


def test_the_same_weights_with_other_words_are_refused(intake: ModelIntake) -> None:
    intake.take(classifier(), "sums")

    with pytest.raises(ModelRefused, match="another manifest"):
        intake.take(classifier(), "sums", manifest='{"title": "Other"}')


def trades(tmp_path: Path) -> tuple[Manifest, bytes]:
    folder = tmp_path / "made"
    manifest = write_label_model(folder, fitted_trades(), card_for())
    return manifest, (folder / "weights.npz").read_bytes()


def packed(manifest: Manifest, **weights: bytes) -> bytes:
    names = {name.replace("_", "."): content for name, content in weights.items()}
    return zipped({"manifest.json": json.dumps(manifest).encode(), **names})


def test_a_head_keeps_its_revision_and_takes_the_name_it_is_sent_under(
    intake: ModelIntake, shelf: ModelShelf, tmp_path: Path
) -> None:
    manifest, weights = trades(tmp_path)

    taken = intake.take(packed(manifest, weights_npz=weights), "other-name")

    assert taken.revision == manifest["revision"]
    folder = shelf.folder_of("other-name", taken.revision)
    assert (folder / "weights.npz").read_bytes() == weights
    assert read_manifest(folder)["model_id"] == "other-name"


def test_safetensors_are_kept_as_npz_and_known_again(
    intake: ModelIntake, shelf: ModelShelf, tmp_path: Path
) -> None:
    manifest, _ = trades(tmp_path)
    arrays = read_arrays(tmp_path / "made", manifest)
    content = save_safetensors(arrays)
    stated = manifest | {"weights_sha256": sha256(content).hexdigest()}
    offer = packed(stated, weights_safetensors=content)

    taken = intake.take(offer, "trades")

    kept = shelf.folder_of("trades", taken.revision)
    again = read_arrays(kept, taken.manifest)
    assert all(np.array_equal(again[name], array) for name, array in arrays.items())
    assert intake.take(offer, "trades").is_new is False


@pytest.mark.parametrize("change", [{"weights_sha256": "0" * 64}, {"revision": "0" * 12}])
def test_weights_of_another_sum_leave_nothing(
    intake: ModelIntake, shelf: ModelShelf, tmp_path: Path, change: dict[str, Any]
) -> None:
    manifest, weights = trades(tmp_path)

    with pytest.raises(ModelRefused, match="sha256"):
        intake.take(packed(manifest | change, weights_npz=weights), "trades")

    assert everything(shelf) == []


def test_weights_of_other_dimensions_leave_nothing(
    intake: ModelIntake, shelf: ModelShelf, tmp_path: Path
) -> None:
    manifest, weights = trades(tmp_path)
    labels = {"labels": [*manifest["labels"], "ONE MORE"]}

    with pytest.raises(ModelRefused, match="do not belong together"):
        intake.take(packed(manifest | labels, weights_npz=weights), "trades")
    with pytest.raises(ModelRefused):
        intake.take(with_manifest(classifier(), labels=["a", "b", "c"]), "sums")

    assert everything(shelf) == []


def test_arrays_of_objects_and_half_arrays_leave_nothing(
    intake: ModelIntake, shelf: ModelShelf, tmp_path: Path
) -> None:
    manifest, weights = trades(tmp_path)
    objects = tmp_path / "objects.npz"
    np.savez(objects, allow_pickle=True, w=np.array([{}], dtype=object))
    huge = zipped({"w.npy": _npy_header((10**12,))})
    del manifest["weights_sha256"], manifest["revision"]

    for content in (objects.read_bytes(), weights[:-50], huge, b"nothing"):
        with pytest.raises(ModelRefused):
            intake.take(packed(manifest, weights_npz=content), "trades")
    with pytest.raises(ModelRefused, match="safetensors"):
        intake.take(packed(manifest, weights_safetensors=b"nothing at all"), "trades")

    assert everything(shelf) == []


def _npy_header(shape: tuple[int, ...]) -> bytes:
    told = repr({"descr": "<f8", "fortran_order": False, "shape": shape}).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(told).to_bytes(2, "little") + told


def test_a_graph_that_never_answers_leaves_nothing(shelf: ModelShelf) -> None:
    def short(folder: Path, stated: Any, *, model_id: str) -> Manifest:
        return try_graph(folder, stated, model_id=model_id, longest_s=2.0)

    intake = intake_of(shelf, try_graph=short)

    with pytest.raises(ModelRefused, match="longer than"):
        intake.take(endless(), "endless")

    assert everything(shelf) == []


def test_a_process_that_is_killed_meanwhile_leaves_what_no_list_shows(shelf: ModelShelf) -> None:
    class Killed(BaseException):
        pass

    def killed(folder: Path) -> HostedModel:
        assert (folder / "manifest.json").is_file()
        assert shelf.names() == ()
        raise Killed

    intake = intake_of(shelf, probe=killed)

    with pytest.raises(Killed):
        intake.take(classifier(), "sums")

    assert everything(shelf) == []


def test_a_refused_one_leaves_the_former_as_it_was(intake: ModelIntake, shelf: ModelShelf) -> None:
    first = intake.take(classifier(), "sums")
    before = everything(shelf)

    with pytest.raises(ModelRefused):
        intake.take(regressor()[:-30], "sums")

    assert everything(shelf) == before
    assert shelf.champion("sums")[0] == first.revision


def test_a_name_is_for_one_kind(intake: ModelIntake, tmp_path: Path) -> None:
    manifest, weights = trades(tmp_path)
    intake.take(packed(manifest, weights_npz=weights), "trades")

    with pytest.raises(ModelRefused, match="kind 'career'"):
        intake.take(classifier(), "trades")


def test_a_manifest_of_a_graph_with_weights_of_a_head_is_refused(intake: ModelIntake) -> None:
    with pytest.raises(ModelRefused, match=r"send it as model\.onnx"):
        intake.take(packed({"kind": "onnx"}, weights_npz=b"x"), "sums")


@pytest.mark.parametrize("name", ["", "../up", "Name", "a/b", ".hidden", "x" * 65])
def test_a_name_that_is_none_is_refused(intake: ModelIntake, shelf: ModelShelf, name: str) -> None:
    with pytest.raises(InvalidRequest):
        intake.take(classifier(), name)

    assert everything(shelf) == []


def test_a_file_beyond_the_bound_is_not_read(shelf: ModelShelf) -> None:
    intake = intake_of(shelf, max_bytes=10)

    with pytest.raises(ModelRefused, match="10 bytes"):
        intake.take(classifier(), "sums")


def test_a_folder_that_cannot_be_written_to_is_the_services_fault(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file", encoding="ascii")
    intake = intake_of(ModelShelf(tmp_path / "models"))

    with pytest.raises(ModelUnavailable, match="cannot be written"):
        intake.take(classifier(), "sums")


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ('"metrics": {"held_out": {"n": [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}}', "deep"),
        ('"metrics": {"held_out": ' + '{"n": ' * 900 + "1" + "}" * 901, "deep"),
        ('"metrics": {"held_out": {"n": 1e999}}', "too large"),
        ('"metrics": {"held_out": {"n": 1' + "0" * 400 + "}}", "too large"),
        ('"metrics": {"held_out": {"n": 1' + "0" * 5_000 + "}}", "too large"),
        (r'"example": ["\ud800"]', "no text"),
        (r'"about": {"\udc00": "limits"}', "no text"),
        ('"answers": {"label": ["label"]}', "'answers'"),
    ],
)
def test_words_that_could_not_be_told_again_leave_nothing(
    intake: ModelIntake, shelf: ModelShelf, odd: str, said: str
) -> None:
    with pytest.raises(ModelRefused, match=said):
        intake.take(classifier(), "sums", manifest="{" + odd + "}")

    assert everything(shelf) == []


def test_nor_is_a_graph_that_is_there_asked_for_with_such_words(intake: ModelIntake) -> None:
    intake.take(classifier(), "sums")

    with pytest.raises(ModelRefused, match="'answers'"):
        intake.take(classifier(), "sums", manifest='{"answers": {"label": ["label"]}}')


def test_a_head_whose_card_cannot_be_told_leaves_nothing(shelf: ModelShelf, tmp_path: Path) -> None:
    """Some heads are read without their card."""

    def carelessly(folder: Path) -> HostedModel:
        return Weights(ModelRef("trades", read_manifest(folder)["revision"]), 1)

    intake = intake_of(shelf, probe=carelessly)
    manifest, weights = trades(tmp_path)
    taken = intake.take(packed(manifest, weights_npz=weights), "trades")

    for odd in ({"metrics": [1]}, {"abstains_below": "high"}, {"about": {"limits": 7}}):
        with pytest.raises(ModelRefused, match="not complete"):
            intake.take(packed(manifest | odd, weights_npz=weights), "others")

    assert shelf.names() == ("trades",)
    assert taken.is_new


def test_the_card_of_a_head_may_be_odd_in_any_way(intake: ModelIntake, shelf: ModelShelf) -> None:
    for stated in ({}, {"taxonomy": "own"}, {"taxonomy": "own", "form": "labels-1", "labels": 7}):
        with pytest.raises(ModelRefused):
            intake.take(packed(stated, weights_npz=b"x"), "trades")

    assert everything(shelf) == []
    assert asdict(card_for())["model_id"]
