from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ml_service.domain.errors import InvalidRequest, ModelInUse, ModelNotFound, ModelUnavailable
from ml_service.hosting.choice import check_name
from ml_service.hosting.model_files import MANIFEST_FILE, WEIGHTS_FILE, Manifest
from ml_service.hosting.pointers import CHAMPION_FILE
from ml_service.hosting.shelf import ModelShelf
from ml_service.hosting.traffic import Traffic, traffic_of

FIRST, SECOND, THIRD = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "000000000000"


def files(revision: str, *, note: str = "") -> Callable[[Path], Manifest]:
    def write(folder: Path) -> Manifest:
        folder.mkdir(parents=True)
        (folder / WEIGHTS_FILE).write_bytes(revision.encode())
        (folder / MANIFEST_FILE).write_text(f'{{"note": "{note}"}}')
        return {"revision": revision}

    return write


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    return ModelShelf(tmp_path / "models")


def all_files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_there_is_nothing_in_a_folder_that_is_not_there(shelf: ModelShelf) -> None:
    assert shelf.names() == ()
    assert shelf.entries() == ()
    assert shelf.revisions("trades") == ()
    with pytest.raises(ModelNotFound):
        shelf.champion("trades")


def test_the_first_revision_answers_at_once_and_the_next_when_promoted(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    assert shelf.add("trades", files(FIRST)) == FIRST
    shelf.add("trades", files(SECOND))
    assert shelf.champion("trades") == (FIRST, tmp_path / "models" / "trades" / FIRST)

    shelf.promote("trades", SECOND)

    assert shelf.champion("trades")[0] == SECOND
    assert all_files(tmp_path / "models" / "trades") == {
        CHAMPION_FILE,
        *(f"{rev}/{name}" for rev in (FIRST, SECOND) for name in (MANIFEST_FILE, WEIGHTS_FILE)),
    }


def test_what_a_killed_process_left_goes_after_a_day_and_not_before(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    home = tmp_path / "models" / "trades"
    old, young, pointer = (home / f".unfinished-{name}" for name in ("old", "young", "pointer"))
    old.mkdir(parents=True)
    (old / WEIGHTS_FILE).write_bytes(b"half")
    young.mkdir()
    pointer.write_text(FIRST)
    for left in (old, pointer):
        os.utime(left, (0, 0))

    shelf.add("trades", files(FIRST))

    assert not old.exists()
    assert not pointer.exists()
    assert young.exists()


def test_entries_stand_by_name_and_the_oldest_first(shelf: ModelShelf, tmp_path: Path) -> None:
    for at, (name, revision) in enumerate(
        [("trades", FIRST), ("trades", THIRD), ("b-2.x", SECOND), ("trades", SECOND)]
    ):
        shelf.add(name, files(revision))
        os.utime(tmp_path / "models" / name / revision / MANIFEST_FILE, (at, at))

    entries = shelf.entries()

    assert [(entry.model_id, entry.revision, entry.champion) for entry in entries] == [
        ("b-2.x", SECOND, True),
        ("trades", FIRST, True),
        ("trades", THIRD, False),
        ("trades", SECOND, False),
    ]
    assert entries[0].manifest == {"note": ""}


def test_the_same_weights_again_keep_their_place_with_the_newer_manifest(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    shelf.add("trades", files(FIRST, note="old"))
    shelf.add("trades", files(SECOND))
    home = tmp_path / "models" / "trades"
    inode = (home / FIRST).stat().st_ino

    shelf.add("trades", files(FIRST, note="new"))

    assert (home / FIRST).stat().st_ino == inode  # it was never away
    manifests = {entry.revision: entry.manifest for entry in shelf.revisions("trades")}
    assert manifests == {FIRST: {"note": "new"}, SECOND: {"note": ""}}
    assert shelf.champion("trades")[0] == FIRST
    assert not list(home.glob(".unfinished-*"))


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt(), ValueError()])
def test_a_write_that_breaks_off_leaves_nothing(
    shelf: ModelShelf, tmp_path: Path, failure: BaseException
) -> None:
    def write(folder: Path) -> Manifest:
        files(FIRST)(folder)
        raise failure

    with pytest.raises(type(failure)):
        shelf.add("trades", write)

    assert list((tmp_path / "models").iterdir()) == []
    shelf.add("trades", files(SECOND))
    before = all_files(tmp_path)
    with pytest.raises(type(failure)):
        shelf.add("trades", write)
    assert all_files(tmp_path) == before
    assert shelf.champion("trades")[0] == SECOND


def test_what_a_killed_training_left_is_no_model(shelf: ModelShelf, tmp_path: Path) -> None:
    files(FIRST)(tmp_path / "models" / "trades" / ".unfinished-0123")

    assert shelf.names() == ()
    with pytest.raises(ModelNotFound):
        shelf.champion("trades")
    shelf.add("trades", files(SECOND))
    assert [entry.revision for entry in shelf.entries()] == [SECOND]


def test_a_pointer_that_cannot_be_written_leaves_the_former(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    shelf.add("trades", files(FIRST))
    home = tmp_path / "models" / "trades"
    (home / CHAMPION_FILE).unlink()
    (home / CHAMPION_FILE).mkdir()

    with pytest.raises(OSError, match="directory"):
        shelf.promote("trades", FIRST)

    assert not list(home.glob(".unfinished-*"))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "encoders",
            "",
            "Trades",
            "-trades",
            "../trades",
            "trades/..",
            "a b",
            "trades\n",
            ".hidden",
            "ü",
        ),
        "a" * 65,
    ],
)
def test_a_name_that_is_no_name_is_refused_where_it_is_given_and_unknown_where_asked(
    shelf: ModelShelf, tmp_path: Path, name: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        shelf.add(name, files(FIRST))
    assert refused.value.field == "name"
    with pytest.raises(ModelNotFound):
        shelf.champion(name)
    with pytest.raises(ModelNotFound):
        shelf.folder_of(name, FIRST)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "0", "trades", "b-2.x_y", "a" * 64])
def test_small_letters_digits_and_three_signs_make_a_name(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "revision", ["cccccccccccc", "..", "aaaa", "AAAAAAAAAAAA", "", "../trades"]
)
def test_a_revision_that_is_not_there_is_not_promoted(shelf: ModelShelf, revision: str) -> None:
    shelf.add("trades", files(FIRST))

    with pytest.raises(ModelNotFound):
        shelf.promote("trades", revision)

    assert shelf.champion("trades")[0] == FIRST


@pytest.mark.parametrize("pointer", [None, b"", b"../../etc", b"\xff\xff", b"cccccccccccc"])
def test_revisions_without_one_that_was_promoted_are_unavailable_until_one_is(
    shelf: ModelShelf, tmp_path: Path, pointer: bytes | None
) -> None:
    shelf.add("trades", files(FIRST))
    champion = tmp_path / "models" / "trades" / CHAMPION_FILE
    champion.unlink()
    if pointer is not None:
        champion.write_bytes(pointer)

    with pytest.raises(ModelUnavailable, match="romote"):
        shelf.champion("trades")
    assert [entry.champion for entry in shelf.entries()] == [False]
    shelf.promote("trades", FIRST)
    assert shelf.champion("trades")[0] == FIRST


def test_other_files_and_folders_are_passed_over(shelf: ModelShelf, tmp_path: Path) -> None:
    shelf.add("trades", files(FIRST))
    models = tmp_path / "models"
    (models / "README.md").write_text("Models")
    (models / "empty").mkdir()
    (models / "Other Things").mkdir()
    (models / "trades" / "notes").mkdir()
    (models / "trades" / SECOND).mkdir()

    assert [(entry.model_id, entry.revision) for entry in shelf.entries()] == [("trades", FIRST)]


def test_a_manifest_that_cannot_be_read_is_listed_without_it(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    shelf.add("trades", files(FIRST))
    (tmp_path / "models" / "trades" / FIRST / MANIFEST_FILE).write_text("{")

    (entry,) = shelf.entries()

    assert (entry.manifest, entry.champion) == (None, True)


class SlowShelf(ModelShelf):
    """Between the look, whether a change may be made, and the change, ``meanwhile`` happens."""

    def __init__(self, folder: Path, meanwhile: Callable[[], object]) -> None:
        super().__init__(folder)
        self._meanwhile: list[Callable[[], object]] = [meanwhile]

    def _looked(self) -> None:
        while self._meanwhile:
            self._meanwhile.pop()()


class SlowToPoint(SlowShelf):
    def folder_of(self, model_id: str, revision: str) -> Path:
        folder = super().folder_of(model_id, revision)
        self._looked()
        return folder


class SlowToRemove(SlowShelf):
    def _refuse_led_to(self, model_id: str, revision: str) -> None:
        super()._refuse_led_to(model_id, revision)
        self._looked()

    def _refuse_others(self, model_id: str, revision: str) -> None:
        super()._refuse_others(model_id, revision)
        self._looked()


def to(revision: str) -> Traffic:
    return traffic_of({"champion": 1, revision: 1}, shadow=None, since=datetime.now(UTC))


def test_nothing_leads_to_what_is_removed_meanwhile(shelf: ModelShelf) -> None:
    for revision in (FIRST, SECOND):
        shelf.add("trades", files(revision))

    changes: tuple[Callable[[ModelShelf], None], ...] = (
        lambda slow: slow.promote("trades", SECOND),
        lambda slow: slow.point("trades", "challenger", SECOND),
        lambda slow: slow.share("trades", to(SECOND)),
    )
    for change in changes:
        slow = SlowToPoint(shelf.folder, lambda: shelf.remove("trades", SECOND))
        with pytest.raises(ModelNotFound):
            change(slow)

        pointers = shelf.pointers("trades")
        assert pointers.aliases == {"champion": FIRST}
        assert pointers.traffic.is_plain
        shelf.add("trades", files(SECOND))


def test_what_answers_meanwhile_is_not_removed(shelf: ModelShelf, tmp_path: Path) -> None:
    for revision in (FIRST, SECOND):
        shelf.add("trades", files(revision))
    before = all_files(tmp_path)

    for meanwhile in (
        lambda: shelf.share("trades", to(SECOND)),
        lambda: shelf.point("trades", "challenger", SECOND),
        lambda: shelf.promote("trades", SECOND),
    ):
        slow = SlowToRemove(shelf.folder, meanwhile)
        with pytest.raises(ModelInUse):
            slow.remove("trades", SECOND)
        shelf.share("trades", traffic_of({"champion": 1}, shadow=None, since=datetime.now(UTC)))
        shelf.drop_challenger("trades")

    assert all_files(tmp_path) == before | {"models/trades/traffic.json"}
    assert shelf.champion("trades")[0] == SECOND


def test_the_only_revision_goes_with_the_name_unless_there_is_another(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    shelf.add("trades", files(FIRST))
    shelf.point("trades", "challenger", FIRST)
    shelf.share("trades", to(FIRST))
    with pytest.raises(ModelInUse):
        shelf.remove("trades", FIRST)
    added = SlowToRemove(shelf.folder, lambda: shelf.add("trades", files(SECOND)))

    with pytest.raises(ModelInUse):
        added.remove_only("trades", FIRST)
    assert shelf.champion("trades")[0] == FIRST
    shelf.remove("trades", SECOND)
    shelf.remove_only("trades", FIRST)

    assert list((tmp_path / "models").iterdir()) == []
    with pytest.raises(ModelNotFound):
        shelf.remove_only("trades", FIRST)


def test_of_two_that_remove_the_same_one_comes_late(shelf: ModelShelf) -> None:
    for revision in (FIRST, SECOND):
        shelf.add("trades", files(revision))
    slow = SlowToRemove(shelf.folder, lambda: shelf.remove("trades", SECOND))

    with pytest.raises(ModelNotFound):
        slow.remove("trades", SECOND)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads it all")
def test_a_folder_that_cannot_be_read_hides_no_other(shelf: ModelShelf, tmp_path: Path) -> None:
    for name in ("atlas", "clerks", "trades"):
        shelf.add(name, files(FIRST))
    closed = tmp_path / "models" / "atlas", tmp_path / "models" / "clerks" / FIRST
    for folder in closed:
        folder.chmod(0)

    names = shelf.names()
    for folder in closed:
        folder.chmod(0o700)

    assert names == ("trades",)
    assert shelf.names() == ("atlas", "clerks", "trades")
