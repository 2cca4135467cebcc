"""Engines of the encoder beside the reference: agreement and processor time on real passages.

    python scripts/measure_encoders.py --documents DIR [--documents-used 100] [--write]

Passages are cut as the service cuts them, of resumes that the rounding was not fitted to.
Agreement is the cosine of a passage's vector with the reference's (sentence-transformers,
float32); wanted is a mean of 0.99 and a first percentile of 0.98. Times are processor time,
engines in turn. ``--write`` puts the agreement into the manifest.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from real_resumes import real_resumes

from ml_service.domain.ports import Float32Array
from ml_service.inference.encoder_files import MANIFEST_FILE, Agreement, read_manifest
from ml_service.inference.engines.base import Engine
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM
from ml_service.settings import Settings

ROUNDS, AT_ONCE = 3, 32
WANTED_MEAN, WANTED_FIRST_PERCENTILE = 0.99, 0.98


def main() -> None:
    given = _arguments()
    console = Console()
    resumes = real_resumes(given.documents, given.documents_used, only="validation")
    passages = [passage for resume in resumes for passage in resume.passages]
    threads = os.cpu_count() or 1
    engines: dict[str, Engine] = {
        "sentence-transformers fp32": SentenceTransformersEngine(MINILM),
        "sentence-transformers bf16": SentenceTransformersEngine(MINILM, precision="bf16"),
        "onnxruntime int8": OnnxEngine(given.encoder, n_threads=threads),
    }
    vectors: dict[str, Float32Array] = {}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for _ in track(range(ROUNDS), "embedding", console=Console(stderr=True)):
        for name, engine in engines.items():
            began = time.process_time()
            vectors[name] = _embedded(engine, passages)
            seconds[name].append(time.process_time() - began)
    reference = next(iter(engines))
    table = Table(title=f"{len(passages):,} passages, {threads} processors, {ROUNDS} rounds")
    for column in ("engine", "mean cosine", "first percentile", "processor ms a passage", "share"):
        table.add_column(column)
    for name in engines:
        agreement = _agreement(vectors[name], vectors[reference])
        median = float(np.median(seconds[name]))
        table.add_row(
            name,
            f"{agreement.mean:.5f}",
            f"{agreement.first_percentile:.5f}",
            f"{1000 * median / len(passages):.2f}",
            f"{median / float(np.median(seconds[reference])):.2f}",
        )
    console.print(table)
    met = agreement.mean >= WANTED_MEAN and agreement.first_percentile >= WANTED_FIRST_PERCENTILE
    console.print("met" if met else "NOT met: 0.99 and 0.98")
    if given.write:
        files = replace(read_manifest(given.encoder), agreement=agreement)
        (given.encoder / MANIFEST_FILE).write_text(json.dumps(files.as_json(), indent=2) + "\n")


def _embedded(engine: Engine, passages: list[str]) -> Float32Array:
    starts = range(0, len(passages), AT_ONCE)
    return np.concatenate([engine.embed_batch(passages[at : at + AT_ONCE]) for at in starts])


def _agreement(vectors: Float32Array, reference: Float32Array) -> Agreement:
    cosines = (vectors * reference).sum(axis=1)
    return Agreement(
        n=len(cosines),
        mean=round(float(cosines.mean()), 5),
        first_percentile=round(float(np.quantile(cosines, 0.01)), 5),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--documents-used", type=int, default=100)
    parser.add_argument("--encoder", type=Path, default=Settings().encoder_dir)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
