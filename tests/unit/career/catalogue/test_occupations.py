from pathlib import Path

import pytest

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.errors import OccupationNotFound
from tests.unit.career.makers import CHEF, CLERK, COOK, NURSE, small_catalogue

SHIPPED = Path(__file__).parents[4] / "data" / "occupations"


def test_a_code_gives_its_occupation() -> None:
    assert small_catalogue().get(NURSE).title == "Registered Nurses"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(OccupationNotFound):
        small_catalogue().get("99-9999.99")


def test_a_title_that_two_occupations_carry_gives_both() -> None:
    assert small_catalogue().codes_of_title("kitchen lead") == {CHEF, CLERK}


def test_rank_is_dropped_only_when_the_title_with_it_is_unknown() -> None:
    catalogue = small_catalogue()
    assert catalogue.codes_of_title("Staff Nurse") == {NURSE}
    assert catalogue.codes_of_title("Senior Sushi Chef") == {CHEF}
    assert catalogue.codes_of_title("Astronaut") == frozenset()


def test_search_puts_an_equal_title_first_and_names_what_it_found() -> None:
    hit = small_catalogue().search("line cook", limit=3)[0]
    assert (hit.occupation.soc_code, hit.matched_title) == (COOK, "Line Cook")
    assert 0 < hit.relevance <= 1


def test_search_forgives_a_spelling_mistake() -> None:
    assert small_catalogue().search("sushi cheff", limit=1)[0].occupation.soc_code == CHEF


def test_search_pages_without_repeating() -> None:
    catalogue = small_catalogue()
    whole = catalogue.search("kitchen lead", limit=10)
    assert [catalogue.search("kitchen lead", limit=1, offset=at)[0] for at in (0, 1)] == list(
        whole[:2]
    )


def test_a_search_for_nothing_finds_nothing() -> None:
    assert small_catalogue().search("  ()", limit=5) == ()


def test_the_shipped_catalogue_is_whole() -> None:
    catalogue = Catalogue.load(SHIPPED)
    assert len(catalogue) == 1016
    developer = catalogue.get("15-1252.00")
    assert developer.title == "Software Developers"
    assert "Python" in developer.technologies
    assert developer.wage is not None
    assert developer.wage.median > 100_000
    assert catalogue.major_group("15-1252.00") == "Computer and Mathematical Occupations"


def test_every_related_occupation_of_the_shipped_catalogue_exists() -> None:
    catalogue = Catalogue.load(SHIPPED)
    assert all(code in catalogue for entry in catalogue for code in entry.related)


def test_a_wage_at_the_cap_of_the_source_says_so() -> None:
    catalogue = Catalogue.load(SHIPPED)
    capped = [entry for entry in catalogue if entry.wage is not None and entry.wage.at_least]
    assert capped
    assert all(entry.wage is not None and entry.wage.median == 239_200 for entry in capped)
