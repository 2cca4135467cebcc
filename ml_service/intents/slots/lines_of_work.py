"""What stands behind "in" without being a place: "jobs in nursing", "in IT", "in a hospital"."""

from __future__ import annotations

from ml_service.intents.slots.word_lists import words_listed

_WORDS = words_listed("""
it hr ux ui ai ml pr qa seo sql aws c++ c# php java python rust go golang kotlin scala ruby swift
javascript typescript react angular node django spring azure gcp kubernetes docker devops excel
sap salesforce blockchain crypto web3 fintech biotech edtech medtech proptech tech law finance
retail sales healthcare health medicine education hospitality tourism travel media film tv radio
music art arts design fashion sport sports science sciences data research politics policy
government defence defense aerospace aviation automotive agriculture construction energy oil gas
renewables insurance pharma pharmacy biology chemistry physics mathematics maths math statistics
economics psychology philosophy history linguistics journalism theatre theater dance
administration admin management support security cybersecurity networks software hardware games
robotics transport rail maritime shipping procurement supply compliance audit tax payroll human
resources customer public private service services charity charities charitable nonprofit ngo ngos
beauty food wine events weddings childcare care dentistry veterinary wildlife nature conservation
forestry ecology environment sustainability climate space telecoms telecom utilities trades
carpentry masonry electronics general particular total charge demand need advance house store
residence test production operations english french german spanish italian portuguese dutch polish
arabic mandarin chinese japanese russian hindi welsh turkish order addition case life nights days
mornings evenings weekends summer winter autumn school schools university universities academia
hospital hospitals hotels hotel restaurants kitchens warehouses factories offices shops startups
companies teams people real estate property r&d b2b saas big business commerce ecommerce
e-commerce engineering nursing teaching banking farming fishing mining intensive emergency mental
social community youth early special foreign international january february march april june july
august september october november december depot bargains inc ltd llc plc
corp gmbh
""")
_ENDINGS = (
    "ing", "ings", "ology", "ics", "ment", "ments", "tion", "tions", "sion", "ism", "care", "ware",
    "ture", "istry", "nomy", "graphy", "ship", "ivity", "ility", "ants", "als", "ools", "ors",
    "ties", "tech", "acy", "icine",
)  # fmt: skip


def is_line_of_work(words: list[str]) -> bool:
    """By the words that are known for it; for what is written with capital letters."""
    return any(word in _WORDS for word in words)


def sounds_like_line_of_work(words: list[str]) -> bool:
    """By the endings too; for what is written without capital letters."""
    return is_line_of_work(words) or any(
        len(word) > 4 and word.endswith(_ENDINGS) for word in words
    )
