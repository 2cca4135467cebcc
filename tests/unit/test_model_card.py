"""The card in docs/ is that of the model that ships."""

from ml_service.career.model_card import card_of
from ml_service.cli.card_markdown import card_markdown
from ml_service.hosting.model_files import read_manifest
from ml_service.hosting.shelf import ModelShelf
from ml_service.settings import PROJECT


def test_the_card_in_the_documents_is_that_of_the_shipped_model() -> None:
    _, folder = ModelShelf(PROJECT / "data" / "models").champion("occupations")
    printed = card_markdown(card_of(read_manifest(folder)))
    written = (PROJECT / "docs" / "model-card.md").read_text(encoding="utf-8")
    assert written == printed, (
        "Run: python -m ml_service models show occupations --markdown > docs/model-card.md"
    )
