from __future__ import annotations

import os
from pathlib import Path

import pytest

from ml_service.use_cases import find_documents as finding
from ml_service.use_cases.find_documents import find_documents


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def names_in(folder: Path) -> list[str]:
    return [file.name for file in find_documents(folder).files]


def test_resumes_are_found_at_any_depth_in_the_order_of_their_names(tmp_path: Path) -> None:
    touch(tmp_path, "b.pdf", "a.DOCX", "deep/er/c.PDF")

    assert names_in(tmp_path) == ["a.DOCX", "b.pdf", "deep/er/c.PDF"]


def test_what_else_is_there_is_counted_by_reason(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt", "b.TXT", "c.doc", "plain", ".hidden.pdf", "~$cv.docx", "._cv.pdf")

    found = find_documents(tmp_path)

    assert found.files == ()
    assert dict(found.left_out) == {
        "ends in .txt": 2,
        "ends in .doc": 1,
        finding.NO_ENDING: 1,
        finding.HIDDEN: 3,
    }


def test_links_lead_to_files_but_not_into_folders(tmp_path: Path) -> None:
    touch(tmp_path, "elsewhere/a.pdf", "folder/b.pdf")
    folder = tmp_path / "folder"
    (folder / "linked.pdf").symlink_to(tmp_path / "elsewhere" / "a.pdf")
    (folder / "gone.pdf").symlink_to(tmp_path / "nowhere.pdf")
    (folder / "self.pdf").symlink_to("self.pdf")
    (folder / "up").symlink_to(tmp_path)

    found = find_documents(folder)

    assert [file.name for file in found.files] == ["b.pdf", "gone.pdf", "linked.pdf", "self.pdf"]
    assert dict(found.left_out) == {finding.LINKED_FOLDER: 1}


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")

    assert dict(find_documents(tmp_path).left_out) == {finding.NO_FILE: 1}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every folder")
def test_a_folder_that_may_not_be_opened_is_counted(tmp_path: Path) -> None:
    touch(tmp_path, "closed/a.pdf", "b.pdf")
    (tmp_path / "closed").chmod(0)

    found = find_documents(tmp_path)

    (tmp_path / "closed").chmod(0o700)
    assert [file.name for file in found.files] == ["b.pdf"]
    assert dict(found.left_out) == {finding.CLOSED_FOLDER: 1}


def test_a_name_that_is_no_text_is_still_a_name(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.pdf")).write_bytes(b"x")

    assert names_in(tmp_path) == [r"caf\xe9.pdf"]


def test_other_endings_are_found_where_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.TXT").write_text("text", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF")

    found = find_documents(tmp_path, endings={".txt"})

    assert [file.name for file in found.files] == ["a.TXT"]
    assert found.left_out == {"ends in .pdf": 1}
