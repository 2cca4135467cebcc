"""She, he and they leave the same words behind."""

from __future__ import annotations

import pytest

from ml_service.analysis.pronouns import without_pronouns

SAME = {
    "verb behind the pronoun": ("She leads.", "He leads.", "They lead."),
    "verbs that follow": (
        "She leads teams, plans and always builds.",
        "He leads teams, plans and always builds.",
        "They lead teams, plan and always build.",
    ),
    "adverb between": ("She also manages.", "He also manages.", "They also manage."),
    "forms of their own": ("She was and has.", "He was and has.", "They were and have."),
    "negated": ("She doesn't stop.", "He doesn't stop.", "They don't stop."),
    "shortened": ("She's sure she'd go.", "He's sure he'd go.", "They're sure they'd go."),
    "capitals": ("SHE LEADS.", "HE LEADS.", "THEY LEAD."),
    "objects": ("Ask her, by herself.", "Ask him, by himself.", "Ask them, by themselves."),
    "possessive": ("Her work is hers.", "His work is his.", "Their work is theirs."),
    "stated": ("Ada (she/her/hers)", "Ada (he/him/his)", "Ada (they/them)"),
    "stated in two languages": ("Ada (she/her/ella)", "Ada (he/him/él)", "Ada (they/them)"),
}


@pytest.mark.parametrize("texts", SAME.values(), ids=SAME)
def test_every_pronoun_gives_the_same(texts: tuple[str, str, str]) -> None:
    assert len({without_pronouns(text, language="en").strip() for text in texts}) == 1


@pytest.mark.parametrize(
    "text", ["Leads teams, plans and builds.", "Audits firms as well as funds, taxes and loans."]
)
def test_sentences_without_a_pronoun_stay_as_they_are(text: str) -> None:
    assert without_pronouns(text, language="en") == text
