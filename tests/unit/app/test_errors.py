from __future__ import annotations

from collections.abc import Iterator

from ml_service.app.errors import STATUS
from ml_service.domain.errors import ServiceError


def leaves(error: type[ServiceError]) -> Iterator[type[ServiceError]]:
    below = error.__subclasses__()
    if not below:
        yield error
    for subclass in below:
        yield from leaves(subclass)


def test_every_error_has_a_status() -> None:
    missing = {error.__name__ for error in leaves(ServiceError)} - {e.__name__ for e in STATUS}

    assert missing == set()


def test_codes_are_unique() -> None:
    codes = [error.code for error in leaves(ServiceError)]

    assert len(codes) == len(set(codes))


def test_every_error_is_drawn_in_the_tree_of_its_module() -> None:
    from ml_service.domain import errors

    drawn = errors.__doc__ or ""
    assert [e.__name__ for e in leaves(ServiceError) if e.__name__ not in drawn] == []
