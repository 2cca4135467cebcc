import numpy as np
import pytest

from ml_service.career.catalogue.title_index import TitleIndex
from tests.unit.career.makers import CHEF, CLERK, DRIVER, small_catalogue

CODES = small_catalogue().codes


@pytest.mark.parametrize("key", ["sushi chef", "kitchen lead", "truck nurse", "zebra", ""])
def test_an_occupation_is_as_alike_as_the_best_of_its_titles(key: str) -> None:
    catalogue = small_catalogue()
    index = TitleIndex(catalogue)
    cosines = dict(zip(index.keys, index.cosines(key), strict=True))
    best = [
        max(cosines[title] for title, codes in catalogue.title_codes.items() if code in codes)
        for code in CODES
    ]
    assert np.array_equal(index.similarities(key), np.array(best, dtype=np.float32))


def test_a_title_of_two_occupations_counts_for_both() -> None:
    alike = TitleIndex(small_catalogue()).similarities("kitchen lead")
    assert alike[CODES.index(CHEF)] == alike[CODES.index(CLERK)] == pytest.approx(1.0)
    assert alike[CODES.index(DRIVER)] == 0
