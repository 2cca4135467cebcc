"""Rows of a table to a plain graph, or texts of resumes to a model of career paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from ml_service.career.hosted import HostedCareerModel
from ml_service.domain.errors import InvalidRequest, ModelUnavailable
from ml_service.domain.prediction import CareerPrediction, ModelRef
from ml_service.domain.run_limit import RunLimit
from ml_service.hosting.choice import ModelChoice, read_choice
from ml_service.hosting.host import ModelHost
from ml_service.hosting.row_schema import RowModel, RowSchema
from ml_service.hosting.rows import RowPrediction, predictions_of, tensors_of
from ml_service.intents.hosted import WHERE_TO_ASK, HostedIntentModel
from ml_service.use_cases.graph_runs import GraphRuns
from ml_service.use_cases.predict_texts import PredictTexts


@dataclass(frozen=True, slots=True)
class PredictedRows:
    """By which revision; in the order of the rows."""

    model: ModelRef
    predictions: Sequence[RowPrediction | CareerPrediction]


class PredictRows:
    def __init__(
        self,
        *,
        host: ModelHost,
        graphs: GraphRuns,
        predict_texts: PredictTexts,
        default_model: str,
    ) -> None:
        self._host = host
        self._graphs = graphs
        self._predict_texts = predict_texts
        self._default_model = default_model

    async def __call__(
        self,
        said: object,
        *,
        model: str | None,
        version: str | None = None,
        who: str | None = None,
        field: str,
    ) -> PredictedRows:
        """``model`` is ``NAME`` or ``NAME@VERSION``; None asks for the default. ``said`` is a row
        or a list of rows, and came as ``field`` of the request.

        Raises InvalidRequest that leads to the row and its field, a DocumentRefused for a text
        that is no resume, Overloaded, ModelNotFound, ModelUnavailable, WeightsMismatch.
        """
        choice = self._choice(model, version)
        ref = await self._host.choose(choice, who=who or uuid4().hex)
        async with self._host.hold(ref) as loaded:
            if isinstance(loaded, HostedCareerModel):
                return PredictedRows(ref, await self._predict_texts(_texts(said, field), by=ref))
            if isinstance(loaded, HostedIntentModel):
                raise InvalidRequest(f"{ref.model_id} takes no rows: {WHERE_TO_ASK}", field=field)
            if not isinstance(loaded, RowModel) or loaded.rows is None:
                raise InvalidRequest(
                    f"{ref.model_id} takes no rows: send it tensors, POST /v2/models/"
                    f"{ref.model_id}/infer.",
                    field=field,
                )
            rows = _Rows(loaded, loaded.rows, said, field)
            with self._host.counted(ref):
                answered = await self._graphs(
                    rows.run, note=lambda seconds: self._host.note(ref, seconds=seconds)
                )
            return PredictedRows(ref, answered)

    def _choice(self, model: str | None, version: str | None) -> ModelChoice:
        """Raises InvalidRequest where two versions are named."""
        choice = ModelChoice(self._default_model) if model is None else read_choice(model)
        if version is None:
            return choice
        if choice.version is not None:
            raise InvalidRequest("The name of the model names a version already.", field="version")
        return ModelChoice(choice.model_id, version)


@dataclass(frozen=True, slots=True)
class _Rows:
    """One request of a plain graph. ``said`` came as ``field``."""

    model: RowModel
    schema: RowSchema
    said: object
    field: str

    def run(self, limit: RunLimit) -> list[RowPrediction]:
        """All of them within one limit, also where the graph takes them one by one."""
        answered = []
        for batch in tensors_of(self.schema, self.said, field=self.field):
            limit.check()
            n_rows = len(batch[self.schema.inputs[0].name])
            try:
                outputs = self.model.run(batch, limit=limit)
            except InvalidRequest as wrong:
                raise ModelUnavailable("The model's manifest does not fit its graph.") from wrong
            answered.extend(predictions_of(self.schema, outputs, n_rows=n_rows))
        return answered


def _texts(said: object, field: str) -> dict[str, str]:
    """By where each came from. Raises InvalidRequest."""
    if isinstance(said, dict):
        return {f"/{field}/text": _text(said, field)}
    if not isinstance(said, list) or not said:
        raise InvalidRequest(
            'This model reads resumes: send {"text": "..."}, or a list of such.', field=field
        )
    return {f"/{field}/{at}/text": _text(row, f"{field}/{at}") for at, row in enumerate(said)}


def _text(row: object, pointer: str) -> str:
    text = row.get("text") if isinstance(row, dict) and set(row) == {"text"} else None
    if not isinstance(text, str):
        raise InvalidRequest(
            'This model reads resumes: a row is {"text": "..."} and nothing else.', field=pointer
        )
    return text
