"""The resume rubric: every check with its weight, thresholds and where they come from.

All constants of the score stand here, and ``GET /ats/rubric`` publishes them. A change of any of
them is a new ``RUBRIC_VERSION``. A source is a page that exists; where there is none it says
"our choice" with the reason. Nothing here claims to be what one employer's software does.
"""

from __future__ import annotations

from dataclasses import dataclass

RUBRIC_VERSION = "1.1"
TOTAL_POINTS = 100
MAX_EVIDENCE = 5

MIN_WORDS_TEXT_LAYER = 5
UNREADABLE_SHARE_FULL = 0.01
UNREADABLE_SHARE_NONE = 0.20

COLUMN_SHARES = {1: 1.0, 2: 0.6}
MANY_COLUMNS_SHARE = 0.3
LINES_BESIDE_FULL_LOSS = 0.25
AGREEMENT_FULL = 0.95
AGREEMENT_NONE = 0.60
UNCOMPARED_SHARE = 0.6

SECTION_SHARES = {"work": 0.5, "education": 0.25, "skills": 0.25}
UNHEADED_SHARE = 0.5
WORK_SUBSTITUTES = frozenset({"projects", "volunteer"})

EMAIL_SHARE = 0.6
PHONE_SHARE = 0.3
LINK_SHARE = 0.1

MIN_BULLETS = 3
QUANTIFIED_FULL = 0.60
ACTION_VERBS_FULL = 0.70
BULLET_MIN_WORDS = 8
BULLET_MAX_WORDS = 30
BULLET_LENGTH_FULL = 0.80

DATES_COMPLETE_SHARE = 0.5
DATES_PLAUSIBLE_SHARE = 0.3
DATES_CONSISTENT_SHARE = 0.2

MIN_WORDS = 300
MAX_WORDS = 1000
NO_POINTS_BELOW_WORDS = 100
NO_POINTS_ABOVE_WORDS = 2000
WORD_STEP = 25

REPEATED_WORD_SHARE = 0.06
REPEATED_WORD_COUNT = 15
KEYWORD_LIST_MIN_WORDS = 30
KEYWORD_LIST_FUNCTION_SHARE = 0.04
LISTED_FUNCTION_SHARE = 0.10
LISTED_WORDS_SHARE = 0.85
LISTED_ITEM_WORDS = 4

GAP_TIP_MONTHS = 6
LONG_DOCUMENT_PAGES = 3

NO_TEXT_LAYER_LIMIT = 0.0
NO_EMAIL_LIMIT = 60.0
KEYWORD_LIST_LIMIT = 45.0
NO_HISTORY_LIMIT = 45.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """``unit`` says what ``value`` counts: words, share, bullets, months."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class CheckRule:
    """``weight`` is in points before skipped checks are rescaled away."""

    id: str
    title: str
    weight: int
    blocking: bool
    measures: str
    thresholds: tuple[Threshold, ...]
    source: str


@dataclass(frozen=True, slots=True)
class CapRule:
    """``limit`` is in points; the lowest cap that applies counts."""

    id: str
    limit: float
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class RubricCard:
    """The whole rubric as it is published; ``rules`` are sentences that hold for all checks."""

    rubric_version: str
    total_points: int
    checks: tuple[CheckRule, ...]
    caps: tuple[CapRule, ...]
    rules: tuple[str, ...]


CHECKS = (
    CheckRule(
        id="text_layer",
        title="Text that software can read",
        weight=15,
        blocking=True,
        measures=(
            "Whether there is text, the share of characters without a meaning in Unicode "
            "(icon glyphs, unmapped fonts), and pages that are pictures."
        ),
        thresholds=(
            Threshold("fewer words are no text layer", MIN_WORDS_TEXT_LAYER, "words"),
            Threshold("full points up to unreadable", UNREADABLE_SHARE_FULL, "share"),
            Threshold("no points from unreadable", UNREADABLE_SHARE_NONE, "share"),
        ),
        source=(
            "W3C, Techniques for WCAG 2.0, PDF7 (https://www.w3.org/TR/WCAG20-TECHS/pdf): scanned "
            "pages hold pictures, not searchable text. The shares are our choice: a few icons do "
            "no harm; with every fifth character unreadable, words cannot be found."
        ),
    ),
    CheckRule(
        id="layout",
        title="Reading order and layout",
        weight=15,
        blocking=False,
        measures=(
            "The largest number of columns on a page, by the share of lines that stand in a "
            "further column (a list in two columns costs little), and, where two independent "
            "readings were made, how far they agree; the worse of the two counts. A DOCX states "
            "its own order, so only what was recognised as columns counts against it."
        ),
        thresholds=(
            Threshold("two columns keep", COLUMN_SHARES[2], "share"),
            Threshold("three or more columns keep", MANY_COLUMNS_SHARE, "share"),
            Threshold("columns count in full from lines beside", LINES_BESIDE_FULL_LOSS, "share"),
            Threshold("full points from agreement", AGREEMENT_FULL, "share"),
            Threshold("no points up to agreement", AGREEMENT_NONE, "share"),
            Threshold("an order in doubt that was not compared keeps", UNCOMPARED_SHARE, "share"),
        ),
        source=(
            "W3C, WCAG 2.1, success criterion 1.3.2 Meaningful Sequence "
            "(https://www.w3.org/TR/WCAG21/#meaningful-sequence). The shares are our choice: "
            "readers that go across the page mix columns, and each further column is one more "
            "place to do so."
        ),
    ),
    CheckRule(
        id="sections",
        title="Work, education and skills under plain headings",
        weight=15,
        blocking=False,
        measures=(
            "Sections with a heading that is recognised and something below it. Work or education "
            "found without a heading counts in part, projects or volunteering in place of work too."
        ),
        thresholds=(
            Threshold("work", SECTION_SHARES["work"], "share"),
            Threshold("education", SECTION_SHARES["education"], "share"),
            Threshold("skills", SECTION_SHARES["skills"], "share"),
            Threshold("found without its heading keeps", UNHEADED_SHARE, "share"),
        ),
        source=(
            "New Jersey Department of Labor, Resume Writing Guidance "
            "(https://www.nj.gov/labor/career-services/tools-support/resume/): a resume answers "
            "who, what work, what education and training. The shares are our choice: work is "
            "what most readers look for first."
        ),
    ),
    CheckRule(
        id="quantified_bullets",
        title="Bullets with a figure",
        weight=12,
        blocking=False,
        measures=(
            "The share of work bullets that hold an amount: a count, a percentage, money, a "
            "multiple. Years, dates, versions, ordinals and numbers in names do not count."
        ),
        thresholds=(
            Threshold("full points from", QUANTIFIED_FULL, "share"),
            Threshold("skipped below", MIN_BULLETS, "bullets"),
        ),
        source=(
            "Quinnipiac University CAS 360, Resume Experience Section "
            "(https://cas360.qu.edu/resources/resume-experience-section/): quantify where "
            "possible. 60 % is our choice: not every duty has a figure."
        ),
    ),
    CheckRule(
        id="contact",
        title="Contact that software can find",
        weight=10,
        blocking=True,
        measures="An e-mail address, a phone number and a link, as they stand in the text.",
        thresholds=(
            Threshold("e-mail", EMAIL_SHARE, "share"),
            Threshold("phone", PHONE_SHARE, "share"),
            Threshold("link", LINK_SHARE, "share"),
        ),
        source=(
            "New Jersey Department of Labor, Resume Writing Guidance "
            "(https://www.nj.gov/labor/career-services/tools-support/resume/): how may I contact "
            "you? The shares are our choice: without an e-mail address nobody can answer."
        ),
    ),
    CheckRule(
        id="dates",
        title="Dates that can be read",
        weight=10,
        blocking=False,
        measures=(
            "Work entries with a start and an end (or 'present'); no end before its start and "
            "nothing later than the document date; one way of writing dates."
        ),
        thresholds=(
            Threshold("start and end", DATES_COMPLETE_SHARE, "share"),
            Threshold("in order and not in the future", DATES_PLAUSIBLE_SHARE, "share"),
            Threshold("one way of writing", DATES_CONSISTENT_SHARE, "share"),
        ),
        source=(
            "Our choice: years of experience can only be counted from ranges that are complete "
            "and in order; one way of writing is what makes them safe to read."
        ),
    ),
    CheckRule(
        id="action_verbs",
        title="Bullets that begin with a verb",
        weight=8,
        blocking=False,
        measures=(
            "The share of work bullets that begin with a verb of doing, as base form, past tense "
            "or third person. English only; skipped for other languages."
        ),
        thresholds=(
            Threshold("full points from", ACTION_VERBS_FULL, "share"),
            Threshold("skipped below", MIN_BULLETS, "bullets"),
        ),
        source=(
            "Quinnipiac University CAS 360, Resume Experience Section "
            "(https://cas360.qu.edu/resources/resume-experience-section/): begin bullets with "
            "action verbs. 70 % is our choice: a list of verbs is never complete."
        ),
    ),
    CheckRule(
        id="bullet_length",
        title="Bullets of 8 to 30 words",
        weight=5,
        blocking=False,
        measures="The share of work bullets whose length is in the range.",
        thresholds=(
            Threshold("shortest", BULLET_MIN_WORDS, "words"),
            Threshold("longest", BULLET_MAX_WORDS, "words"),
            Threshold("full points from", BULLET_LENGTH_FULL, "share"),
            Threshold("skipped below", MIN_BULLETS, "bullets"),
        ),
        source=(
            "Our choice: fewer than 8 words seldom say what was done and what came of it; 30 "
            "words fill two lines of a letter page."
        ),
    ),
    CheckRule(
        id="length",
        title="300 to 1,000 words",
        weight=5,
        blocking=False,
        measures=(
            "Words of the text without headings, name, place, addresses and pronouns; outside the "
            "range in whole steps, so that a few words more or less change nothing."
        ),
        thresholds=(
            Threshold("full points from", MIN_WORDS, "words"),
            Threshold("full points to", MAX_WORDS, "words"),
            Threshold("no points up to", NO_POINTS_BELOW_WORDS, "words"),
            Threshold("no points from", NO_POINTS_ABOVE_WORDS, "words"),
            Threshold("step", WORD_STEP, "words"),
        ),
        source=(
            "Optim Careers, Ideal Resume Word Count (https://optimcareers.com/expert-articles/"
            "ideal-resume-word-count): effective resumes had 306 to 760 words; RezScore, Size "
            "Matters (http://blog.rezscore.com/2010/09/size-matters/): ratings fall above 900. "
            "Neither study was reviewed; our range is wider so that it errs on the mild side."
        ),
    ),
    CheckRule(
        id="hygiene",
        title="Nothing that does not belong",
        weight=5,
        blocking=False,
        measures=(
            "Empty sections, a references line, numbers of identity documents, stuffed keywords "
            "and hidden text; each counts alike. Hidden text counts only where the reading found "
            "some."
        ),
        thresholds=(
            Threshold("a word is stuffed above", REPEATED_WORD_SHARE, "share"),
            Threshold("and from", REPEATED_WORD_COUNT, "occurrences"),
            Threshold("a list of keywords has from", KEYWORD_LIST_MIN_WORDS, "words"),
            Threshold("and fewer function words than", KEYWORD_LIST_FUNCTION_SHARE, "share"),
            Threshold("or fewer function words than", LISTED_FUNCTION_SHARE, "share"),
            Threshold("with this much in items of a list", LISTED_WORDS_SHARE, "share"),
            Threshold("an item of a list has at most", LISTED_ITEM_WORDS, "words"),
        ),
        source=(
            "References: University of Akron, Skills - References "
            "(http://www.uakron.edu/ascareer/skills-references.dot). Identity numbers: Identity "
            "Theft Resource Center in Security Today, 28 August 2007 (https://securitytoday.com/"
            "Articles/2007/08/28/Identity-Theft-Protection.aspx). The shares are our choice, "
            "measured: of 500 real resumes the most repeated word makes up 1.7 % in the middle "
            "and 4.2 % at the 99th percentile; of 300, function words make up at least 12 %, and "
            "items of lists at most 70 % (47 % at the 99th percentile)."
        ),
    ),
)

CAPS = (
    CapRule(
        id="no_text_layer",
        limit=NO_TEXT_LAYER_LIMIT,
        reason="Software finds no text in this document, so nothing else can be read.",
        source="Our choice: what cannot be read cannot be scored.",
    ),
    CapRule(
        id="no_email",
        limit=NO_EMAIL_LIMIT,
        reason="No e-mail address stands in the text, so nobody can answer.",
        source="Our choice: the rest of a resume is of little use without it.",
    ),
    CapRule(
        id="keyword_list",
        limit=KEYWORD_LIST_LIMIT,
        reason="The text is a list of keywords, not an account of what was done.",
        source="Our choice: the points for form alone would otherwise reward a page of keywords.",
    ),
    CapRule(
        id="no_history",
        limit=NO_HISTORY_LIMIT,
        reason="Neither work nor education, projects or volunteering could be found.",
        source="Our choice: the points for form alone would otherwise reward an empty history.",
    ),
)

RULES = (
    "The score is the sum of the points earned, or the lowest cap that applies, with its reason.",
    (
        "A check that cannot be decided is skipped: it has weight 0, earns nothing, and the "
        "weights of the others are rescaled to 100."
    ),
    f"With fewer than {MIN_BULLETS} bullets the checks on bullets are skipped.",
    "Without a text layer every other check is skipped.",
    (
        "A check that passes shows lines that meet it; any other shows the lines to change, or "
        "what was found where something is missing."
    ),
    "Today's date changes nothing: dates are compared with the date of the document.",
    "Gaps between jobs and matters of style are tips without points.",
    (
        "A job description is matched apart from the score: the share met of what it requires "
        "counts twice that of what it prefers. Words, stems and other names earn 1 (exact); a "
        "sentence that says about the same as a requirement without a proper name earns 0.5 "
        "(medium), judged by the cosine of their vectors. Names of technologies and credentials "
        "are never met by meaning. What no line says, or a line denies, is missing."
    ),
    (
        "This is guidance for the writer. It is not the software of any employer and says "
        "nothing about an employer's decision."
    ),
)
