from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from ml_service.career.taxonomy.label_files import read_label_model
from ml_service.career.taxonomy.label_model import LabelModel
from ml_service.domain.errors import InvalidRequest
from ml_service.hosting.model_files import MANIFEST_FILE, WEIGHTS_FILE, read_manifest
from ml_service.hosting.shelf import ModelShelf
from ml_service.use_cases.gather_evidence import Example
from ml_service.use_cases.train_model import TrainModel, abstains_below
from ml_service.use_cases.trained_model import TrainedModel, Wish
from tests.documents import resume_text
from tests.labelled_people import LABELS, labelled_people
from tests.unit.career.makers import ENCODER
from tests.unit.career.taxonomy.makers import evidence_of, lines_of_people
from tests.unit.use_cases.training_parts import TODAY, gathering, people_as_examples

WISH = Wish(model_id="trades", source="resumes.csv")


class Watch:
    """May be told in another thread; ``at`` is called with each step of learning."""

    def __init__(self, at: threading.Event | None = None) -> None:
        self.told: list[tuple[str, int]] = []
        self.done: Counter[str] = Counter()
        self._at = at

    def started(self, what: str, total: int) -> None:
        self.told.append((what, total))

    def advanced(self, count: int) -> None:
        what = self.told[-1][0]
        self.done[what] += count
        if what == "Learning" and self._at is not None:
            self._at.set()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def train(models: Path) -> TrainModel:
    return TrainModel(gather=gathering(), shelf=ModelShelf(models), encoder=ENCODER, today=TODAY)


async def model_in(folder: Path) -> LabelModel:
    return await asyncio.to_thread(lambda: read_label_model(folder, read_manifest(folder)))


def left_in(models: Path) -> list[str]:
    return sorted(str(file.relative_to(models)) for file in models.rglob("*"))


async def test_a_model_is_trained_measured_and_put_on_the_shelf(
    train: TrainModel, models: Path
) -> None:
    watch = Watch()

    trained = await train(people_as_examples(6), WISH, watch=watch)

    revision = trained.card.revision
    assert trained.promoted
    assert left_in(models) == sorted(
        [
            "trades",
            f"trades/{revision}",
            f"trades/{revision}/{MANIFEST_FILE}",
            f"trades/{revision}/{WEIGHTS_FILE}",
            "trades/champion",
        ]
    )
    assert watch.told == [("Reading resumes", 24), ("Learning", (5 * 5 + 5 + 1) * 5)]
    assert watch.done == dict(watch.told)
    model = await model_in(models / "trades" / revision)
    assert asdict(model.card) == json.loads(json.dumps(asdict(trained.card))) | {
        name: getattr(model.card, name) for name in ("labels", "languages")
    }
    for label, lines in lines_of_people(3, seed=8):
        assert model.predict(evidence_of(*lines)).career_paths[0].title == label


async def test_the_card_says_what_it_was_made_of(train: TrainModel) -> None:
    examples = [*people_as_examples(6), Example("line 99", "NURSING", "too short")]

    card = (await train(examples, replace(WISH, licence="CC0"), watch=Watch())).card

    assert (card.model_id, card.taxonomy, card.labels) == ("trades", "own", LABELS)
    assert (card.encoder_id, card.encoder_revision) == (ENCODER.model_id, ENCODER.revision)
    assert (card.languages, card.trained_at) == (("en",), "2026-03-01")
    assert card.trained_on.startswith("24 resumes of resumes.csv")
    assert card.metrics["cross_validation"]["n"] == 24
    assert set(card.metrics["cross_validation"]["classes"]) == set(LABELS)
    assert card.about["licence"] == "CC0"
    assert card.about["data"][1] == "Left out: 1 x text of less than 20 words."


async def test_a_second_revision_waits_unless_it_is_to_answer(
    train: TrainModel, models: Path
) -> None:
    shelf = ModelShelf(models)
    first = await train(people_as_examples(4), WISH, watch=Watch())
    second = await train(people_as_examples(5), WISH, watch=Watch())
    waiting = await asyncio.to_thread(shelf.champion, "trades")
    third = await train(people_as_examples(6), replace(WISH, promote=True), watch=Watch())
    answering = await asyncio.to_thread(shelf.champion, "trades")

    assert (first.promoted, second.promoted, third.promoted) == (True, False, True)
    assert waiting[0] == first.card.revision
    assert answering[0] == third.card.revision


async def test_the_same_examples_in_another_order_give_nearly_the_same_model(
    train: TrainModel, models: Path
) -> None:
    examples = people_as_examples(6)

    one = await train(examples, WISH, watch=Watch())
    other = await train(examples[::-1], WISH, watch=Watch())

    assert one.card.labels == other.card.labels
    first = await model_in(models / "trades" / one.card.revision)
    second = await model_in(models / "trades" / other.card.revision)
    for _, lines in lines_of_people(3, seed=8):
        then = first.predict(evidence_of(*lines)).career_paths
        now = second.predict(evidence_of(*lines)).career_paths
        assert now[0].title == then[0].title
        assert now[0].confidence == pytest.approx(then[0].confidence, abs=0.02)


async def test_the_same_examples_again_are_the_same_revision(
    train: TrainModel, models: Path
) -> None:
    one = await train(people_as_examples(4), WISH, watch=Watch())
    again = await train(people_as_examples(4), WISH, watch=Watch())

    assert again.card.revision == one.card.revision
    assert again.promoted
    assert len(left_in(models)) == 5


async def test_other_names_and_addresses_give_the_same_model(train: TrainModel) -> None:
    people = labelled_people(4)
    renamed = [
        (label, replace(person, name="Lakisha Washington", email=f"l{at}@example.net"))
        for at, (label, person) in enumerate(people)
    ]

    trained: list[TrainedModel] = []
    for rows in (people, renamed):
        examples = [
            Example(f"line {at}", label, resume_text(person))
            for at, (label, person) in enumerate(rows)
        ]
        trained.append(await train(examples, WISH, watch=Watch()))

    assert trained[0].card.revision == trained[1].card.revision
    assert trained[0].card.metrics == trained[1].card.metrics


def copies(n: int) -> list[Example]:
    """Under four labels, the same but for a word."""
    text = resume_text(labelled_people(1)[0][1])
    return [Example(f"line {at}", LABELS[at % 4], f"{text}\nword{at}") for at in range(n)]


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ([], "0 resumes under 0 labels"),
        (people_as_examples(8)[:8], "8 resumes under 1 labels"),
        (people_as_examples(1), "4 resumes under 4 labels"),
        (
            [
                *people_as_examples(6),
                Example("x", "PILOT", people_as_examples(1, seed=4)[0].content),
            ],
            "Too few of 'PILOT'",
        ),
        (
            [*people_as_examples(6), *[Example("x", "PILOT", "nothing but this")] * 3],
            "Too few of 'PILOT'. 3 x text of less than 20 words.",
        ),
        ([Example(f"line {at}", "AB"[at % 2], " ") for at in range(20)], "20 x empty_document"),
        (copies(24), "copies of each other"),
        (copies(80), "copies of each other"),
    ],
    ids=[
        "nothing",
        "one label",
        "few",
        "one example",
        "one read",
        "empty",
        "copies",
        "many copies",
    ],
)
async def test_bad_data_gets_a_clear_error_and_leaves_nothing(
    train: TrainModel, models: Path, examples: list[Example], said: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await train(examples, WISH, watch=Watch())

    assert said in refused.value.message
    assert refused.value.field == "data"
    assert left_in(models.parent) == []


@pytest.mark.parametrize("name", ["Trades!", "", "../trades", "a" * 65])
async def test_a_bad_name_is_refused_before_anything_is_read(
    train: TrainModel, models: Path, name: str
) -> None:
    watch = Watch()

    with pytest.raises(InvalidRequest) as refused:
        await train(people_as_examples(3), replace(WISH, model_id=name), watch=watch)

    assert refused.value.field == "name"
    assert watch.told == []


async def test_the_name_of_a_model_of_occupations_is_taken(train: TrainModel, models: Path) -> None:
    folder = models / "occupations" / "0a1b2c3d4e5f"
    folder.mkdir(parents=True)
    (folder / MANIFEST_FILE).write_text('{"model_id": "occupations"}')

    with pytest.raises(InvalidRequest) as refused:
        await train(people_as_examples(3), replace(WISH, model_id="occupations"), watch=Watch())

    assert "Choose another" in refused.value.message


async def test_a_disk_that_takes_no_weights_leaves_nothing_half_made(
    train: TrainModel, models: Path
) -> None:
    models.parent.joinpath("models").write_text("a file where the folder should be")

    with pytest.raises(OSError, match="models"):
        await train(people_as_examples(4), WISH, watch=Watch())

    assert left_in(models.parent) == ["models"]


async def test_who_breaks_off_the_learning_gets_no_model(train: TrainModel, models: Path) -> None:
    learning = threading.Event()
    watch = Watch(learning)
    training = asyncio.create_task(train(people_as_examples(8), WISH, watch=watch))
    await asyncio.to_thread(learning.wait, 30)

    training.cancel()
    with pytest.raises(asyncio.CancelledError):
        await training
    await asyncio.sleep(0.5)

    stopped_at = watch.done["Learning"]
    await asyncio.sleep(0.5)
    assert watch.done["Learning"] == stopped_at < dict(watch.told)["Learning"]
    assert left_in(models.parent) == []


@pytest.mark.parametrize("labels", [("C++ / C#", "Küche [Nord]"), ("1", "2"), ("a_b", "A_B")])
async def test_labels_of_any_signs_are_trained_and_told_as_they_are(
    train: TrainModel, models: Path, labels: tuple[str, str]
) -> None:
    named = dict(zip(("KITCHEN", "NURSING"), labels, strict=True))
    examples = [
        replace(example, label=named[example.label])
        for example in people_as_examples(7)
        if example.label in named
    ]

    trained = await train(examples, WISH, watch=Watch())

    assert trained.card.labels == tuple(sorted(labels))
    model = await model_in(models / "trades" / trained.card.revision)
    for label, lines in lines_of_people(3, seed=8):
        if label in named:
            paths = model.predict(evidence_of(*lines)).career_paths
            assert [path.title for path in paths][:1] == [named[label]]
            assert len(paths) == 2


@pytest.mark.parametrize(("n_labels", "below"), [(2, 0.7), (24, 0.425), (1_016, 0.4006)])
def test_it_abstains_below_four_tenths_of_the_way_from_a_guess(n_labels: int, below: float) -> None:
    assert abstains_below(n_labels) == below
