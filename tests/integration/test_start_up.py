"""The app as a server runs it: its lifespan opens everything, and it tells how it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from asgi_lifespan import LifespanManager

from ml_service.app.main import create_app
from ml_service.settings import Settings, settings_without_effect

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_lifespan_migrates_loads_and_is_ready(tmp_path: Path) -> None:
    app = create_app(Settings(_env_file=None, data_dir=tmp_path / "new", parse_workers=1))

    async with LifespanManager(app, startup_timeout=120, shutdown_timeout=30):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            ready = await client.get("/health/ready")
            live = await client.get("/health/live")

    states = {part["name"]: part["state"] for part in ready.json()["parts"]}
    assert (ready.status_code, live.status_code) == (200, 200)
    assert states.pop("intents") in {"ready", "not_configured"}  # as such a model is there
    assert states == {
        "database": "ready",
        "reader": "ready",
        "encoder": "ready",
        "career_models": "ready",
        "jobs": "not_configured",
    }


async def test_a_setting_that_nothing_acts_on_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "another")

    assert await asyncio.to_thread(settings_without_effect) == ("EMBEDDING_MODEL",)


async def test_so_is_one_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=8080\nEMBEDDING_MODEL=another\n", encoding="utf-8")

    assert await asyncio.to_thread(settings_without_effect, file) == ("EMBEDDING_MODEL",)


async def test_pages_for_people_ask_nothing_of_the_outside(api: httpx.AsyncClient) -> None:
    start = await api.get("/")
    docs = await api.get("/docs")
    script = await api.get("/docs/static/swagger-ui-bundle.js")

    assert 'src="page/main.js"' in start.text
    assert "/openapi.json" in docs.text
    assert "https://" not in start.text + docs.text
    assert script.status_code == 200


async def test_the_catalogue_is_served(api: httpx.AsyncClient) -> None:
    found = await api.get("/career-paths", params={"q": "registered nurse", "limit": 1})
    nurse = await api.get("/career-paths/29-1141.00")

    assert found.json()["data"][0]["soc_code"] == "29-1141.00"
    assert found.links["next"]
    assert nurse.json()["title"] == "Registered Nurses"
    assert nurse.json()["wage"]["median"] > 50_000
    assert nurse.json()["related"]
    assert 1 <= len(nurse.json()["next"]) <= 10
    assert "29-1141.00" not in [step["soc_code"] for step in nurse.json()["next"]]
    assert "O*NET" in nurse.json()["source"]


async def test_the_model_has_a_card(api: httpx.AsyncClient) -> None:
    listed = (await api.get("/models")).json()
    card = (await api.get("/models/occupations")).json()

    summary = {name: told for name, told in card.items() if name not in {"labels", "about"}}
    assert listed == {"data": [summary], "unreadable": []}
    assert (card["taxonomy"], card["state"], card["n_labels"]) == ("onet-soc", "ready", 1016)
    assert len(card["labels"]) == 1016
    assert [row["revision"] for row in card["revisions"] if row["champion"]] == [card["revision"]]
    assert (await api.get("/models/other")).status_code == 404


async def test_the_rubric_is_published(api: httpx.AsyncClient) -> None:
    rubric = (await api.get("/ats/rubric")).json()

    assert sum(check["weight"] for check in rubric["checks"]) == 100
    assert all(check["source"] for check in rubric["checks"])
