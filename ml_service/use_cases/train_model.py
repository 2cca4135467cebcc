"""Train a career model on labelled resumes, measure it on resumes it never saw, put it up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date

from ml_service.analysis.profile import PARSER_VERSION
from ml_service.analysis.recognition.recognition import REFUSED_BELOW
from ml_service.career.abstention import is_short
from ml_service.career.model_card import Figures, ModelCard
from ml_service.career.taxonomy.card import about_labels
from ml_service.career.taxonomy.cross_validation import (
    MIN_FOLDS,
    cross_validate,
    figures,
    n_fits,
)
from ml_service.career.taxonomy.folds import assign_folds
from ml_service.career.taxonomy.label_files import OWN_LABELS, write_label_model
from ml_service.career.taxonomy.label_fitting import LabelledResume, fit_labels
from ml_service.career.taxonomy.label_head import MIN_LABELS
from ml_service.career.taxonomy.label_mentions import LabelNames
from ml_service.career.taxonomy.passage_words import words_of_passage
from ml_service.domain.errors import InvalidRequest, NotAResume
from ml_service.domain.prediction import EncoderRef
from ml_service.hosting.choice import check_name
from ml_service.hosting.shelf import ModelShelf
from ml_service.use_cases.gather_evidence import Example, Gathered, GatherEvidence
from ml_service.use_cases.trained_model import (
    MIN_EXAMPLES,
    Learning,
    TrainedModel,
    TrainingWatch,
    Wish,
)

MIN_RESUMES = 10
WAY_FROM_CHANCE = 0.4
LANGUAGE_SHARE = 0.02
"""A language counts as trained on from this share of the resumes on."""


class TrainModel:
    def __init__(
        self, *, gather: GatherEvidence, shelf: ModelShelf, encoder: EncoderRef, today: date
    ) -> None:
        self._gather = gather
        self._shelf = shelf
        self._encoder = encoder
        self._today = today

    async def __call__(
        self, examples: Sequence[Example], wish: Wish, *, watch: TrainingWatch
    ) -> TrainedModel:
        """The shelf changes at the very end, by a whole model.

        Raises InvalidRequest for a name that is no name or taken by a model of occupations, and
        where too few resumes can be read.
        """
        await asyncio.to_thread(self._check_name, wish.model_id)
        watch.started("Reading resumes", len(examples))
        gathered = await self._gather(examples, advanced=watch.advanced)
        labels = labels_of(gathered, asked={example.label for example in examples})
        learning = Learning(watch)
        try:
            return await asyncio.to_thread(self._learn, gathered, labels, wish, learning)
        except asyncio.CancelledError:
            learning.given_up = True
            raise

    def _check_name(self, model_id: str) -> None:
        check_name(model_id)
        for entry in self._shelf.revisions(model_id):
            if entry.manifest is not None and entry.manifest.get("taxonomy") != OWN_LABELS:
                raise InvalidRequest(
                    f"{model_id} is the name of a model of occupations. Choose another.",
                    field="name",
                )

    def _learn(
        self, gathered: Gathered, labels: tuple[str, ...], wish: Wish, learning: Learning
    ) -> TrainedModel:
        resumes = labelled_resumes(gathered, labels)
        folds = _folds(resumes)
        learning.watch.started("Learning", n_fits(len(set(folds))))
        held_out = cross_validate(resumes, folds, n_labels=len(labels), advance=learning.advance)
        fitted = fit_labels(resumes, folds, n_labels=len(labels), advance=learning.advance)
        card = self._card(resumes, labels, wish, figures(held_out, labels), gathered)
        card = replace(card, calibration=asdict(fitted.calibration))
        learning.go_on()
        revision = self._shelf.add(
            wish.model_id, lambda folder: write_label_model(folder, fitted, card)
        )
        if wish.promote:
            self._shelf.promote(wish.model_id, revision)
        answering, _ = self._shelf.champion(wish.model_id)
        return TrainedModel(
            card=replace(card, revision=revision),
            promoted=answering == revision,
            left_out=dict(gathered.left_out),
            unlike=dict(unlike_uploads(gathered)),
        )

    def _card(
        self,
        resumes: Sequence[LabelledResume],
        labels: tuple[str, ...],
        wish: Wish,
        metrics: Figures,
        gathered: Gathered,
    ) -> ModelCard:
        languages = Counter(resume.language for resume in resumes)
        enough = LANGUAGE_SHARE * len(resumes)
        return ModelCard(
            model_id=wish.model_id,
            revision="",
            taxonomy=OWN_LABELS,
            encoder_id=self._encoder.model_id,
            encoder_revision=self._encoder.revision,
            labels=labels,
            languages=tuple(sorted(name for name, n in languages.items() if n >= enough)),
            abstains_below=abstains_below(len(labels)),
            trained_at=self._today.isoformat(),
            trained_on=f"{len(resumes):,} resumes of {wish.source}, parser {PARSER_VERSION}",
            metrics={"cross_validation": metrics},
            calibration={},
            about=about_labels(
                n_resumes=len(resumes),
                n_labels=len(labels),
                source=wish.source,
                licence=wish.licence,
                left_out=gathered.left_out,
                unlike=unlike_uploads(gathered),
            ),
        )


def abstains_below(n_labels: int) -> float:
    """The confidence that lies four tenths of the way from a guess among the labels to certainty:
    0.7 for two labels, 0.425 for twenty-four.
    """
    guess = 1 / n_labels
    return round(guess + WAY_FROM_CHANCE * (1 - guess), 4)


def unlike_uploads(gathered: Gathered) -> Counter[str]:
    """How many were read that an upload would not get an answer for, by what it would get."""
    found: Counter[str] = Counter()
    for _, evidence in gathered.evidence:
        if evidence.profile.resume_likelihood < REFUSED_BELOW:
            found[NotAResume.code] += 1
        elif is_short(evidence):
            found["short_text"] += 1
    return found


def labels_of(gathered: Gathered, *, asked: Collection[str] = ()) -> tuple[str, ...]:
    """In alphabetical order. Raises InvalidRequest where too little could be read, of any label
    that was ``asked`` for as well.
    """
    counts = Counter(dict.fromkeys(asked, 0))
    counts.update(example.label for example, _ in gathered.evidence)
    scarce = sorted(label for label, count in counts.items() if count < MIN_EXAMPLES)
    n_read, n_labels = counts.total(), sum(count > 0 for count in counts.values())
    lost = "".join(f" {n:,} x {reason}." for reason, n in sorted(gathered.left_out.items()))
    if n_read < MIN_RESUMES or n_labels < MIN_LABELS or scarce:
        few = f" Too few of {', '.join(map(repr, scarce[:5]))}." if scarce else ""
        raise InvalidRequest(
            f"{n_read} resumes under {n_labels} labels could be read. A model needs "
            f"{MIN_RESUMES} under {MIN_LABELS} labels, and {MIN_EXAMPLES} under each.{few}{lost}",
            field="data",
        )
    return tuple(sorted(counts))


def labelled_resumes(gathered: Gathered, labels: Sequence[str]) -> list[LabelledResume]:
    names = LabelNames(labels)
    position = {label: at for at, label in enumerate(labels)}
    resumes = []
    for example, evidence in gathered.evidence:
        pairs = zip(evidence.passages, evidence.vectors.vectors, strict=True)
        words = tuple(words_of_passage(passage, vector) for passage, vector in pairs)
        resumes.append(
            LabelledResume(
                name=example.name,
                words=words,
                mentions=tuple(names.find(entry) for entry in words),
                label=position[example.label],
                language=evidence.profile.language,
            )
        )
    return resumes


def _folds(resumes: Sequence[LabelledResume]) -> list[int]:
    """Raises InvalidRequest where nearly all is a copy of something else."""
    texts = [[word for entry in resume.words for word in entry.body] for resume in resumes]
    folds = assign_folds(texts, [resume.label for resume in resumes])
    if len(set(folds)) < MIN_FOLDS:
        raise InvalidRequest(
            "Nearly all resumes are copies of each other. Give different ones.", field="data"
        )
    return folds
