"""What training needs of an engine, without processes and without an encoder."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date

import numpy as np

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.domain.document import Document, ExtractedText
from ml_service.domain.errors import Corrupt, EmptyDocument, Overloaded
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import ModelRef
from ml_service.use_cases.gather_evidence import Example, GatherEvidence
from ml_service.use_cases.plain_text import read_plain_text
from tests.documents import resume_text
from tests.labelled_people import labelled_people
from tests.unit.career.makers import ENCODER
from tests.unit.career.taxonomy.makers import N_DIMS, vector_of_text

TODAY = date(2026, 3, 1)


class WordEncoder:
    """The vector of a text is that of its words."""

    ref = ENCODER
    space = ModelRef(ENCODER.model_id, ENCODER.revision)

    def __init__(self) -> None:
        self.n_calls = 0
        self.texts: list[str] = []

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        self.n_calls += 1
        self.texts.extend(texts)
        rows = [vector_of_text(text) for text in texts]
        return Embeddings(np.array(rows, dtype=np.float32).reshape(-1, N_DIMS), ENCODER)


class TextReader:
    """Takes a document's bytes for its text, ``workers`` at once and no more."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers
        self.busy = self.most_busy = 0

    def identify(self, content: bytes, *, filename: str) -> Document:
        if not content:
            raise EmptyDocument
        return Document(content, filename, "pdf", hashlib.sha256(content).hexdigest())

    async def read(self, document: Document) -> ExtractedText:
        if self.busy >= self._workers:
            raise Overloaded
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        try:
            await asyncio.sleep(0)
            if document.content.startswith(b"broken"):
                raise Corrupt
            return read_plain_text(document.content.decode())
        finally:
            self.busy -= 1


def gathering(
    *, reader: TextReader | None = None, encoder: WordEncoder | None = None, at_once: int = 1
) -> GatherEvidence:
    return GatherEvidence(
        reader=reader or TextReader(at_once),
        encoder=encoder or WordEncoder(),
        vocabulary=SkillVocabulary(["QuickBooks"]),
        today=TODAY,
        documents_at_once=at_once,
    )


def people_as_examples(n_each: int, *, seed: int = 1) -> list[Example]:
    return [
        Example(f"line {at}", label, resume_text(person))
        for at, (label, person) in enumerate(labelled_people(n_each, seed=seed), start=2)
    ]
