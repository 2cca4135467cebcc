from __future__ import annotations

import pytest

from ml_service.analysis.recognition.recognition import refuse_what_is_no_resume
from ml_service.domain.errors import NotAResume
from ml_service.domain.resume import ResumeProfile
from tests.unit.analysis.people import PEOPLE, analysed, read
from tests.unit.analysis.test_redaction import BODIES, BODY, HEADERS, filled
from tests.written_texts import read_texts

WRITTEN = read_texts("no_resumes")
HELD_OUT = read_texts("no_resumes_held_out")
OTHER_LANGUAGES = read_texts("other_languages") | read_texts("other_languages_held_out")
ENGLISH = read_texts("english_resumes") | read_texts("english_resumes_held_out")
NAMED = ("recipe", "invoice", "source-code", "lorem-ipsum", "advert")
UNDER_HEADINGS = "lorem-ipsum-2"  # a resume whose words are still to come: doubtful
DOUBTFUL_BELOW = 0.5

NOT_RESUMES = {
    "invoice": """INVOICE 2024-117
Bill to: Northwind Traders, 12 Oak Street
Invoice date: 03/04/2024   Due date: 03/05/2024
Description  Quantity  Unit price  Amount
Consulting services  12  100.00  1,200.00
Subtotal 1,200.00
VAT 20% 240.00
Total due 1,440.00
Payment terms: 30 days. accounts@example.com""",
    "recipe": """Apple Cake
Ingredients
3 apples, 200 g flour, 2 tablespoons sugar, 1 teaspoon salt
Method
Preheat the oven to 180 degrees. Stir flour and sugar in a bowl.
Add the apples and bake for 40 minutes.""",
    "source code": """import os
class Reader:
    def read(self, path):
        return open(path)
def main():
    reader = Reader()
    for name in os.listdir():
        print(reader.read(name))""",
    "lorem ipsum": "\n".join(["Lorem ipsum dolor sit amet, consectetur elit."] * 12),
    "advert": """Senior Accountant
About us
We are looking for an accountant to join our team in 2024.
Your responsibilities
You will keep the books and report to the director.
Requirements: Bachelor's degree in accounting, Excel
What we offer
The successful candidate gets a fair salary. Apply now.
Equal opportunity employer.""",
    "keywords": "python java sql excel manager leadership sales\n" * 20,
    "article": "\n".join(
        [
            "The history of the canal",
            "The canal was dug in 1825 and carried coal to the mills for a century.",
            "Its locks were built of stone from a quarry nearby, which closed in 1901.",
            "Visitors walk along its banks today and look at the boats that pass.",
        ]
        * 4
    ),
    "letter": "Dear Sir\nI write about the noise of your dog. It must stop.\nYours sincerely",
    "nothing": "",
}


@pytest.mark.parametrize("text", NOT_RESUMES.values(), ids=NOT_RESUMES)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(NotAResume):
        refuse_what_is_no_resume(read(text), analysed(text))


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("body", BODIES)
def test_resumes_pass(header: str, body: str) -> None:
    text = filled(f"{HEADERS[header]}\n{BODIES[body]}", PEOPLE[0])
    refuse_what_is_no_resume(read(text), analysed(text))


@pytest.mark.parametrize(
    "text",
    [
        "TEACHER\nEducation\nBachelor of Arts in Education, 2012\nSkills\nReading",
        "COOK\nExperience\nCook 2019 - 2020\nPrepared meals.",
        BODY.replace("Skills", "Kenntnisse").replace("Experience", "Berufserfahrung"),
    ],
)
def test_short_resumes_pass(text: str) -> None:
    refuse_what_is_no_resume(read(text), analysed(text))


def is_refused(text: str, profile: ResumeProfile) -> bool:
    try:
        refuse_what_is_no_resume(read(text), profile)
    except NotAResume:
        return True
    return False


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in {**WRITTEN, **HELD_OUT}
        if name.rpartition("-")[0] in NAMED and name != UNDER_HEADINGS
    ],
)
def test_recipes_invoices_code_and_adverts_are_refused(name: str) -> None:
    text = (WRITTEN | HELD_OUT)[name]
    assert is_refused(text, analysed(text))


def test_headings_around_placeholders_are_doubtful() -> None:
    assert analysed(WRITTEN[UNDER_HEADINGS]).resume_likelihood < DOUBTFUL_BELOW


@pytest.mark.parametrize(("texts", "may_pass"), [(WRITTEN, 2), (HELD_OUT, 2)])
def test_of_other_kinds_hardly_one_passes_without_doubt(
    texts: dict[str, str], may_pass: int
) -> None:
    profiles = {name: analysed(text) for name, text in texts.items()}
    passing = [
        name
        for name, profile in profiles.items()
        if not is_refused(texts[name], profile)
        and profile.language == "en"
        and profile.resume_likelihood >= DOUBTFUL_BELOW
    ]
    assert len(passing) <= may_pass, passing


@pytest.mark.parametrize("name", OTHER_LANGUAGES)
def test_resumes_in_other_languages_are_not_refused(name: str) -> None:
    text = OTHER_LANGUAGES[name]
    assert not is_refused(text, analysed(text))


@pytest.mark.parametrize("name", ENGLISH)
def test_terse_resumes_are_not_refused(name: str) -> None:
    text = ENGLISH[name]
    assert not is_refused(text, analysed(text))


@pytest.mark.parametrize(
    "text",
    [
        "Apfelkuchen\n200 g Mehl, 3 Äpfel und eine Prise Salz verrühren und eine Stunde backen.",
        "Les promeneurs s'arrêtent sur le vieux pont du canal et regardent passer les bateaux.",
    ],
)
def test_a_text_in_another_language_needs_a_year_or_a_section(text: str) -> None:
    profile = analysed(text)
    assert profile.language in ("de", "fr")
    assert is_refused(text, profile)


def test_who_somebody_is_changes_nothing_where_it_is_doubtful() -> None:
    header, body = next(iter(HEADERS.values())), ENGLISH["en-truck"]
    likely = {analysed(filled(f"{header}\n{body}", person)).resume_likelihood for person in PEOPLE}
    assert len(likely) == 1
    assert 0.02 < likely.pop() < 0.98
