"""One of the two services that read transcripts of interviews, in this process."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np

from ml_service.analysis.language import ENGLISH, language_of
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.quantities import has_amount
from ml_service.domain.errors import (
    InterviewServiceUnavailable,
    InvalidRequest,
    ModelUnavailable,
)
from ml_service.domain.interview import ServiceReading, ServiceState, Turn
from ml_service.domain.ports import Encoder
from ml_service.domain.prediction import EncoderRef
from ml_service.interview.answers import Answer, Lexicon, answers_of
from ml_service.interview.criteria import read_criteria
from ml_service.interview.material import Material
from ml_service.interview.relevance import (
    Compared,
    KnownKinds,
    Relevance,
    compared,
    known_texts,
)
from ml_service.interview.rubric import RUBRIC_VERSION

_SPOKEN_LIST = """
python:Python java:Java javascript:JavaScript typescript:TypeScript matlab:MATLAB sql:SQL
html:HTML css:CSS linux:Linux unix:UNIX docker:Docker kubernetes:Kubernetes hadoop:Hadoop
tensorflow:TensorFlow photoshop:Photoshop autocad:AutoCAD powerpoint:PowerPoint git:Git
salesforce:Salesforce quickbooks:QuickBooks tableau:Tableau mysql:MySQL postgresql:PostgreSQL
mongodb:MongoDB github:GitHub php:PHP perl:Perl aws:AWS android:Android labview:LabVIEW
"""
_SPOKEN = dict(pair.split(":") for pair in _SPOKEN_LIST.split())
_SPOKEN_WORD = re.compile(rf"\b(?:{'|'.join(_SPOKEN)})\b")
# Names of software that people bear as well; written like a name they are one.
_PEOPLE_TOO_LIST = """
Abbott Abel Ada Amos Bob Cam Cassandra Cati Dita Django Eko Emi Fea Ida Iris Jekyll Jenkins
Jet Julia Kafka Kant Lan Lis Litchi Lua Magic Maros Mars Mel Parbat Prince Prometheus Puff
Ruby Sage Sam San Sand Sem Sil Wes Zoller
"""
_PEOPLE_TOO = re.compile(rf"\b(?:{'|'.join(_PEOPLE_TOO_LIST.split())})\b")
_CACHED_WORDS = 20_000
_WORDS_TO_TELL_A_LANGUAGE = 8


class ReadTranscript:
    """Vectors of the invented questions and answers are kept for the encoder that gave them."""

    def __init__(
        self,
        encoder: Encoder,
        vocabulary: SkillVocabulary,
        which: Literal["communication", "technical"],
    ) -> None:
        self._encoder = encoder
        self._lexicon = lexicon_of(vocabulary)
        self._which = which
        self._known: tuple[EncoderRef, KnownKinds] | None = None

    @property
    def name(self) -> str:
        return self._which

    async def read(self, transcript: Sequence[Turn], *, job: str | None) -> ServiceReading:
        """Raises InvalidRequest for another language than English, InterviewServiceUnavailable
        where the encoder is away, or Overloaded."""
        answers = await asyncio.to_thread(self._answers, transcript, job)
        try:
            relevance, encoder = await self._relevance(answers)
        except ModelUnavailable as away:
            raise InterviewServiceUnavailable(away.message) from away
        material = Material(answers, relevance, self._lexicon, job)
        criteria = await asyncio.to_thread(read_criteria, self._which, material, transcript)
        return ServiceReading(self._which, _revision(encoder), criteria)

    async def state(self) -> ServiceState:
        try:
            _ = self._encoder.ref
        except ModelUnavailable:
            return "unavailable"
        return "ok"

    def _answers(self, transcript: Sequence[Turn], job: str | None) -> tuple[Answer, ...]:
        refuse_other_languages(transcript)
        return answers_of(transcript, job=job, lexicon=self._lexicon)

    async def _relevance(
        self, answers: Sequence[Answer]
    ) -> tuple[dict[int, Relevance], EncoderRef]:
        """By the place of the answer; those without a question are left out."""
        pairs = {at: pair for at, answer in enumerate(answers) if (pair := compared(answer))}
        if not pairs:
            return {}, self._encoder.ref
        texts = sorted({text for pair in pairs.values() for text in _texts_of(pair)})
        embeddings = await self._encoder.embed_documents(texts)
        known = await self._known_kinds(embeddings.encoder)
        vector_of = dict(zip(texts, embeddings.vectors, strict=True))
        relevance = {
            at: known.relevance(
                vector_of[pair.question], np.stack([vector_of[text] for text in pair.passages])
            )
            for at, pair in pairs.items()
        }
        return relevance, embeddings.encoder

    async def _known_kinds(self, encoder: EncoderRef) -> KnownKinds:
        """Raises ModelUnavailable when another encoder takes over meanwhile."""
        if self._known is None or self._known[0] != encoder:
            embeddings = await self._encoder.embed_documents(known_texts())
            if embeddings.encoder != encoder:
                raise ModelUnavailable("Another encoder took over meanwhile. Send it again.")
            self._known = (encoder, KnownKinds(embeddings.vectors))
        return self._known[1]


def refuse_other_languages(transcript: Sequence[Turn]) -> None:
    """Raises InvalidRequest unless most of what the candidate says is English."""
    said = [turn.content for turn in transcript if turn.by_candidate]
    if language_of(said) != ENGLISH:
        raise InvalidRequest(
            "The candidate's answers are not in English. Only English interviews are scored: "
            "the phrases that are looked for are English ones.",
            field="transcript",
        )


def notes_on_languages(transcript: Sequence[Turn]) -> tuple[str, ...]:
    """Turns too short to tell a language by are taken for English."""
    said = [turn.content for turn in transcript if turn.by_candidate]
    n_foreign = sum(
        len(text.split()) >= _WORDS_TO_TELL_A_LANGUAGE and language_of([text]) != ENGLISH
        for text in said
    )
    if not n_foreign:
        return ()
    turns = "turn" if n_foreign == 1 else "turns"
    return (f"{n_foreign} {turns} of the candidate may not be in English, so little of it counts.",)


def lexicon_of(vocabulary: SkillVocabulary) -> Lexicon:
    """Transcripts often lack capitals; a term that is a name of people too is not believed."""

    def terms_in(text: str) -> tuple[str, ...]:
        written = _SPOKEN_WORD.sub(lambda match: _SPOKEN[match[0]], _PEOPLE_TOO.sub(" ", text))
        return vocabulary.names_in([written])

    @lru_cache(maxsize=_CACHED_WORDS)
    def is_term(word: str) -> bool:
        return bool(terms_in(word))

    return Lexicon(terms_in=terms_in, has_amount=has_amount, is_term=is_term)


def _texts_of(pair: Compared) -> tuple[str, ...]:
    return (pair.question, *pair.passages)


def _revision(encoder: EncoderRef) -> str:
    return f"{RUBRIC_VERSION}+{encoder.model_id}-{encoder.revision[:8]}"
