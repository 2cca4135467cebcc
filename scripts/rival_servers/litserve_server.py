"""LitServe: ``{"texts": [...]}`` to ``{"vectors": [[...]]}``; requests that wait make one batch."""

from __future__ import annotations

import os
import sys
from itertools import accumulate

import litserve  # type: ignore[import-not-found]  # in the server's own environment
import numpy as np

from rival_servers.padded_encoder import Vectors, load_encoder


class Embeddings(litserve.LitAPI):  # type: ignore[misc]  # its class has no type here
    def setup(self, device: str) -> None:  # noqa: ARG002 - its signature
        self._encode = load_encoder()

    def decode_request(self, request: dict[str, list[str]]) -> list[str]:
        return request["texts"]

    def batch(self, inputs: list[list[str]]) -> list[list[str]]:
        return inputs

    def predict(self, requests: list[list[str]]) -> list[Vectors]:
        vectors = self._encode([text for texts in requests for text in texts])
        return np.split(vectors, list(accumulate(map(len, requests)))[:-1])

    def unbatch(self, output: list[Vectors]) -> list[Vectors]:
        return output

    def encode_response(self, output: Vectors) -> dict[str, list[list[float]]]:
        return {"vectors": output.tolist()}


if __name__ == "__main__":
    api = Embeddings(max_batch_size=int(os.environ["RIVAL_BATCH"]), batch_timeout=0.005)
    workers = int(os.environ["RIVAL_WORKERS"])
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=workers, timeout=300)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
    )
