"""BentoML: ``{"texts": [...]}`` to ``[[...]]``, with its adaptive batching."""

from __future__ import annotations

import os

import bentoml  # type: ignore[import-not-found]  # in the server's own environment

from rival_servers.padded_encoder import Encode, Vectors, load_encoder

BATCH = int(os.environ["RIVAL_BATCH"])


@bentoml.service(workers=int(os.environ["RIVAL_WORKERS"]), traffic={"timeout": 300})
class Embeddings:
    def __init__(self) -> None:
        self._encode: Encode = load_encoder()

    # Above the latency named, it refuses: this load is to be answered whole.
    @bentoml.api(batchable=True, max_batch_size=BATCH, max_latency_ms=60_000)  # type: ignore[untyped-decorator]  # it has no types
    def encode(self, texts: list[str]) -> Vectors:
        return self._encode(texts)
