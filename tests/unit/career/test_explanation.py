import pytest

from ml_service.career.explanation import contributions, explain
from tests.unit.career.makers import SUSHI_RESUME, evidence, small_model


def test_the_passage_that_names_the_answer_contributes_most() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    strongest = explain(model, resume, model.predict(resume))[0]
    assert "Sushi Chef" in strongest.text
    assert strongest.contribution > 0
    assert 1 in strongest.lines


def test_a_contribution_is_half_the_loss_without_and_half_the_gain_alone() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    signals = model.signals(resume)
    best = model.rank(signals).order[0]
    whole, nothing = (model.rank(kept).probabilities[best] for kept in (signals, ()))
    for at, entry in enumerate(contributions(model, resume, model.predict(resume))):
        without = model.rank((*signals[:at], *signals[at + 1 :])).probabilities[best]
        alone = model.rank((signals[at],)).probabilities[best]
        expected = (whole - without + alone - nothing) / 2
        assert entry.contribution == pytest.approx(expected)


def test_passages_that_say_the_same_do_not_hide_each_other() -> None:
    model = small_model(exact_any=9.0)
    twice = evidence(
        "Sushi Chef 03/2019 to Current",
        "Prepared rice and fish for two hundred guests on a busy evening and kept all clean.",
        "Sushi Chef 01/2015 to 02/2019",
        "Taught four apprentices how to cut, cure and plate, and wrote the weekly order.",
    )
    told = explain(model, twice, model.predict(twice))
    naming = [entry for entry in told if "Sushi Chef" in entry.text]
    assert len(naming) == 2
    assert min(entry.contribution for entry in naming) > 0.1


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
