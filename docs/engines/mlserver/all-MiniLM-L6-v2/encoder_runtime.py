"""MLServer: texts in the input ``text``, a vector each in the output ``vectors``."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse, Parameters
from mlserver.utils import get_model_uri
from sentence_encoder import SentenceEncoder


class EncoderRuntime(MLModel):
    """``parameters.uri`` of the model's settings is the folder of the encoder, seen from them."""

    async def load(self) -> bool:
        folder = Path(await get_model_uri(self.settings))
        self._encoder = await asyncio.to_thread(SentenceEncoder, folder)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        texts = self.decode(payload.inputs[0], default_codec=StringCodec)
        vectors = await asyncio.to_thread(self._encoder.embed, texts)
        return InferenceResponse(
            id=payload.id,
            model_name=self.name,
            model_version=self.version,
            parameters=Parameters(precision=self._encoder.precision),
            outputs=[NumpyCodec.encode_output("vectors", vectors)],
        )
