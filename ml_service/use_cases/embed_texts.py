"""Vectors of texts that callers bring along, within bounds."""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.domain.errors import InvalidRequest, ModelNotFound, TooLarge
from ml_service.domain.ports import Embeddings, Encoder
from ml_service.hosting.choice import ModelChoice

MOST_TEXTS = 512
MOST_CHARACTERS = 1_000_000


class EmbedTexts:
    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    async def __call__(self, texts: Sequence[str]) -> Embeddings:
        """In their order. Raises InvalidRequest, TooLarge, Overloaded or ModelUnavailable."""
        if not texts:
            raise InvalidRequest("Send at least one text.", field="texts")
        refuse_too_much(texts, most_texts=MOST_TEXTS)
        return await self._encoder.embed_documents(texts)

    def is_meant_by(self, model_id: str) -> bool:
        """Also while the encoder cannot answer."""
        return model_id == self._encoder.space.model_id

    def check(self, choice: ModelChoice) -> None:
        """Raises ModelNotFound unless the encoder is that very model and revision."""
        space = self._encoder.space
        if choice.model_id != space.model_id:
            raise ModelNotFound(f"The encoder that runs here is {space.model_id}.")
        if choice.version not in {None, space.revision}:
            raise ModelNotFound(
                f"The revision of {space.model_id} that runs here is {space.revision}."
            )


def refuse_too_much(texts: Sequence[str], *, most_texts: int) -> None:
    """Raises TooLarge."""
    if len(texts) > most_texts:
        raise TooLarge(f"A request has {most_texts} texts at most. Send several requests.")
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise TooLarge(
            f"The texts of a request have {MOST_CHARACTERS:,} characters at most, all together. "
            "Send several requests."
        )
