import numpy as np

from ml_service.career.catalogue.title_index import TitleIndex
from ml_service.career.occupation_model.unknown_titles import (
    forget_titles,
    nearest_known,
    titles_to_withhold,
)
from tests.unit.career.makers import (
    CHEF,
    DRIVER,
    SUSHI_RESUME,
    evidence,
    small_catalogue,
    small_model,
)

CODES = small_catalogue().codes


def test_a_forgotten_title_is_known_no_more() -> None:
    signals = small_model().signals(evidence("SUSHI CHEF", *SUSHI_RESUME))
    hidden = np.array([code == CHEF for code in CODES])
    left = forget_titles(signals, hidden)
    assert signals[0].headline is not None
    assert left[0].headline is None
    assert not any(entry.exact[hidden].any() for entry in left)
    assert any(entry.exact[CODES.index(DRIVER)] > 0 for entry in left)
    assert [entry.position for entry in left] == [entry.position for entry in signals]


def test_titles_are_withheld_down_to_the_distance_that_was_drawn() -> None:
    index = TitleIndex(small_catalogue())
    assert titles_to_withhold("Senior Sushi Chef", index, nearest=0.9) == {"sushi chef"}
    wide = titles_to_withhold("Sushi Chef", index, nearest=0.1)
    assert wide == {"sushi chef", "chef and head cook"}
    left = index.without(wide).cosines("sushi chef")
    assert left.max() <= 0.1


def test_a_title_that_is_known_is_always_withheld() -> None:
    index = TitleIndex(small_catalogue())
    assert "truck driver" in titles_to_withhold("TRUCK DRIVER", index, nearest=1.0)


def test_lines_like_no_title_tell_nothing_about_distances() -> None:
    index = TitleIndex(small_catalogue())
    nearest = nearest_known(["Sushi Chef", "Zebra", ""], index)
    assert nearest.tolist() == [1.0]
