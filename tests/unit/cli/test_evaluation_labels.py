from __future__ import annotations

from pathlib import Path

import pytest

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.cli.evaluation_labels import LabelledCase, cases_in, cases_of_csv, judge_by
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.occupation import Occupation

NURSE, PRACTITIONER = "29-1141.00", "29-1171.00"


def occupation(code: str, title: str, *alternate_titles: str) -> Occupation:
    return Occupation(code, title, alternate_titles, None, (), (), (), None)


CATALOGUE = Catalogue(
    (
        occupation(NURSE, "Registered Nurses", "Staff Nurse", "Specialist"),
        occupation(PRACTITIONER, "Nurse Practitioners", "Specialist"),
        *(occupation(f"11-10{n}1.00", f"Chiefs {n}", "Specialist") for n in range(10, 13)),
    ),
    major_groups={},
    attribution="",
)


def case(name: str, *, codes: frozenset[str] | None, category: str | None) -> LabelledCase:
    return LabelledCase(name, name, codes, category)


BOTH = (
    case("a", codes=frozenset({NURSE}), category="HEALTHCARE"),
    case("b", codes=frozenset(), category="CHEF"),
)


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


def test_a_model_of_occupations_is_judged_by_the_codes() -> None:
    judging = judge_by(BOTH, model_labels=CATALOGUE.codes, catalogue=CATALOGUE)

    assert judging.by == "soc_codes"
    assert [document.labels for document in judging.documents] == [{NURSE}, frozenset()]


def test_a_model_with_labels_of_its_own_is_judged_by_the_category() -> None:
    judging = judge_by(BOTH, model_labels=("CHEF", "HEALTHCARE"), catalogue=CATALOGUE)

    assert judging.by == "category"
    assert [document.labels for document in judging.documents] == [{"HEALTHCARE"}, {"CHEF"}]
    assert judging.notes == ()


def test_labels_that_the_model_does_not_know_are_said_to_be_wrong() -> None:
    judging = judge_by(BOTH, model_labels=("CHEF", "PILOT"), catalogue=CATALOGUE)

    assert judging.documents[0].labels == {"HEALTHCARE"}
    assert judging.notes == (
        "1 row is wrong because the model does not know the label: 'HEALTHCARE'.",
    )


def test_codes_alone_say_nothing_about_a_model_with_labels_of_its_own() -> None:
    rows = [case("a", codes=frozenset({NURSE}), category=None)]

    with pytest.raises(InvalidRequest, match="needs the column category"):
        judge_by(rows, model_labels=("CHEF",), catalogue=CATALOGUE)


@pytest.mark.parametrize(
    ("category", "right"),
    [
        (f"x {NURSE}", {NURSE}),
        ("staff nurse", {NURSE}),
        ("senior nurse practitioner", {PRACTITIONER}),
        ("HEALTHCARE", set()),
        ("Specialist", set()),  # five occupations share it
    ],
)
def test_a_category_counts_for_occupations_where_it_names_one(
    category: str, right: set[str]
) -> None:
    rows = [case("a", codes=None, category=category)]

    judging = judge_by(rows, model_labels=CATALOGUE.codes, catalogue=CATALOGUE)

    assert judging.by == "category"
    assert judging.documents[0].labels == right
    assert bool(judging.notes) is not bool(right)


def test_several_codes_of_a_row_all_count(tmp_path: Path) -> None:
    csv = labels(tmp_path, f"file,soc_codes,category\na.pdf,{NURSE};{PRACTITIONER}, X \nb.pdf,,Y\n")
    folder = documents(tmp_path, "a.pdf", "b.pdf")

    first, second = cases_of_csv(csv, folder, only=None)

    assert first.soc_codes == frozenset({NURSE, PRACTITIONER})
    assert first.category == "X"
    assert second.soc_codes == frozenset()


def test_a_csv_without_codes_says_so(tmp_path: Path) -> None:
    csv = labels(tmp_path, "file,category\na.pdf,NURSE\n")

    (only_row,) = cases_of_csv(csv, documents(tmp_path, "a.pdf"), only=None)

    assert (only_row.soc_codes, only_row.category) == (None, "NURSE")


def test_documents_are_found_in_folders_below(tmp_path: Path) -> None:
    csv = labels(tmp_path, f"file,soc_codes\na.pdf,{NURSE}\n")
    folder = documents(tmp_path, "train/NURSE/a.pdf")

    (only_row,) = cases_of_csv(csv, folder, only=None)

    assert only_row.content == folder / "train" / "NURSE" / "a.pdf"


def test_only_the_named_files_are_taken(tmp_path: Path) -> None:
    csv = labels(tmp_path, "file,soc_codes\na.pdf,\nb.pdf,\n")
    folder = documents(tmp_path, "a.pdf", "b.pdf")

    assert [row.name for row in cases_of_csv(csv, folder, only={"b.pdf"})] == ["b.pdf"]


def test_training_data_can_be_evaluated_as_it_is(tmp_path: Path) -> None:
    folder = documents(tmp_path, "NURSE/a.pdf", "CHEF/b.pdf")

    assert [(row.name, row.soc_codes, row.category) for row in cases_in(folder, only=None)] == [
        ("CHEF/b.pdf", None, "CHEF"),
        ("NURSE/a.pdf", None, "NURSE"),
    ]
    assert [row.name for row in cases_in(folder, only={"a.pdf"})] == ["NURSE/a.pdf"]


@pytest.mark.parametrize("text", ["name,soc_codes\na.pdf,\n", "file\na.pdf\n", "", "\udcff"])
def test_unusable_labels_are_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "labels.csv"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(InvalidRequest) as refused:
        cases_of_csv(file, documents(tmp_path, "a.pdf"), only=None)

    assert refused.value.field == "labels"


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    csv = labels(tmp_path, "file,soc_codes\nmissing.pdf,\n")

    with pytest.raises(InvalidRequest, match=r"missing\.pdf"):
        cases_of_csv(csv, documents(tmp_path, "a.pdf"), only=None)
