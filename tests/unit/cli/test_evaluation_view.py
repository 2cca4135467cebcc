from __future__ import annotations

import io

from rich.console import Console

from ml_service.cli.evaluated import Evaluated
from ml_service.cli.evaluation_view import evaluation_view
from tests.unit.cli.evaluations import accuracy_of, evaluated


def printed(figures: Evaluated) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(evaluation_view(figures))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def row_of(text: str, first: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {first} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_every_figure_has_its_row() -> None:
    text = printed(evaluated(accuracy_of(["COOK", "NURSE"])))

    assert row_of(text, "refused: corrupt")[1] == "1"
    assert row_of(text, "abstained: language")[1] == "1"
    assert "title line hidden, by category, n=60" in text
    assert row_of(text, "top-1 (95 % interval)")[1] == "0.500 (0.377 to 0.623)"
    assert row_of(text, "right among the surest 25%")[1] == "1.000"
    assert row_of(text, "COOK")[1:4] == ["30", "0.517", "0.500"]
    assert row_of(text, "0.42 (this model's)")[2] == "0.833"
    assert row_of(text, "confidence 0.90 in all")[1]
    assert row_of(text, "extract")[1:] == ["12.5", "40.2"]


def test_what_is_taken_for_what_is_told_with_its_title() -> None:
    titles = {"29-1141.00": "Registered Nurses", "35-1011.00": "Chefs"}

    text = printed(evaluated(accuracy_of([*titles]), titles=titles))

    assert row_of(text, "29-1141.00 Registered Nurses")[1] == "30"
    assert ["35-1011.00 Chefs", "(refused)", "1"] in [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()
    ]


def test_of_many_labels_the_most_frequent_are_printed() -> None:
    text = printed(evaluated(accuracy_of([f"L{n:02}" for n in range(50)])))

    assert "The 20 most frequent of 50 labels; --report lists all." in text
    assert "| L00 " in text
    assert row_of(text, "L09")[1] == "2"


def test_labels_and_notes_are_text_not_markup() -> None:
    text = printed(evaluated(accuracy_of(["[red]A", "B"]), notes=("Unknown: '[bold]X'.",)))

    assert "[red]A" in text
    assert "Unknown: '[bold]X'." in text


def test_without_a_label_only_reading_and_times_are_told() -> None:
    text = printed(evaluated(None))

    assert "Accuracy" not in text
    assert row_of(text, "given")[1] == "61"
