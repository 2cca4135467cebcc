"""A transcript in a file, as JSON or as lines that begin with who speaks."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ml_service.contract.interviews import TranscriptIn, TurnIn, Weight
from ml_service.domain.errors import InvalidRequest, TooLarge
from ml_service.domain.interview_records import Said
from ml_service.interview.transcript import CANDIDATE_LABELS, INTERVIEWER_LABELS
from ml_service.use_cases.score_interview import AskedInterview

MAX_BYTES = 5_000_000
NO_FORM = (
    "The file is not understood. JSON is a list of {{speaker, content}} or {{transcript, rubric, "
    "job, candidate}}{where}; a text has lines that begin with 'Interviewer:' or 'Candidate:'."
)
_LABEL = re.compile(r"\s*(?P<label>[^\W\d_][\w.'-]*(?: [\w.'-]+){0,2})\s*:\s*(?P<words>.*)")


class InterviewFile(TranscriptIn):
    rubric: dict[str, Weight] | None = None


_FORMS: TypeAdapter[InterviewFile | list[TurnIn]] = TypeAdapter(InterviewFile | list[TurnIn])


def read_interview_file(file: Path, *, candidate: str | None) -> AskedInterview:
    """``candidate`` goes before what the file says. Raises InvalidRequest or TooLarge."""
    if file.stat().st_size > MAX_BYTES:
        raise TooLarge
    text = file.read_text(encoding="utf-8-sig", errors="replace").strip()
    if text[:1] in {"{", "["}:
        asked = _asked_in_json(text)
        return asked if candidate is None else replace(asked, candidate=candidate)
    return AskedInterview(said=_said_in_lines(text, candidate), candidate=candidate)


def _asked_in_json(text: str) -> AskedInterview:
    try:
        read = _FORMS.validate_json(text)
    except ValidationError as wrong:
        raise InvalidRequest(NO_FORM.format(where=_where(wrong)), field="file") from None
    if isinstance(read, list):
        return AskedInterview(said=tuple((turn.speaker, turn.content) for turn in read))
    return AskedInterview(
        said=read.said(), rubric=read.rubric, job=read.job, candidate=read.candidate
    )


def _where(wrong: ValidationError) -> str:
    """Where it is not so, of the form that is nearer."""
    places = [item["loc"][1:] for item in wrong.errors() if len(item["loc"]) > 1]
    return f" (look at {'/'.join(str(part) for part in max(places, key=len))})" if places else ""


def _said_in_lines(text: str, candidate: str | None) -> Said:
    """A line without a speaker goes on with what was said before; lines before the first are left
    out.
    """
    turns: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        found = _LABEL.fullmatch(line)
        if found is not None and _speaks(found["label"], candidate):
            turns.append((found["label"], [found["words"]]))
        elif turns:
            turns[-1][1].append(line)
    if not turns:
        raise InvalidRequest(NO_FORM.format(where=""), field="file")
    return tuple((speaker, "\n".join(lines).strip()) for speaker, lines in turns)


def _speaks(label: str, candidate: str | None) -> bool:
    """Else each "Result:" within an answer would end it."""
    known = re.sub(r"[\W\d_]+", " ", label).strip().casefold()
    return candidate is not None or known in CANDIDATE_LABELS | INTERVIEWER_LABELS
