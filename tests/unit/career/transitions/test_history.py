import numpy as np
import pytest

from ml_service.career.transitions.history import (
    HistoryReader,
    belief_in,
    history_of,
    with_present,
)
from tests.unit.career.makers import CHEF, CLERK, COOK, DRIVER, small_catalogue
from tests.unit.career.transitions.makers import CODES, COLUMN, work, worked

READER = HistoryReader(small_catalogue())
PRESENT = belief_in((COLUMN[COOK],), n_codes=len(CODES))


def test_the_job_begun_last_comes_first_whatever_the_reading_order() -> None:
    resume = worked(work("Line Cook", "2012"), work("Sushi Chef", "2019-03"))

    jobs = READER.jobs(resume.profile)

    assert [job.known for job in jobs] == [(COLUMN[CHEF],), (COLUMN[COOK],)]


def test_without_all_dates_the_reading_order_stays() -> None:
    resume = worked(
        work("Line Cook", "2012"), work("Sushi Chef", None), work("Staff Nurse", "2020")
    )

    assert [job.title for job in READER.jobs(resume.profile)] == [
        "line cook",
        "sushi chef",
        "staff nurse",
    ]


def test_a_title_of_two_occupations_is_shared_between_them() -> None:
    (job,) = READER.jobs(worked(work("Kitchen Lead", "2012")).profile)

    assert set(job.known) == {COLUMN[CHEF], COLUMN[CLERK]}
    assert job.belief[COLUMN[CHEF]] == pytest.approx(0.5)


def test_an_unknown_title_is_believed_a_little_by_its_words() -> None:
    (job,) = READER.jobs(worked(work("Long Haul Truck Driver", "2012")).profile)

    assert job.known == ()
    assert int(job.belief.argmax()) == COLUMN[DRIVER]
    assert 0 < job.belief.sum() < 1


@pytest.mark.parametrize("position", ["Owner", "Manager", "Intern", None])
def test_a_rank_alone_names_no_occupation(position: str | None) -> None:
    (job,) = READER.jobs(worked(work(position, "2012")).profile)

    assert job.known == ()
    assert not job.belief.any()


def test_older_jobs_count_less() -> None:
    resume = worked(work("Sushi Chef", "2019", 0, 0), work("Truck Driver", "2010", 1, 1))

    history = history_of(READER.jobs(resume.profile), resume, present=PRESENT)

    assert history is not None
    assert history.held[COLUMN[CHEF]] == pytest.approx(1 / 1.6)
    assert history.held[COLUMN[DRIVER]] == pytest.approx(0.6 / 1.6)
    assert np.linalg.norm(history.text) == pytest.approx(1)


def test_text_outside_the_jobs_is_not_read() -> None:
    resume = worked(work("Sushi Chef", "2019", 5, 6), lines=("Summary", "A chef"))

    assert history_of(READER.jobs(resume.profile), resume, present=PRESENT) is None


def test_the_predicted_occupation_settles_an_ambiguous_latest_title() -> None:
    jobs = READER.jobs(worked(work("Kitchen Lead", "2019"), work("Line Cook", "2012")).profile)

    settled = with_present(jobs, COLUMN[CHEF])

    assert settled[0].known == (COLUMN[CHEF],)
    assert settled[1] == jobs[1]


def test_a_predicted_occupation_that_the_latest_title_rules_out_changes_nothing() -> None:
    jobs = READER.jobs(worked(work("Line Cook", "2019")).profile)

    assert with_present(jobs, COLUMN[DRIVER]) == jobs
