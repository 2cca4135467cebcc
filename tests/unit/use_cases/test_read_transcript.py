from __future__ import annotations

from collections.abc import Sequence

import pytest

from ml_service.domain.errors import (
    InterviewServiceUnavailable,
    InvalidRequest,
    ModelUnavailable,
)
from ml_service.domain.interview import InterviewService, Turn
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.interview.rubric import CRITERIA, RUBRIC_VERSION
from ml_service.use_cases.read_transcript import ReadTranscript
from tests.unit.interview.interviews import INTERVIEW, VOCABULARY
from tests.unit.use_cases.training_parts import WordEncoder


class NoEncoder:
    @property
    def ref(self) -> EncoderRef:
        raise ModelUnavailable

    @property
    def space(self) -> ModelRef:
        raise ModelUnavailable

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        raise ModelUnavailable


def communication() -> ReadTranscript:
    return ReadTranscript(WordEncoder(), VOCABULARY, "communication")


async def test_each_service_reads_the_criteria_that_it_knows() -> None:
    technical: InterviewService = ReadTranscript(WordEncoder(), VOCABULARY, "technical")
    reading = await technical.read(INTERVIEW, job=None)
    assert reading.service == technical.name == "technical"
    assert reading.revision.startswith(RUBRIC_VERSION)
    assert {one.criterion for one in reading.criteria} == {
        name
        for name, criterion in CRITERIA.items()
        if any(one.service == "technical" for one in criterion.assessed_by)
    }


async def test_names_never_reach_the_encoder() -> None:
    encoder = WordEncoder()
    service = ReadTranscript(encoder, VOCABULARY, "communication")
    turns = (
        Turn(False, "Maria, why did you and Oluwaseun build it?"),
        Turn(True, "Oluwaseun asked Mr. Brown, and she and Wei built it with me in Python."),
    )
    await service.read(turns, job=None)
    seen = " ".join(encoder.texts).split()
    assert {"python", "built"} <= set(seen)
    assert not {"maria", "oluwaseun", "brown", "wei", "she", "mr"} & set(seen)


async def test_the_invented_answers_are_embedded_once() -> None:
    encoder = WordEncoder()
    service = ReadTranscript(encoder, VOCABULARY, "communication")
    await service.read(INTERVIEW, job=None)
    calls = encoder.n_calls
    await service.read(INTERVIEW, job=None)
    assert encoder.n_calls == calls + 1


async def test_another_language_is_refused() -> None:
    said = (
        "Ich habe drei Jahre als Entwickler gearbeitet und dabei viele Anwendungen gebaut, die "
        "von unseren Kunden jeden Tag benutzt werden. Das hat mir sehr viel Freude gemacht."
    )
    with pytest.raises(InvalidRequest, match="not in English") as refused:
        await communication().read((Turn(False, "Erzählen Sie."), Turn(True, said)), job=None)
    assert refused.value.field == "transcript"


async def test_markup_and_control_characters_are_plain_text() -> None:
    said = "I built <b>it</b> \x00\x1b[31m and {{ tested }} it ${HOME} &amp; measured it. " * 3
    reading = await communication().read((Turn(False, "Why?"), Turn(True, said)), job=None)
    for criterion in reading.criteria:
        for evidence in criterion.evidence:
            assert evidence.text in said


async def test_without_an_encoder_the_service_is_unavailable() -> None:
    service = ReadTranscript(NoEncoder(), VOCABULARY, "technical")
    assert await service.state() == "unavailable"
    with pytest.raises(InterviewServiceUnavailable):
        await service.read(INTERVIEW, job=None)
    assert await communication().state() == "ok"
