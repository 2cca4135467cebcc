"""Every test of a client runs over both of them."""

from __future__ import annotations

import pytest

from tests.unit.client.both import Both


@pytest.fixture(params=["sync", "async"])
def both(request: pytest.FixtureRequest) -> Both:
    return Both(request.param)


@pytest.fixture(autouse=True)
def no_settings_of_this_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ML_SERVICE_URL", "ML_SERVICE_API_KEY", "USE_FALLBACK_ANALYSIS"):
        monkeypatch.delenv(name, raising=False)
