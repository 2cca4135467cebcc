"""The evaluation runs documents through the journey of an upload and hides nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ml_service.bootstrap.engine import Engine
from ml_service.career.evaluation_tables import AnswerCount
from ml_service.domain.errors import ModelNotFound
from ml_service.use_cases.evaluate_model import EvaluateModel, Evaluation, LabelledDocument
from tests.documents import resume_pdf, resume_text
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def evaluated(
    engine: Engine, documents: list[LabelledDocument], *, hide_title: bool
) -> Evaluation:
    evaluate = EvaluateModel(analyse=engine.analyse_resume, document_date=date(2026, 1, 31))
    return await evaluate(documents, hide_title=hide_title, model_id=None, progress=lambda: None)


async def test_invented_people_are_told_and_a_refusal_counts_as_wrong(
    engine: Engine, tmp_path: Path
) -> None:
    documents = []
    for number, person in enumerate(PEOPLE):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(resume_pdf(person))
        documents.append(LabelledDocument(file.name, file, frozenset(person.soc_codes)))
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing more")
    documents.append(LabelledDocument(broken.name, broken, frozenset({"29-1141.00"})))

    shown = await evaluated(engine, documents, hide_title=False)

    assert (shown.n_documents, shown.n_read) == (len(PEOPLE) + 1, len(PEOPLE))
    assert shown.refused == {"corrupt": 1}
    assert shown.refused_names == {"corrupt": ["broken.pdf"]}
    assert shown.accuracy is not None
    assert shown.accuracy.n_judged == len(PEOPLE) + 1
    assert shown.accuracy.top_5 <= len(PEOPLE) / (len(PEOPLE) + 1)
    assert shown.accuracy.top_1 >= 0.5
    assert shown.accuracy.thresholds[0].n_answered <= len(PEOPLE)
    assert AnswerCount("29-1141.00", "", 1) in shown.accuracy.answers
    assert sum(row.n for row in shown.accuracy.reliability) == len(PEOPLE) + 1
    assert set(shown.stages) == {
        "extract",
        "analyse",
        "redact",
        "embed",
        "predict",
        "explain",
        "score",
    }


async def test_texts_go_the_same_way_without_being_extracted(engine: Engine) -> None:
    documents = [
        LabelledDocument(f"line {number}", resume_text(person), frozenset(person.soc_codes))
        for number, person in enumerate(PEOPLE[:3])
    ]
    documents.append(LabelledDocument("line 9", " ", frozenset()))

    shown = await evaluated(engine, documents, hide_title=False)
    hidden = await evaluated(engine, documents, hide_title=True)

    assert (shown.n_read, shown.refused) == (3, {"empty_document": 1})
    assert shown.accuracy is not None
    assert shown.accuracy.n_judged == 3
    assert shown.accuracy.top_5 >= 2 / 3
    assert "extract" not in shown.stages
    assert hidden.n_read == 3


async def test_an_unknown_model_is_refused_before_anything_is_read(engine: Engine) -> None:
    evaluate = EvaluateModel(analyse=engine.analyse_resume, document_date=date(2026, 1, 31))
    missing = LabelledDocument("a.pdf", Path("nowhere.pdf"), frozenset())

    with pytest.raises(ModelNotFound):
        await evaluate([missing], hide_title=False, model_id="nobody", progress=lambda: None)
