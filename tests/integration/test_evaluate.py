"""The evaluation runs documents through the journey of an upload and hides nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ml_service.bootstrap import Engine
from ml_service.use_cases.evaluate_model import EvaluateModel, Evaluation, LabelledDocument
from tests.documents import resume_pdf
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def evaluated(engine: Engine, folder: Path, *, hide_title: bool) -> Evaluation:
    documents = []
    for number, person in enumerate(PEOPLE):
        file = folder / f"{number}.pdf"
        file.write_bytes(resume_pdf(person))
        documents.append(LabelledDocument(file, frozenset(person.soc_codes)))
    broken = folder / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing more")
    documents.append(LabelledDocument(broken, frozenset({"29-1141.00"})))
    evaluate = EvaluateModel(analyse=engine.analyse_resume, document_date=date(2026, 1, 31))
    return await evaluate(documents, hide_title=hide_title, model_id=None, progress=lambda: None)


async def test_invented_people_are_told_and_a_refusal_counts_as_wrong(
    engine: Engine, tmp_path: Path
) -> None:
    shown = await evaluated(engine, tmp_path, hide_title=False)

    assert (shown.n_documents, shown.n_read) == (len(PEOPLE) + 1, len(PEOPLE))
    assert shown.refused == {"corrupt": 1}
    assert shown.accuracy is not None
    assert shown.accuracy.n_judged == len(PEOPLE) + 1
    assert shown.accuracy.top_5 <= len(PEOPLE) / (len(PEOPLE) + 1)
    assert shown.accuracy.top_1 >= 0.5
    assert set(shown.stages) == {
        "extract",
        "analyse",
        "redact",
        "embed",
        "predict",
        "explain",
        "score",
    }
