from __future__ import annotations

from pathlib import Path

import pytest

from ml_service.cli.new_file import new_file
from ml_service.domain.errors import InvalidRequest


def test_the_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("before")

    with new_file(file, field="out") as part:
        part.write_text("after")
        assert file.read_text() == "before"

    assert file.read_text() == "after"
    assert list(tmp_path.iterdir()) == [file]


def test_what_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".f.part").write_text("left over from before, and longer")

    with new_file(tmp_path / "f", field="out") as part:
        part.write_text("new")

    assert (tmp_path / "f").read_text() == "new"


def test_two_writers_do_not_mix(tmp_path: Path) -> None:
    with new_file(tmp_path / "f", field="out") as part:
        part.write_text("first")
        with (
            pytest.raises(InvalidRequest, match="Another command"),
            new_file(tmp_path / "f", field="out"),
        ):
            pass

    assert (tmp_path / "f").read_text() == "first"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(InvalidRequest, match="cannot be written: No such file") as refused,
        new_file(tmp_path / "missing" / "f", field="out"),
    ):
        pass

    assert refused.value.field == "out"
