from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from ml_service.cli.labelled_rows import HIDDEN_FOLDER, NO_LABEL_FOLDER, read_labelled_rows
from ml_service.domain.errors import InvalidRequest


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def pairs(path: Path) -> Sequence[tuple[str, str | Path]]:
    return [(row.label, row.content) for row in read_labelled_rows(path).rows]


def test_each_folder_is_a_label_at_any_depth_below_it(tmp_path: Path) -> None:
    deep = written(tmp_path, "Nurse/2024/may/a.PDF", b"%PDF")
    word = written(tmp_path, " Cook /b.docx", b"PK")
    written(tmp_path, "Cook 2/c.txt", "\ufeffGrill cook")

    assert sorted(pairs(tmp_path)) == [
        ("Cook", word),
        ("Cook 2", "Grill cook"),
        ("Nurse", deep),
    ]


def test_what_a_folder_holds_besides_is_counted(tmp_path: Path) -> None:
    written(tmp_path, "Nurse/a.pdf", b"%PDF")
    written(tmp_path, "Nurse/photo.png", b"")
    written(tmp_path, "loose.pdf", b"%PDF")
    written(tmp_path, ".trash/b.pdf", b"%PDF")

    found = read_labelled_rows(tmp_path)

    assert [row.name for row in found.rows] == ["Nurse/a.pdf"]
    assert found.left_out == {"ends in .png": 1, NO_LABEL_FOLDER: 1, HIDDEN_FOLDER: 1}


def test_an_accent_is_one_label_however_the_file_system_spells_it(tmp_path: Path) -> None:
    data = written(tmp_path, "d.jsonl", lines({"text": "x", "label": "Ge\u0301rant"}))

    assert pairs(data) == [("Gérant", "x")]


def test_csv_rows_keep_line_breaks_and_say_where_they_begin(tmp_path: Path) -> None:
    data = written(tmp_path, "d.csv", 'text,label\n"Ward\nnurse", Nurse \n\nGrill cook,Cook\n')

    rows = read_labelled_rows(data).rows

    assert [(row.name, row.label, row.content) for row in rows] == [
        ("line 2", "Nurse", "Ward\nnurse"),
        ("line 5", "Cook", "Grill cook"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_of_the_livecareer_table_are_known(tmp_path: Path, delimiter: str) -> None:
    table = "ID,Resume_str,Resume_html,Category\n7,Grill cook,<p>,CHEF\n"

    assert pairs(written(tmp_path, "d.csv", table.replace(",", delimiter))) == [
        ("CHEF", "Grill cook")
    ]


def test_a_resume_longer_than_the_csv_module_allows_by_itself(tmp_path: Path) -> None:
    long = "word " * 40_000
    before = csv.field_size_limit()

    assert pairs(written(tmp_path, "d.csv", f"text,label\n{long},Cook\n")) == [("Cook", long)]
    assert csv.field_size_limit() == before


def test_files_of_a_table_lie_beside_it_or_below(tmp_path: Path) -> None:
    beside = written(tmp_path, "a.pdf", b"%PDF")
    below = written(tmp_path, "deep/b.docx", b"PK")
    written(tmp_path, "c.txt", "Grill cook")
    data = written(tmp_path, "d.csv", "file,category\n./a.pdf,Nurse\nb.docx,Nurse\nc.txt,Cook\n")

    assert pairs(data) == [("Nurse", beside), ("Nurse", below), ("Cook", "Grill cook")]


def test_where_there_is_a_text_the_file_names_it(tmp_path: Path) -> None:
    data = written(tmp_path, "d.csv", "file,text,label\nold.pdf,Grill cook,Cook\n")

    (row,) = read_labelled_rows(data).rows

    assert (row.name, row.content) == ("old.pdf", "Grill cook")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("d.csv", "", "Line 1: the columns text and label are needed"),
        ("d.csv", "resume,job\nGrill cook,Cook\n", "Found: resume, job"),
        ("d.csv", "text,label\n", "holds no rows"),
        ("d.csv", "text,label\nGrill,cook,Cook\n", "Line 2 has more fields"),
        ("d.csv", 'text,label\n"Grill "cook",Cook\n', "line 2 cannot be followed"),
        ("d.csv", "text,label\na,Cook\n ,Cook\nb,Cook\n,Nurse\n", "2 rows with an empty text: li"),
        ("d.csv", "text,label\na,Cook\nb,  \n", "One row without a label: line 3"),
        ("d.csv", "text,label\na\n", "One row without a label: line 2"),
        ("d.csv", f"text,label\na,{'x' * 129}\n", "longer than 128 characters: line 2"),
        ("d.csv", 'text,label\na,"Co\nok"\n', "cannot be printed: line 2"),
        ("d.csv", "text,label\nCaf\xe9,Cook\n".encode("cp1252"), "d.csv is not UTF-8"),
        ("d.csv", "file,label\nno.pdf,Cook\n", "Line 2: no.pdf is no PDF, DOCX or TXT"),
        ("d.csv", "file,label\n,Cook\n", "Line 2 names no file"),
        ("d.jsonl", '{"text": "a", "label": "Cook"}\n{"text": ', "Line 2 is not JSON"),
        ("d.jsonl", "[" * 100_000, "Line 1 is not JSON"),
        ("d.jsonl", '\n["a", "Cook"]\n', "Line 2 is JSON, but no object"),
        ("d.jsonl", lines({"text": "a", "label": 3}), "Line 1: label must be a string"),
        ("d.jsonl", lines({"text": "a"}), "Line 1: the columns text and label are needed"),
        ("d.jsonl", lines({"text": " ", "label": "Cook"}), "One row with an empty text: line 1"),
        ("d.xlsx", b"PK", "ends in neither .csv nor .jsonl"),
    ],
)
def test_what_cannot_be_followed_is_named(
    tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_labelled_rows(written(tmp_path, name, content))

    assert said in refused.value.message
    assert refused.value.field == "data"


def test_the_same_name_in_two_folders_is_not_guessed_at(tmp_path: Path) -> None:
    written(tmp_path, "x/a.pdf", b"%PDF")
    written(tmp_path, "y/a.pdf", b"%PDF")
    data = written(tmp_path, "d.csv", "file,label\na.pdf,Cook\n")

    with pytest.raises(InvalidRequest, match=r"a\.pdf is there 2 times"):
        read_labelled_rows(data)


def test_no_such_path_and_folders_without_labels(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no file or folder nowhere"):
        read_labelled_rows(tmp_path / "nowhere")
    written(tmp_path, "loose.pdf", b"%PDF")
    with pytest.raises(InvalidRequest, match="a folder for each label"):
        read_labelled_rows(tmp_path)


def test_a_file_without_a_header_does_not_spill_its_resume(tmp_path: Path) -> None:
    data = written(tmp_path, "d.csv", f"{'Grill cook with a secret ' * 9},Cook\n")

    with pytest.raises(InvalidRequest) as refused:
        read_labelled_rows(data)

    assert refused.value.message.count("secret") == 1
