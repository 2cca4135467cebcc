"""Rows of a table to a plain graph, or texts of resumes to a model of career paths."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from ml_service.career.hosted import HostedCareerModel
from ml_service.domain.errors import DocumentRefused, InvalidRequest, ModelUnavailable
from ml_service.domain.ports import Clock
from ml_service.domain.prediction import CareerPrediction, ModelRef
from ml_service.hosting.choice import ModelChoice, read_choice
from ml_service.hosting.host import ModelHost
from ml_service.hosting.row_schema import RowModel, RowSchema
from ml_service.hosting.rows import RowPrediction, predictions_of, tensors_of
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.plain_text import read_plain_text

MOST_TEXTS = 16
LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class PredictedRows:
    """By which revision; in the order of the rows."""

    model: ModelRef
    predictions: Sequence[RowPrediction | CareerPrediction]


class PredictRows:
    def __init__(
        self, *, host: ModelHost, analyse: AnalyseResume, default_model: str, clock: Clock
    ) -> None:
        self._host = host
        self._analyse = analyse
        self._default_model = default_model
        self._clock = clock

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
        that is no resume, ModelNotFound, ModelUnavailable, WeightsMismatch.
        """
        choice = self._choice(model, version)
        ref = await self._host.choose(choice, who=who or uuid4().hex)
        async with self._host.hold(ref) as loaded:
            if isinstance(loaded, HostedCareerModel):
                return PredictedRows(ref, await self._career_paths(said, ref, field))
            if not isinstance(loaded, RowModel) or loaded.rows is None:
                raise InvalidRequest(
                    f"{ref.model_id} takes no rows: send it tensors, POST /v2/models/"
                    f"{ref.model_id}/infer.",
                    field=field,
                )
            with self._host.counted(ref):
                begin = time.perf_counter()
                answered = await asyncio.to_thread(_run, loaded, loaded.rows, said, field)
                self._host.note(ref, seconds=time.perf_counter() - begin)
            return PredictedRows(ref, answered)

    def _choice(self, model: str | None, version: str | None) -> ModelChoice:
        """Raises InvalidRequest where two versions are named."""
        choice = ModelChoice(self._default_model) if model is None else read_choice(model)
        if version is None:
            return choice
        if choice.version is not None:
            raise InvalidRequest("The name of the model names a version already.", field="version")
        return ModelChoice(choice.model_id, version)

    async def _career_paths(
        self, said: object, ref: ModelRef, field: str
    ) -> list[CareerPrediction]:
        predictions = []
        for text, pointer in _texts(said, field):
            try:
                extracted = await asyncio.to_thread(read_plain_text, text)
                predicted = await self._analyse.predict(
                    extracted, document_date=self._clock().date(), by=ref
                )
            except DocumentRefused as refused:
                raise type(refused)(f"{pointer}: {refused.message}") from refused
            predictions.append(predicted)
        return predictions


def _run(model: RowModel, schema: RowSchema, said: object, field: str) -> list[RowPrediction]:
    answered = []
    for batch in tensors_of(schema, said, field=field):
        n_rows = len(batch[schema.inputs[0].name])
        try:
            outputs = model.run(batch)
        except InvalidRequest as wrong:
            raise ModelUnavailable("The model's manifest does not fit its graph.") from wrong
        answered.extend(predictions_of(schema, outputs, n_rows=n_rows))
    return answered


def _texts(said: object, field: str) -> list[tuple[str, str]]:
    """Each with where it came from. Raises InvalidRequest."""
    if isinstance(said, dict):
        return [(_text(said, field), f"/{field}/text")]
    if not isinstance(said, list) or not said:
        raise InvalidRequest(
            'This model reads resumes: send {"text": "..."}, or a list of such.', field=field
        )
    if len(said) > MOST_TEXTS:
        raise InvalidRequest(f"More than {MOST_TEXTS} resumes came at once.", field=field)
    return [(_text(row, f"{field}/{at}"), f"/{field}/{at}/text") for at, row in enumerate(said)]


def _text(row: object, pointer: str) -> str:
    text = row.get("text") if isinstance(row, dict) and set(row) == {"text"} else None
    if not isinstance(text, str):
        raise InvalidRequest(
            'This model reads resumes: a row is {"text": "..."} and nothing else.', field=pointer
        )
    if len(text) > LONGEST_TEXT:
        raise InvalidRequest(f"text has more than {LONGEST_TEXT:,} characters.", field=pointer)
    return text
