"""``python -m ml_service history rescore`` over a history that was recorded before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.documents import resume_docx, resume_pdf
from tests.people import PEOPLE
from tests.service_process import ServiceFolder, run_command

pytestmark = pytest.mark.full


def test_all_are_scored_again_and_what_changed_is_counted(tmp_path: Path) -> None:
    folder = ServiceFolder(tmp_path / "run", {"PARSE_WORKERS": "1", "JOBS_PROVIDER": "off"})
    files = [tmp_path / "a.pdf", tmp_path / "b.docx"]
    files[0].write_bytes(resume_pdf(PEOPLE[0], columns=2))
    files[1].write_bytes(resume_docx(PEOPLE[1]))
    made = run_command(folder, "predict", "--json", *map(str, files)).splitlines()

    said = run_command(folder, "history", "rescore", "--all")
    run_command(folder, "history", "export", "--out", str(tmp_path / "out.jsonl"))

    assert [line.split() for line in said.splitlines() if line.strip()] == [
        ["predictions"],
        ["rescored", "2"],
    ]
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(map(unmoved, lines)) == sorted(map(unmoved, made))


def unmoved(line: str) -> str:
    return json.dumps({**json.loads(line), "updated_at": None}, sort_keys=True)
