"""Which texts the ways of embedding less leave, of an invented resume."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measure_frontier import (
    SHORT_CHARACTERS,
    Resume,
    first,
    joined,
    only,
    outside,
    recent,
    shortened,
)
from tokenizers import Tokenizer

from ml_service.career.occupation_model.signals import PassageSignals, flat
from ml_service.domain.resume import Section
from ml_service.inference.encoder_files import TOKENIZER_FILE
from ml_service.settings import Settings
from tests.unit.career.makers import evidence

LINES = (
    "Moves freight, and has for years.",
    "Driver 01/2019 to 02/2021",
    "Drove loads between the coast and the city, without one late delivery in all those years.",
    "Clerk 01/2015 to 12/2018",
    "Filed what came in, and found it again when somebody asked for it a year after that day.",
)


def test_a_way_keeps_passages_by_place_and_kind() -> None:
    resume = resume_of(*LINES)

    assert first(2)(resume) == [*LINES[:2], None, None, None]
    assert only(lambda _, one: one.passage.header)(resume) == [None, LINES[1], None, LINES[3], None]


def test_text_under_earlier_positions_is_left_out() -> None:
    assert recent(1)(resume_of(*LINES)) == [*LINES[:3], None, None]


def test_a_section_is_left_out_by_its_lines() -> None:
    resume = resume_of(*LINES)
    section = Section("work", "Work", heading_line=0, start_line=1, end_line=3)
    profile = replace(resume.evidence.profile, sections=(section,))
    told = replace(resume, evidence=replace(resume.evidence, profile=profile))

    assert outside({"work"})(told) == [LINES[0], None, None, None, LINES[4]]


def test_short_passages_are_joined_to_the_next() -> None:
    long = LINES[2] * (SHORT_CHARACTERS // 80 + 1)
    header = LINES[1]

    assert joined(resume_of(header, long)) == [f"{header}\n{long}"] * 2
    assert joined(resume_of(long, header)) == [long, header]


@pytest.mark.parametrize(("n_tokens", "left"), [(4, "drove trucks"), (9, "drove trucks at night")])
def test_a_text_is_shortened_by_its_tokens(n_tokens: int, left: str) -> None:
    tokenizer = Tokenizer.from_file(str(Settings(_env_file=None).encoder_dir / TOKENIZER_FILE))
    tokenizer.no_padding()

    assert shortened("drove trucks at night", n_tokens, tokenizer) == left


def resume_of(*lines: str) -> Resume:
    """Every header is a position."""
    read, even = evidence(*lines), flat(3)
    signals = tuple(
        PassageSignals(passage, passage.header, even, even, even, even, even)
        for passage in read.passages
    )
    return Resume("r1.pdf", frozenset(), read, signals)
