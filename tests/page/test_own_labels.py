"""A result of a model of one's own labels: no occupation, no code, as many paths as labels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.documents import resume_docx, resume_text
from tests.labelled_people import LABELS, people_of
from tests.model_shelves import shelf_with_occupations
from tests.page.browser import LONGEST_READING_MS, Visitor, never_answered, visiting
from tests.service_process import ServiceFolder, ServiceProcess, run_command, served

pytestmark = pytest.mark.slow

N_EACH = 10
OWN = LABELS[:3]


@pytest.fixture(scope="module")
def own_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """Answers with three labels that it was taught."""
    place = tmp_path_factory.mktemp("own_labels")
    settings = {"MODELS_DIR": str(place / "models"), "DEFAULT_MODEL": "trades"}
    folder = ServiceFolder(place / "service", settings)
    for label in OWN:
        home = place / "resumes" / label
        home.mkdir(parents=True)
        for at, person in enumerate(people_of(label, N_EACH)):
            (home / f"{at}.txt").write_text(resume_text(person), encoding="utf-8")
    run_command(folder, "train", str(place / "resumes"), "--name", "trades", "--quiet")
    shelf_with_occupations(place / "models")
    with served(folder) as running:
        yield running


@pytest.fixture
def owner(browser: Browser, own_service: ServiceProcess, user_id: str) -> Iterator[Visitor]:
    with visiting(browser, own_service.base_url, user_id=user_id) as opened:
        opened.page.goto("/")
        yield opened
    assert opened.complaints == []


def test_a_result_of_own_labels_speaks_of_labels(owner: Visitor) -> None:
    somebody = people_of(OWN[0], N_EACH + 1)[-1]
    owner.read("cook.docx", resume_docx(somebody))
    page = owner.page

    expect(page.locator(".bar")).to_have_count(len(OWN))
    paths = page.locator("#section-paths")
    expect(paths).to_contain_text("3 labels of the model, best first.")
    expect(paths).not_to_contain_text("occupation")
    expect(page.locator("#section-steps")).to_contain_text("names no next step")
    page.get_by_role("button", name="No, it does not").click()
    expect(paths).to_contain_text("Which label would be right can be written into the notes")
    expect(page.get_by_label("Which occupation is right?")).to_have_count(0)
    page.reload()
    no = page.get_by_role("button", name="No, it does not")
    expect(no).to_have_attribute("aria-pressed", "true", timeout=LONGEST_READING_MS)


def test_reading_with_own_labels_names_no_number_of_occupations(owner: Visitor) -> None:
    owner.page.route("**/predict", never_answered)
    owner.choose_bytes("cook.docx", resume_docx(people_of(OWN[0], 1)[0]))

    expect(owner.page.locator(".stages")).to_contain_text("Comparing with what the model knows")
    expect(owner.page.locator(".stages")).not_to_contain_text("1,016")
