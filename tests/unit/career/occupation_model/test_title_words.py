import numpy as np

from ml_service.career.occupation_model.title_words import TitleWords
from ml_service.career.occupation_training.title_word_fitting import TitleTexts, fit_title_words


def test_titles_without_a_known_word_have_no_vector() -> None:
    words = TitleWords(words=("chef",), vectors=np.eye(1, 3, dtype=np.float32) * 4)
    vectors = words.embed(["sushi chef", "welder", "chef"])
    assert np.array_equal(vectors, np.eye(1, 3, dtype=np.float32).repeat(2, axis=0))
    assert words.embed(["welder"]).shape == (0, 3)


def test_words_are_learned_that_add_up_to_titles_never_seen() -> None:
    chance = np.random.default_rng(2)
    parts = chance.normal(size=(12, 8)).astype(np.float32)
    pairs = [(first, second) for first in range(12) for second in range(12) if first != second]
    sums = np.array([parts[first] + parts[second] for first, second in pairs])
    vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    keys = tuple(f"w{first} w{second}" for first, second in pairs)
    seen = [at for at in range(len(keys)) if at % 6]
    repeated = seen * 30
    texts = TitleTexts(tuple(keys[at] for at in repeated), vectors[repeated])
    words = fit_title_words(texts, seed=1)
    unseen = [at for at in range(len(keys)) if at % 6 == 0]
    cosines = (words.embed([keys[at] for at in unseen]) * vectors[unseen]).sum(axis=1)
    assert cosines.mean() > 0.8
