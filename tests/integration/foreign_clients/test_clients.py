"""The service as a process, called by the clients that people have: NVIDIA's and MLServer's."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from tests.documents import resume_text
from tests.model_shelves import shelf_with_occupations
from tests.people import PEOPLE
from tests.plain_graphs import ROOTS, shelve_roots
from tests.service_process import ServiceFolder, ServiceProcess, served

pytestmark = pytest.mark.slow

SCRIPTS = Path(__file__).parent
KEY = "the key of an operator"
TEXTS = ["Registered nurse", "Köchin", ""]
ENCODER = "all-MiniLM-L6-v2"


@pytest.fixture(scope="module")
def service(commands: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    folder = tmp_path_factory.mktemp("foreign_clients")
    shelf_with_occupations(folder / "models")
    shelve_roots(folder / "models")
    settings = {
        "MODELS_DIR": str(folder / "models"),
        "API_KEYS": f"operator:admin:{hashlib.sha256(KEY.encode()).hexdigest()}",
        "PARSE_WORKERS": "1",
    }
    with served(ServiceFolder(folder, settings)) as running:
        yield running


@pytest.fixture(scope="module")
def vectors(service: ServiceProcess) -> list[list[float]]:
    """As our own route gives them."""
    answer = httpx.post(
        f"{service.base_url}/api/v1/embeddings",
        json={"texts": TEXTS},
        headers={"X-API-Key": KEY},
        timeout=60,
    )
    found: list[list[float]] = answer.json()["vectors"]
    return found


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
    return done.stdout


def address_of(service: ServiceProcess) -> str:
    return service.base_url.removeprefix("http://")


def seen_by(script: str, commands: Path, service: ServiceProcess, folder: Path) -> Any:
    resume = folder / "resume.txt"
    resume.write_text(resume_text(PEOPLE[0]), encoding="utf-8")
    said = run(commands / "python", SCRIPTS / script, address_of(service), KEY, resume)
    return json.loads(said)


@pytest.fixture(scope="module")
def triton(
    commands: Path, service: ServiceProcess, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    found: dict[str, Any] = seen_by(
        "triton_calls.py", commands, service, tmp_path_factory.mktemp("triton")
    )
    return found


def test_triton_s_client_reads_what_there_is(triton: dict[str, Any]) -> None:
    server = triton["server"]

    assert (server["live"], server["ready"]) == (True, True)
    assert "binary_tensor_data" in server["metadata"]["extensions"]
    assert server["models"][ENCODER]["outputs"] == [
        {"name": "vectors", "datatype": "FP32", "shape": [-1, 384]}
    ]
    assert [tensor["datatype"] for tensor in server["models"][ROOTS]["outputs"]] == [
        "FP32",
        "FP16",
        "BYTES",
    ]
    assert server["champion"] == server["models"]["occupations"]


@pytest.mark.parametrize(
    "way",
    ["json", "binary", "all_outputs", "column", "gzip", "deflate", "packed_answer", "at_once"],
)
def test_triton_s_client_gets_the_same_vectors_in_every_way(
    triton: dict[str, Any], vectors: list[list[float]], way: str
) -> None:
    found = np.array(triton["vectors"][way], dtype=np.float32)

    assert np.array_equal(found, np.array(vectors, dtype=np.float32))
    assert triton["vectors"]["id"] == "r-7"


def test_triton_s_client_gets_career_paths(triton: dict[str, Any]) -> None:
    career = triton["career"]

    assert career["paths"][0] == "Software Developers"
    assert career["codes"][0] == "15-1252.00"
    assert np.array(career["confidence"]).shape == (1, 5)
    assert career["abstained"] == [False]
    assert career["version"] == triton["server"]["champion"]["versions"][0]


def test_triton_s_client_runs_a_plain_graph(triton: dict[str, Any]) -> None:
    graph = triton["graph"]

    expected = {"roots": [[2.0, 3.0]], "halves": "float16", "names": ["Jürgen"]}
    assert graph["json"] == graph["binary"] == expected
    assert graph["nan"] == [[False, True]]


def test_triton_s_client_loads_and_unloads(triton: dict[str, Any]) -> None:
    assert triton["repository"] == {"states": ["READY", "UNAVAILABLE", "READY"], "ready": True}


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [
        ("no_key", "401", "key"),
        ("no_model", "404", "no model"),
        ("no_version", "404", "no revision"),
        ("no_resume", "400", "Text 0"),
        ("no_output", "400", "no output 'cubes'"),
        ("no_numbers", "400", "NaN"),
        ("other_shape", "400", "3 elements"),
        ("classes", "400", "classification"),
        ("config", "400", "no config"),
        ("kept", "409", "answers requests"),
    ],
)
def test_triton_s_client_understands_a_refusal(
    triton: dict[str, Any], what: str, status: str, said: str
) -> None:
    told_status, told = triton["refusals"][what]

    assert told_status == status
    assert said in told


def test_mlserver_s_types_and_codecs_read_the_answers(
    commands: Path, service: ServiceProcess, vectors: list[list[float]], tmp_path: Path
) -> None:
    seen = seen_by("mlserver_calls.py", commands, service, tmp_path)

    assert seen["metadata"]["server"] == "ml-service"
    assert seen["metadata"]["outputs"] == {
        "career_path": "BYTES",
        "soc_code": "BYTES",
        "confidence": "FP32",
        "abstained": "BOOL",
    }
    assert seen["metadata"]["index"][ENCODER] == "READY"
    assert np.array_equal(
        np.array(seen["vectors"], dtype=np.float32), np.array(vectors, dtype=np.float32)
    )
    assert seen["career"][0] == "Software Developers"
    assert seen["roots"] == [[2.0, 3.0]]


@pytest.mark.parametrize("mode", [[], ["--binary-data"]], ids=["json", "binary"])
def test_mlserver_s_command_infers_a_file_in_batches(
    commands: Path,
    service: ServiceProcess,
    vectors: list[list[float]],
    tmp_path: Path,
    mode: list[str],
) -> None:
    asked, answered = tmp_path / "asked.jsonl", tmp_path / "answered.jsonl"
    asked.write_text("".join(json.dumps(request_for(text)) + "\n" for text in TEXTS))

    run(
        *(commands / "mlserver", "infer", "--url", address_of(service), "--model-name", ENCODER),
        *("--input-data-path", asked, "--output-data-path", answered, "--batch-size", "2"),
        *("--request-headers", f"X-API-Key: {KEY}", *mode),
    )

    answers = [json.loads(line) for line in answered.read_text().splitlines()]
    by_place = {answer["parameters"]["batch_index"]: answer for answer in answers}
    found = [by_place[at]["outputs"][0]["data"] for at in range(len(TEXTS))]
    assert np.array_equal(np.array(found, dtype=np.float32), np.array(vectors, dtype=np.float32))


def request_for(text: str) -> dict[str, Any]:
    tensor = {"name": "text", "shape": [1, 1], "datatype": "BYTES", "data": [text]}
    return {"inputs": [{**tensor, "parameters": {"content_type": "str"}}]}
