"""Write the encoder that needs no torch: the shipped folder of ``data/models/encoders``.

    python scripts/export_encoder.py --data DIR --to data/models/encoders/all-MiniLM-L6-v2-int8
    python scripts/export_encoder.py --check data/models/encoders/all-MiniLM-L6-v2-int8

The weights are those of the reference engine, checked by their sha256, rounded to eight bits so
that texts like those under DIR (``calibration_texts.py``) keep their vectors. How a product of
floats is summed differs by processor, and with it some roundings: ``--check`` takes the rounded
matrices from the folder and says whether all else is what this script writes. How near its
vectors are to the reference: ``measure_encoders.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import onnx
from rich.console import Console
from rich.progress import track
from safetensors.numpy import load_file
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from calibration_texts import calibration_texts
from encoder_graph import (
    LayerMatrices,
    Rounding,
    Shape,
    Weights,
    layer_matrices,
    rounding_in,
    sentence_encoder,
)
from encoder_inputs import seen_inputs
from encoder_rounding import Floats, RoundedMatrix, multiplying, round_matrix

from ml_service.inference.encoder_files import (
    GRAPH_FILE,
    MANIFEST_FILE,
    TOKENIZER_FILE,
    EncoderFiles,
    read_manifest,
)
from ml_service.inference.weights import MINILM, locate_checked

PRECISION = "int8-static"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    wish = parser.add_mutually_exclusive_group(required=True)
    wish.add_argument("--to", type=Path)
    wish.add_argument("--check", type=Path)
    parser.add_argument("--data", type=Path, help="folder of resumes/, onet/, postings/, ...")
    given = parser.parse_args()
    if given.to is None:
        _check(given.check)
        return
    if given.data is None:
        parser.error("--to needs --data")
    given.to.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(locate_checked(MINILM) / TOKENIZER_FILE))
    texts = calibration_texts(given.data, sorted(tokenizer.get_vocab()))
    for name, content in exported(rounded(texts)).items():
        (given.to / name).write_bytes(content)
        print(f"{given.to / name}: {len(content):,} bytes")


def rounded(texts: Sequence[str]) -> Rounding:
    """The matrices, fitted to what ``texts`` multiply them with."""
    weights, shape = _publisher()
    seen = seen_inputs(MINILM, texts, n_layers=shape.n_layers)
    found: dict[str, RoundedMatrix] = {}
    for number in track(range(shape.n_layers), "rounding", console=Console(stderr=True)):
        names = layer_matrices(number)
        for name in astuple(names):
            found[name] = round_matrix(*_matrix(weights, name, names), seen[name])
        multipliers = found[names.attended].multipliers
        if multipliers is not None:  # attention only mixes values: they come multiplied
            found[names.asked] = multiplying(found[names.asked], multipliers)
            found[names.attended] = replace(found[names.attended], multipliers=None)
    return found


def exported(rounding: Rounding) -> dict[str, bytes]:
    """The files of the folder by name."""
    weights, shape = _publisher()
    graph = sentence_encoder(weights, shape, rounding).SerializeToString(deterministic=True)
    tokenizer = (locate_checked(MINILM) / TOKENIZER_FILE).read_bytes()
    files = EncoderFiles(
        model_id=MINILM.model_id,
        revision=MINILM.revision,
        precision=PRECISION,
        max_tokens=MINILM.max_tokens,
        n_dims=len(weights["embeddings.LayerNorm.bias"]),
        graph_sha256=hashlib.sha256(graph).hexdigest(),
        tokenizer_sha256=hashlib.sha256(tokenizer).hexdigest(),
        licence="Apache-2.0",
        source="sentence-transformers/all-MiniLM-L6-v2",
    )
    manifest = json.dumps(files.as_json(), indent=2) + "\n"
    return {
        GRAPH_FILE: graph,
        TOKENIZER_FILE: tokenizer,
        MANIFEST_FILE: manifest.encode(),
    }


def shipped_rounding(folder: Path) -> Rounding:
    return rounding_in(onnx.load(folder / GRAPH_FILE), _publisher()[1].n_layers)


def _check(folder: Path) -> None:
    made = exported(shipped_rounding(folder))
    different = [name for name in made if not _same(folder / name, made[name])]
    if different:
        raise SystemExit(f"Not what is exported now: {', '.join(different)}")
    print("The same bytes around the rounded matrices.")


def _publisher() -> tuple[Weights, Shape]:
    folder = locate_checked(MINILM)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shape = Shape(
        n_layers=config["num_hidden_layers"],
        n_heads=config["num_attention_heads"],
        max_tokens=MINILM.max_tokens,
        norm_epsilon=config["layer_norm_eps"],
    )
    return _weights(folder / MINILM.weights_file), shape


def _matrix(weights: Weights, name: str, names: LayerMatrices) -> tuple[Floats, Floats]:
    """Weight and bias; of queries, keys and values one beneath the other."""
    parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    stacked = parts if name == names.asked else [name]
    return (
        np.concatenate([weights[f"{part}.weight"] for part in stacked]),
        np.concatenate([weights[f"{part}.bias"] for part in stacked]),
    )


def _weights(file: Path) -> Weights:
    """By their names inside the encoder, without what the publisher put before them."""
    found = load_file(file)
    last = "embeddings.word_embeddings.weight"
    before = next(name for name in found if name.endswith(last)).removesuffix(last)
    return {name.removeprefix(before): values for name, values in found.items()}


def _same(file: Path, content: bytes) -> bool:
    """A manifest also states what others wrote into it."""
    if not file.is_file():
        return False
    if file.name != MANIFEST_FILE:
        return file.read_bytes() == content
    stated = replace(read_manifest(file.parent), agreement=None, canary_sha256=None)
    return bool(json.loads(content) == stated.as_json())


if __name__ == "__main__":
    main()
