"""Write the encoder that needs no torch: the shipped folder of ``data/models/encoders``.

    python scripts/export_encoder.py --to data/models/encoders/all-MiniLM-L6-v2-int8
    python scripts/export_encoder.py --check data/models/encoders/all-MiniLM-L6-v2-int8

The weights are those of the reference engine, checked by their sha256, rounded to eight bits
(``encoder_graph.py``). The same weights give the same bytes: ``--check`` says whether a folder is
what this script writes. How near its vectors are to the reference: ``measure_encoders.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from safetensors.numpy import load_file

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from encoder_graph import Shape, Weights, sentence_encoder

from ml_service.inference.encoder_files import (
    GRAPH_FILE,
    MANIFEST_FILE,
    TOKENIZER_FILE,
    EncoderFiles,
)
from ml_service.inference.weights import MINILM, locate_checked

PRECISION = "int8"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    wish = parser.add_mutually_exclusive_group(required=True)
    wish.add_argument("--to", type=Path)
    wish.add_argument("--check", type=Path)
    given = parser.parse_args()
    made = exported()
    if given.to is not None:
        given.to.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (given.to / name).write_bytes(content)
            print(f"{given.to / name}: {len(content):,} bytes")
        return
    different = [name for name in made if not _same(given.check / name, made[name])]
    if different:
        raise SystemExit(f"Not what is exported now: {', '.join(different)}")
    print("The same bytes.")


def exported() -> dict[str, bytes]:
    """The files of the folder by name."""
    folder = locate_checked(MINILM)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shape = Shape(
        n_layers=config["num_hidden_layers"],
        n_heads=config["num_attention_heads"],
        max_tokens=MINILM.max_tokens,
        norm_epsilon=config["layer_norm_eps"],
    )
    graph = sentence_encoder(_weights(folder / MINILM.weights_file), shape).SerializeToString(
        deterministic=True
    )
    tokenizer = (folder / TOKENIZER_FILE).read_bytes()
    files = EncoderFiles(
        model_id=MINILM.model_id,
        revision=MINILM.revision,
        precision=PRECISION,
        max_tokens=MINILM.max_tokens,
        n_dims=config["hidden_size"],
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


def _weights(file: Path) -> Weights:
    """By their names inside the encoder, without what the publisher put before them."""
    found = load_file(file)
    last = "embeddings.word_embeddings.weight"
    before = next(name for name in found if name.endswith(last)).removesuffix(last)
    return {name.removeprefix(before): values for name, values in found.items()}


def _same(file: Path, content: bytes) -> bool:
    return file.is_file() and file.read_bytes() == content


if __name__ == "__main__":
    main()
