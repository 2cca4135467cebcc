"""ONNX Runtime over a graph that somebody sent: tensors in, tensors out, nothing that is ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ml_service.domain.errors import (
    InvalidRequest,
    ModelRefused,
    ModelUnavailable,
    WeightsMismatch,
)
from ml_service.domain.prediction import ModelRef
from ml_service.domain.run_limit import LONGEST_RUN_S, RunLimit
from ml_service.domain.tensors import DTYPES, Tensor, Tensors, TensorSpec
from ml_service.hosting.model_files import Manifest, read_manifest
from ml_service.hosting.offers import GRAPH_FILE
from ml_service.hosting.onnx_graph import GraphFacts, read_graph
from ml_service.hosting.row_schema import RowSchema, row_schema
from ml_service.hosting.rows import predictions_of, tensors_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, RunOptions

MEMORY_OF_TREES, MEMORY_OF_OTHERS = 5, 2
"""How many times its file a graph takes: forests of 1 and 8 MB unfolded to 5.2 and 5.1 times
theirs, other weights are kept as they are or once more in the order that the processor likes.
"""

_NOTHING_LOGGED = 4
_FAILURES_OF_PYTHON = (RuntimeError, ValueError, TypeError, KeyError, IndexError, MemoryError)


class HostedOnnxModel:
    """Loads on construction. Raises ModelUnavailable or WeightsMismatch.

    One processor a run. A run that takes longer than ``longest_run_s`` is ended between two
    operators; a single operator that never ends is not, which is why what is uploaded is tried in
    a process of its own first.
    """

    def __init__(self, folder: Path, *, longest_run_s: float = LONGEST_RUN_S) -> None:
        manifest = read_manifest(folder)
        content = _checked(folder, manifest)
        facts = _looked_through(content)
        self._longest_run_s = longest_run_s
        self._facts = facts
        self._example = manifest.get("example")
        self._ref, self._rows = _told(manifest, facts)
        self._session = _session(content)
        factor = MEMORY_OF_TREES if facts.has_trees else MEMORY_OF_OTHERS
        self._memory_bytes = factor * len(content)

    @property
    def ref(self) -> ModelRef:
        return self._ref

    @property
    def memory_bytes(self) -> int:
        return self._memory_bytes

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        return self._facts.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return self._facts.outputs

    @property
    def rows(self) -> RowSchema | None:
        return self._rows

    def run(self, inputs: Tensors, *, limit: RunLimit | None = None) -> dict[str, Tensor]:
        """All outputs. Raises InvalidRequest naming the input, or ModelUnavailable."""
        if limit is None:
            with RunLimit(self._longest_run_s) as own:
                return self.run(inputs, limit=own)
        _refuse_other_names(self.inputs, inputs)
        fed = {spec.name: _fed(spec, inputs[spec.name]) for spec in self.inputs}
        with _stopped_by(limit) as options:
            try:
                given = self._session.run([spec.name for spec in self.outputs], fed, options)
            except _failures() as error:
                limit.check()
                raise ModelUnavailable("The model failed on this input.") from error
        return {
            spec.name: self._read(spec, value)
            for spec, value in zip(self.outputs, given, strict=True)
        }

    def answer_canary(self) -> None:
        """The example of the manifest, else a row of zeros. Raises ModelUnavailable."""
        try:
            batches, n_rows = self._canary()
            for batch in batches:
                outputs = self.run(batch)
                self._refuse_nonsense(outputs, is_example=self._example is not None)
                if self._rows is not None:
                    self._refuse_other_shares(outputs, n_rows)
        except InvalidRequest as wrong:
            raise ModelUnavailable(f"The example does not fit: {wrong.message}") from wrong

    def _canary(self) -> tuple[list[dict[str, Tensor]], int]:
        if self._rows is not None and self._example is not None:
            batches = tensors_of(self._rows, [self._example], field="example")
            return batches, 1
        return [{spec.name: _zeros(spec) for spec in self.inputs}], 1

    def _refuse_nonsense(self, outputs: Tensors, *, is_example: bool) -> None:
        """Raises ModelUnavailable."""
        asked = "its example" if is_example else "a row of zeros (state an 'example' if it may not)"
        for spec in self.outputs:
            array = outputs[spec.name]
            if not _fits(array.shape, spec.shape):
                raise ModelUnavailable(f"Output {spec.name[:64]!r} has another shape than it says.")
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise ModelUnavailable(
                    f"Output {spec.name[:64]!r} holds numbers that are not finite for {asked}."
                )

    def _refuse_other_shares(self, outputs: Tensors, n_rows: int) -> None:
        if self._rows is not None:
            predictions_of(self._rows, outputs, n_rows=n_rows)

    def _read(self, spec: TensorSpec, value: Any) -> Tensor:
        if spec.name in self._facts.zipped:
            return _unzipped(value, self._facts.labels)
        array = np.asarray(value)
        if spec.datatype == "BYTES":
            return _as_bytes(array)
        if array.dtype != DTYPES[spec.datatype]:
            raise ModelUnavailable(f"Output {spec.name[:64]!r} has another type than it says.")
        return array


def _checked(folder: Path, manifest: Manifest) -> bytes:
    try:
        content = (folder / GRAPH_FILE).read_bytes()
    except OSError as error:
        raise ModelUnavailable("The folder of the model is not complete.") from error
    if sha256(content).hexdigest() != manifest.get("weights_sha256"):
        raise WeightsMismatch
    return content


def _looked_through(content: bytes) -> GraphFacts:
    try:
        return read_graph(content)
    except ModelRefused as refused:
        raise ModelUnavailable(refused.message) from refused


def _told(manifest: Manifest, facts: GraphFacts) -> tuple[ModelRef, RowSchema | None]:
    """Raises ModelUnavailable for a manifest that this service would not have written."""
    try:
        ref = ModelRef(str(manifest["model_id"]), str(manifest["revision"]))
        rows = row_schema(manifest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelUnavailable("The manifest of the model is not complete.") from error
    names = [spec.name for spec in facts.outputs]  # a stated one may be of any type
    answers = () if rows is None else (rows.answers.label, rows.answers.probabilities,
                                       rows.answers.value)  # fmt: skip
    if rows is not None and rows.inputs != facts.inputs:
        raise ModelUnavailable("The manifest names other inputs than the graph has.")
    if any(name is not None and name not in names for name in answers):
        raise ModelUnavailable("The manifest names other outputs than the graph has.")
    return ref, rows


def _session(content: bytes) -> InferenceSession:
    try:
        import onnxruntime  # noqa: PLC0415 - a fifth of a second to import
    except ImportError as missing:
        raise ModelUnavailable(
            "Plain graphs need onnxruntime: pip install onnxruntime."
        ) from missing
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _NOTHING_LOGGED
    # The arena keeps the largest of every shape that it has seen.
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except _failures() as error:
        raise ModelUnavailable(
            f"ONNX Runtime {onnxruntime.__version__} does not run this graph. Check it with "
            "onnx.checker, and export it for an older operator set if it is very new."
        ) from error


def _failures() -> tuple[type[Exception], ...]:
    """Of a graph that cannot be loaded or run: onnxruntime's errors share no class of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - as above

    of_the_runtime = [
        found
        for found in vars(state).values()
        if isinstance(found, type) and issubclass(found, Exception)
    ]
    return (*of_the_runtime, *_FAILURES_OF_PYTHON)


@contextmanager
def _stopped_by(limit: RunLimit) -> Iterator[RunOptions]:
    import onnxruntime  # noqa: PLC0415 - loaded when the session was made

    options = onnxruntime.RunOptions()
    options.log_severity_level = _NOTHING_LOGGED

    def end() -> None:
        options.terminate = True

    with limit.stopping(end):
        yield options


def _refuse_other_names(specs: tuple[TensorSpec, ...], inputs: Tensors) -> None:
    known = {spec.name for spec in specs}
    for name in inputs:
        if name not in known:
            raise InvalidRequest(f"The model has no input {name[:64]!r}.", field=name[:64])
    for spec in specs:
        if spec.name not in inputs:
            raise InvalidRequest(f"Input {spec.name[:64]!r} is missing.", field=spec.name)


def _fed(spec: TensorSpec, array: Tensor) -> Tensor:
    """As onnxruntime takes it: text as str. Raises InvalidRequest."""
    called = f"Input {spec.name[:64]!r}"  # an error of the Open Inference Protocol has no fields
    if not _fits(array.shape, spec.shape):
        raise InvalidRequest(
            f"{called} has the shape {list(array.shape)}, and the model takes {list(spec.shape)}.",
            field=spec.name,
        )
    if array.dtype != DTYPES[spec.datatype]:
        raise InvalidRequest(
            f"{called} has another type than {spec.datatype}, which the model takes.",
            field=spec.name,
        )
    if spec.datatype != "BYTES":
        return np.ascontiguousarray(array)
    try:
        texts = [bytes(text).decode() for text in array.flat]
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{called} holds bytes that are no UTF-8.", field=spec.name) from error
    return np.array(texts, dtype=object).reshape(array.shape)


def _fits(shape: tuple[int, ...], declared: tuple[int, ...]) -> bool:
    return len(shape) == len(declared) and all(
        there in (length, -1) for length, there in zip(shape, declared, strict=True)
    )


def _zeros(spec: TensorSpec) -> Tensor:
    shape = tuple(1 if length == -1 else length for length in spec.shape)
    if spec.datatype == "BYTES":
        return np.full(shape, b"", dtype=object)
    return np.zeros(shape, dtype=DTYPES[spec.datatype])


def _as_bytes(array: Tensor) -> Tensor:
    texts = [str(text).encode("utf-8", "replace") for text in array.flat]
    return np.array(texts, dtype=object).reshape(array.shape)


def _unzipped(rows: list[Mapping[Any, float]], labels: tuple[str, ...]) -> Tensor:
    """One column a label. Raises ModelUnavailable."""
    by_label = [{str(label): share for label, share in row.items()} for row in rows]
    if any(set(row) != set(labels) for row in by_label):
        raise ModelUnavailable("The model answered with other labels than it names.")
    return np.array([[row[label] for label in labels] for row in by_label], dtype=np.float32)
