"""What is known of occupations, the same for every resume."""

from __future__ import annotations

from dataclasses import dataclass

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.begun import Begun
from ml_service.bootstrap.matrices import multiply_on_one_thread
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.transitions.model import FOLDER as NEXT_STEPS
from ml_service.career.transitions.model import NextOccupations
from ml_service.settings import Settings


@dataclass(frozen=True, slots=True)
class Occupations:
    catalogue: Catalogue
    vocabulary: SkillVocabulary
    next_occupations: NextOccupations


def load_occupations(settings: Settings) -> Occupations:
    """Some tenths of a second, a third of it matrices. Raises ModelUnavailable, WeightsMismatch."""
    multiply_on_one_thread()
    catalogue = Catalogue.load(settings.catalogue_dir)
    return Occupations(
        catalogue,
        vocabulary=SkillVocabulary(catalogue.technologies()),
        next_occupations=NextOccupations.load(settings.catalogue_dir / NEXT_STEPS, catalogue),
    )


begun_occupations = Begun(load_occupations, name="occupations")
