"""Which engine turns text into vectors on this machine."""

from __future__ import annotations

import importlib.util
import os

from ml_service.inference.encoder import LocalEncoder
from ml_service.inference.engines.base import Engine
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM
from ml_service.settings import Settings


def local_encoder(settings: Settings) -> LocalEncoder:
    """Not loaded yet."""
    return LocalEncoder(lambda: encoding_engine(settings), model_id=MINILM.model_id)


def encoding_engine(settings: Settings) -> Engine:
    """Loaded, which takes up to seconds. Raises ModelUnavailable or WeightsMismatch."""
    wanted = settings.embedding_engine
    if wanted == "onnx" or (wanted == "auto" and _is_installed("onnxruntime")):
        n_threads = settings.omp_num_threads or os.cpu_count() or 1
        return OnnxEngine(settings.encoder_dir, n_threads=n_threads)
    return SentenceTransformersEngine(MINILM)


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
