from __future__ import annotations

from pathlib import Path

import pytest

from ml_service.cli.training_data import read_training_data
from ml_service.domain.errors import InvalidRequest

ENOUGH = ("Ward nurse,Nurse", "Theatre nurse,Nurse", "Grill cook,Cook", "Pastry cook,Cook")


def table(folder: Path, *rows: str) -> Path:
    file = folder / "d.csv"
    file.write_text("\n".join(("text,label", *rows)) + "\n", encoding="utf-8")
    return file


def test_examples_are_counted_by_label(tmp_path: Path) -> None:
    data = read_training_data(table(tmp_path, *ENOUGH, "Sous chef,Cook"))

    assert data.examples == {"Cook": 3, "Nurse": 2}
    assert data.notes() == ()


def test_a_text_that_comes_again_is_taken_once(tmp_path: Path) -> None:
    data = read_training_data(table(tmp_path, *ENOUGH, "GRILL  cook,Cook"))

    assert [row.name for row in data.rows] == ["line 2", "line 3", "line 4", "line 5"]
    assert [text.names for text in data.repeated] == [("line 4", "line 6")]
    assert data.notes() == ("Left out: 1 x a text that is there already.",)


def test_a_text_under_two_labels_is_reported_and_not_trained_on(tmp_path: Path) -> None:
    data = read_training_data(table(tmp_path, *ENOUGH, "Waiter,Cook", "waiter,Nurse"))

    (text,) = data.contradictory
    assert text.names == ("line 6", "line 7")
    assert text.labels == {"Cook", "Nurse"}
    assert len(data.rows) == 4
    assert "2 rows whose text stands under several labels (line 6, line 7)" in data.notes()[0]


def test_documents_are_compared_by_their_bytes(tmp_path: Path) -> None:
    for name, content in [
        ("Nurse/a.pdf", b"1"),
        ("Nurse/b.pdf", b"2"),
        ("Nurse/copy of a.pdf", b"1"),
        ("Cook/c.pdf", b"3"),
        ("Cook/d.pdf", b"4"),
        ("Cook/notes.md", b"5"),
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)

    data = read_training_data(tmp_path)

    assert data.examples == {"Cook": 2, "Nurse": 2}
    assert data.left_out == {"ends in .md": 1}
    assert len(data.notes()) == 2


def test_labels_that_look_like_one_are_pointed_out(tmp_path: Path) -> None:
    data = read_training_data(table(tmp_path, *ENOUGH, "Head cook,COOK", "Cook,COOK"))

    assert data.notes() == ("Labels that differ in case or spaces only: 'COOK', 'Cook'.",)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Grill cook,Cook"], "All rows have the label 'Cook'"),
        (["Grill cook,Cook", "Pastry cook,Cook"], "All rows have the label 'Cook'"),
        ([*ENOUGH, "Bus driver,Driver"], "Too few examples of 'Driver'"),
        ([*ENOUGH, "Bus driver,Driver", "bus DRIVER,Driver"], "Texts that repeat are counted once"),
        (["Waiter,Cook", "Waiter,Nurse"] * 2, "Too few examples of 'Cook', 'Nurse'"),
    ],
)
def test_too_little_to_learn_from_is_refused(tmp_path: Path, rows: list[str], said: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_training_data(table(tmp_path, *rows))

    assert said in refused.value.message
    assert refused.value.field == "data"
    assert list(tmp_path.iterdir()) == [tmp_path / "d.csv"]
