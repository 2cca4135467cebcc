from __future__ import annotations

import csv
import json
import stat
import sys
from pathlib import Path

import pytest

from ml_service.cli.result_columns import Column
from ml_service.cli.result_files import check_results_file, new_results, spreadsheet_cell
from ml_service.domain.errors import InvalidRequest

COLUMNS = (Column("file"), Column("share", "number"), Column("sure", "flag"), Column("note"))
ROWS: list[dict[str, object]] = [
    {"file": "=cmd()", "share": 0.1 + 0.2, "sure": True, "note": 'späte "Notiz"\n2; 3, 4'},
    {"file": "-1.pdf", "share": 1, "sure": None, "more": [1], "note": "half \ud800 pair"},
]


def write(file: Path) -> None:
    with new_results(file, COLUMNS, field="out") as rows:
        for row in ROWS:
            rows.write(row)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1 202", "'+1 202"),
        ("-x", "'-x"),
        ("@sum", "'@sum"),
        ("＝1", "'＝1"),
        ("\t=1", "' =1"),
        ("  =1", "'  =1"),
        ("\r\n=1", "'  =1"),
        ("a\x00b\x1bc\x85d\ne", "a b c d e"),
        ("a = b", "a = b"),
        ("C++; -", "C++; -"),
        (-0.5, -0.5),
        (True, "true"),
        (None, ""),
    ],
)
def test_no_cell_is_taken_for_a_formula(value: object, shown: object) -> None:
    assert spreadsheet_cell(value) == shown


def test_csv_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path / "r.csv")

    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert first == {
        "file": "'=cmd()",
        "share": "0.30000000000000004",
        "sure": "true",
        "note": 'späte "Notiz" 2; 3, 4',
    }
    assert second == {"file": "'-1.pdf", "share": "1", "sure": "", "note": "half ? pair"}


def test_json_lines_hold_the_whole_row_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "r.jsonl")

    first, second = (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == ROWS[0]
    assert json.loads(second) == ROWS[1] | {"note": "half ? pair"}


def test_parquet_keeps_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write(tmp_path / "r.parquet")

    rows = parquet.read_table(tmp_path / "r.parquet").to_pylist()
    assert rows[0] == ROWS[0]
    assert rows[1] == {"file": "-1.pdf", "share": 1.0, "sure": None, "note": "half ? pair"}


def test_without_pyarrow_one_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(InvalidRequest, match=r"pip install -e '\.\[parquet\]'"):
        check_results_file(tmp_path / "r.parquet", field="out")


@pytest.mark.parametrize("name", ["r.xlsx", "r", "missing/r.csv"])
def test_what_cannot_be_written_is_refused_before_any_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest):
        check_results_file(tmp_path / name, field="out")


@pytest.mark.parametrize("name", ["r.csv", "r.jsonl", "r.parquet"])
def test_a_failure_leaves_the_file_of_before(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"before")

    with pytest.raises(KeyError), new_results(tmp_path / name, COLUMNS, field="out") as rows:
        rows.write(ROWS[0])
        raise KeyError

    assert (tmp_path / name).read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_results_are_for_their_owner_alone(tmp_path: Path) -> None:
    write(tmp_path / "r.csv")

    assert stat.S_IMODE((tmp_path / "r.csv").stat().st_mode) == 0o600
