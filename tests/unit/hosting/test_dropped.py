"""Models put into the folder by hand."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from ml_service.hosting.dropped import AT_REST_S, DroppedModels
from ml_service.hosting.loaded import HostedModel
from ml_service.hosting.pointers import CHAMPION_FILE
from ml_service.hosting.shelf import ModelShelf
from ml_service.inference.graph_trial import try_graph
from tests.onnx_graphs import classifier, regressor, with_manifest
from tests.unit.hosting.test_intake import intake_of, probe


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    (tmp_path / "models").mkdir()
    return ModelShelf(tmp_path / "models")


@pytest.fixture
def dropped(shelf: ModelShelf) -> DroppedModels:
    return DroppedModels(intake_of(shelf), probe=probe)


def put(file: Path, content: bytes, *, age_s: float = 2 * AT_REST_S) -> Path:
    file.write_bytes(content)
    changed = time.time() - age_s
    os.utime(file, (changed, changed))
    return file


def test_a_graph_and_an_archive_are_taken_and_gone_from_the_top(
    shelf: ModelShelf, dropped: DroppedModels
) -> None:
    put(shelf.folder / "sums.onnx", regressor())
    put(shelf.folder / "shares.zip", with_manifest(classifier(), title="Shares"))

    assert dropped.look() == ("shares", "sums")

    assert [path.name for path in sorted(shelf.folder.iterdir())] == ["shares", "sums"]
    assert shelf.champion("sums")
    assert dropped.look() == ()


def test_what_is_refused_stays_where_it_is_and_is_told(
    shelf: ModelShelf, dropped: DroppedModels
) -> None:
    file = put(shelf.folder / "broken.onnx", b"\x80\x04nothing")
    put(shelf.folder / "Bad Name.onnx", regressor())

    assert dropped.look() == ()

    bad, broken = dropped.unreadable
    assert (bad.name, broken.name) == ("Bad Name.onnx", "broken.onnx")
    assert "name" in bad.reason
    assert "pickle" in broken.reason
    assert file.read_bytes() == b"\x80\x04nothing"


def test_models_of_other_forms_are_told_and_never_opened(
    shelf: ModelShelf, dropped: DroppedModels
) -> None:
    put(shelf.folder / "forest.PKL", b"\x80\x04nothing")
    put(shelf.folder / "notes.txt", b"\x80\x04nothing")

    assert dropped.look() == ()
    (told,) = dropped.unreadable
    assert told.name == "forest.PKL"
    assert "skl2onnx" in told.reason


def test_a_file_that_changes_is_looked_at_again_and_one_that_goes_is_forgotten(
    shelf: ModelShelf, dropped: DroppedModels
) -> None:
    put(shelf.folder / "sums.onnx", regressor()[:-30], age_s=90)
    gone = put(shelf.folder / "gone.onnx", b"nothing", age_s=90)
    dropped.look()
    before = [told.name for told in dropped.unreadable]

    gone.unlink()
    put(shelf.folder / "sums.onnx", regressor())

    assert before == ["gone.onnx", "sums.onnx"]
    assert dropped.look() == ("sums",)
    assert not dropped.unreadable


def test_a_refused_file_is_not_tried_again_and_again(shelf: ModelShelf) -> None:
    tried = []

    def counting(folder: Path, stated: object, *, model_id: str) -> dict[str, object]:
        tried.append(model_id)
        return try_graph(folder, {}, model_id=model_id)

    intake = intake_of(shelf, try_graph=counting)
    put(shelf.folder / "sums.onnx", b"nothing")
    dropped = DroppedModels(intake, probe=probe)

    for _ in range(3):
        dropped.look()

    assert tried == ["sums"]


def test_what_is_still_being_copied_is_left_alone(
    shelf: ModelShelf, dropped: DroppedModels
) -> None:
    put(shelf.folder / "sums.onnx", regressor()[:20], age_s=0)

    assert dropped.look() == ()
    assert dropped.unreadable == ()


def lay_out(shelf: ModelShelf, dropped: DroppedModels) -> Path:
    """A folder as the service makes it, without a word on who answers."""
    put(shelf.folder / "sums.onnx", regressor())
    dropped.look()
    (shelf.folder / "sums" / CHAMPION_FILE).unlink()
    revision = shelf.revisions("sums")[0].folder
    changed = time.time() - 2 * AT_REST_S
    os.utime(revision, (changed, changed))
    return revision


def test_the_only_revision_of_a_folder_laid_out_by_hand_answers(
    shelf: ModelShelf, dropped: DroppedModels
) -> None:
    revision = lay_out(shelf, dropped)

    assert dropped.look() == ("sums",)
    assert shelf.champion("sums")[0] == revision.name


def test_among_several_nobody_is_chosen(shelf: ModelShelf, dropped: DroppedModels) -> None:
    revision = lay_out(shelf, dropped)
    shutil.copytree(revision, revision.with_name("0123456789ab"))

    assert dropped.look() == ()
    assert "champion" not in shelf.pointers("sums").aliases


def test_one_that_cannot_be_loaded_is_told(shelf: ModelShelf, dropped: DroppedModels) -> None:
    revision = lay_out(shelf, dropped)
    (revision / "model.onnx").write_bytes(b"another")

    assert dropped.look() == ()
    (told,) = dropped.unreadable
    assert told.name == f"sums/{revision.name}"


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    intake = intake_of(ModelShelf(tmp_path / "none"))

    assert DroppedModels(intake, probe=probe).look() == ()


def test_what_fails_as_nobody_foresaw_holds_up_no_other(
    shelf: ModelShelf, dropped: DroppedModels, caplog: pytest.LogCaptureFixture
) -> None:
    revision = lay_out(shelf, dropped)
    put(shelf.folder / "zeros.onnx", regressor())

    def failing(folder: Path) -> HostedModel:
        raise TypeError(folder.name)

    beside = DroppedModels(intake_of(shelf), probe=failing)

    assert beside.look() == ("zeros",)
    assert [told.name for told in beside.unreadable] == [f"sums/{revision.name}"]
    assert "TypeError" in caplog.text
