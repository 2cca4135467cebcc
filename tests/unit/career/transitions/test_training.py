import numpy as np
import pytest

from ml_service.career.splits import fold
from ml_service.career.transitions.evaluation import (
    NEVER,
    Ways,
    per_target,
    rank_of,
    ranks_of,
    recall,
)
from ml_service.career.transitions.training import (
    NextJob,
    TransitionTrainer,
    WorkHistory,
    count_moves,
    next_jobs,
    read_histories,
)
from tests.unit.career.makers import CHEF, COOK, DRIVER, NURSE, small_catalogue
from tests.unit.career.transitions.makers import CODES, COLUMN, vectors, work, worked

N_CODES = len(CODES)


def history(filename: str, *positions: str) -> WorkHistory:
    """Latest position first, each on a line of its own."""
    jobs = [work(position, str(2020 - at), at, at) for at, position in enumerate(positions)]
    (read,) = read_histories([(filename, worked(*jobs))], small_catalogue())
    return read


def cases(*positions: str) -> list[NextJob]:
    return list(next_jobs(history("r.pdf", *positions), n_codes=N_CODES))


def test_the_latest_known_job_is_hidden_with_all_that_came_after_it() -> None:
    first, second = cases("Astronaut", "Sushi Chef", "Line Cook", "Truck Driver")

    assert first.target == (COLUMN[CHEF],)
    assert [job.title for job in first.visible] == ["line cook", "truck driver"]
    assert first.present == (COLUMN[COOK],)
    assert first.latest
    assert not second.latest


def test_an_unknown_job_between_two_known_ones_stays_visible() -> None:
    (case,) = cases("Sushi Chef", "Astronaut", "Line Cook")

    assert [job.title for job in case.visible] == ["astronaut", "line cook"]
    assert case.present == (COLUMN[COOK],)


def test_staying_in_an_occupation_is_no_move() -> None:
    assert not cases("Charge Nurse", "Staff Nurse")[0].is_move
    assert cases("Staff Nurse", "Line Cook")[0].is_move


def test_a_move_over_one_job_counts_half_and_staying_nothing() -> None:
    counts = count_moves(
        [
            history("r.pdf", "Sushi Chef", "Line Cook", "Truck Driver"),
            history("s.pdf", *["Staff Nurse"] * 2),
        ],
        n_codes=N_CODES,
    )

    assert counts[COLUMN[COOK], COLUMN[CHEF]] == 1
    assert counts[COLUMN[DRIVER], COLUMN[CHEF]] == 0.5
    assert counts[COLUMN[NURSE]].sum() == 0


def test_a_title_of_two_occupations_is_counted_in_halves() -> None:
    counts = count_moves([history("r.pdf", "Kitchen Lead", "Truck Driver")], n_codes=N_CODES)

    assert counts[COLUMN[DRIVER], COLUMN[CHEF]] == 0.5
    assert counts.sum() == 1


@pytest.fixture(scope="module")
def trainer() -> TransitionTrainer:
    """Cooks become chefs, drivers become nurses, in every fold."""
    histories = [
        history(
            f"r{at:04}.pdf",
            *(("Sushi Chef", "Line Cook") if at % 2 else ("Staff Nurse", "Truck Driver")),
        )
        for at in range(40)
    ]
    return TransitionTrainer(histories, vectors(), small_catalogue(), seed=1)


def test_what_everybody_did_is_foretold_out_of_fold(trainer: TransitionTrainer) -> None:
    ways = Ways(trainer, unseen=False).of_moves()

    found = {name: recall(ranks_of(trainer.moves, way))["recall_1"] for name, way in ways.items()}

    assert found["logit, whole history"] == 1
    assert found["logit, present occupation alone"] == 1
    assert found["related occupations (baseline)"] == 0.5


def test_a_fold_is_answered_without_its_own_moves(trainer: TransitionTrainer) -> None:
    held = fold(trainer.moves[0].filename)

    others = trainer.basis(frozenset({held})).moves.counts.sum()

    assert 0 < others < trainer.basis(frozenset()).moves.counts.sum()


def test_fitting_twice_gives_the_same_weights(trainer: TransitionTrainer) -> None:
    again = TransitionTrainer(trainer._histories, vectors(), small_catalogue(), seed=1)

    assert np.array_equal(trainer.fit().of_history, again.fit().of_history)
    assert np.array_equal(trainer.fit().text_map.weights, again.fit().text_map.weights)


def test_what_is_not_answered_is_never_found() -> None:
    scores = np.array([0.2, -np.inf, 0.9, 0.2], dtype=np.float32)

    assert rank_of(scores, (2,)) == 0
    assert rank_of(scores, (0, 3)) == 1
    assert rank_of(scores, (3,)) == 2
    assert rank_of(scores, (1,)) == NEVER


def test_each_occupation_counts_alike_however_common() -> None:
    rows = [*cases("Sushi Chef", "Line Cook")] * 3 + [*cases("Staff Nurse", "Line Cook")]

    assert per_target(rows, np.array([0, 0, 0, NEVER])) == 0.5
