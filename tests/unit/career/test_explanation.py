import pytest

from ml_service.career.explanation import contributions, explain
from tests.unit.career.makers import SUSHI_RESUME, evidence, small_model


def test_the_passage_that_names_the_answer_contributes_most() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    strongest = explain(model, resume, model.predict(resume))[0]
    assert "Sushi Chef" in strongest.text
    assert strongest.contribution > 0
    assert 1 in strongest.lines


def test_a_contribution_is_the_drop_without_the_passage() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    signals = model.signals(resume)
    ranking = model.rank(signals)
    best = ranking.order[0]
    measured = contributions(model, resume, model.predict(resume))
    for at, entry in enumerate(measured):
        without = model.rank((*signals[:at], *signals[at + 1 :])).probabilities[best]
        assert entry.contribution == pytest.approx(ranking.probabilities[best] - without)


def test_what_speaks_for_another_answer_counts_below_zero() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    against = [
        entry for entry in explain(model, resume, model.predict(resume)) if entry.contribution < 0
    ]
    assert any("Truck Driver" in entry.text for entry in against)


def test_at_most_eight_are_told_the_strongest_first() -> None:
    model = small_model(inner_body=1.0)
    lines = [f"{'Kitchen work of every kind ' * 12} as sushi chef number {at}." for at in range(20)]
    resume = evidence(*lines)
    told = explain(model, resume, model.predict(resume))
    sizes = [abs(entry.contribution) for entry in told]
    assert 0 < len(told) <= 8
    assert sizes == sorted(sizes, reverse=True)


def test_every_passage_is_measured_once_in_reading_order() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    measured = contributions(model, resume, model.predict(resume))
    assert [entry.lines for entry in measured] == [passage.lines for passage in resume.passages]
