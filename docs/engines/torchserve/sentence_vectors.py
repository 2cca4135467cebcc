"""TorchServe: {"texts": [...]} in, {"vectors": [[...], ...], "precision": "..."} out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sentence_encoder import SentenceEncoder
from ts.utils.util import PredictionException


class EncoderHandler:
    def __init__(self) -> None:
        self._encoder: SentenceEncoder | None = None

    def initialize(self, context: Any) -> None:
        """The archive holds the encoder's files beside this one."""
        self._encoder = SentenceEncoder(Path(context.system_properties["model_dir"]))

    def handle(self, requests: list[Mapping[str, Any]], _context: Any) -> list[Mapping[str, Any]]:
        """One answer a request: the server may put several together."""
        return [self._answer(request) for request in requests]

    def _answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._encoder is None:
            raise PredictionException("The encoder is not loaded.", 503)
        vectors = self._encoder.embed(_texts(request))
        return {"vectors": vectors.tolist(), "precision": self._encoder.precision}


def _texts(request: Mapping[str, Any]) -> list[str]:
    body = request.get("body") or request.get("data")
    try:
        stated = body if isinstance(body, dict) else json.loads(body or b"")
        texts = stated["texts"]
    except (ValueError, TypeError, KeyError):
        texts = None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise PredictionException('Expected {"texts": ["...", ...]}.', 400)
    return texts
