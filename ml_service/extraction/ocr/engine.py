"""RapidOCR's PP-OCRv6 models on ONNX Runtime: a picture -> texts with boxes and confidence.

Optional: ``pip install -e '.[ocr]'``. The models come inside the package (Apache 2.0) and are
checked before they are loaded: nothing is fetched, and what was measured is what runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ml_service.domain.document import Box
from ml_service.domain.errors import ModelUnavailable, WeightsMismatch

OCR_ENGINE = "rapidocr"
_PACKAGES = ("rapidocr", "onnxruntime")
_TO_INSTALL = (
    "OCR is on (OCR=true), but its packages are missing: python -m pip install -e '.[ocr]' in the "
    "checkout, or set OCR=false."
)
WEIGHTS = {
    "PP-OCRv6_det_small.onnx": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "PP-OCRv6_rec_small.onnx": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    "ch_ppocr_mobile_v2.0_cls_mobile.onnx": (
        "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c"
    ),
}


@dataclass(frozen=True, slots=True)
class SeenText:
    """A stretch of text on one line; ``box`` is in pixels, ``confidence`` in [0, 1]."""

    text: str
    box: Box
    confidence: float


RecogniseText = Callable[[Any], list[SeenText]]
"""Takes pixels as a uint8 array of shape (height, width, 3), blue first."""


def check_ocr_installed() -> None:
    """Raises ModelUnavailable, saying what to install, or WeightsMismatch."""
    if any(find_spec(package) is None for package in _PACKAGES):
        raise ModelUnavailable(_TO_INSTALL)
    for name, expected in WEIGHTS.items():
        path = _models_folder() / name
        if not path.is_file():
            raise ModelUnavailable(
                f"The package {OCR_ENGINE} lacks its model {name}. {_TO_INSTALL}"
            )
        with path.open("rb") as weights:
            if hashlib.file_digest(weights, "sha256").hexdigest() != expected:
                raise WeightsMismatch(f"The OCR model {name} is not the one that was measured.")


def load_ocr(*, threads: int) -> RecogniseText:
    """The models, warmed up, on ``threads`` threads. Raises ModelUnavailable or WeightsMismatch."""
    check_ocr_installed()
    import cv2  # noqa: PLC0415 - optional, and no reading worker may load it
    from rapidocr import RapidOCR  # noqa: PLC0415 - as above

    cv2.setNumThreads(threads)
    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            # What is unsure is left out here by ``ocr``, which counts it, not by the engine.
            "Global.text_score": 0.0,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def recognise(picture: Any) -> list[SeenText]:
        return _seen(engine(picture))

    recognise(_picture_with_a_word())  # each model is loaded when it is first needed
    return recognise


def _picture_with_a_word() -> Any:
    import cv2  # noqa: PLC0415 - as above
    import numpy as np  # noqa: PLC0415 - as above

    picture = np.full((80, 400, 3), 255, dtype=np.uint8)
    return cv2.putText(picture, "Resume", (20, 55), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3)


def _models_folder() -> Path:
    spec = find_spec(OCR_ENGINE)
    if spec is None or spec.origin is None:
        raise ModelUnavailable(_TO_INSTALL)
    return Path(spec.origin).parent / "models"


def _seen(found: Any) -> list[SeenText]:
    if found.boxes is None or found.txts is None or found.scores is None:
        return []
    return [
        SeenText(
            text=" ".join(text.split()),
            box=(
                float(corners[:, 0].min()),
                float(corners[:, 1].min()),
                float(corners[:, 0].max()),
                float(corners[:, 1].max()),
            ),
            confidence=float(score),
        )
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        if text.strip()
    ]
