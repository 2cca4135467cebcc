from __future__ import annotations

import json
import struct
from dataclasses import replace

import numpy as np
import pytest
from starlette.responses import Response

from ml_service.app.open_inference.answers import write_answer
from ml_service.app.open_inference.requests import JSON_BYTES_HEADER, ReadRequest
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.prediction import ModelRef
from ml_service.use_cases.serve_tensors import Inferred

TITLES = np.array([[b"Nurse", "Köchin".encode()]], dtype=np.object_)
SHARES = np.array([[0.5, 0.25]], dtype=np.float32)
INFERRED = Inferred(
    ModelRef("trades", "aaaaaaaaaaaa"), {"arm": "champion"}, {"title": TITLES, "share": SHARES}
)
ASKED = ReadRequest(id="r-1", inputs={}, binary={}, else_binary=False)


def json_of(answer: Response) -> tuple[dict[str, object], bytes]:
    n_bytes = int(answer.headers.get(JSON_BYTES_HEADER, len(answer.body)))
    return json.loads(bytes(answer.body[:n_bytes])), bytes(answer.body[n_bytes:])


def test_an_answer_in_json_names_who_made_it() -> None:
    answer = write_answer(INFERRED, ASKED)

    assert answer.media_type == "application/json"
    assert json_of(answer)[0] == {
        "model_name": "trades",
        "model_version": "aaaaaaaaaaaa",
        "id": "r-1",
        "parameters": {"arm": "champion"},
        "outputs": [
            {"name": "title", "shape": [1, 2], "datatype": "BYTES", "data": ["Nurse", "Köchin"]},
            {"name": "share", "shape": [1, 2], "datatype": "FP32", "data": [0.5, 0.25]},
        ],
    }


def test_binary_outputs_follow_the_json_in_order() -> None:
    answer = write_answer(INFERRED, replace(ASKED, else_binary=True))

    stated, raw = json_of(answer)
    assert answer.media_type == "application/octet-stream"
    assert stated["outputs"] == [
        {
            "name": "title",
            "shape": [1, 2],
            "datatype": "BYTES",
            "parameters": {"binary_data_size": 20},
        },
        {
            "name": "share",
            "shape": [1, 2],
            "datatype": "FP32",
            "parameters": {"binary_data_size": 8},
        },
    ]
    assert raw == b"\x05\0\0\0Nurse\x07\0\0\0" + "Köchin".encode() + struct.pack("<2f", 0.5, 0.25)


def test_one_output_in_json_and_one_in_binary() -> None:
    stated, raw = json_of(write_answer(INFERRED, replace(ASKED, binary={"share": True})))

    assert [("data" in output) for output in stated["outputs"]] == [True, False]  # type: ignore[attr-defined]  # JSON of our own
    assert raw == struct.pack("<2f", 0.5, 0.25)


def test_without_an_id_none_is_said() -> None:
    assert "id" not in json_of(write_answer(INFERRED, replace(ASKED, id=None)))[0]


def test_nan_goes_in_binary_only() -> None:
    lame = replace(INFERRED, outputs={"share": np.array([np.nan])})

    with pytest.raises(InvalidRequest):
        write_answer(lame, ASKED)
    assert json_of(write_answer(lame, replace(ASKED, else_binary=True)))[1] == struct.pack(
        "<d", np.nan
    )
