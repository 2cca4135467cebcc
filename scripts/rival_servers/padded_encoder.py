"""The encoder of a rival server, run as most people would: padded batches, longest texts together.

Runs in the server's own environment. ``RIVAL_ENCODER`` is the folder, of sentence-transformers'
weights or of this project's graph; ``RIVAL_THREADS`` bounds the threads of one batch (0: the
library's own choice).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

BATCH_SIZE = 32

Vectors = npt.NDArray[np.float32]
Encode = Callable[[list[str]], Vectors]


def load_encoder() -> Encode:
    folder = Path(os.environ["RIVAL_ENCODER"])
    n_threads = int(os.environ.get("RIVAL_THREADS", "0"))
    if (folder / "encoder.onnx").is_file():
        return _load_graph(folder, n_threads)
    return _load_weights(folder, n_threads)


def _load_weights(folder: Path, n_threads: int) -> Encode:
    import torch  # noqa: PLC0415 - not installed beside the graph
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - as above

    if n_threads:
        torch.set_num_threads(n_threads)
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def encode(texts: list[str]) -> Vectors:
        found = model.encode(
            texts, batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(found, dtype=np.float32)

    return encode


def _load_graph(folder: Path, n_threads: int) -> Encode:
    import onnxruntime  # noqa: PLC0415 - not installed beside torch
    from tokenizers import Tokenizer  # noqa: PLC0415 - as above

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(manifest["max_tokens"])
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = n_threads
    session = onnxruntime.InferenceSession(
        str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
    )

    def encode(texts: list[str]) -> Vectors:
        vectors = np.empty((len(texts), manifest["n_dims"]), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        for begin in range(0, len(order), BATCH_SIZE):
            places = order[begin : begin + BATCH_SIZE]
            encoded = tokenizer.encode_batch([texts[at] for at in places])
            given = {
                "input_ids": np.array([text.ids for text in encoded], dtype=np.int64),
                "attention_mask": np.array([text.attention_mask for text in encoded], np.int64),
            }
            (vectors[places],) = session.run(["vectors"], given)
        return vectors

    return encode
