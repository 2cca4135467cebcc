"""The encoder of a folder such as data/models/encoders/all-MiniLM-L6-v2-int8, for any server.

Needs onnxruntime, tokenizers and numpy, nothing of this project. Each text runs alone, so that its
vector does not depend on those beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer


class SentenceEncoder:
    """Unit vectors of texts; ``precision`` is what the manifest states."""

    def __init__(self, folder: Path, n_threads: int | None = None) -> None:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name, key in (("encoder.onnx", "graph_sha256"), ("tokenizer.json", "tokenizer_sha256")):
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != manifest[key]:
                raise ValueError(f"{name} is not what the manifest names")
        self.precision: str = manifest["precision"]
        self.n_dims: int = manifest["n_dims"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(manifest["max_tokens"])
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._threads = ThreadPoolExecutor(n_threads or os.cpu_count() or 1)

    def embed(self, texts: list[str]) -> np.ndarray:
        """float32 of shape (len(texts), n_dims), in the order of ``texts``."""
        tokens = [found.ids for found in self._tokenizer.encode_batch(texts)]
        rows = list(self._threads.map(self._embed, tokens))
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.n_dims)

    def _embed(self, tokens: list[int]) -> np.ndarray:
        ids = np.array([tokens], dtype=np.int64)
        (vectors,) = self._session.run(
            ["vectors"], {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        )
        return vectors[0]
