"""Write the texts by which an engine proves that it is this encoder, with the reference's vectors.

    python scripts/write_canary.py --encoder data/models/encoders/all-MiniLM-L6-v2-int8
    python scripts/write_canary.py --encoder DIR --check

``canary.json`` lies beside the encoder and its sha256 stands in the manifest. ``--check`` says
whether the reference still gives the vectors of the file; their last digits differ by processor.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.domain.ports import Float32Array
from ml_service.inference.canary import CANARY_FILE, read_canary
from ml_service.inference.encoder_files import MANIFEST_FILE, read_manifest
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM
from ml_service.settings import Settings

DECIMALS = 6
SAME_WITHIN = 1e-4

TEXTS = (
    "Registered nurse with six years of experience in intensive care.",
    "Built data pipelines in Python and SQL for forty analysts.\n- Cut the nightly run to an hour",
    "MIG and TIG welding of stainless steel tanks, to drawing",
    "Kellnerin in einem Café, Größe: zwölf Tische",
    "Prepares month-end accounts, VAT returns and audit files for 30 small companies",
    "C++ | CAN bus | AUTOSAR | ISO 26262 (ASIL-B), 2016-2021",
    "Teaches mathematics to pupils aged 11 to 16",
    # The last is longer than the 256 tokens that the encoder sees: what is cut off elsewhere
    # has another vector.
    "Kept the roses. " * 50 + "Planned night shifts for forty drivers and their lorries. " * 25,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, default=Settings().encoder_dir)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    if given.check:
        known = read_canary(given.encoder)
        if known.texts != TEXTS or np.abs(known.vectors - reference()).max() > SAME_WITHIN:
            raise SystemExit("Not what is written now.")
        print("The same texts and vectors.")
        return
    write(given.encoder)


def write(encoder: Path) -> None:
    files = read_manifest(encoder)
    if (files.model_id, files.revision) != (MINILM.model_id, MINILM.revision):
        raise SystemExit(f"The reference is {MINILM.model_id} {MINILM.revision}.")
    vectors = [[round(float(one), DECIMALS) for one in row] for row in reference()]
    content = (json.dumps({"texts": TEXTS, "vectors": vectors}) + "\n").encode()
    stated = replace(files, canary_sha256=hashlib.sha256(content).hexdigest()).as_json()
    (encoder / CANARY_FILE).write_bytes(content)
    (encoder / MANIFEST_FILE).write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")
    print(f"{encoder / CANARY_FILE}: {len(content):,} bytes")


def reference() -> Float32Array:
    return SentenceTransformersEngine(MINILM).embed_batch(TEXTS)


if __name__ == "__main__":
    main()
