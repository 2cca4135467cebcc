from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ml_service.cli.main import commands
from ml_service.cli.rescore import Tally, tally_table
from ml_service.domain.prediction import Analysis, ModelRef, Rescoring
from ml_service.domain.rescoring import standing
from tests.unit.storage.examples import a_prediction, an_analysis

ID = "01900000-0000-7000-8000-000000000000"


def shown(tally: Tally) -> list[list[str]]:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(tally_table(tally))
    return [line.split() for line in capture.get().splitlines() if line.strip()]


def rescored(before: Analysis) -> Analysis:
    return replace(an_analysis(), rescoring=Rescoring(standing(before), False))


def test_what_changed_is_counted_with_its_points() -> None:
    same, other = an_analysis(), an_analysis(career_path="Architects")
    poorer = replace(other, ats=replace(other.ats, ats_score=70.0, rubric_version="0"))
    career = replace(same.career, model=ModelRef("occupations", "2025-01"))
    tally = Tally()

    for before in (same, poorer, replace(same, career=career), replace(poorer, parser_version="0")):
        tally.add(a_prediction(analysis=rescored(before)))
    tally.refused["text_not_stored"] += 1

    assert shown(tally) == [
        ["predictions"],
        ["rescored", "4"],
        ["rubric", "2"],
        ["career", "path", "2"],
        ["ATS", "score", "2"],
        ["model", "1"],
        ["parser", "1"],
        ["points", "where", "it", "changed:", "+1.5", "on", "average,", "+1.5", "at", "most"],
        ["left", "as", "it", "was:", "text_not_stored", "1"],
    ]


@pytest.mark.parametrize("options", [[], [ID, "--all"], [ID, "--user", "ann"], ["no-id"]])
def test_what_to_rescore_must_be_clear(options: list[str]) -> None:
    assert CliRunner().invoke(commands, ["history", "rescore", *options]).exit_code == 2
