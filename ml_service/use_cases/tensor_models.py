"""What answers tensors with tensors: the encoder, a model of career paths, a plain graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from ml_service.career.predictor import AnyPredictor
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.ports import Encoder
from ml_service.domain.prediction import CareerPath, ModelRef
from ml_service.domain.tensors import DTYPES, Tensor, TensorFunction, Tensors, TensorSpec
from ml_service.use_cases.embed_texts import EmbedTexts
from ml_service.use_cases.graph_runs import GraphRuns
from ml_service.use_cases.predict_texts import PredictTexts

TEXT = TensorSpec("text", "BYTES", (-1,))
MOST_PATHS = 5


class TensorModel(Protocol):
    """``platform`` is what runs it; ``parameters`` are told with every answer."""

    @property
    def platform(self) -> str: ...

    @property
    def inputs(self) -> tuple[TensorSpec, ...]: ...

    @property
    def outputs(self) -> tuple[TensorSpec, ...]: ...

    @property
    def parameters(self) -> Mapping[str, str]: ...

    async def run(self, inputs: Tensors) -> Tensors:
        """All outputs, in their order. Raises InvalidRequest, TooLarge, Overloaded or
        ModelUnavailable.
        """
        ...


class EncoderModel:
    """Texts to unit vectors."""

    inputs = (TEXT,)

    def __init__(self, encoder: Encoder, *, n_dims: int) -> None:
        self._ref = encoder.ref
        self._embed = EmbedTexts(encoder)
        self.outputs = (TensorSpec("vectors", "FP32", (-1, n_dims)),)

    @property
    def platform(self) -> str:
        return self._ref.engine

    @property
    def parameters(self) -> Mapping[str, str]:
        return {"precision": self._ref.precision, "engine": self._ref.engine}

    async def run(self, inputs: Tensors) -> Tensors:
        embedded = await self._embed(texts_of(inputs))
        return {"vectors": embedded.vectors}


class CareerModel:
    """Texts of resumes to career paths, best first; ``soc_code`` is empty in a custom taxonomy."""

    platform = "ml-service"
    inputs = (TEXT,)

    def __init__(
        self, predictor: AnyPredictor, ref: ModelRef, *, predict_texts: PredictTexts
    ) -> None:
        self._ref = ref
        self._predict_texts = predict_texts
        n_paths = min(MOST_PATHS, len(predictor.labels))
        self.outputs = (
            TensorSpec("career_path", "BYTES", (-1, n_paths)),
            TensorSpec("soc_code", "BYTES", (-1, n_paths)),
            TensorSpec("confidence", "FP32", (-1, n_paths)),
            TensorSpec("abstained", "BOOL", (-1,)),
        )

    @property
    def parameters(self) -> Mapping[str, str]:
        return {} if self._ref.arm is None else {"arm": self._ref.arm}

    async def run(self, inputs: Tensors) -> Tensors:
        texts = {f"Text {at}": text for at, text in enumerate(texts_of(inputs))}
        found = await self._predict_texts(texts, by=self._ref)
        paths = [prediction.career_paths for prediction in found]
        return {
            "career_path": _titles(paths),
            "soc_code": _codes(paths),
            "confidence": np.array(
                [[path.confidence for path in row] for row in paths], dtype=np.float32
            ),
            "abstained": np.array([prediction.abstained for prediction in found], dtype=np.bool_),
        }


class GraphModel:
    """A plain graph, run in ``graphs``; ``note`` is told the seconds that it took."""

    platform = "onnxruntime_onnx"

    def __init__(
        self,
        graph: TensorFunction,
        ref: ModelRef,
        *,
        graphs: GraphRuns,
        note: Callable[[float], None],
    ) -> None:
        self._graph = graph
        self._ref = ref
        self._graphs = graphs
        self._note = note

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        return self._graph.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return self._graph.outputs

    @property
    def parameters(self) -> Mapping[str, str]:
        return {} if self._ref.arm is None else {"arm": self._ref.arm}

    async def run(self, inputs: Tensors) -> Tensors:
        """Ends with the thread, also when the caller is gone: what leased the model for it must
        not let go before.
        """
        outputs = await self._graphs(
            lambda limit: self._graph.run(inputs, limit=limit), note=self._note
        )
        return {spec.name: outputs[spec.name] for spec in self.outputs}


def texts_of(inputs: Tensors) -> list[str]:
    """Of the one input, shape [n] or [n, 1]. Raises InvalidRequest."""
    if set(inputs) != {TEXT.name}:
        raise InvalidRequest("This model takes one input, 'text'.", field="inputs")
    tensor = inputs[TEXT.name]
    is_column = tensor.ndim == 2 and tensor.shape[1] == 1
    if tensor.dtype != DTYPES[TEXT.datatype] or not (tensor.ndim == 1 or is_column):
        raise InvalidRequest(
            "Input 'text' has the datatype BYTES and the shape [n] or [n, 1].", field="inputs"
        )
    if not tensor.size:
        raise InvalidRequest("Send at least one text.", field="inputs")
    return [_text(value, at) for at, value in enumerate(tensor.ravel())]


def _text(value: bytes, at: int) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"Text {at} is not UTF-8.", field=TEXT.name) from error


def _titles(rows: Sequence[Sequence[CareerPath]]) -> Tensor:
    return _byte_strings([[path.title for path in row] for row in rows])


def _codes(rows: Sequence[Sequence[CareerPath]]) -> Tensor:
    return _byte_strings([[path.soc_code or "" for path in row] for row in rows])


def _byte_strings(rows: Sequence[Sequence[str]]) -> Tensor:
    array = np.empty((len(rows), len(rows[0])), dtype=np.object_)
    array[:] = [[value.encode() for value in row] for row in rows]
    return array
