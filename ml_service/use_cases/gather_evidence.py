"""Labelled resumes read, redacted and embedded, as training wants them: many at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ml_service.analysis.profile import profile_and_text
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.passages import Passage, split_into_passages
from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import DocumentRefused
from ml_service.domain.ports import DocumentReader, Embeddings, Encoder
from ml_service.domain.resume import RedactedText, ResumeProfile
from ml_service.use_cases.plain_text import read_plain_text

READ_AT_ONCE = 32
"""Their passages are embedded together: texts of one length share a batch."""
MIN_WORDS = 20
TOO_SHORT = f"text of less than {MIN_WORDS} words"
"""Of what a model may see: a page of addresses says nothing."""
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Example:
    """``content`` is the text itself, or the PDF or DOCX that holds it."""

    name: str
    label: str
    content: str | Path


@dataclass(slots=True)
class Gathered:
    """In the order of the examples. ``left_out`` counts those that could not be read by reason."""

    evidence: list[tuple[Example, ResumeEvidence]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Prepared:
    example: Example
    profile: ResumeProfile
    redacted: RedactedText
    passages: tuple[Passage, ...]

    @property
    def n_words(self) -> int:
        return sum(len(line.text.split()) for line in self.redacted.lines)


class GatherEvidence:
    """What a model would see of each example; whether it looks like a resume is not asked."""

    def __init__(
        self,
        *,
        reader: DocumentReader,
        encoder: Encoder,
        vocabulary: SkillVocabulary,
        today: date,
        documents_at_once: int = 1,
    ) -> None:
        """``documents_at_once``: as many as ``reader`` has workers; more would wait too long."""
        self._reader = reader
        self._may_read = asyncio.Semaphore(documents_at_once)
        self._encoder = encoder
        self._vocabulary = vocabulary
        self._today = today

    async def __call__(
        self, examples: Sequence[Example], *, advanced: Callable[[int], None]
    ) -> Gathered:
        """Raises Overloaded or ModelUnavailable."""
        gathered = Gathered()
        for begin in range(0, len(examples), READ_AT_ONCE):
            batch = examples[begin : begin + READ_AT_ONCE]
            prepared = await self._read_all(batch, gathered.left_out)
            gathered.evidence.extend(await self._embedded(prepared))
            advanced(len(batch))
        return gathered

    async def _read_all(self, batch: Sequence[Example], left_out: Counter[str]) -> list[_Prepared]:
        prepared = []
        read = await asyncio.gather(*(self._read(example) for example in batch))
        for example, extracted in zip(batch, read, strict=True):
            if isinstance(extracted, str):
                left_out[extracted] += 1
                continue
            ready = await asyncio.to_thread(self._prepare, example, extracted)
            if ready.n_words < MIN_WORDS:
                left_out[TOO_SHORT] += 1
            else:
                prepared.append(ready)
        return prepared

    async def _read(self, example: Example) -> ExtractedText | str:
        """The reason, where it cannot be read."""
        try:
            return await self._extracted(example)
        except DocumentRefused as refusal:
            return refusal.code
        except OSError:
            return UNREADABLE

    async def _extracted(self, example: Example) -> ExtractedText:
        if isinstance(example.content, str):
            return read_plain_text(example.content)
        async with self._may_read:
            content = await asyncio.to_thread(example.content.read_bytes)
            document = await asyncio.to_thread(
                lambda: self._reader.identify(content, filename=example.name)
            )
            return await self._reader.read(document)

    def _prepare(self, example: Example, extracted: ExtractedText) -> _Prepared:
        profile, redacted = profile_and_text(
            extracted, document_date=self._today, vocabulary=self._vocabulary
        )
        return _Prepared(example, profile, redacted, split_into_passages(redacted))

    async def _embedded(
        self, prepared: Sequence[_Prepared]
    ) -> list[tuple[Example, ResumeEvidence]]:
        texts = [passage.text for one in prepared for passage in one.passages]
        return list(_apart(prepared, await self._encoder.embed_documents(texts)))


def _apart(
    prepared: Sequence[_Prepared], embedded: Embeddings
) -> Iterator[tuple[Example, ResumeEvidence]]:
    begin = 0
    for one in prepared:
        end = begin + len(one.passages)
        vectors = Embeddings(embedded.vectors[begin:end], embedded.encoder)
        evidence = ResumeEvidence(one.passages, vectors, one.redacted, one.profile)
        yield one.example, evidence
        begin = end
