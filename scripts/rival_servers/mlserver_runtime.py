"""MLServer: Open Inference Protocol, input ``text`` to output ``vectors``; adaptive batching."""

from __future__ import annotations

import asyncio

from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

from rival_servers.padded_encoder import load_encoder


class Embeddings(MLModel):  # type: ignore[misc]  # its class has no type here
    async def load(self) -> bool:
        self._encode = await asyncio.to_thread(load_encoder)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        texts = self.decode(payload.inputs[0], default_codec=StringCodec)
        vectors = await asyncio.to_thread(self._encode, texts)
        return InferenceResponse(
            id=payload.id,
            model_name=self.name,
            outputs=[NumpyCodec.encode_output("vectors", vectors)],
        )
