from ml_service.career.splits import N_FOLDS, SAME_AS, fold, part


def test_a_fifth_of_the_files_is_validation() -> None:
    parts = [part(f"r{number:04}.pdf") for number in range(2_000)]
    assert 0.17 < parts.count("validation") / len(parts) < 0.23


def test_the_split_is_fixed() -> None:
    assert [part(f"r{number:04}.pdf") for number in range(1, 6)] == FIRST_FIVE


def test_near_duplicates_stand_on_one_side_and_in_one_fold() -> None:
    for copy, original in SAME_AS.items():
        assert part(copy) == part(original)
        assert fold(copy) == fold(original)


def test_folds_are_of_similar_size() -> None:
    folds = [fold(f"r{number:04}.pdf") for number in range(2_000)]
    assert all(330 < folds.count(number) < 470 for number in range(N_FOLDS))


FIRST_FIVE = ["train", "train", "train", "validation", "train"]
