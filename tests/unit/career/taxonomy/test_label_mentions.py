from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ml_service.career.passages import Passage
from ml_service.career.taxonomy.label_mentions import (
    KINDS,
    LabelNames,
    PassageMentions,
    gather,
    learn_odds,
)
from ml_service.career.taxonomy.passage_words import words_of_passage


def mentions(labels: Sequence[str], text: str, *, header: bool = False) -> PassageMentions:
    vector = np.zeros(2, dtype=np.float32)
    passage = Passage(text, 1, tuple(range(text.count("\n") + 1)), header)
    return LabelNames(labels).find(words_of_passage(passage, vector))


@pytest.mark.parametrize(
    ("label", "text", "times"),
    [
        ("INFORMATION-TECHNOLOGY", "Information technology, information  technology", 2),
        ("data_engineer", "A data engineer", 1),
        ("Küchenchef", "KÜCHENCHEF im Hotel", 1),
        ("R.(e)g*[u]lar+ex", "regularex", 0),
        ("C++", "C++ and C", 0),
        ("Sales (B2B) [EMEA]", "sales b2b emea", 1),
        ("chef", "chefs, not chefdom", 1),
        ("2019", "Since 2019 to 2021", 1),
        ("7", "7 years", 0),
        ("", "anything", 0),
        ("art", "state of the art, party", 1),
    ],
)
def test_a_name_is_found_as_words_whatever_signs_it_has(label: str, text: str, times: int) -> None:
    assert mentions([label, "other"], text).whole.tolist() == [times, 0]


@pytest.mark.parametrize(
    ("label", "text", "times"),
    [
        ("ACCOUNTANT", "Accounting and accountants", 2),
        ("Teacher", "Taught, teaching", 1),
        ("HR", "HR, human resources", 1),
        ("cook", "recook", 0),
    ],
)
def test_a_long_name_is_found_with_other_endings(label: str, text: str, times: int) -> None:
    assert mentions([label], text).stem.tolist() == [times]


def test_the_first_line_and_positions_are_told_apart() -> None:
    found = mentions(["chef"], "Head Chef\nMarisol, 03/2019 to Current\nAs chef", header=True)

    assert found.whole.tolist() == [2]
    assert found.whole_in_opening.tolist() == [1]
    assert found.in_positions[:, 0].tolist()[0] == 1


@pytest.mark.parametrize("label", ["SALES", "Sales & Leasing", "Köchin", "data_engineers"])
def test_a_position_is_found_in_whatever_way_positions_are_written(label: str) -> None:
    line = f"{label.replace('_', ' ')} 03/2019 to Current"

    assert mentions([label], line, header=True).in_positions.tolist() == [[1]]


def test_a_passage_without_entries_has_no_positions() -> None:
    assert mentions(["chef", "nurse"], "Chef").in_positions.shape == (0, 2)


def test_what_a_resume_says_is_gathered_over_its_passages() -> None:
    labels = ["chef", "nurse"]
    first = mentions(labels, "Chef")
    entry = mentions(labels, "Staff Nurse 03/2019 to Current", header=True)

    kinds, counts = gather([first, entry])

    assert kinds.tolist() == [[True, True, True, True], [True, True, False, True]]
    assert counts.shape == (2, 6)
    assert counts[0].tolist()[2:] == [1, 1, 0, pytest.approx(0.5)]
    assert counts[1].tolist()[2:] == [0, 0, 1, pytest.approx(0.5)]


def test_odds_speak_for_a_label_that_is_named_mostly_in_its_own_resumes() -> None:
    classes = np.array([0] * 20 + [1] * 20)
    kinds = np.zeros((40, 2, len(KINDS)), dtype=bool)
    kinds[:18, 0, 0] = True  # of label 0, in nearly all of its own
    kinds[::2, 1, 0] = True  # of label 1, in half of all

    odds = learn_odds(kinds, classes)

    assert odds.shape == (2, 2, len(KINDS))
    assert odds[1, 0, 0] > 2
    assert odds[0, 0, 0] < -1
    assert odds[:, 1, 0] == pytest.approx([0, 0], abs=0.2)


def test_odds_are_finite_for_a_label_without_resumes() -> None:
    odds = learn_odds(np.ones((5, 3, len(KINDS)), dtype=bool), np.array([0, 0, 1, 1, 1]))

    assert np.isfinite(odds).all()


def test_two_hundred_labels_are_looked_for() -> None:
    labels = [f"Trade {at:03d}" for at in range(200)]

    found = mentions(labels, "Trade 017 and trade 199")

    assert found.whole.shape == (200,)
    assert np.flatnonzero(found.whole).tolist() == [17, 199]
