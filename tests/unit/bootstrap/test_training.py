from __future__ import annotations

import sys

import pytest

from ml_service.bootstrap.training import NEEDED, check_training_installed
from ml_service.domain.errors import ModelUnavailable


def test_training_begins_where_all_is_installed() -> None:
    check_training_installed()


def test_what_training_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("sklearn", "scipy"):
        monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(ModelUnavailable) as told:
        check_training_installed()

    assert "Training needs scikit-learn, scipy," in told.value.message
    assert told.value.message.endswith("pip install scikit-learn scipy.")


def test_what_it_needs_is_what_it_imports() -> None:
    from ml_service.use_cases import train_model

    assert train_model.__name__ in sys.modules
    assert NEEDED.keys() <= sys.modules.keys()
