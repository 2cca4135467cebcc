"""ONNX Runtime on this machine's processors: the same encoder without torch."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef
from ml_service.inference.encoder_files import GRAPH_FILE, TOKENIZER_FILE, read_checked
from ml_service.inference.engines.base import whole_characters

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_MOST_SEVERE_ONLY = 4


class OnnxEngine:
    """Loads on construction, in under a second. Raises ModelUnavailable or WeightsMismatch.

    Every text runs alone, on one processor: nothing is spent on padding, and no vector depends on
    the texts that happened to come with it, not even in its last bit.
    """

    def __init__(self, folder: Path, *, n_threads: int) -> None:
        files = read_checked(folder)
        self._n_dims = files.n_dims
        self._session, self._tokenizer = _load(folder, max_tokens=files.max_tokens)
        self._n_threads = n_threads
        self._threads = ThreadPoolExecutor(n_threads, thread_name_prefix="onnx")
        self._ref = EncoderRef(
            model_id=files.model_id,
            revision=files.revision,
            precision=files.precision,
            engine="onnxruntime",
        )

    @property
    def ref(self) -> EncoderRef:
        return self._ref

    @property
    def n_at_once(self) -> int:
        return self._n_threads

    @property
    def texts_at_once(self) -> int:
        return 1

    def embed_batch(self, texts: Sequence[str]) -> Float32Array:
        tokens = [found.ids for found in self._tokenizer.encode_batch(whole_characters(texts))]
        if len(tokens) == 1:  # with its own thread already
            return self._embed(tokens[0])[np.newaxis]
        vectors = np.empty((len(texts), self._n_dims), dtype=np.float32)
        # The longest first, so that no processor begins it when the others are done.
        order = sorted(range(len(tokens)), key=lambda at: -len(tokens[at]))
        for at, vector in zip(
            order, self._threads.map(self._embed, [tokens[at] for at in order]), strict=True
        ):
            vectors[at] = vector
        return vectors

    def _embed(self, tokens: list[int]) -> npt.NDArray[np.float32]:
        ids = np.array([tokens], dtype=np.int64)
        (vectors,) = self._session.run(
            ["vectors"], {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        )
        return np.asarray(vectors[0], dtype=np.float32)


def _load(folder: Path, *, max_tokens: int) -> tuple[InferenceSession, Tokenizer]:
    try:
        import onnxruntime  # noqa: PLC0415 - a fifth of a second to import
        from tokenizers import Tokenizer  # noqa: PLC0415 - as above
    except ImportError as missing:
        raise ModelUnavailable(
            "The engine needs onnxruntime and tokenizers: pip install onnxruntime tokenizers."
        ) from missing
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _MOST_SEVERE_ONLY
    # The arena keeps the largest of every shape that it has seen.
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(
        str(folder / GRAPH_FILE), options, providers=["CPUExecutionProvider"]
    )
    return session, tokenizer
