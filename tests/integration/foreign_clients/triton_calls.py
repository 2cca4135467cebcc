"""What NVIDIA's ``tritonclient`` gets from the service at HOST:PORT, printed as JSON.

python triton_calls.py HOST:PORT KEY RESUME_FILE
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

ENCODER, CAREER, GRAPH = "all-MiniLM-L6-v2", "occupations", "roots"
TEXTS = ["Registered nurse", "Köchin", ""]


class Calls:
    def __init__(self, address: str, key: str) -> None:
        self.client = triton.InferenceServerClient(address, concurrency=4)
        self._key = key

    @property
    def key(self) -> dict[str, str]:
        """Anew for each call: the client writes into what it is given."""
        return {"X-API-Key": self._key}

    def server(self) -> dict[str, Any]:
        return {
            "live": self.client.is_server_live(),
            "ready": self.client.is_server_ready(),
            "metadata": self.client.get_server_metadata(headers=self.key),
            "models": {
                name: self.client.get_model_metadata(name, headers=self.key)
                for name in (ENCODER, CAREER, GRAPH)
            },
            "champion": self.client.get_model_metadata(CAREER, "champion", headers=self.key),
        }

    def vectors(self) -> dict[str, Any]:
        ways = {
            "json": self.infer(ENCODER, texts(TEXTS, binary=False), ["vectors"], binary=False),
            "binary": self.infer(ENCODER, texts(TEXTS), ["vectors"]),
            "all_outputs": self.infer(ENCODER, texts(TEXTS), []),
            "column": self.infer(ENCODER, texts(TEXTS, column=True), ["vectors"]),
            "gzip": self.infer(ENCODER, texts(TEXTS), [], request_compression_algorithm="gzip"),
            "deflate": self.infer(
                ENCODER, texts(TEXTS), [], request_compression_algorithm="deflate"
            ),
            "packed_answer": self.infer(
                ENCODER, texts(TEXTS), [], response_compression_algorithm="gzip"
            ),
        }
        calls = [
            self.client.async_infer(ENCODER, texts([text]), headers=self.key) for text in TEXTS
        ]
        found: dict[str, Any] = {
            way: result.as_numpy("vectors").tolist() for way, result in ways.items()
        }
        found["at_once"] = [call.get_result().as_numpy("vectors")[0].tolist() for call in calls]
        found["id"] = self.infer(ENCODER, texts(TEXTS), [], request_id="r-7").get_response()["id"]
        return found

    def career(self, resume: str) -> dict[str, Any]:
        result = self.infer(CAREER, texts([resume]), [])
        return {
            "paths": [title.decode() for title in result.as_numpy("career_path")[0]],
            "codes": [code.decode() for code in result.as_numpy("soc_code")[0]],
            "confidence": result.as_numpy("confidence").tolist(),
            "abstained": result.as_numpy("abstained").tolist(),
            "version": result.get_response()["model_version"],
        }

    def graph(self) -> dict[str, Any]:
        found = {}
        for way, binary in (("json", False), ("binary", True)):
            result = self.infer(
                GRAPH, pair([4.0, 9.0], binary=binary), [], model_version="champion"
            )
            found[way] = {
                "roots": result.as_numpy("roots").tolist(),
                "halves": str(result.as_numpy("halves").dtype),
                "names": [name.decode() for name in result.as_numpy("same_names")],
            }
        lame = self.infer(GRAPH, pair([4.0, -1.0]), ["roots"]).as_numpy("roots")
        return {**found, "nan": np.isnan(lame).tolist()}

    def repository(self) -> dict[str, Any]:
        def state() -> str:
            index = self.client.get_model_repository_index(headers=self.key)
            return next(str(entry["state"]) for entry in index if entry["name"] == GRAPH)

        self.client.load_model(GRAPH, headers=self.key)
        states = [state()]
        self.client.unload_model(GRAPH, headers=self.key)
        states.append(state())
        ready = self.client.is_model_ready(GRAPH, headers=self.key)
        return {"states": [*states, state()], "ready": ready}

    def refusals(self) -> dict[str, list[str]]:
        wished = triton.InferRequestedOutput("roots", class_count=2)
        short = texts(TEXTS)
        short[0].set_shape([7])
        return {
            "no_key": refused(self.client.get_server_metadata),
            "no_model": refused(lambda: self.infer("nobody", texts(TEXTS), [])),
            "no_version": refused(lambda: self.infer(CAREER, texts(TEXTS), [], model_version="7")),
            "no_resume": refused(lambda: self.infer(CAREER, texts(TEXTS), [])),
            "no_output": refused(lambda: self.infer(GRAPH, pair([1.0, 1.0]), ["cubes"])),
            "no_numbers": refused(lambda: self.infer(GRAPH, pair([-1.0, 1.0]), [], binary=False)),
            "other_shape": refused(lambda: self.infer(ENCODER, short, [])),
            "classes": refused(
                lambda: self.client.infer(
                    GRAPH, pair([1.0, 1.0]), outputs=[wished], headers=self.key
                )
            ),
            "config": refused(lambda: self.client.load_model(GRAPH, config="{}", headers=self.key)),
            "kept": refused(lambda: self.client.unload_model(CAREER, headers=self.key)),
        }

    def infer(
        self, model: str, inputs: list[Any], outputs: list[str], *, binary: bool = True, **how: Any
    ) -> Any:
        names = outputs
        if not binary and not names:
            names = ["roots", "halves", "same_names"]
        wished = [triton.InferRequestedOutput(name, binary_data=binary) for name in names]
        return self.client.infer(model, inputs, outputs=wished or None, headers=self.key, **how)


def texts(said: list[str], *, binary: bool = True, column: bool = False) -> list[Any]:
    array = np.array([text.encode() for text in said], dtype=np.object_)
    array = array.reshape(-1, 1) if column else array
    tensor = triton.InferInput("text", list(array.shape), "BYTES")
    tensor.set_data_from_numpy(array, binary_data=binary)
    return [tensor]


def pair(values: list[float], *, binary: bool = True) -> list[Any]:
    numbers = triton.InferInput("values", [1, 2], "FP32")
    numbers.set_data_from_numpy(np.array([values], dtype=np.float32), binary_data=binary)
    names = triton.InferInput("names", [1], "BYTES")
    names.set_data_from_numpy(np.array(["Jürgen".encode()], dtype=np.object_), binary_data=binary)
    return [numbers, names]


def refused(call: Callable[[], object]) -> list[str]:
    """Status and sentence, as the client understood them."""
    try:
        call()
    except InferenceServerException as error:
        return [str(error.status()), str(error.message())]
    return ["", "it was not refused"]


def main(address: str, key: str, resume_file: str) -> None:
    calls = Calls(address, key)
    seen = {
        "server": calls.server(),
        "vectors": calls.vectors(),
        "career": calls.career(Path(resume_file).read_text(encoding="utf-8")),
        "graph": calls.graph(),
        "repository": calls.repository(),
        "refusals": calls.refusals(),
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
