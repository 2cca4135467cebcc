"""Measure a career model on labelled documents, by the very journey of an upload."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ml_service.career.evaluation import CareerMetrics, Judged, career_metrics
from ml_service.domain.document import Document, ExtractedText
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
class Evaluation:
    """``refused`` counts documents by code; ``stage_ms`` lists one duration a document."""

    n_documents: int
    n_read: int
    refused: dict[str, int]
    stage_ms: dict[Stage, list[float]]
    n_abstained: int
    metrics: CareerMetrics | None


@dataclass(slots=True)
class _Tally:
    """Grows document by document; satisfies ``StageWatch``."""

    n_read: int = 0
    n_abstained: int = 0
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    stage_ms: dict[Stage, list[float]] = field(default_factory=lambda: defaultdict(list))
    judged: list[Judged] = field(default_factory=list)

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
            progress()
        return Evaluation(
            n_documents=len(documents),
            n_read=tally.n_read,
            refused=dict(tally.refused),
            stage_ms=dict(tally.stage_ms),
            n_abstained=tally.n_abstained,
            metrics=career_metrics(tally.judged) if tally.judged else None,
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
            content=labelled.file.read_bytes(),
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
