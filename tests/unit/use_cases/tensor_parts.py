"""Models and encoders for tests of the tensor routes: they wait, give nothing, or are away."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ml_service.career.hosted import HostedCareerModel, canary_evidence
from ml_service.career.taxonomy.label_files import read_label_model
from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.domain.run_limit import RunLimit
from ml_service.domain.tensors import Tensor, Tensors, TensorSpec
from ml_service.hosting.loaded import HostedModel
from ml_service.hosting.model_files import WEIGHTS_FILE, read_manifest, unpacked_bytes
from tests.unit.career.makers import ENCODER
from tests.unit.career.taxonomy.makers import N_DIMS

CANARY_VECTORS = Embeddings(vectors=np.full((1, N_DIMS), N_DIMS**-0.5, np.float32), encoder=ENCODER)


@dataclass
class Doubling:
    """A plain graph; holds on while ``gate`` is closed."""

    ref: ModelRef
    memory_bytes: int = 100
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    inputs: tuple[TensorSpec, ...] = (TensorSpec("values", "FP64", (-1,)),)
    outputs: tuple[TensorSpec, ...] = (
        TensorSpec("doubled", "FP64", (-1,)),
        TensorSpec("count", "INT64", ()),
    )

    def answer_canary(self) -> None:
        """Always right."""

    def run(self, inputs: Tensors, *, limit: RunLimit | None = None) -> dict[str, Tensor]:
        self.begun.set()
        assert self.gate.wait(timeout=10)
        values = inputs["values"]
        return {"count": np.array(values.size), "doubled": 2 * values}


@dataclass
class Mute:
    """A model that is neither of career paths nor a plain graph."""

    ref: ModelRef
    memory_bytes: int = 1

    def answer_canary(self) -> None:
        """Always right."""


class Away:
    """An encoder on another machine that cannot be reached."""

    space = ModelRef(ENCODER.model_id, ENCODER.revision)

    @property
    def ref(self) -> EncoderRef:
        raise ModelUnavailable("It cannot be reached.")

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        raise ModelUnavailable("It cannot be reached.")


class Loaded(dict[str, HostedModel]):
    """By revision; what was loaded last."""

    def __call__(self, folder: Path) -> HostedModel:
        ref = ModelRef(folder.parent.name, folder.name)
        self[folder.name] = self._made(folder, ref)
        return self[folder.name]

    def _made(self, folder: Path, ref: ModelRef) -> HostedModel:
        if ref.model_id == "double":
            if "broken" in (folder / WEIGHTS_FILE).read_text():
                raise ModelUnavailable("The weights are broken.")
            graph = Doubling(ref)
            graph.gate.set()
            return graph
        if ref.model_id == "mute":
            return Mute(ref)
        predictor = read_label_model(folder, read_manifest(folder))
        return HostedCareerModel(predictor, unpacked_bytes(folder), canary_evidence(CANARY_VECTORS))
