"""One document through the real reader and what comes after it, and what was wrong with that.

The reader is the service's own, with a worker process and its limits. Profile, redaction, score and
the JSON that is answered and stored are pure code and run here, under a timer.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import isfinite
from pathlib import Path
from types import FrameType, TracebackType
from typing import TypeVar
from unicodedata import category
from uuid import UUID

from fuzz_watching import Lure, WorkerMemory

from ml_service.analysis.language import language_of
from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.recognition.recognition import refuse_what_is_no_resume
from ml_service.analysis.redaction import redact
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.report import score_resume
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.passages import split_into_passages
from ml_service.contract.json_resume import json_resume
from ml_service.contract.prediction import prediction_out
from ml_service.contract.text import TextOut, lines_out
from ml_service.domain.ats_report import AtsReport
from ml_service.domain.document import Document, ExtractedText
from ml_service.domain.errors import DocumentRefused
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.prediction import (
    Analysis,
    CareerPath,
    CareerPrediction,
    EncoderRef,
    ModelRef,
    Prediction,
)
from ml_service.domain.resume import ResumeProfile
from ml_service.extraction.extractor import PooledReader, ReadingLimits
from ml_service.storage.serialisation import ANALYSIS, LINES, to_json

T = TypeVar("T")

DATA = Path(__file__).resolve().parents[1] / "data" / "occupations"
TODAY = date(2025, 5, 1)
READ_WITHIN_S = 15.0
STEP_WITHIN_S = 2.0
_STEP_ENDED_AFTER_S = 20.0
WORKER_AT_START_BYTES = 200_000_000
_CAREER = CareerPrediction(
    career_paths=(CareerPath("Clerk", None, 0.5),),
    career_field=None,
    abstained=False,
    abstain_reason=None,
    model=ModelRef("fuzzed", "1", None),
    encoder=EncoderRef("none", "1", "f32", "none"),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """``kind`` is short and the same for the same cause; ``detail`` is a stack or a sentence."""

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """``outcome`` is ``read``, the code of a refusal, or ``error``. ``likeness`` is equal for
    documents that went much the same way."""

    outcome: str
    took_s: float
    step_s: float = 0.0
    problems: tuple[Problem, ...] = ()
    likeness: tuple[object, ...] = ()


@dataclass(slots=True)
class Course:
    """What is learnt of a document on its way."""

    problems: list[Problem] = field(default_factory=list)
    step_s: float = 0.0
    likeness: list[object] = field(default_factory=list)

    def add(self, kind: str, detail: str = "") -> None:
        self.problems.append(Problem(kind, detail))


class _StepTooSlow(BaseException):
    """No ``Exception``, so that no step takes it for one of its own."""


class Bench:
    """Use as a context: starts one worker, watches its memory, and lays out a lure."""

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self.limits = limits or ReadingLimits()
        self.memory = WorkerMemory()
        self.lure = Lure()
        self._reader = PooledReader(self.limits, workers=1)
        self._loop = asyncio.new_event_loop()
        self._log = _Heard()
        self._vocabulary = SkillVocabulary(Catalogue.load(DATA).technologies())

    @property
    def lost_workers(self) -> int:
        return self._reader.status.replaced

    def __enter__(self) -> Bench:
        logging.getLogger("ml_service.extraction").addHandler(self._log)
        self._loop.run_until_complete(self._reader.start())
        language_of(["What is loaded once is no time of any step"])
        self.lure.start()
        self.memory.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.memory.stop()
        self.lure.stop()
        self._loop.run_until_complete(self._reader.close())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
        logging.getLogger("ml_service.extraction").removeHandler(self._log)

    def run(self, content: bytes) -> Trial:
        self._log.messages.clear()
        self.memory.begin()
        course, started = Course(), time.perf_counter()
        try:
            document = self._reader.identify(content, filename="resume")
            extracted = self._loop.run_until_complete(self._reader.read(document))
            took_s = time.perf_counter() - started
            self._analyse(document, extracted, course)
            outcome = "read"
        except DocumentRefused as refused:
            took_s, outcome = time.perf_counter() - started, refused.code
        except Exception as error:  # noqa: BLE001 - every exception is what is looked for
            took_s, outcome = time.perf_counter() - started, "error"
            course.add(_name_of(error), traceback.format_exc())
        self._judge(course, took_s)
        return Trial(
            outcome=outcome,
            took_s=took_s,
            step_s=course.step_s,
            problems=tuple(course.problems),
            likeness=(outcome, *course.likeness, *(problem.kind for problem in course.problems)),
        )

    def _judge(self, course: Course, took_s: float) -> None:
        """What no exception tells: the log of the reader, time, memory, and who was asked."""
        for message in self._log.messages:
            course.add(f"worker: {message}")
        if took_s > READ_WITHIN_S:
            course.add("slow to read", f"{took_s:.1f} s")
        if self.memory.peak_bytes > WORKER_AT_START_BYTES + self.limits.memory_bytes:
            course.add("memory", f"{self.memory.peak_bytes} bytes")
        if self.lure.was_asked():
            course.add("an address in the document was asked")

    def _analyse(self, document: Document, extracted: ExtractedText, course: Course) -> None:
        """The steps of ``analyse_resume.py`` that need no encoder. Raises NotAResume."""
        check_lines(extracted, course)
        course.likeness += _likeness_of_text(extracted)
        profile = step("profile", course, lambda: self._profile(extracted))
        if profile is None:
            return
        course.likeness += _likeness_of_profile(profile)
        redacted = step("redact", course, lambda: redact(extracted, profile))
        if redacted is None:
            return
        step("passages", course, lambda: split_into_passages(redacted))
        report = step("score", course, lambda: score_resume(
            extracted, profile, redacted=redacted, document_date=TODAY))  # fmt: skip
        if report is not None:
            course.likeness.append(round(report.ats_score / 10))
            step("answer", course, lambda: _answer(document, extracted, profile, report))
        refuse_what_is_no_resume(extracted, profile)

    def _profile(self, extracted: ExtractedText) -> ResumeProfile:
        return analyse_profile(extracted, document_date=TODAY, vocabulary=self._vocabulary)


def step(name: str, course: Course, work: Callable[[], T]) -> T | None:
    """None where the step raised or never came to an end; both are problems, as is a slow one."""
    started, slow = time.process_time(), _SlowPlace()
    try:
        with slow.watched():
            return work()
    except _StepTooSlow:
        return None
    except Exception as error:  # noqa: BLE001 - every exception is what is looked for
        course.add(f"{name}: {_name_of(error)}", traceback.format_exc())
        return None
    finally:
        took_s = time.process_time() - started
        course.step_s = max(course.step_s, took_s)
        if slow.stack:
            frames = list(reversed(slow.stack))
            detail = "".join(traceback.format_list(slow.stack))
            course.add(f"slow {name} in {_place(frames)}", f"{took_s:.1f} s\n{detail}")


class _SlowPlace:
    """Where a step is when its processor time is over; some seconds later it is ended."""

    def __init__(self) -> None:
        self.stack: list[traceback.FrameSummary] = []

    @contextmanager
    def watched(self) -> Iterator[None]:
        before = signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, STEP_WITHIN_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _look(self, _number: int, frame: FrameType | None) -> None:
        if self.stack:
            raise _StepTooSlow
        self.stack = list(traceback.extract_stack(frame))
        signal.setitimer(signal.ITIMER_PROF, _STEP_ENDED_AFTER_S - STEP_WITHIN_S)


def _name_of(error: Exception) -> str:
    """Type and the last place in our own code, so that one cause has one name."""
    frames = list(reversed(traceback.extract_tb(error.__traceback__)))
    return f"{type(error).__name__} in {_place(frames)}"


def _place(frames: list[traceback.FrameSummary]) -> str:
    """``frames`` innermost first."""
    ours = [frame for frame in frames if "ml_service" in frame.filename] or frames
    return f"{Path(ours[0].filename).name}:{ours[0].name}"


def check_lines(extracted: ExtractedText, course: Course) -> None:
    """Text that can be stored and boxes that are finite, pages and orders that count on."""
    shown = [(line.text, line.page, line.box) for line in extracted.lines]
    hidden = [(part.text, part.page, part.box) for part in extracted.hidden]
    for text, page, box in [*shown, *hidden]:
        if any(category(mark) == "Cs" or mark == "\x00" for mark in text):
            course.add("text that cannot be written", ascii(text[:200]))
        if "\n" in text or not text.strip():
            course.add("a line that is none", ascii(text[:200]))
        if box is not None and not all(map(isfinite, box)):
            course.add("box without end", str(box))
        if not 1 <= page <= extracted.n_pages:
            course.add("page out of range", f"{page} of {extracted.n_pages}")
    if [line.order for line in extracted.lines] != list(range(len(extracted.lines))):
        course.add("order does not count on")
    if any(not isfinite(line.font_size or 0.0) or line.column < 0 for line in extracted.lines):
        course.add("font size or column out of range")
    course.problems[:] = list({problem.kind: problem for problem in course.problems}.values())


def _answer(
    document: Document, extracted: ExtractedText, profile: ResumeProfile, report: AtsReport
) -> None:
    """Everything that is answered and stored of it, as bytes."""
    analysis = Analysis(
        resume_filename=document.filename, document_sha256=document.sha256, document_date=TODAY,
        reading=extracted.reading, profile=profile, career=_CAREER, explanation=(), next_steps=(),
        ats=report, match=None, parser_version="0", n_pages=extracted.n_pages,
    )  # fmt: skip
    at, identity = datetime(2025, 5, 1, tzinfo=UTC), UUID(int=1)
    prediction = Prediction(identity, None, at, at, "0", analysis, JobsOutcome("empty"))
    answers = [
        to_json(ANALYSIS, analysis),
        to_json(LINES, extracted.lines),
        prediction_out(prediction).model_dump_json(),
        json_resume(prediction).model_dump_json(by_alias=True, exclude_none=True),
        TextOut(prediction_id=identity, lines=lines_out(extracted.lines)).model_dump_json(),
    ]
    "".join(answers).encode()


def _likeness_of_text(extracted: ExtractedText) -> list[object]:
    reading = extracted.reading
    agreement = None if reading.agreement is None else round(reading.agreement, 1)
    warnings = tuple(sorted(warning.partition(":")[0] for warning in reading.warnings))
    return [
        len(extracted.lines).bit_length(),
        extracted.n_pages.bit_length(),
        (reading.engine, reading.columns, agreement, warnings),
        tuple(sorted({part.reason for part in extracted.hidden})),
    ]


def _likeness_of_profile(profile: ResumeProfile) -> list[object]:
    contact = profile.contact
    return [
        tuple(sorted({section.kind for section in profile.sections})),
        tuple(min(len(items), 3) for items in (profile.work, profile.education, profile.languages)),
        len(profile.skills).bit_length(),
        (contact.name is None, contact.email is None, contact.phone is None, profile.language),
    ]


class _Heard(logging.Handler):
    """Warnings of the reader: an exception that no reader foresaw, a worker that ended."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())
