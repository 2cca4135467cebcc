from importlib import import_module

import pytest

from ml_service.extraction.fork_server import IMPORTED


@pytest.mark.parametrize("module", IMPORTED)
def test_what_workers_are_forked_with_is_there_to_import(module: str) -> None:
    """The fork server passes over what it does not find, and each worker would import it anew."""
    assert import_module(module).__name__ == module
