"""What the card of the shipped occupations model says in words; its figures come from training."""

from __future__ import annotations

DEFINITIONS = (
    (
        "Kinds of rows: stated, the title line hidden; shown, with it; withheld and withheld "
        "shown, read with a catalogue that lacks the title and those much like it, as often as "
        "titles are unknown among all resumes; unnamed, positions of a right occupation say "
        "nothing; untold, no position that is a known title says anything."
    ),
    (
        "Title hidden: the first line with text is dropped before the analysis. A prediction is "
        "right if its code is one of the row's codes; top-k looks at the first k career paths."
    ),
    (
        "Codes of a row are those of the O*NET titles that its first line matches exactly after "
        "lower case, without what stands in brackets and without punctuation, '&' as 'and', the "
        "plural s dropped from each word; failing that, without words of rank (senior, sr, "
        "junior, jr, lead, staff, principal, intern, trainee, i to iv, part time, full time, "
        "volunteer, freelance, contract). Title shown is therefore a check of title reading, no "
        "measure of intelligence."
    ),
    (
        "ECE: 15 bins of equal width on the confidence of the first answer, with a 95 % bootstrap"
        " interval; its floor is the mean ECE that a perfectly calibrated model with the same "
        "confidences would show at this number of rows (1,000 simulations)."
    ),
    (
        "Accuracy at coverage: rows by confidence, the share right among the surest 25, 50, 75, "
        "100 %."
    ),
)
SPLITS = (
    "By a hash of the file name, fixed in ml_service/career/splits.py, near-duplicates on one "
    "side: a fifth of the resumes is validation, which nothing was trained, tuned or calibrated "
    "on. Figures out of fold are of the other four fifths, each resume judged by folds that had "
    "not seen it."
)
LIMITS = (
    "English only: resumes in other languages abstain.",
    (
        "Trained and measured on one collection of United States resumes, made by one program, in"
        " one column. The hidden title stands again further down in nearly all of them: the high "
        "figures are of reading positions well. Where no title of the right occupation is known, "
        "they are far lower (metrics, by kind)."
    ),
    (
        "Only rows whose title is an O*NET title can be judged; about three in five resumes have "
        "another title."
    ),
    "How common an occupation is follows that collection where the text says little.",
    (
        "Only the first confidence is calibrated as the probability of being right; the others "
        "share what it leaves."
    ),
    "Guidance for people, never an automatic rejection.",
)
FAIRNESS = (
    (
        "Name, e-mail, phone, address and pronouns are taken out before anything is predicted. In"
        " the swap test over held-out resumes (four groups of nine first names each, Bertrand and"
        " Mullainathan 2004; pronouns) nothing may change, exactly; docs/benchmarks.md has the "
        "figures, scripts/measure_fairness.py prints them, with a control without redaction "
        "beside it."
    ),
    ("What a person did, studied or joined can still hint at who they are and may move an answer."),
)
LICENCE = (
    "Occupations, titles and technologies: O*NET 29.3 by the U.S. Department of Labor, Employment"
    " and Training Administration, CC BY 4.0, modified. Resumes: a public research collection "
    "whose licence is not stated; no text of it is in the model. Encoder: all-MiniLM-L6-v2, "
    "Apache 2.0."
)


def about_occupations(*, n_resumes: int) -> dict[str, str | tuple[str, ...]]:
    """Paragraphs by heading."""
    data = (
        f"{n_resumes:,} resumes without names and contact data, of which those whose first line is "
        "an O*NET title are labelled with its codes; the titles, descriptions and tasks of the "
        "1,016 occupations of O*NET 29.3."
    )
    return {
        "data": data,
        "splits": SPLITS,
        "definitions": DEFINITIONS,
        "limits": LIMITS,
        "fairness": FAIRNESS,
        "licence": LICENCE,
    }
