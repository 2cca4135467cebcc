"""A team's own taxonomy: trained by the command, asked over HTTP, exchanged under traffic."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
import pytest_asyncio

from ml_service.bootstrap.engine import Engine, running_engine
from ml_service.bootstrap.models import model_shelf
from ml_service.bootstrap.training import training
from ml_service.hosting.model_files import WEIGHTS_FILE
from ml_service.settings import Settings
from ml_service.use_cases.evaluate_model import EvaluateModel, LabelledDocument
from ml_service.use_cases.gather_evidence import Example
from ml_service.use_cases.trained_model import TrainedModel, Wish
from tests.documents import resume_docx, resume_pdf, resume_text
from tests.integration.conftest import client_of
from tests.labelled_people import LABELS, labelled_people, people_of
from tests.model_shelves import shelf_with_occupations
from tests.people import NURSE, Job, Person
from tests.service_process import ServiceFolder

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

N_EACH = 11


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> ServiceFolder:
    """Its folder of models is empty until the command has trained."""
    place = tmp_path_factory.mktemp("own_labels")
    return ServiceFolder(place, {"MODELS_DIR": str(place / "models"), "PARSE_WORKERS": "1"})


def command(service: ServiceFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ml_service", *arguments],
        cwd=service.path,
        env=service.environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def trades(service: ServiceFolder) -> dict[str, Any]:
    """What the command says of the model that it made of 44 documents in four folders."""
    resumes = service.path / "resumes"
    for at, (label, person) in enumerate(labelled_people(N_EACH)):
        folder = resumes / label
        folder.mkdir(parents=True, exist_ok=True)
        if at % 3:
            (folder / f"{at}.pdf").write_bytes(resume_pdf(person))
        else:
            (folder / f"{at}.docx").write_bytes(resume_docx(person))
    (resumes / "NURSING" / "torn.pdf").write_bytes(b"%PDF-1.7 nothing more")

    done = command(service, "train", str(resumes), "--name", "trades", "--json")

    assert done.returncode == 0, done.stderr
    shelf_with_occupations(service.path / "models")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def settings(service: ServiceFolder, trades: dict[str, Any]) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=service.path / "data",
        models_dir=service.path / "models",
        parse_workers=1,
        jobs_provider="local",
        rate_limit_uploads="off",
        rate_limit_default="off",
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own_engine(settings: Settings) -> AsyncIterator[Engine]:
    async with running_engine(settings) as engine:
        yield engine


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(own_engine: Engine, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(own_engine, settings) as client:
        yield client


async def upload(
    api: httpx.AsyncClient, person: Person, *, status: int = 201, **fields: str
) -> dict[str, Any]:
    answer = await api.post(
        "/predict", files={"file": ("resume.pdf", resume_pdf(person))}, data=fields
    )
    assert answer.status_code == status, answer.text
    prediction: dict[str, Any] = answer.json()
    return prediction


def somebody(label: str, *, seed: int = 77) -> Person:
    """Whom no model was trained on."""
    return people_of(label, 1, seed=seed)[0]


class Unwatched:
    def started(self, what: str, total: int) -> None: ...

    def advanced(self, count: int) -> None: ...


async def trained(
    engine: Engine, settings: Settings, name: str, *, seed: int, n_each: int = 3
) -> TrainedModel:
    examples = [
        Example(f"line {at}", label, resume_text(person))
        for at, (label, person) in enumerate(labelled_people(n_each, seed=seed))
    ]
    wish = Wish(model_id=name, source="invented people")
    train = await asyncio.to_thread(training, engine, settings)
    return await train(examples, wish, watch=Unwatched())


async def promote(engine: Engine, settings: Settings, name: str, revision: str) -> None:
    """As the command does; the service looks at the shelf every second."""
    await asyncio.to_thread(lambda: model_shelf(settings).promote(name, revision))
    await engine.host.refresh()


async def test_the_command_measures_what_it_made(trades: dict[str, Any]) -> None:
    figures = trades["card"]["metrics"]["cross_validation"]

    assert (trades["promoted"], trades["left_out"]) == (True, {"corrupt": 1})
    assert trades["card"]["labels"] == list(LABELS)
    assert (figures["n"], figures["n_folds"]) == (4 * N_EACH, 5)
    assert figures["top_1"] >= 0.9
    assert set(figures["classes"]) == set(LABELS)


@pytest.mark.parametrize("label", LABELS)
async def test_an_upload_is_answered_with_a_label_of_its_own(
    trades: dict[str, Any], api: httpx.AsyncClient, label: str
) -> None:
    prediction = await upload(api, somebody(label), model="trades")

    assert prediction["career_path"] == label
    assert (prediction["soc_code"], prediction["career_field"]) == (None, None)
    assert prediction["next_steps"] == []
    assert 0.4 <= prediction["confidence"] <= 1
    assert sorted(path["title"] for path in prediction["career_paths"]) == list(LABELS)
    assert {path["soc_code"] for path in prediction["career_paths"]} == {None}
    assert not prediction["abstained"]
    assert prediction["explanation"]
    assert prediction["explanation"][0]["contribution"] > 0
    assert all(-1 <= item["contribution"] <= 1 for item in prediction["explanation"])
    assert prediction["model"]["model_id"] == "trades"
    assert prediction["model"]["revision"] == trades["card"]["revision"]
    assert 0 < prediction["ats_score"] <= 100


async def test_a_prediction_is_kept_found_and_explained_line_by_line(
    trades: dict[str, Any], api: httpx.AsyncClient
) -> None:
    made = await upload(api, somebody("NURSING", seed=78), model="trades", user_id="ward")
    await upload(api, somebody("NURSING", seed=78), user_id="ward")
    path = f"/predictions/{made['prediction_id']}"

    stored = (await api.get(path)).json()
    of_model = (await api.get("/predictions", params={"model": "trades", "user_id": "ward"})).json()
    of_label = (await api.get("/predictions", params={"career_path": "NURSING"})).json()
    explained = await api.get(f"{path}/explanation")

    assert stored == made
    assert [row["prediction_id"] for row in of_model["data"]] == [made["prediction_id"]]
    assert of_model["data"][0]["model"]["model_id"] == "trades"
    assert made["prediction_id"] in {row["prediction_id"] for row in of_label["data"]}
    assert explained.status_code == 200, explained.text
    contributions = [line["contribution"] for line in explained.json()["lines"]]
    assert max(contributions) > 0
    assert any(value != 0 for value in contributions)


async def test_without_its_name_the_default_answers(
    trades: dict[str, Any], api: httpx.AsyncClient
) -> None:
    prediction = await upload(api, NURSE)

    assert prediction["model"]["model_id"] == "occupations"
    assert prediction["soc_code"] in NURSE.soc_codes
    assert prediction["next_steps"]


async def test_a_model_that_nobody_trained_is_not_found_and_nothing_is_kept(
    trades: dict[str, Any], api: httpx.AsyncClient
) -> None:
    refused = await upload(api, NURSE, status=404, model="nobody", user_id="unkept")
    nowhere = await upload(api, NURSE, status=404, model="../trades", user_id="unkept")

    assert refused["code"] == nowhere["code"] == "model_not_found"
    assert (await api.get("/predictions/user/unkept")).json()["data"] == []


async def test_its_card_is_served(trades: dict[str, Any], api: httpx.AsyncClient) -> None:
    await upload(api, somebody("ACCOUNTS", seed=81), model="trades")

    card = (await api.get("/models/trades")).json()
    listed = (await api.get("/models")).json()

    assert (card["taxonomy"], card["state"], card["labels"]) == ("own", "ready", list(LABELS))
    assert card["metrics"] == trades["card"]["metrics"]
    assert card["revisions"] == [
        {"revision": card["revision"], "champion": True, "trained_at": card["trained_at"]}
    ]
    assert "45" not in card["about"]["data"][0]
    assert "Left out: 1 x corrupt." in card["about"]["data"]
    summary = next(row for row in listed["data"] if row["model_id"] == "trades")
    assert summary == {
        name: value for name, value in card.items() if name not in {"labels", "about"}
    }


async def test_it_is_evaluated_by_its_own_labels(
    trades: dict[str, Any], own_engine: Engine
) -> None:
    documents = [
        LabelledDocument(f"line {at}", resume_text(person), frozenset({label}))
        for at, (label, person) in enumerate(labelled_people(3, seed=82))
    ]
    evaluate = EvaluateModel(analyse=own_engine.analyse_resume, document_date=date(2026, 1, 31))

    told = await evaluate(documents, hide_title=False, model_id="trades", progress=lambda: None)

    assert told.model.model_id == "trades"
    assert told.accuracy is not None
    assert told.accuracy.n_judged == 12
    assert told.accuracy.top_1 >= 0.9


async def test_another_identity_changes_nothing(
    trades: dict[str, Any], api: httpx.AsyncClient
) -> None:
    person = somebody("ACCOUNTS", seed=79)
    other = replace(
        person,
        name="Lakisha Washington",
        email="lakisha.washington@example.org",
        phone="+1 404 555 0161",
        place="Atlanta, GA",
        link="https://example.org/lwashington",
    )

    one, two = [await upload(api, each, model="trades") for each in (person, other)]

    for name in ("career_paths", "confidence", "abstained", "ats_score"):
        assert one[name] == two[name]
    assert [item["contribution"] for item in one["explanation"]] == [
        item["contribution"] for item in two["explanation"]
    ]


async def test_a_resume_in_another_language_abstains(
    trades: dict[str, Any], api: httpx.AsyncClient
) -> None:
    duties = (
        "Zubereitung von Soßen, Suppen und Nachspeisen für ein Hotel in den Bergen",
        "Einkauf von frischem Gemüse und Fisch auf den Märkten der Umgebung",
        "Anleitung der Auszubildenden und Planung der Speisekarte für jede Jahreszeit",
        "Verantwortung für die Sauberkeit der Küche und für die Kosten der Lebensmittel",
    )
    german = replace(
        somebody("KITCHEN"),
        title="Küchenleiter",
        summary="Koch mit langer Erfahrung in der gehobenen Küche und in der Verpflegung.",
        jobs=(
            Job("Küchenleiter", "Hotel Alpenblick", "Sulden", "2015", "2024", duties),
            Job("Koch", "Gasthof zur Post", "Meran", "2009", "2015", duties[::-1]),
        ),
        skills=("Führung von Mitarbeitern", "Herstellung von Backwaren", "Lagerung von Fleisch"),
        languages=("Deutsch als Muttersprache", "Italienisch mit guten Kenntnissen"),
    )

    prediction = await upload(api, german, model="trades")

    assert prediction["abstain_reason"] == "language"
    assert prediction["confidence"] <= 0.5


async def test_a_revision_is_exchanged_while_the_service_runs(
    own_engine: Engine, settings: Settings, api: httpx.AsyncClient
) -> None:
    first = await trained(own_engine, settings, "shifts", seed=2)
    person = somebody("TRANSPORT")
    before = await upload(api, person, model="shifts", user_id="depot")
    second = await trained(own_engine, settings, "shifts", seed=3)
    waiting = await upload(api, person, status=200, model="shifts", user_id="depot")

    await promote(own_engine, settings, "shifts", second.card.revision)
    after = await upload(api, person, model="shifts", user_id="depot")

    assert (first.promoted, second.promoted) == (True, False)
    assert before["model"]["revision"] == first.card.revision
    assert waiting == before
    assert after["model"]["revision"] == second.card.revision
    assert after["career_path"] == before["career_path"] == "TRANSPORT"
    card = (await api.get("/models/shifts")).json()
    assert [(row["revision"], row["champion"]) for row in card["revisions"]] == [
        (first.card.revision, False),
        (second.card.revision, True),
    ]
    for made in (before, after):
        explained = await api.get(f"/predictions/{made['prediction_id']}/explanation")
        assert explained.status_code == 200, explained.text
        assert explained.json()["model"]["revision"] == made["model"]["revision"]


async def test_a_promoted_revision_that_is_broken_leaves_the_former_answering(
    own_engine: Engine, settings: Settings, api: httpx.AsyncClient
) -> None:
    first = await trained(own_engine, settings, "lifts", seed=4)
    second = await trained(own_engine, settings, "lifts", seed=5)
    await upload(api, somebody("KITCHEN"), model="lifts")
    weights = settings.models_dir / "lifts" / second.card.revision / WEIGHTS_FILE
    weights.write_bytes(weights.read_bytes()[:-100])

    await promote(own_engine, settings, "lifts", second.card.revision)
    answers = [await upload(api, somebody("KITCHEN", seed=at), model="lifts") for at in (1, 2)]

    assert {row["model"]["revision"] for row in answers} == {first.card.revision}
    assert (await api.get("/health/ready")).status_code == 200
    assert (await upload(api, somebody("NURSING")))["model"]["model_id"] == "occupations"


async def test_a_model_that_was_never_whole_is_unavailable_and_alone(
    own_engine: Engine, settings: Settings, api: httpx.AsyncClient
) -> None:
    made = await trained(own_engine, settings, "torn", seed=6)
    (settings.models_dir / "torn" / made.card.revision / WEIGHTS_FILE).write_bytes(b"torn")

    refused = await upload(api, somebody("KITCHEN"), status=503, model="torn")

    assert refused["code"] == "weights_mismatch"
    assert str(settings.models_dir) not in json.dumps(refused)
    assert (await api.get("/models/torn")).json()["state"] == "failed"


async def test_the_command_line_asks_the_same_model(
    trades: dict[str, Any], service: ServiceFolder, api: httpx.AsyncClient
) -> None:
    person = somebody("NURSING", seed=80)
    file = service.path / "resume.pdf"
    file.write_bytes(resume_pdf(person))

    done = await asyncio.to_thread(
        command, service, "predict", str(file), "--model", "trades", "--json"
    )
    refused = await asyncio.to_thread(command, service, "predict", str(file), "--model", "nobody")

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    served = await upload(api, person, model="trades", user_id="web")
    assert told["career_path"] == served["career_path"]
    assert told["confidence"] == pytest.approx(served["confidence"], abs=1e-4)
    assert told["model"] == served["model"]
    assert refused.returncode == 1
    assert "model_not_found" in refused.stderr
