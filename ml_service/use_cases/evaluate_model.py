"""Measure a career model on labelled documents, by the very journey of an upload."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from statistics import median, quantiles

import numpy as np

from ml_service.career.evaluation import (
    CalibrationError,
    accuracy_at_coverage,
    calibration_error,
    macro_f1,
    top_k_accuracy,
)
from ml_service.career.evaluation_tables import (
    AnswerCount,
    AtThreshold,
    ClassFigures,
    ConfidenceBin,
    Interval,
    PredictionSets,
    answer_counts,
    by_class,
    by_confidence,
    by_threshold,
    prediction_sets,
    share_interval,
    told_labels,
)
from ml_service.career.predictor import label_of
from ml_service.domain.document import Document, ExtractedText
from ml_service.domain.errors import DocumentRefused, EmptyDocument
from ml_service.domain.prediction import AbstainReason, CareerPrediction, ModelRef
from ml_service.use_cases.analyse_resume import AnalyseResume, ResumeUpload
from ml_service.use_cases.plain_text import document_of_text, read_plain_text
from ml_service.use_cases.stages import Stage


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """Any of ``labels`` is right: O*NET-SOC codes, or the one label of a custom taxonomy.

    ``content`` is the text itself, or the PDF or DOCX that holds it.
    """

    name: str
    content: Path | str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Over the documents that have a label; one that was refused counts as wrong.

    ``coverage`` is keyed by its share.
    """

    n_judged: int
    top_1: float
    top_1_interval: Interval
    top_3: float
    top_5: float
    macro_f1: float
    calibration: CalibrationError
    coverage: dict[float, float]
    thresholds: tuple[AtThreshold, ...]
    prediction_sets: tuple[PredictionSets, ...]
    reliability: tuple[ConfidenceBin, ...]
    classes: tuple[ClassFigures, ...]
    answers: tuple[AnswerCount, ...]


@dataclass(frozen=True, slots=True)
class StageTimes:
    median_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``refused`` counts documents by code, ``refused_names`` says which, ``abstained`` counts
    predictions by reason. ``threshold`` is the confidence below which the model abstains.
    """

    model: ModelRef
    threshold: float
    n_documents: int
    n_read: int
    refused: dict[str, int]
    refused_names: dict[str, list[str]]
    stages: dict[Stage, StageTimes]
    n_abstained: int
    abstained: dict[AbstainReason, int]
    accuracy: Accuracy | None


NOTHING_SAID = ("",)
LOW_CONFIDENCE: AbstainReason = "low_confidence"


@dataclass(frozen=True, slots=True)
class _Judged:
    """``held_back``: no threshold of confidence would bring out an answer."""

    ranked: tuple[str, ...]
    confidences: tuple[float, ...]
    held_back: bool
    labels: frozenset[str]


@dataclass(slots=True)
class _Tally:
    """Grows document by document; satisfies ``StageWatch``."""

    n_read: int = 0
    abstained: Counter[AbstainReason] = field(default_factory=Counter)
    refused: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    stage_ms: dict[Stage, list[float]] = field(default_factory=lambda: defaultdict(list))
    judged: list[_Judged] = field(default_factory=list)

    def started(self, stage: Stage) -> None:
        """Only what ended is counted."""

    def finished(self, stage: Stage, seconds: float) -> None:
        self.stage_ms[stage].append(seconds * 1000)


class EvaluateModel:
    def __init__(self, *, analyse: AnalyseResume, document_date: date) -> None:
        self._analyse = analyse
        self._document_date = document_date

    async def __call__(
        self,
        documents: Sequence[LabelledDocument],
        *,
        hide_title: bool,
        model_id: str | None,
        progress: Callable[[], None],
    ) -> Evaluation:
        """One document at a time, so that the stages are timed undisturbed.

        ``hide_title`` drops the first line with text before the analysis. Raises ModelNotFound,
        ModelUnavailable or WeightsMismatch.
        """
        model = await self._analyse.model(model_id)
        tally = _Tally()
        for labelled in documents:
            try:
                await self._judge(labelled, tally, hide_title=hide_title, by=model.ref)
            except DocumentRefused as refusal:
                tally.refused[refusal.code].append(labelled.name)
                if labelled.labels:
                    tally.judged.append(_Judged(NOTHING_SAID, (0.0,), True, labelled.labels))
            progress()
        return Evaluation(
            model=model.ref,
            threshold=model.card.abstains_below,
            n_documents=len(documents),
            n_read=tally.n_read,
            refused={code: len(names) for code, names in tally.refused.items()},
            refused_names=dict(tally.refused),
            stages={stage: _times(durations) for stage, durations in tally.stage_ms.items()},
            n_abstained=tally.abstained.total(),
            abstained=dict(tally.abstained),
            accuracy=_accuracy(tally.judged, model.card.abstains_below) if tally.judged else None,
        )

    async def _judge(
        self,
        labelled: LabelledDocument,
        tally: _Tally,
        *,
        hide_title: bool,
        by: ModelRef,
    ) -> None:
        upload, document, extracted = await self._read(labelled, tally)
        tally.n_read += 1
        if hide_title:
            extracted = without_first_line(extracted)
        analysed = await self._analyse.analyse(upload, document, extracted, by=by, watch=tally)
        career = analysed.analysis.career
        if career.abstain_reason is not None:
            tally.abstained[career.abstain_reason] += 1
        if labelled.labels:
            tally.judged.append(_judged(career, labelled.labels))

    async def _read(
        self, labelled: LabelledDocument, tally: _Tally
    ) -> tuple[ResumeUpload, Document, ExtractedText]:
        content = labelled.content
        if isinstance(content, str):
            upload = self._upload(labelled, content=b"")
            read = await asyncio.to_thread(read_plain_text, content)
            return upload, document_of_text(content, name=labelled.name), read
        in_file = await asyncio.to_thread(content.read_bytes)
        upload = self._upload(labelled, content=in_file)
        return upload, *await self._analyse.read(upload, watch=tally)

    def _upload(self, labelled: LabelledDocument, *, content: bytes) -> ResumeUpload:
        return ResumeUpload(
            content=content, filename=labelled.name, document_date=self._document_date
        )


def _judged(career: CareerPrediction, labels: frozenset[str]) -> _Judged:
    return _Judged(
        ranked=tuple(label_of(path) for path in career.career_paths),
        confidences=tuple(path.confidence for path in career.career_paths),
        held_back=career.abstain_reason not in {None, LOW_CONFIDENCE},
        labels=labels,
    )


def _accuracy(judged: Sequence[_Judged], threshold: float) -> Accuracy:
    ranked = [row.ranked for row in judged]
    labels = [row.labels for row in judged]
    confidences = np.array([row.confidences[0] for row in judged])
    right = np.array([row.ranked[0] in row.labels for row in judged])
    held_back = np.array([row.held_back for row in judged])
    first = [row[0] for row in ranked]
    told = told_labels(first, labels)
    return Accuracy(
        n_judged=len(judged),
        top_1=top_k_accuracy(ranked, labels, k=1),
        top_1_interval=share_interval(int(right.sum()), len(judged)),
        top_3=top_k_accuracy(ranked, labels, k=3),
        top_5=top_k_accuracy(ranked, labels, k=5),
        macro_f1=macro_f1(first, labels),
        calibration=calibration_error(confidences, right),
        coverage=accuracy_at_coverage(confidences, right),
        thresholds=by_threshold(confidences, right, held_back, own=threshold),
        prediction_sets=prediction_sets(ranked, [row.confidences for row in judged], labels),
        reliability=by_confidence(confidences, right),
        classes=by_class(told),
        answers=answer_counts(told),
    )


def _times(durations_ms: list[float]) -> StageTimes:
    p95 = quantiles(durations_ms, n=20)[-1] if len(durations_ms) > 1 else durations_ms[0]
    return StageTimes(median_ms=median(durations_ms), p95_ms=p95)


def without_first_line(extracted: ExtractedText) -> ExtractedText:
    """The text without its first line that is not empty; ``order`` counts anew from 0.

    Raises EmptyDocument when nothing is left.
    """
    lines = list(extracted.lines)
    while lines and not lines[0].text.strip():
        lines.pop(0)
    kept = tuple(replace(line, order=order) for order, line in enumerate(lines[1:]))
    if not kept:
        raise EmptyDocument
    return replace(extracted, lines=kept)
