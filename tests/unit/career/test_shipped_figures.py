"""The bars of the shipped model, as its training measured them and the manifest keeps them."""

import pytest

from ml_service.career.occupation_model.head import Metrics, load_head
from ml_service.career.occupation_training.examples import KINDS
from tests.model_shelves import shipped_occupations

MOST_OVER_FLOOR = 0.03


@pytest.fixture(scope="module")
def metrics() -> Metrics:
    return load_head(shipped_occupations())[1].metrics


def over_floor(figures: Metrics) -> float:
    return float(figures["ece"] - figures["ece_floor"])


def test_a_title_that_is_shown_is_read(metrics: Metrics) -> None:
    shown = metrics["validation_title_shown"]
    assert shown["top_1"] >= 0.97
    assert over_floor(shown) <= MOST_OVER_FLOOR


def test_the_surest_half_of_the_hidden_titles_is_right(metrics: Metrics) -> None:
    hidden = metrics["validation"]
    assert hidden["accuracy_at_50"] >= 0.80
    assert over_floor(hidden) <= MOST_OVER_FLOOR


def test_every_reading_of_a_title_is_measured(metrics: Metrics) -> None:
    assert set(metrics["out_of_fold"]) == set(metrics["validation_by_kind"]) == set(KINDS)


@pytest.mark.parametrize("kind", ["withheld", "withheld_shown"])
def test_the_model_knows_when_a_title_is_new_to_it(metrics: Metrics, kind: str) -> None:
    unknown = metrics["out_of_fold"][kind]
    assert unknown["top_1"] >= 0.55
    assert over_floor(unknown) <= MOST_OVER_FLOOR


def test_the_files_stay_small() -> None:
    size = sum(file.stat().st_size for file in shipped_occupations().iterdir())
    assert size < 30 * 2**20
