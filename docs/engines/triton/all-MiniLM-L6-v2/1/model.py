"""Triton, Python backend: texts in the input ``text``, a vector each in the output ``vectors``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import triton_python_backend_utils as triton

sys.path.insert(0, str(Path(__file__).parent))

from sentence_encoder import SentenceEncoder


class TritonPythonModel:
    def initialize(self, arguments: Mapping[str, str]) -> None:
        """The folder ``encoder`` lies beside ``config.pbtxt``."""
        named = json.loads(arguments["model_config"])["parameters"]["encoder"]["string_value"]
        self._encoder = SentenceEncoder(Path(arguments["model_repository"]) / named)

    def execute(self, requests: list[Any]) -> list[Any]:
        return [self._answer(request) for request in requests]

    def _answer(self, request: Any) -> Any:
        raw = triton.get_input_tensor_by_name(request, "text").as_numpy()
        vectors = self._encoder.embed([text.decode("utf-8") for text in raw.ravel()])
        return triton.InferenceResponse([triton.Tensor("vectors", vectors)])
