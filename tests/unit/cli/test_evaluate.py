from __future__ import annotations

from pathlib import Path

import pytest

from ml_service.cli.evaluate import labelled_documents
from ml_service.domain.errors import InvalidRequest


def labels(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "labels.csv"
    file.write_text(text, encoding="utf-8")
    return file


def documents(tmp_path: Path, *names: str) -> Path:
    folder = tmp_path / "documents"
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"%PDF")
    return folder


def test_several_codes_of_a_row_all_count(tmp_path: Path) -> None:
    csv = labels(tmp_path, "file,soc_codes\na.pdf,29-1141.00;29-1171.00\nb.pdf,\n")
    folder = documents(tmp_path, "a.pdf", "b.pdf")

    first, second = labelled_documents(csv, folder, only=None)

    assert first.labels == {"29-1141.00", "29-1171.00"}
    assert second.labels == frozenset()


def test_a_category_counts_where_there_are_no_codes(tmp_path: Path) -> None:
    csv = labels(tmp_path, "file,category\na.pdf,NURSE\n")

    (only_row,) = labelled_documents(csv, documents(tmp_path, "a.pdf"), only=None)

    assert only_row.labels == {"NURSE"}


def test_documents_are_found_in_folders_below(tmp_path: Path) -> None:
    csv = labels(tmp_path, "file,soc_codes\na.pdf,29-1141.00\n")
    folder = documents(tmp_path, "train/NURSE/a.pdf")

    (only_row,) = labelled_documents(csv, folder, only=None)

    assert only_row.file == folder / "train" / "NURSE" / "a.pdf"


def test_only_the_named_files_are_taken(tmp_path: Path) -> None:
    csv = labels(tmp_path, "file,soc_codes\na.pdf,\nb.pdf,\n")
    folder = documents(tmp_path, "a.pdf", "b.pdf")

    assert [
        row.file.name for row in labelled_documents(csv, folder, only=frozenset({"b.pdf"}))
    ] == ["b.pdf"]


@pytest.mark.parametrize(
    ("text", "field"),
    [("name,soc_codes\na.pdf,\n", "labels"), ("file\na.pdf\n", "labels"), ("", "labels")],
)
def test_unusable_labels_are_refused_by_name(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        labelled_documents(labels(tmp_path, text), documents(tmp_path, "a.pdf"), only=None)

    assert refused.value.field == field


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    csv = labels(tmp_path, "file,soc_codes\nmissing.pdf,\n")

    with pytest.raises(InvalidRequest, match=r"missing\.pdf"):
        labelled_documents(csv, documents(tmp_path, "a.pdf"), only=None)
