from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from ml_service.domain.errors import ModelUnavailable, Overloaded
from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef
from ml_service.inference.batching import Batcher

REF = EncoderRef("numbers", "1", "fp32", "test")


@dataclass
class Gate:
    """An engine that works when it may: the vector of a text is its number."""

    n_at_once: int = 1
    texts_at_once: int = 1
    ref: EncoderRef = REF
    may_work: threading.Event = field(default_factory=threading.Event)
    batches: list[list[str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._counting = threading.Lock()

    def embed_batch(self, texts: Sequence[str]) -> Float32Array:
        with self._counting:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.batches.append(list(texts))
        try:
            assert self.may_work.wait(10)
            if "bad" in texts:
                raise ModelUnavailable
            if "odd" in texts:
                raise TypeError
            return np.array([[_number(text)] for text in texts], dtype=np.float32)
        finally:
            with self._counting:
                self.at_once -= 1


def _number(text: str) -> float:
    if text == "no number":
        raise ValueError(text)
    return float(text.split(maxsplit=1)[0])


def batcher_of(engine: Gate, *, max_waiting_tokens: int = 10_000) -> Batcher:
    return Batcher(engine, max_waiting_tokens=max_waiting_tokens)


async def begun(n_batches: int, engine: Gate) -> None:
    async with asyncio.timeout(10):
        while len(engine.batches) < n_batches:
            await asyncio.sleep(0.001)


async def test_everybody_gets_his_own_vectors_in_his_own_order() -> None:
    engine = Gate(n_at_once=2)
    batcher = batcher_of(engine)
    texts = [[f"{caller}{at} {'x' * (at % 5)}" for at in range(9)] for caller in range(1, 9)]

    calls = [asyncio.create_task(batcher.embed(mine)) for mine in texts]
    await begun(2, engine)
    engine.may_work.set()
    made = await asyncio.gather(*calls)
    await batcher.close()

    for mine, vectors in zip(texts, made, strict=True):
        assert vectors[:, 0].tolist() == [float(text.split()[0]) for text in mine]
    assert engine.most_at_once == 2
    assert batcher.waiting_tokens == batcher.waiting_texts == 0
    assert batcher.figures.texts.total == 72
    assert batcher.figures.waited_s.n == 8


async def test_a_small_call_does_not_wait_for_the_whole_of_a_large_one() -> None:
    engine = Gate()
    batcher = batcher_of(engine)
    large = asyncio.create_task(batcher.embed([f"{at}" for at in range(100, 140)]))
    await begun(1, engine)
    small = asyncio.create_task(batcher.embed(["1", "2"]))
    await asyncio.sleep(0)
    engine.may_work.set()

    await asyncio.gather(small, large)
    await batcher.close()
    in_turn = [text for batch in engine.batches for text in batch]
    assert max(in_turn.index("1"), in_turn.index("2")) < 12


async def test_the_longest_text_of_a_call_goes_first() -> None:
    engine = Gate()
    engine.may_work.set()
    batcher = batcher_of(engine)
    await batcher.embed(["1", "2 xxxxxxxx", "3 xxx"])
    await batcher.close()
    assert [batch[0][0] for batch in engine.batches] == ["2", "3", "1"]


async def test_an_engine_that_gains_by_it_gets_texts_of_several_callers_at_once() -> None:
    engine = Gate(texts_at_once=8)
    batcher = batcher_of(engine)
    first = asyncio.create_task(batcher.embed(["1"]))
    await begun(1, engine)
    second = asyncio.create_task(batcher.embed(["2"]))
    rest = [asyncio.create_task(batcher.embed([f"{at}0", f"{at}1"])) for at in range(3, 6)]
    await asyncio.sleep(0)
    engine.may_work.set()
    await asyncio.gather(first, second, *rest)
    await batcher.close()
    assert engine.batches[0] == ["1"]
    assert sorted(engine.batches[1]) == ["2", "30", "31", "40", "41", "50", "51"]
    assert len(engine.batches) == 2


async def test_one_text_does_not_wait_while_a_thread_is_free() -> None:
    engine = Gate(n_at_once=2)
    batcher = batcher_of(engine)
    first = asyncio.create_task(batcher.embed(["1"]))
    await begun(1, engine)
    second = asyncio.create_task(batcher.embed(["2"]))
    await begun(2, engine)
    engine.may_work.set()
    assert [(await call).tolist() for call in (first, second)] == [[[1.0]], [[2.0]]]
    await batcher.close()


async def test_texts_of_about_one_length_share_a_batch_and_callers_take_turns() -> None:
    engine = Gate(texts_at_once=2)
    batcher = batcher_of(engine)
    first = asyncio.create_task(batcher.embed(["0"]))
    await begun(1, engine)
    long = asyncio.create_task(batcher.embed([f"1{at} {'x' * (90 - at)}" for at in range(4)]))
    short = asyncio.create_task(batcher.embed(["20", "21"]))
    await asyncio.sleep(0)
    engine.may_work.set()
    await asyncio.gather(first, long, short)
    await batcher.close()
    taken = [[text.split()[0] for text in batch] for batch in engine.batches]
    assert taken == [["0"], ["10", "11"], ["20", "21"], ["12", "13"]]


async def test_beyond_the_bound_callers_are_told_when_to_come_back() -> None:
    engine = Gate()
    batcher = batcher_of(engine, max_waiting_tokens=20)
    first = asyncio.create_task(batcher.embed([f"{at}" for at in range(12)]))
    await begun(1, engine)

    with pytest.raises(Overloaded) as refused:
        await batcher.embed(["1", "2"])

    assert 1 <= refused.value.retry_after_s <= 30
    assert batcher.figures.n_refused == 1
    engine.may_work.set()
    assert len(await first) == 12
    assert len(await batcher.embed([f"{at}" for at in range(50)])) == 50
    await batcher.close()


async def test_who_goes_away_takes_his_texts_with_him() -> None:
    engine = Gate()
    batcher = batcher_of(engine)
    gone = asyncio.create_task(batcher.embed([f"{at}" for at in range(50)]))
    await begun(1, engine)
    stays = asyncio.create_task(batcher.embed(["7"]))
    await asyncio.sleep(0)

    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    engine.may_work.set()

    assert (await stays).tolist() == [[7.0]]
    await batcher.close()
    assert len(engine.batches) <= 4
    assert batcher.waiting_tokens == 0
    assert batcher.figures.n_given_up == 1


async def test_a_failure_is_told_to_those_whose_texts_it_met() -> None:
    engine = Gate()
    batcher = batcher_of(engine)
    engine.may_work.set()

    failed, fine = await asyncio.gather(
        batcher.embed(["bad", "1", "2"]), batcher.embed(["3", "4"]), return_exceptions=True
    )

    assert isinstance(failed, ModelUnavailable)
    assert isinstance(fine, np.ndarray)
    assert fine.tolist() == [[3.0], [4.0]]
    assert batcher.waiting_tokens == 0
    await batcher.close()


async def test_a_failure_that_nobody_foresaw_leaves_nobody_waiting() -> None:
    engine = Gate()
    engine.may_work.set()
    batcher = batcher_of(engine)
    with pytest.raises(ValueError, match="no number"):
        await asyncio.wait_for(batcher.embed(["no number", "2"]), timeout=10)
    with pytest.raises(TypeError):
        await asyncio.wait_for(batcher.embed(["odd"]), timeout=10)
    await batcher.close()


@pytest.mark.parametrize("texts_at_once", [1, 8])
@pytest.mark.parametrize("n_vectors", [0, 9])
async def test_an_engine_that_gives_another_number_of_vectors_leaves_nobody_waiting(
    texts_at_once: int, n_vectors: int
) -> None:
    @dataclass
    class Miscounting(Gate):
        def embed_batch(self, texts: Sequence[str]) -> Float32Array:
            return np.zeros((n_vectors, 1), dtype=np.float32)

    batcher = batcher_of(Miscounting(texts_at_once=texts_at_once))
    calls = [batcher.embed(["1", "2"]), batcher.embed(["3"])]
    async with asyncio.timeout(10):
        ended = await asyncio.gather(*calls, return_exceptions=True)
    await batcher.close()

    assert [type(one) for one in ended] == [ModelUnavailable] * 2
    assert f"{n_vectors} vectors" in str(ended[0])
    assert batcher.waiting_tokens == 0


async def test_closing_ends_what_is_in_work_and_gives_up_what_waits() -> None:
    engine = Gate()
    batcher = batcher_of(engine)
    waiting = asyncio.create_task(batcher.embed([f"{at}" for at in range(20)]))
    await begun(1, engine)
    engine.may_work.set()
    await batcher.close()
    with pytest.raises(ModelUnavailable):
        await waiting
    assert engine.at_once == 0
