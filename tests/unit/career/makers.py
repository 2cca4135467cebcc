"""A small invented catalogue, resumes and a head, so that the arithmetic can be followed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml_service.career.calibration import Calibration
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupation_model.clues import CLUES
from ml_service.career.occupation_model.experts import EXPERTS
from ml_service.career.occupation_model.features import COLUMNS, FEATURES
from ml_service.career.occupation_model.head import Head, OccupationManifest
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.occupation_model.reranking import N_INPUTS, Reranker
from ml_service.career.occupation_model.signals import Projections
from ml_service.career.occupation_model.title_words import TitleWords
from ml_service.career.passages import split_into_passages
from ml_service.domain.occupation import Occupation, Wage
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef
from ml_service.domain.resume import Contact, RedactedLine, RedactedText, ResumeProfile, Skill

ENCODER = EncoderRef(model_id="tiny", revision="r1", precision="fp32", engine="test")
N_DIMS = 6

NURSE, CHEF, DRIVER, PILOT, CLERK, COOK = (
    "29-1141.00",
    "35-1011.00",
    "53-3032.00",
    "53-2011.00",
    "43-9061.00",
    "35-2014.00",
)


def occupation(
    soc_code: str,
    title: str,
    *alternate_titles: str,
    job_zone: int | None = 3,
    related: Sequence[str] = (),
    technologies: Sequence[str] = (),
    wage: Wage | None = None,
) -> Occupation:
    return Occupation(
        soc_code=soc_code,
        title=title,
        alternate_titles=alternate_titles,
        job_zone=job_zone,
        related=tuple(related),
        technologies=tuple(technologies),
        skills=(),
        wage=wage,
    )


def small_catalogue() -> Catalogue:
    return Catalogue(
        (
            occupation(NURSE, "Registered Nurses", "Staff Nurse", "Charge Nurse"),
            occupation(
                COOK,
                "Cooks, Restaurant",
                "Line Cook",
                job_zone=2,
                related=(CHEF, DRIVER, CLERK),
                technologies=("Excel",),
            ),
            occupation(
                CHEF,
                "Chefs and Head Cooks",
                "Sushi Chef",
                "Kitchen Lead",
                related=(COOK,),
                technologies=("Excel", "MenuMaker"),
                wage=Wage(median=58_920, year=2023),
            ),
            occupation(CLERK, "Office Clerks, General", "Kitchen Lead", job_zone=1),
            occupation(PILOT, "Airline Pilots", "First Officer", job_zone=4),
            occupation(DRIVER, "Heavy Truck Drivers", "Truck Driver", job_zone=2),
        ),
        attribution="Invented.",
        major_groups={
            "29": "Healthcare Practitioners and Technical Occupations",
            "35": "Food Preparation and Serving Related Occupations",
            "43": "Office and Administrative Support Occupations",
            "53": "Transportation and Material Moving Occupations",
        },
    )


def small_head(**weights: float) -> Head:
    """Weighs the named features; projections see nothing."""
    row = np.zeros(len(FEATURES), dtype=np.float32)
    for name, weight in weights.items():
        row[COLUMNS[name]] = weight
    n_codes = len(small_catalogue())
    nothing = np.zeros((N_DIMS, n_codes), dtype=np.float32)
    bias = np.zeros(n_codes, dtype=np.float32)
    return Head(
        projections=Projections(nothing, bias, nothing.copy(), bias.copy()),
        words=TitleWords(words=("chef",), vectors=np.eye(1, N_DIMS, dtype=np.float32)),
        prior=np.full(n_codes, -np.log(n_codes), dtype=np.float32),
        weights={expert: row.copy() for expert in EXPERTS},
        reranker=silent_reranker(),
    )


def silent_reranker() -> Reranker:
    """Changes no order."""
    return Reranker(
        mean=np.zeros(N_INPUTS, dtype=np.float32),
        scale=np.ones(N_INPUTS, dtype=np.float32),
        hidden_weights=np.zeros((N_INPUTS, 1), dtype=np.float32),
        hidden_bias=np.zeros(1, dtype=np.float32),
        output_weights=np.zeros(1, dtype=np.float32),
    )


def small_manifest(*, threshold: float = 0.4) -> OccupationManifest:
    calibration = Calibration(weights=(1.0, *(0.0 for _ in CLUES[1:])), intercept=0.0)
    return OccupationManifest(
        model_id="tiny-occupations",
        revision="0",
        encoder_id=ENCODER.model_id,
        encoder_revision=ENCODER.revision,
        labels=small_catalogue().codes,
        features=FEATURES,
        calibration=dict.fromkeys(EXPERTS, calibration),
        abstains_below=threshold,
        metrics={},
        trained_at="2025-05-01",
        seed=1,
        trained_on="invented rows",
    )


def small_model(*, threshold: float = 0.4, **weights: float) -> OccupationModel:
    weights = weights or {
        "headline_exact": 9.0,
        "exact_1": 5.0,
        "exact_2": 2.0,
        "inner_body": 1.0,
    }
    return OccupationModel(
        small_head(**weights), small_manifest(threshold=threshold), small_catalogue()
    )


def redacted(*texts: str, page: int = 1) -> RedactedText:
    return RedactedText(
        tuple(RedactedLine(text=text, page=page, order=at) for at, text in enumerate(texts))
    )


def evidence(
    *texts: str,
    language: str = "en",
    encoder: EncoderRef = ENCODER,
    skills: Sequence[str] = (),
) -> ResumeEvidence:
    text = redacted(*texts)
    passages = split_into_passages(text)
    vectors = np.zeros((len(passages), N_DIMS), dtype=np.float32)
    vectors[:, 0] = 1
    return ResumeEvidence(
        passages=passages,
        vectors=Embeddings(vectors=vectors, encoder=encoder),
        redacted=text,
        profile=profile(language=language, skills=skills),
    )


def profile(*, language: str = "en", skills: Sequence[str] = ()) -> ResumeProfile:
    return ResumeProfile(
        language=language,
        contact=Contact(),
        summary=None,
        sections=(),
        work=(),
        education=(),
        skills=tuple(Skill(name=name, evidence_line=None) for name in skills),
        certificates=(),
        languages=(),
        years_experience=None,
    )


SUSHI_RESUME = (
    "Experience",
    "Sushi Chef 03/2019 to Current",
    "Sakana House, Portland",
    "Prepared rice and fish for two hundred guests on a busy evening and kept the station clean.",
    "Taught four apprentices how to cut, cure and plate, and wrote the weekly order of fish.",
    "Truck Driver 01/2015 to 02/2019",
    "Northern Haulage, Salem",
    "Drove refrigerated loads between the coast and the city without a single late delivery.",
)
