"""Measure a career model on labelled documents, by the very journey of an upload."""

from __future__ import annotations

import asyncio
from collections import defaultdict
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
from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import DocumentRefused, EmptyDocument
from ml_service.domain.prediction import CareerPath
from ml_service.use_cases.analyse_resume import AnalyseResume, ResumeUpload
from ml_service.use_cases.stages import Stage


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """Any of ``labels`` is right: O*NET-SOC codes, or the one label of a custom taxonomy."""

    file: Path
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Over the documents that have a label; one that was refused counts as wrong.

    ``coverage`` is keyed by its share.
    """

    n_judged: int
    top_1: float
    top_3: float
    top_5: float
    macro_f1: float
    calibration: CalibrationError
    coverage: dict[float, float]


@dataclass(frozen=True, slots=True)
class StageTimes:
    median_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``refused`` counts documents by code."""

    n_documents: int
    n_read: int
    refused: dict[str, int]
    stages: dict[Stage, StageTimes]
    n_abstained: int
    accuracy: Accuracy | None


NOTHING_SAID = ("",)


@dataclass(frozen=True, slots=True)
class _Judged:
    ranked: tuple[str, ...]
    confidence: float
    labels: frozenset[str]


@dataclass(slots=True)
class _Tally:
    """Grows document by document; satisfies ``StageWatch``."""

    n_read: int = 0
    n_abstained: int = 0
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
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

        ``hide_title`` drops the first line with text before the analysis. Raises ModelNotFound.
        """
        tally = _Tally()
        for labelled in documents:
            try:
                await self._judge(labelled, tally, hide_title=hide_title, model_id=model_id)
            except DocumentRefused as refusal:
                tally.refused[refusal.code] += 1
                if labelled.labels:
                    tally.judged.append(_Judged(NOTHING_SAID, 0.0, labelled.labels))
            progress()
        return Evaluation(
            n_documents=len(documents),
            n_read=tally.n_read,
            refused=dict(tally.refused),
            stages={stage: _times(durations) for stage, durations in tally.stage_ms.items()},
            n_abstained=tally.n_abstained,
            accuracy=_accuracy(tally.judged) if tally.judged else None,
        )

    async def _judge(
        self,
        labelled: LabelledDocument,
        tally: _Tally,
        *,
        hide_title: bool,
        model_id: str | None,
    ) -> None:
        upload = ResumeUpload(
            content=await asyncio.to_thread(labelled.file.read_bytes),
            filename=labelled.file.name,
            document_date=self._document_date,
            model_id=model_id,
        )
        document, extracted = await self._analyse.read(upload, watch=tally)
        tally.n_read += 1
        if hide_title:
            extracted = without_first_line(extracted)
        analysed = await self._analyse.analyse(upload, document, extracted, watch=tally)
        career = analysed.analysis.career
        tally.n_abstained += career.abstained
        if labelled.labels:
            tally.judged.append(_judged(career.career_paths, labelled.labels))


def _judged(paths: Sequence[CareerPath], labels: frozenset[str]) -> _Judged:
    ranked = tuple(path.soc_code or path.title for path in paths)
    return _Judged(ranked=ranked, confidence=paths[0].confidence, labels=labels)


def _accuracy(judged: Sequence[_Judged]) -> Accuracy:
    ranked = [row.ranked for row in judged]
    labels = [row.labels for row in judged]
    confidences = np.array([row.confidence for row in judged])
    right = np.array([row.ranked[0] in row.labels for row in judged])
    return Accuracy(
        n_judged=len(judged),
        top_1=top_k_accuracy(ranked, labels, k=1),
        top_3=top_k_accuracy(ranked, labels, k=3),
        top_5=top_k_accuracy(ranked, labels, k=5),
        macro_f1=macro_f1([row[0] for row in ranked], labels),
        calibration=calibration_error(confidences, right),
        coverage=accuracy_at_coverage(confidences, right),
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
