import pytest

from ml_service.bootstrap.begun import Begun
from ml_service.domain.errors import WeightsMismatch
from ml_service.settings import Settings

SETTINGS = Settings(_env_file=None)
OTHERS = Settings(_env_file=None, port=8001)


def loaded(settings: Settings) -> list[int]:
    """A new one each time."""
    return [settings.port]


def test_what_was_begun_is_taken_once() -> None:
    begun = Begun(loaded, name="ports")
    begun.begin(SETTINGS)

    first, second = begun.take(SETTINGS), begun.take(SETTINGS)

    assert first == second
    assert first is not second


def test_with_other_settings_it_is_loaded_anew() -> None:
    begun = Begun(loaded, name="ports")
    begun.begin(SETTINGS)

    assert begun.take(OTHERS) == [OTHERS.port]


def test_its_failure_is_told_to_whoever_takes_it() -> None:
    def failing(settings: Settings) -> None:
        raise WeightsMismatch(str(settings.port))

    begun = Begun(failing, name="ports")
    begun.begin(SETTINGS)

    with pytest.raises(WeightsMismatch):
        begun.take(SETTINGS)
