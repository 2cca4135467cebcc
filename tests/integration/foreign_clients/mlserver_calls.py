"""What the service answers to MLServer's own types and codecs, printed as JSON.

python mlserver_calls.py HOST:PORT KEY RESUME_FILE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import (
    InferenceRequest,
    InferenceResponse,
    MetadataModelResponse,
    MetadataServerResponse,
    RepositoryIndexResponse,
    RequestOutput,
)

ENCODER, CAREER, GRAPH = "all-MiniLM-L6-v2", "occupations", "roots"
TEXTS = ["Registered nurse", "Köchin", ""]


class Calls:
    def __init__(self, address: str, key: str) -> None:
        self.address = address
        self.headers = {"X-API-Key": key, "Content-Type": "application/json"}

    def ask(self, path: str, body: str | None = None) -> bytes:
        content = None if body is None else body.encode()
        request = Request(f"http://{self.address}{path}", data=content, headers=self.headers)
        with urlopen(request, timeout=60) as answer:
            return bytes(answer.read())

    def infer(self, model: str, request: InferenceRequest) -> InferenceResponse:
        path = f"/v2/models/{model}/infer"
        return InferenceResponse.model_validate_json(self.ask(path, request.model_dump_json()))

    def metadata(self) -> dict[str, Any]:
        server = MetadataServerResponse.model_validate_json(self.ask("/v2"))
        model = MetadataModelResponse.model_validate_json(self.ask(f"/v2/models/{CAREER}"))
        index = RepositoryIndexResponse.model_validate_json(self.ask("/v2/repository/index", "{}"))
        return {
            "server": server.name,
            "outputs": {tensor.name: tensor.datatype for tensor in model.outputs or []},
            "index": {entry.name: entry.state for entry in index},
        }

    def vectors(self) -> list[list[float]]:
        said = StringCodec.encode_input("text", TEXTS)
        response = self.infer(ENCODER, InferenceRequest(id="r-8", inputs=[said]))
        assert response.id == "r-8"
        vectors: list[list[float]] = NumpyCodec.decode_output(response.outputs[0]).tolist()
        return vectors

    def career(self, resume: str) -> list[str]:
        wished = [RequestOutput(name="career_path")]
        said = StringCodec.encode_input("text", [resume])
        response = self.infer(CAREER, InferenceRequest(inputs=[said], outputs=wished))
        return list(StringCodec.decode_output(response.outputs[0]))

    def roots(self) -> list[list[float]]:
        values = NumpyCodec.encode_input("values", np.array([[4.0, 9.0]], dtype=np.float32))
        names = StringCodec.encode_input("names", ["Jürgen"])
        names.shape = [1]  # the graph takes no column
        response = self.infer(GRAPH, InferenceRequest(inputs=[values, names]))
        roots: list[list[float]] = NumpyCodec.decode_output(response.outputs[0]).tolist()
        return roots


def main(address: str, key: str, resume_file: str) -> None:
    calls = Calls(address, key)
    seen = {
        "metadata": calls.metadata(),
        "vectors": calls.vectors(),
        "career": calls.career(Path(resume_file).read_text(encoding="utf-8")),
        "roots": calls.roots(),
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
