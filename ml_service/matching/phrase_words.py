"""Words that ask for nothing by themselves, and the traits of character that anybody claims."""

from __future__ import annotations

import re

_TRAITS = """
    abilities ability accurate adapt adaptability adaptable additional also always ambitious
    analytical approach attention attitude bright calm can caring collegial commitment
    committed compassion compassionate confidence confident conscientious creative creativity
    curious dedicated dedication dependable detail detailed determined drive driven dynamic
    eager effective effectively efficient efficiently empathetic empathy energetic energy
    engaging enthusiasm enthusiastic ethic excel excellent exceptional fast flexibility
    flexible focus focused friendly fun goal great hardworking high highly honest honesty
    humor humour independent independently initiative innovative inquisitive integrity
    interpersonal kind learn learner learning logical love mind mindset minimal motivated
    motivation multi multitask multitasking open organised organized oriented outgoing own
    pace paced passion passionate patience people personable personality player polite
    positive positivity pressure prioritise prioritize proactive problem professional
    professionalism punctual quality quick quickly reliability reliable resilience resilient
    resourceful respect respectful responsibility responsible self sense sensitive skills
    smart soft solid solver starter strong supportive tasks team teams teamwork thrive
    tolerance trustworthy under values warm well willing willingness work worker working
"""
_EMPTY = """
    a about above across all along alongside also an and any area areas as at background be
    both broad build by can clear competence different diverse do each educational environment
    environments equivalent etc experience experienced field fields for from general good have
    having how in industries industry into is it its kind knowledge level levels like make
    making more must necessary new of on one or other others our out over own part practice
    preferably previous professional project projects proven range related relevant required
    requirements role same setting settings several similar skill skilled skills some specific
    such than that the their them these they this those three through time to two type types
    understanding up use used using variety various very ways we when while who wide will with
    within work working workplace would year years you your
"""
_TOO_GENERAL = """
    applying assisting being building creating ensuring following having helping including
    maintaining making operating providing relating requiring supporting understanding using
"""
_ACTIVITY = re.compile(
    r"(?:ing|ment|tion|sion|ance|ence|ysis|ics|ity|ology|ship|care|try|ation|ery|apy)$"
)

TRAIT_WORDS = frozenset(_TRAITS.split())
EMPTY_WORDS = frozenset(_EMPTY.split())
_TOO_GENERAL_WORDS = frozenset(_TOO_GENERAL.split())


def names_activity(word: str) -> bool:
    """A noun of doing, in lower case: "forecasting", "leadership"; not "ensuring"."""
    return word not in _TOO_GENERAL_WORDS and _ACTIVITY.search(word) is not None
