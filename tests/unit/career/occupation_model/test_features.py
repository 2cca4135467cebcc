import numpy as np
import pytest

from ml_service.career.occupation_model.features import COLUMNS, FEATURES, choose_expert, pool
from ml_service.domain.ports import Float32Array
from tests.unit.career.makers import (
    CHEF,
    DRIVER,
    SUSHI_RESUME,
    evidence,
    small_catalogue,
    small_head,
    small_model,
)

CODES = small_catalogue().codes


def features_of(*lines: str) -> Float32Array:
    return pool(small_model().signals(evidence(*lines)), prior=small_head().prior)


def column(features: Float32Array, name: str, code: str) -> float:
    return float(features[CODES.index(code), COLUMNS[name]])


def test_positions_count_in_reading_order() -> None:
    features = features_of(*SUSHI_RESUME)
    assert features.shape == (len(CODES), len(FEATURES))
    assert column(features, "exact_1", CHEF) == 1
    assert column(features, "exact_1", DRIVER) == 0
    assert column(features, "exact_2", DRIVER) == 1
    assert column(features, "exact_decayed", CHEF) > column(features, "exact_decayed", DRIVER) > 0


def test_the_headline_has_columns_of_its_own() -> None:
    features = features_of("TRUCK DRIVER", "Summary", *SUSHI_RESUME)
    assert column(features, "headline_exact", DRIVER) == 1
    assert column(features, "exact_1", DRIVER) == 0
    assert column(features, "exact_1", CHEF) == 1


@pytest.mark.parametrize("heading", ["Summary", "Professional Summary", "Work Experience"])
def test_a_heading_is_no_headline(heading: str) -> None:
    features = features_of(heading, *SUSHI_RESUME)
    assert not features[:, COLUMNS["headline_alike"]].any()


def test_no_passage_pools_to_the_prior_alone() -> None:
    features = pool((), prior=small_head().prior)
    assert np.array_equal(features[:, COLUMNS["prior"]], small_head().prior)
    assert np.ptp(features, axis=0) == pytest.approx(np.zeros(len(FEATURES)))


@pytest.mark.parametrize(
    ("lines", "expert"),
    [
        (SUSHI_RESUME, "latest_known"),
        (("TRUCK DRIVER", "Painter 03/2019 to Current"), "latest_known"),
        (("Painter 03/2019 to Current", "Reef House", *SUSHI_RESUME[3:]), "earlier_known"),
        (("Painter 03/2019 to Current",), "none_known"),
    ],
)
def test_the_expert_follows_from_which_position_is_known(
    lines: tuple[str, ...], expert: str
) -> None:
    assert choose_expert(features_of(*lines)) == expert
