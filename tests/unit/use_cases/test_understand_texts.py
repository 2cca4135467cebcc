"""What becomes of a verdict on a text; which model told it does not matter here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from ml_service.bootstrap.clock import utc_now
from ml_service.domain.errors import ModelNotFound
from ml_service.domain.intent import ClassifiedText, ClassifiedTexts, LikelyIntent
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.hosting.host import ModelHost
from ml_service.hosting.shelf import ModelShelf
from ml_service.use_cases.classify_intents import ClassifyIntents
from ml_service.use_cases.understand_texts import UnderstandTexts

SEARCH, SALARY = LikelyIntent("search_jobs", 0.6), LikelyIntent("salary", 0.1)
MODEL = ModelRef("intents", "abc123", "champion")
ENCODER = EncoderRef("e", "1", "int8", "onnx")


class Classifies:
    """Says the same of each text, or that there is no model."""

    def __init__(self, verdict: ClassifiedText | None) -> None:
        self.verdict = verdict
        self.asked: list[tuple[tuple[str, ...], str | None, str | None]] = []

    async def __call__(
        self, texts: Sequence[str], *, model: str | None, who: str | None
    ) -> ClassifiedTexts:
        self.asked.append((tuple(texts), model, who))
        if self.verdict is None:
            raise ModelNotFound
        return ClassifiedTexts((self.verdict,) * len(texts), MODEL, ENCODER)


def understanding(classifies: Classifies, folder: Path) -> UnderstandTexts:
    def load(_: Path) -> Any:
        raise AssertionError

    host = ModelHost(ModelShelf(folder), load, clock=utc_now)
    return UnderstandTexts(cast(ClassifyIntents, classifies), host=host, default="intents")


async def test_the_likeliest_leads_and_a_wish_for_jobs_is_read(tmp_path: Path) -> None:
    classifies = Classifies(ClassifiedText((SEARCH, SALARY), out_of_scope=False, p_out_of_scope=0))
    understand = understanding(classifies, tmp_path)

    first, second = await understand(["nurse in Graz", "hello"], model="m@champion", who="marta")

    assert classifies.asked == [(("nurse in Graz", "hello"), "m@champion", "marta")]
    assert (first.intent, first.confidence, first.alternatives) == ("search_jobs", 0.6, (SALARY,))
    assert first.slots is not None
    assert (first.slots.query, first.slots.location) == ("nurse", "Graz")
    assert second.slots is not None
    assert (second.slots.query, second.slots.location) != ("nurse", "Graz")
    assert (first.model, first.encoder) == (MODEL, ENCODER)


async def test_another_wish_is_not_read_as_a_search(tmp_path: Path) -> None:
    verdict = ClassifiedText((SALARY, SEARCH), out_of_scope=False, p_out_of_scope=0.04)

    (found,) = await understanding(Classifies(verdict), tmp_path)(["nurse in Graz"])

    assert (found.intent, found.slots, found.alternatives) == ("salary", None, (SEARCH,))


async def test_an_intent_does_not_hide_that_the_text_may_be_out_of_scope(tmp_path: Path) -> None:
    verdict = ClassifiedText((SEARCH, SALARY), out_of_scope=False, p_out_of_scope=0.3)

    (found,) = await understanding(Classifies(verdict), tmp_path)(["nurse in Graz"])

    assert (found.intent, found.confidence, found.out_of_scope) == ("search_jobs", 0.6, False)
    assert found.alternatives == (LikelyIntent("out_of_scope", 0.3), SALARY)


@pytest.mark.parametrize(("out_of_scope", "alternatives"), [(True, (SEARCH,)), (False, ())])
async def test_a_chance_that_was_never_learned_is_no_alternative(
    tmp_path: Path, out_of_scope: bool, alternatives: tuple[LikelyIntent, ...]
) -> None:
    verdict = ClassifiedText((SEARCH,), out_of_scope=out_of_scope, p_out_of_scope=None)

    (found,) = await understanding(Classifies(verdict), tmp_path)(["nurse in Graz"])

    assert found.alternatives == alternatives
    assert found.confidence == pytest.approx(0.4 if out_of_scope else 0.6)


async def test_out_of_scope_is_what_a_text_wants_then(tmp_path: Path) -> None:
    verdict = ClassifiedText((SEARCH, SALARY), out_of_scope=True, p_out_of_scope=0.8)

    (found,) = await understanding(Classifies(verdict), tmp_path)(["nurse in Graz"])

    assert (found.intent, found.confidence, found.out_of_scope) == ("out_of_scope", 0.8, True)
    assert found.alternatives == (SEARCH, SALARY)
    assert found.slots is None


@pytest.mark.parametrize("model", [None, "intents", "intents@abc123"])
async def test_who_misses_the_default_is_told_how_to_make_it(
    tmp_path: Path, model: str | None
) -> None:
    with pytest.raises(ModelNotFound, match="--task intents --name intents"):
        await understanding(Classifies(None), tmp_path)(["hello"], model=model)


async def test_who_misses_another_one_is_not(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound) as missed:
        await understanding(Classifies(None), tmp_path)(["hello"], model="others")

    assert "train" not in missed.value.message
