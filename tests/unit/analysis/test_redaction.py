"""A different name, e-mail, telephone number, address or pronoun leaves the same text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_service.analysis.profile import profile_and_text
from ml_service.analysis.redaction import redact
from tests.unit.analysis.people import (
    PEOPLE,
    TODAY,
    VOCABULARY,
    Someone,
    analysed,
    read,
    someone,
)

BODY = """Summary
Accountant who keeps books for small firms, known for clear reports and calm month ends.
Experience
Senior Accountant | Northwind Traders | Jan 2019 - Present
• Prepared monthly statements for 14 clients and answered for every figure
• Baker and carpenter trade accounts: the price list will be reviewed each spring
• Cut closing time from nine days to four with grace under pressure
Bookkeeper | Sunrise Bakery | 03/2015 - 12/2018
• Entered payments, reconciled accounts and trained two apprentices
Education
Bachelor of Science in Accounting, State University, 2014
Skills
Microsoft Excel, SAP, Python, R, bookkeeping
"""
HEADERS = {
    "name alone, contact on lines of its own": "{name}\n{email}\n{phone}\n{address}",
    "contact in one line with bars": "{name}\n{email} | {phone} | {address}",
    "name and headline with a dash": "{name} - Accountant\n{email} | {phone}",
    "name and degree with a comma": "{name}, CPA\n{phone} • {email} • {address}",
    "headline below the name": "{name}\nSenior Accountant\n{address}\n{email}\n{phone}",
    "headline above the name": "Senior Accountant\n{name}\n{address}\n{email}",
    "everything on one line": "{name} | {address} | {phone} | {email}",
    "labels": "Name: {name}\nAddress: {address}\nPhone: {phone}\nE-mail: {email}",
    "label of the document first": "CURRICULUM VITAE\n{name}\n{address}\n{phone}\n{email}",
    "pronouns beside the name": "{name} {stated}\n{email} | {phone}",
    "honorific before the name": "{honorific} {name}\n{email}\n{phone}",
    "contact before the name": "{email} | {phone}\n{name}\nAccountant",
    "profile address with the name": (
        "{name}\nlinkedin.com/in/{handle} | github.com/{handle}\n{email}"
    ),
    "handles without an address": "{name}\n{email} | @{handle} | {phone}\n{handle}",
    "personal facts": (
        "{name}\n{email}\n{phone}\nDate of birth: 01.02.1990\nNationality: Utopian\n"
        "Gender: {possessive}\nMarital status: single"
    ),
}
BODIES = {
    "plain": BODY,
    "named in the text": BODY
    + "Projects\n{first} led the merger of two ledgers.\n{name} was praised for this.\n"
    "The audit was signed by {first} {last}.\n",
    "named with a title": BODY + "Awards\n{honorific} {last} won the prize of the chamber.\n",
    "named in the possessive": BODY + "Awards\n{first}'s report was printed in the journal.\n",
    "pronouns": BODY
    + "Awards\n{subject} won a prize for {possessive} work and taught {reflexive} SQL.\n"
    "{subject} runs a book club.\n",
    "references": BODY
    + "References\nAlex Doe, Director, alex@example.com, who has known {first} since 2015\n",
    "contact at the foot": BODY + "{name} | {email} | {phone}\n{name} - Resume - Page 2\n",
    "file name at the foot": BODY + "{handle}_resume.pdf\n",
    "contact section": BODY + "Contact\n{address}\n{phone}\n{email}\nlinkedin.com/in/{handle}\n",
}


def filled(template: str, person: Someone) -> str:
    values = {field: getattr(person, field) for field in Someone.__slots__}
    return template.format_map(values)


def redacted(text: str) -> list[str]:
    return [line.text for line in redact(read(text), analysed(text)).lines]


@pytest.mark.parametrize("header", HEADERS)
def test_the_analysis_hands_on_the_same_text(header: str) -> None:
    extracted = read(filled(HEADERS[header] + "\n" + BODY, PEOPLE[0]))

    profile, text = profile_and_text(extracted, document_date=TODAY, vocabulary=VOCABULARY)

    assert text == redact(extracted, profile)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("header", HEADERS)
def test_nobody_leaves_a_trace(header: str, body: str) -> None:
    template = f"{HEADERS[header]}\n{BODIES[body]}"
    first, *others = PEOPLE
    expected = redacted(filled(template, first))
    for person in others:
        assert redacted(filled(template, person)) == expected, person.name


@pytest.mark.parametrize("header", HEADERS)
def test_name_and_contact_data_are_gone(header: str) -> None:
    for person in PEOPLE[:6]:
        text = " ".join(
            redacted(filled(f"{HEADERS[header]}\n{BODIES['named in the text']}", person))
        )
        for trace in (person.email, person.phone, person.handle, person.first, person.last):
            assert trace.casefold() not in text.casefold()


@pytest.mark.parametrize("header", HEADERS)
def test_titles_skills_and_years_do_not_depend_on_who_somebody_is(header: str) -> None:
    template = f"{HEADERS[header]}\n{BODIES['pronouns']}"
    profiles = [analysed(filled(template, person)) for person in PEOPLE]
    seen = {
        (
            tuple(job.position for job in profile.work),
            tuple(skill.name for skill in profile.skills),
            tuple(entry.area for entry in profile.education),
            profile.years_experience,
            profile.language,
        )
        for profile in profiles
    }
    assert len(seen) == 1


@pytest.mark.parametrize("header", HEADERS)
def test_contact_fields_are_found_for_everybody_alike(header: str) -> None:
    template = f"{HEADERS[header]}\n{BODY}"
    contacts = [analysed(filled(template, person)).contact for person in PEOPLE]
    found = {(bool(one.name), bool(one.email), bool(one.phone)) for one in contacts}
    assert len(found) == 1


def test_headline_of_the_header_stays() -> None:
    person = PEOPLE[0]
    for header in ("name and headline with a dash", "headline below the name"):
        assert any("Accountant" in line for line in redacted(filled(HEADERS[header], person))[:1])


def test_title_line_of_a_resume_without_contact_data_stays() -> None:
    assert redacted("SENIOR ACCOUNTANT\n" + BODY)[0] == "SENIOR ACCOUNTANT"
    assert redacted("LEAD CARPENTER\n" + BODY)[0] == "LEAD CARPENTER"


def test_name_on_the_first_line_goes_without_any_contact_data() -> None:
    for name in ("Emily Walsh", "Grace Carpenter", "Will Price", "李小龙", "JOSÉ ÑUÑEZ"):
        assert redacted(f"{name}\n{BODY}") == redacted(BODY), name


def test_occupations_in_the_text_survive_a_name_that_is_one() -> None:
    text = " ".join(redacted(f"Tom Baker\ntom@example.com\n{BODY}"))
    assert "Baker and carpenter trade accounts" in text
    title = redacted("Tom Baker\ntom@example.com\nExperience\nBaker | Sunrise | 2019 - 2021\n")
    assert title[1].startswith("Baker")


def test_pronouns_become_one_word_with_the_verb_that_fits() -> None:
    lines = {
        redacted(f"Summary\n{subject} and {subject.lower()} {verb} the books.")[1]
        for subject, verb in (("She", "keeps"), ("He", "keeps"), ("They", "keep"))
    }
    assert lines == {"they and they keep the books."}


def test_reference_section_is_dropped() -> None:
    assert "Alex Doe" not in " ".join(redacted(filled(BODIES["references"], PEOPLE[0])))


def test_sentence_with_an_address_keeps_its_words() -> None:
    line = "Questions about the method can be sent to me at any time, see jane@example.com."
    assert "Questions about the method" in " ".join(redacted(f"{BODY}Projects\n{line}"))


_part = st.text(
    alphabet=st.characters(categories=("Lu", "Ll"), max_codepoint=0x24F), min_size=3, max_size=9
).map(str.capitalize)


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(_part, min_size=2, max_size=4), header=st.sampled_from(sorted(HEADERS)))
def test_any_invented_name_gives_the_same_text(parts: list[str], header: str) -> None:
    name = "Xq" + " Zx".join(parts)
    person = someone(name, first=name.split()[0], last=name.split()[-1], number=1)
    template = f"{HEADERS[header]}\n{BODIES['named in the possessive']}"
    assert redacted(filled(template, person)) == redacted(filled(template, PEOPLE[0]))


def test_a_name_below_a_rail_is_known_by_the_mail_address() -> None:
    text = (
        "Contact\ns.benyoussef@example.net\n+1 202 555 0191\nSkills\nExcel, SAP\n"
        "Samira Benyoussef\nSenior Accountant\n" + BODY
    )
    profile = analysed(text)

    assert profile.contact.name == "Samira Benyoussef"
    assert not any("Benyoussef" in line.text for line in redact(read(text), profile).lines)
