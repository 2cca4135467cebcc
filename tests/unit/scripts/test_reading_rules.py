from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pdfplumber
from reading_rules import Count, RightReading, count_errors, load_rules, right_reading

from tests.unit.extraction import made

RULES = Path(__file__).resolve().parents[2] / "layouts" / "reading_rules.json"
LEFT = ["Alpha beta", "Gamma delta"]
RIGHT = ["Epsilon zeta", "Eta theta"]


def reading(boxes: list[tuple[float, float, float, float]]) -> RightReading:
    placed = [(50.0, 100.0 + 20 * row, text) for row, text in enumerate(LEFT)]
    placed += [(300.0, 100.0 + 20 * row, text) for row, text in enumerate(RIGHT)]
    with pdfplumber.open(io.BytesIO(made.pdf([*placed, (280.0, 800.0, "Page seven")]))) as document:
        return right_reading(document.pages[0], boxes)


COLUMNS = reading([(0, 0, 250, 700), (250, 0, 595, 700)])


def test_boxes_give_the_order_and_what_they_leave_out_comes_last() -> None:
    assert COLUMNS.words[: COLUMNS.n_read] == (
        *("alpha", "beta", "gamma", "delta"),
        *("epsilon", "zeta", "eta", "theta"),
    )
    assert COLUMNS.words[COLUMNS.n_read :] == ("page", "seven")


def test_a_persons_order_has_no_error() -> None:
    assert count_errors(COLUMNS, "\n".join([*LEFT, *RIGHT])) == Count(8, 0, 0)


def test_columns_read_across_are_errors_at_each_jump() -> None:
    across = "Alpha beta Epsilon zeta\nGamma delta Eta theta"
    assert count_errors(COLUMNS, across) == Count(8, 3, 0)


def test_left_out_words_icons_and_spaces_between_letters_are_no_errors() -> None:
    output = "A L P H A beta Gamma d e l t a\n\uf0b7 Page seven\nEpsilon zetaEta theta"
    assert count_errors(COLUMNS, output) == Count(8, 0, 0)


def test_lost_words_are_missing_and_no_error_of_order() -> None:
    assert count_errors(COLUMNS, "Alpha beta delta Epsilon zeta Eta theta") == Count(8, 0, 1)


def test_the_rules_hold_boxes_on_the_page_and_no_text_of_any_document() -> None:
    rules = load_rules(RULES)
    assert len(rules) >= 30
    for rule in rules:
        assert re.fullmatch(r"[0-9a-f]{64}", rule.sha256)
        for box in (box for boxes in rule.pages.values() for box in boxes):
            assert 0 <= box[0] < box[2] <= 700
            assert 0 <= box[1] < box[3] <= 900
    keys = {key for rule in json.loads(RULES.read_text())["files"] for key in rule}
    assert keys == {"file", "sha256", "layout", "pages"}
