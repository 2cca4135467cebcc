from ml_service.career.taxonomy.card import about_labels


def test_the_card_says_what_was_read_and_what_was_left_out() -> None:
    about = about_labels(
        n_resumes=1234,
        n_labels=24,
        source="resumes",
        licence=None,
        left_out={"corrupt": 2, "empty_document": 1},
        unlike={"not_a_resume": 3},
    )

    assert about["data"] == (
        "1,234 resumes under 24 labels, from resumes.",
        "Left out: 2 x corrupt.",
        "Left out: 1 x empty_document.",
        "Learned from, though the service answers no such upload: 3 x not_a_resume.",
    )
    assert about["licence"] == "Not stated by whoever trained it."
    assert set(about) == {"data", "splits", "definitions", "limits", "fairness", "licence"}


def test_figures_on_few_resumes_are_said_to_say_little() -> None:
    about = about_labels(
        n_resumes=12, n_labels=3, source="rows", licence=None, left_out={}, unlike={}
    )

    assert about["data"][-1] == "Figures on 12 resumes say little; their intervals are wide."
