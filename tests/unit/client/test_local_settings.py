"""The host application's environment is not the service's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend_client import LocalAnalysisUnavailable
from backend_client.local_analysis import SETTINGS, analysis_settings
from ml_service.settings import Settings

BOOTSTRAP = Path(__file__).parents[3] / "ml_service" / "bootstrap"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "debug"),
        ("CORS_ORIGINS", "*"),
        ("API_KEYS", "of another program"),
        ("PORT", "http"),
        ("LOG_FORMAT", "logfmt"),
        ("RETENTION_DAYS", "forever"),
        ("RATE_LIMIT_DEFAULT", "some"),
        ("INFERENCE_MODE", "remote"),
    ],
)
@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_setting_of_the_host_application_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, where: str
) -> None:
    usual = analysis_settings()
    if where == "environment":
        monkeypatch.setenv(name, value)
    else:
        Path(".env").write_text(f"{name}={value}\n", encoding="utf-8")

    assert analysis_settings().model_dump() == usual.model_dump()


def test_what_analysis_needs_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Path(".env").write_text("PARSE_WORKERS=3\nMAX_PAGES=7\n", encoding="utf-8")
    monkeypatch.setenv("PARSE_WORKERS", "2")
    monkeypatch.setenv("ocr_timeout_s", "9.5")
    monkeypatch.setenv("MODELS_DIR", str(tmp_path))
    monkeypatch.setenv("DEFAULT_MODEL", "")

    settings = analysis_settings()

    assert (settings.parse_workers, settings.max_pages) == (2, 7)
    assert (settings.ocr_timeout_s, settings.models_dir) == (9.5, tmp_path)
    assert settings.default_model == "occupations"


def test_one_that_cannot_be_used_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PARSE_WORKERS", "secret")

    with pytest.raises(LocalAnalysisUnavailable, match="PARSE_WORKERS") as raised:
        analysis_settings()

    assert "secret" not in str(raised.value)


def test_no_setting_of_the_engine_is_left_out() -> None:
    parts = ("engine.py", "encoder.py", "models.py")
    read = {
        name
        for part in parts
        for name in re.findall(r"\bsettings\.(\w+)", (BOOTSTRAP / part).read_text(encoding="utf-8"))
    }

    # What stands in for a service must not need another one: it always has its own encoder.
    assert {name for name in read if not name.startswith("inference_")} == SETTINGS


def test_the_page_names_them_all() -> None:
    page = (BOOTSTRAP.parents[1] / "docs" / "client" / "api.md").read_text(encoding="utf-8")
    sentence = page.partition("takes what it needs")[2].partition("Everything")[0]

    assert set(re.findall(r"`([A-Z_]+)`", sentence)) == {name.upper() for name in SETTINGS}
