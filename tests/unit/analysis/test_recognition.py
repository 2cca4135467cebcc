from __future__ import annotations

import pytest

from ml_service.analysis.recognition import refuse_what_is_no_resume
from ml_service.domain.errors import NotAResume
from tests.unit.analysis.people import PEOPLE, analysed, read
from tests.unit.analysis.test_redaction import BODIES, BODY, HEADERS, filled

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
