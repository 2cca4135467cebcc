"""Real resumes as the service takes them, with the passages that it embeds of each."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from ml_service.analysis.profile import profile_and_text
from ml_service.analysis.recognition.recognition import refuse_what_is_no_resume
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.passages import split_into_passages
from ml_service.career.splits import Part, part
from ml_service.domain.errors import ServiceError
from ml_service.extraction.pdf.document import read_pdf
from ml_service.settings import Settings

_SEED = 11
_DATE = date(2025, 5, 1)


@dataclass(frozen=True, slots=True)
class RealResume:
    content: bytes
    passages: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def real_resumes(
    folder: Path, n: int, *, seed: int = _SEED, only: Part | None = None
) -> list[RealResume]:
    """``n`` PDFs of the folder that the service would answer, drawn by ``seed``."""
    return list(islice(_taken(folder, seed, only), n))


def _taken(folder: Path, seed: int, only: Part | None) -> Iterator[RealResume]:
    vocabulary = SkillVocabulary(Catalogue.load(Settings().catalogue_dir).technologies())
    files = sorted(file for file in folder.rglob("*.pdf") if only in {None, part(file.name)})
    random.Random(seed).shuffle(files)  # noqa: S311 - a sample, no secret
    for file in files:
        content = file.read_bytes()
        try:
            text = read_pdf(content, max_pages=50, second_reading_s=5)
            profile, redacted = profile_and_text(text, document_date=_DATE, vocabulary=vocabulary)
            refuse_what_is_no_resume(text, profile)
        except ServiceError:
            continue
        passages = split_into_passages(redacted)
        yield RealResume(content, tuple(passage.text for passage in passages))
