from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.ports import Embeddings
from ml_service.use_cases.gather_evidence import (
    READ_AT_ONCE,
    TOO_SHORT,
    UNREADABLE,
    Example,
    Gathered,
    GatherEvidence,
)
from tests.documents import resume_text
from tests.labelled_people import people_of
from tests.unit.career.taxonomy.makers import vector_of_text
from tests.unit.use_cases.training_parts import (
    TextReader,
    WordEncoder,
    gathering,
    people_as_examples,
)


async def gathered(gather: GatherEvidence, examples: list[Example]) -> tuple[Gathered, list[int]]:
    steps: list[int] = []
    return await gather(examples, advanced=steps.append), steps


async def test_each_example_comes_with_its_own_passages_and_vectors() -> None:
    examples = people_as_examples(10)

    found, steps = await gathered(gathering(), examples)

    assert [example for example, _ in found.evidence] == examples
    for _, evidence in found.evidence:
        assert len(evidence.passages) == len(evidence.vectors.vectors) > 0
        for passage, vector in zip(evidence.passages, evidence.vectors.vectors, strict=True):
            assert np.array_equal(vector, vector_of_text(passage.text))
    assert steps == [READ_AT_ONCE, len(examples) - READ_AT_ONCE]
    assert not found.left_out


async def test_many_resumes_are_embedded_in_one_call() -> None:
    encoder = WordEncoder()

    await gathered(gathering(encoder=encoder), people_as_examples(8))

    assert encoder.n_calls == 1


async def test_the_encoder_sees_nothing_of_who_somebody_is() -> None:
    encoder = WordEncoder()
    (person,) = people_of("NURSING", 1)
    somebody = replace(person, name="Lakisha Washington", email="lakisha.w@example.org")

    await gathered(gathering(encoder=encoder), [Example("line 2", "A", resume_text(somebody))])

    seen = "\n".join(encoder.texts)
    for told in ("Lakisha", "Washington", somebody.email, somebody.phone):
        assert told not in seen


async def test_what_cannot_be_read_is_left_out_and_counted(tmp_path: Path) -> None:
    (person,) = people_of("NURSING", 1)
    contents = {
        "good.pdf": resume_text(person).encode(),
        "torn.pdf": b"broken",
        "empty.pdf": b"",
        "blank.pdf": b"  \n ",
        "short.pdf": b"Nurse at a hospital",
        "contact.pdf": b"lakisha@example.org\nhttps://example.com/x\n" * 20,
    }
    examples = []
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        examples.append(Example(name, "NURSING", tmp_path / name))
    examples += [
        Example("gone.pdf", "NURSING", tmp_path / "gone.pdf"),
        Example("line 9", "NURSING", "one two three"),
        Example("line 10", "NURSING", " \n"),
    ]

    found, steps = await gathered(gathering(), examples)

    assert [example.name for example, _ in found.evidence] == ["good.pdf"]
    assert found.left_out == {
        "corrupt": 1,
        "empty_document": 3,
        TOO_SHORT: 3,
        UNREADABLE: 1,
    }
    assert steps == [len(examples)]


async def test_nothing_that_can_be_read_is_no_evidence() -> None:
    found, _ = await gathered(gathering(), [Example("line 2", "A", "short")] * 3)

    assert found.evidence == []
    assert found.left_out == {TOO_SHORT: 3}


@pytest.mark.parametrize("workers", [1, 3])
async def test_no_more_documents_are_read_at_once_than_the_reader_can(
    tmp_path: Path, workers: int
) -> None:
    (tmp_path / "a.pdf").write_text(resume_text(people_of("NURSING", 1)[0]))
    examples = [Example(f"{at}.pdf", "NURSING", tmp_path / "a.pdf") for at in range(12)]
    reader = TextReader(workers)

    found, _ = await gathered(gathering(reader=reader, at_once=workers), examples)

    assert len(found.evidence) == 12
    assert 1 <= reader.most_busy <= workers


async def test_an_encoder_that_is_gone_ends_it() -> None:
    class Gone(WordEncoder):
        async def embed_documents(self, texts: object) -> Embeddings:
            raise ModelUnavailable

    with pytest.raises(ModelUnavailable):
        await gathered(gathering(encoder=Gone()), people_as_examples(1))
