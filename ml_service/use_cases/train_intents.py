"""Learn intents from labelled texts, measure the model on texts it never saw, put it up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date

import numpy as np

from ml_service.career.model_card import Figures, ModelCard
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.ports import Encoder
from ml_service.domain.prediction import EncoderRef
from ml_service.hosting.choice import check_name
from ml_service.hosting.model_files import kind_of
from ml_service.hosting.shelf import ModelShelf
from ml_service.intents.card import about_intents
from ml_service.intents.files import INTENTS, write_intent_model
from ml_service.intents.folds import MIN_GROUPS
from ml_service.intents.measuring import confusions, figures, unseen_answers
from ml_service.intents.training import Examples, Fitted, fit_intents, n_fits
from ml_service.use_cases.classify_intents import LONGEST_TEXT
from ml_service.use_cases.trained_intents import (
    MIN_EXAMPLES,
    MIN_OUT_OF_SCOPE,
    OUT_OF_SCOPE,
    LabelledText,
    TrainedIntents,
)
from ml_service.use_cases.trained_model import Learning, TrainingWatch, Wish

OWN_LABELS = "own"
_AT_ONCE = 256


class TrainIntents:
    def __init__(self, *, encoder: Encoder, shelf: ModelShelf, today: date) -> None:
        self._encoder = encoder
        self._shelf = shelf
        self._today = today

    async def __call__(
        self,
        rows: Sequence[LabelledText],
        wish: Wish,
        *,
        watch: TrainingWatch,
        out_of_scope: str = OUT_OF_SCOPE,
    ) -> TrainedIntents:
        """The shelf changes at the very end, by a whole model. No row need be ``out_of_scope``.

        Raises InvalidRequest for a name that is no name or taken by models of another kind, and
        where there is too little to learn from.
        """
        await asyncio.to_thread(self._check_name, wish.model_id)
        check_texts(rows)
        intents = intents_of(rows, out_of_scope=out_of_scope)
        examples, encoder = await self._embedded(rows, intents, watch)
        _check_varied(examples, (*intents, out_of_scope))
        learning = Learning(watch)
        labels = (*intents, out_of_scope)[: examples.n_outputs]
        try:
            return await asyncio.to_thread(self._learn, examples, labels, encoder, wish, learning)
        except asyncio.CancelledError:
            learning.given_up = True
            raise

    def _check_name(self, model_id: str) -> None:
        check_name(model_id)
        for entry in self._shelf.revisions(model_id):
            if entry.manifest is not None and kind_of(entry.manifest) != INTENTS:
                raise InvalidRequest(
                    f"{model_id} is the name of a model of another kind. Choose another.",
                    field="name",
                )

    async def _embedded(
        self, rows: Sequence[LabelledText], intents: Sequence[str], watch: TrainingWatch
    ) -> tuple[Examples, EncoderRef]:
        watch.started("Reading texts", len(rows))
        vectors = []
        for begin in range(0, len(rows), _AT_ONCE):
            texts = [row.text for row in rows[begin : begin + _AT_ONCE]]
            vectors.append((await self._encoder.embed_documents(texts)).vectors)
            watch.advanced(len(texts))
        place = {intent: at for at, intent in enumerate(intents)}
        examples = Examples(
            texts=tuple(row.text for row in rows),
            vectors=np.concatenate(vectors),
            labels=np.array([place.get(row.label, len(intents)) for row in rows], dtype=np.intp),
            n_intents=len(intents),
        )
        return examples, self._encoder.ref

    def _learn(
        self,
        examples: Examples,
        labels: tuple[str, ...],
        encoder: EncoderRef,
        wish: Wish,
        learning: Learning,
    ) -> TrainedIntents:
        n_folds = len(np.unique(examples.folds))
        learning.watch.started("Learning", n_fits(n_folds))
        fitted = fit_intents(examples, advance=learning.advance)
        answers = unseen_answers(fitted.unseen, examples.labels, examples.n_intents, examples.folds)
        metrics = {"n_folds": n_folds, **figures(answers, labels)}
        card = self._card(examples, labels, encoder, wish, metrics, fitted)
        learning.go_on()
        revision = self._shelf.add(
            wish.model_id,
            lambda folder: write_intent_model(
                folder, fitted.head, {**asdict(card), "out_of_scope": labels[examples.n_intents :]}
            ),
        )
        if wish.promote:
            self._shelf.promote(wish.model_id, revision)
        answering, _ = self._shelf.champion(wish.model_id)
        named = (*labels, OUT_OF_SCOPE)
        counts = Counter(confusions(answers)).most_common()
        return TrainedIntents(
            card=replace(card, revision=revision),
            promoted=answering == revision,
            confusions=tuple((named[right], named[said], n) for (right, said), n in counts),
        )

    def _card(
        self,
        examples: Examples,
        labels: tuple[str, ...],
        encoder: EncoderRef,
        wish: Wish,
        metrics: Figures,
        fitted: Fitted,
    ) -> ModelCard:
        judgement = fitted.head.judgement
        return ModelCard(
            model_id=wish.model_id,
            revision="",
            taxonomy=OWN_LABELS,
            encoder_id=encoder.model_id,
            encoder_revision=encoder.revision,
            labels=labels[: examples.n_intents],
            languages=(),
            abstains_below=round(1 - judgement.out_of_scope.threshold, 4),
            trained_at=self._today.isoformat(),
            trained_on=f"{len(examples.texts):,} texts of {wish.source}",
            metrics={"cross_validation": metrics},
            calibration={"temperature": judgement.temperature},
            about=about_intents(
                n_texts=Counter(labels[at] for at in examples.labels.tolist()),
                n_intents=examples.n_intents,
                source=wish.source,
                licence=wish.licence,
                words_share=judgement.words_share,
            ),
        )


def check_texts(rows: Sequence[LabelledText]) -> None:
    """Raises InvalidRequest for a text that could not be asked for either."""
    for row in rows:
        if not row.text.strip():
            raise _refused(f"{row.name} holds no text.")
        if len(row.text) > LONGEST_TEXT:
            raise _refused(
                f"{row.name} has more than {LONGEST_TEXT:,} characters. Intents are learned from "
                "short requests."
            )


def intents_of(rows: Sequence[LabelledText], *, out_of_scope: str) -> tuple[str, ...]:
    """In alphabetical order. Raises InvalidRequest where there are too few, or too few of one."""
    counts = Counter(row.label for row in rows)
    n_out_of_scope = counts.pop(out_of_scope, 0)
    if len(counts) < 2:
        raise _refused(
            f"There are {len(counts)} intents. A model needs 2 or more, beside {out_of_scope!r}."
        )
    scarce = [f"{label!r} ({n})" for label, n in sorted(counts.items()) if n < MIN_EXAMPLES]
    if scarce:
        more = f" and {len(scarce) - 5} more" if len(scarce) > 5 else ""
        raise _refused(
            f"Too few texts of {', '.join(scarce[:5])}{more}: each intent needs {MIN_EXAMPLES} "
            "different ones."
        )
    if 0 < n_out_of_scope < MIN_OUT_OF_SCOPE:
        raise _refused(
            f"Too few texts of {out_of_scope!r} ({n_out_of_scope}): it needs {MIN_OUT_OF_SCOPE} "
            "different ones, or none."
        )
    return tuple(sorted(counts))


def _check_varied(examples: Examples, labels: Sequence[str]) -> None:
    alike = [
        repr(labels[label])
        for label in np.unique(examples.labels)
        if len(np.unique(examples.folds[examples.labels == label])) < MIN_GROUPS
    ]
    if alike:
        raise _refused(
            f"The texts of {', '.join(alike[:5])} nearly all say the same: each label needs "
            f"{MIN_GROUPS} groups of texts that differ."
        )


def _refused(message: str) -> InvalidRequest:
    return InvalidRequest(message, field="data")
