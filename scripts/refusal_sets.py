"""The documents that refusals are measured on, each with what it is and whether it was tuned on."""

from __future__ import annotations

import asyncio
import csv
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from ml_service.career.splits import part
from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.errors import ServiceError
from ml_service.extraction.docx.document import read_docx
from ml_service.extraction.extractor import PooledReader, ReadingLimits
from ml_service.extraction.pdf.document import read_pdf
from tests.written_texts import read_texts

Kind = Literal["resume", "other language", "no resume"]

MAX_PAGES, SECOND_READING_S = 30, 5.0
MIN_WORDS = 25
LINE_CHARS = 95
_LOST_BREAK = re.compile(r"\s{2,}|(?=[•●▪])")
_HEADING_THERE = re.compile(
    r"\s(Work Experience|Education|Skills|Additional Information|Certifications/Licenses)\s"
)
_DOCUMENTS = {".pdf", ".docx", ".docm", ".dotx"}
_HEADINGS = (
    ("Duties", "Skills", "Education"),
    ("Responsibilities", "Technical Skills", "Education and Experience"),
    ("Experience", "Skills", "Education"),
    ("Summary", "Tools", "Qualifications"),
)
_DEMANDS = (
    "Bachelor's degree required.",
    "High school diploma and two years of experience.",
    "Master's degree, five years of related experience.",
    "Associate degree or equivalent.",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """``tuned`` when weights or thresholds may have been chosen with a look at it."""

    group: str
    name: str
    kind: Kind
    tuned: bool
    text: ExtractedText


def resumes_of(folder: Path) -> Iterator[Sample]:
    """Each PDF and DOCX below ``folder``; those that ``titles.csv`` lists also without title."""
    listed = folder / "titles.csv"
    titled = set[str]()
    if listed.is_file():
        with listed.open(encoding="utf-8", newline="") as file:
            titled = {row["file"] for row in csv.DictReader(file)}
    for path in sorted(folder.glob("**/*")):
        text = _read(path)
        if text is None:
            continue
        tuned = part(path.name) == "train" if path.name in titled else is_tuned(path.name)
        yield Sample(f"resumes: {folder.name}", path.name, "resume", tuned, text)
        if path.name in titled:
            hidden = _without_first_line(text)
            yield Sample(f"{folder.name}, title hidden", path.name, "resume", tuned, hidden)


def resume_texts_of(file: Path) -> Iterator[Sample]:
    """One JSON object a line, the resume under ``text`` or ``content``.

    Where the line breaks were lost, they are put back at bullets, wide gaps and headings.
    """
    for number, row in enumerate(_json_lines(file)):
        name = f"{file.stem}-{row.get('id', number)}"
        written = row.get("text") or row["content"]
        text = as_lines(written if "\n" in written else _broken(written), width=LINE_CHARS)
        yield Sample(f"resumes: {file.stem}", name, "resume", is_tuned(name), text)


def postings_of(folder: Path) -> Iterator[Sample]:
    """Job adverts in CSV or JSONL, as written and wrapped as on a page."""
    for file in sorted(folder.glob("*")):
        for number, text in enumerate(_adverts(file)):
            name = f"{file.stem}-{number}"
            for group, width in ((file.stem, None), (f"{file.stem}, wrapped", LINE_CHARS)):
                lines = as_lines(text, width=width)
                yield Sample(f"adverts: {group}", name, "no resume", is_tuned(name), lines)


def job_descriptions_of(onet: Path) -> Iterator[Sample]:
    """A description of each O*NET occupation under the headings that resumes have too."""
    tasks = _by_code(onet / "Task Statements.csv", "Task")
    tools = _by_code(onet / "Technology Skills.csv", "Example")
    choice = random.Random(1)  # noqa: S311 - headings, nothing secret
    for row in _rows(onet / "Occupation Data.csv"):
        code = row["O*NET-SOC Code"]
        first, second, third = choice.choice(_HEADINGS)
        duties = [f"• {task}" for task in tasks.get(code, [])[:12]]
        lines = [row["Title"], row["Description"], first, *duties]
        lines += [second, ", ".join(tools.get(code, [])[:12]), third, choice.choice(_DEMANDS)]
        if duties:
            text = as_lines("\n".join(lines))
            yield Sample("job descriptions", code, "no resume", is_tuned(code), text)


def transcripts_of(file: Path) -> Iterator[Sample]:
    for row in _json_lines(file):
        turns = (f"{turn['speaker']}: {turn['content']}" for turn in row["transcript"])
        name = row["interview_id"]
        text = as_lines("\n".join(turns), width=LINE_CHARS)
        yield Sample("interviews", name, "no resume", is_tuned(name), text)


def others_of(folder: Path) -> Iterator[Sample]:
    """Any PDF, DOCX or text; documents are read in a limited process, and refused ones left out."""
    paths = [path for path in sorted(folder.glob("**/*")) if path.is_file()]
    texts = asyncio.run(_read_limited([path for path in paths if path.suffix in _DOCUMENTS]))
    for path in paths:
        if path.suffix not in _DOCUMENTS:
            texts[path] = as_lines(path.read_text(encoding="utf-8", errors="replace"))
        if path in texts:
            tuned = is_tuned(path.name)
            yield Sample(f"others: {folder.name}", path.name, "no resume", tuned, texts[path])


def written() -> Iterator[Sample]:
    """The invented texts of the tests."""
    kinds: dict[str, Kind] = {
        "english_resumes": "resume",
        "other_languages": "other language",
        "no_resumes": "no resume",
    }
    for group, kind in kinds.items():
        for name, text in read_texts(group).items():
            yield Sample(f"written: {group}", name, kind, True, as_lines(text))
        for name, text in read_texts(f"{group}_held_out").items():
            yield Sample(f"written: {group}", name, kind, False, as_lines(text))


def is_tuned(name: str) -> bool:
    """One half, by name, so that it stays the same."""
    return sha256(f"refuse-1:{name}".encode()).digest()[0] < 128


def as_lines(text: str, *, width: int | None = None) -> ExtractedText:
    """Paragraphs as a DOCX has them, or lines no longer than ``width`` as on a page."""
    found: list[str] = []
    for paragraph in filter(str.strip, text.splitlines()):
        found += _wrapped(paragraph, width) if width else [paragraph]
    lines = tuple(
        Line(line, page=1, box=None, column=0, order=order) for order, line in enumerate(found)
    )
    return ExtractedText(lines, 1, Reading("text", None, 1))


def _broken(text: str) -> str:
    text = _LOST_BREAK.sub("\n", text)
    return _HEADING_THERE.sub(r"\n\1\n", text)


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines = [""]
    for word in paragraph.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _read(path: Path) -> ExtractedText | None:
    try:
        if path.suffix == ".pdf":
            return read_pdf(
                path.read_bytes(), max_pages=MAX_PAGES, second_reading_s=SECOND_READING_S
            )
        return read_docx(path.read_bytes(), max_pages=MAX_PAGES) if path.suffix == ".docx" else None
    except ServiceError:
        return None


async def _read_limited(paths: Sequence[Path]) -> dict[Path, ExtractedText]:
    reader = PooledReader(ReadingLimits(), workers=1)
    await reader.start()
    read: dict[Path, ExtractedText] = {}
    for path in paths:
        content = await asyncio.to_thread(path.read_bytes)
        try:
            read[path] = await reader.read(reader.identify(content, filename=path.name))
        except ServiceError:
            continue
    await reader.close()
    return read


def _without_first_line(text: ExtractedText) -> ExtractedText:
    return replace(
        text, lines=tuple(replace(line, order=at) for at, line in enumerate(text.lines[1:]))
    )


def _adverts(file: Path) -> Iterator[str]:
    rows: Iterable[dict[str, Any]] = _json_lines(file) if file.suffix == ".jsonl" else _rows(file)
    for row in rows:
        named = {key.casefold().replace(" ", "_"): value for key, value in row.items()}
        body = named.get("description") or named.get("job_description") or ""
        head = [named.get("title") or named.get("job_title"), named.get("company"), body]
        text = "\n".join(filter(None, head))
        if len(text.split()) >= MIN_WORDS:
            yield text


def _by_code(file: Path, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(file):
        found.setdefault(row["O*NET-SOC Code"], []).append(row[column])
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _json_lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
