import threading

import pytest

from ml_service.bootstrap.begun import Begun
from ml_service.domain.errors import WeightsMismatch
from ml_service.settings import Settings

SETTINGS = Settings(_env_file=None)
OTHERS = Settings(_env_file=None, port=8001)


def test_what_was_begun_is_taken_once() -> None:
    asked: list[str] = []

    def noting(settings: Settings) -> int:
        asked.append(threading.current_thread().name)
        return settings.port

    begun = Begun(noting, name="ports")
    begun.begin(SETTINGS)

    assert begun.take(SETTINGS) == SETTINGS.port
    assert [name.startswith("ports") for name in asked] == [True]

    assert begun.take(SETTINGS) == SETTINGS.port
    assert [name.startswith("ports") for name in asked] == [True, False]


def test_with_other_settings_it_is_loaded_anew() -> None:
    begun = Begun(lambda settings: settings.port, name="ports")
    begun.begin(SETTINGS)

    assert begun.take(OTHERS) == OTHERS.port


def test_its_failure_is_told_once_to_whoever_takes_it() -> None:
    failures = [WeightsMismatch("as it was begun")]

    def failing_once(settings: Settings) -> int:
        if failures:
            raise failures.pop()
        return settings.port

    begun = Begun(failing_once, name="ports")
    begun.begin(SETTINGS)

    with pytest.raises(WeightsMismatch, match="as it was begun"):
        begun.take(SETTINGS)
    assert begun.take(SETTINGS) == SETTINGS.port
