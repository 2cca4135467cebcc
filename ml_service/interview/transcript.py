"""Who said what in a transcript as it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.domain.errors import InvalidRequest, TooLarge
from ml_service.domain.interview import Turn
from ml_service.interview.set_aside import holds_markup

MAX_WORDS = 30_000
MAX_CHARACTERS = 400_000
MAX_TURNS = 5_000

CANDIDATE_LABELS = frozenset(
    {"applicant", "candidate", "interviewee", "job applicant", "job seeker", "respondent"}
)
INTERVIEWER_LABELS = frozenset(
    {
        "assessor",
        "employer",
        "examiner",
        "hiring manager",
        "host",
        "hr",
        "interviewer",
        "moderator",
        "panel",
        "panelist",
        "panellist",
        "recruiter",
    }
)


def read_turns(
    said: Sequence[tuple[str, str]], *, candidate: str | None = None
) -> tuple[Turn, ...]:
    """One turn for each (speaker, content), in their order; what is said stays as it was sent.

    ``candidate`` is the label of the candidate where it is none of the known ones; everybody else
    is an interviewer then. A number behind a label ("Interviewer 2") is overlooked, unless it
    tells two candidates apart.
    Raises InvalidRequest or TooLarge.
    """
    if not any(content.strip() for _, content in said):
        raise InvalidRequest(
            "The transcript is empty. Send at least one turn of the candidate.",
            field="transcript",
        )
    _refuse_too_much(said)
    role_of = _roles([speaker for speaker, _ in said], candidate)
    turns = tuple(Turn(role_of[speaker], content) for speaker, content in said)
    if not any(turn.by_candidate and turn.content.strip() for turn in turns):
        raise InvalidRequest(_nobody_to_score(turns, candidate), field="transcript")
    return turns


def notes_on(said: Sequence[tuple[str, str]], *, candidate: str | None = None) -> tuple[str, ...]:
    """What the speakers alone leave unjudged, in sentences that name nobody."""
    role_of = _roles([speaker for speaker, _ in said], candidate)
    roles = {_label(speaker, numbered=True): role for speaker, role in role_of.items()}
    notes = []
    if any(holds_markup(content) for _, content in said):
        notes.append("Markup in the transcript was set aside: tags were not read as words.")
    n_others = sum(role is None for role in roles.values())
    if n_others:
        speakers = "speaker" if n_others == 1 else "speakers"
        notes.append(
            f"The turns of {n_others} other {speakers} were not scored: neither the candidate "
            "nor an interviewer is known by these labels."
        )
    if False not in roles.values():
        notes.append(
            "The transcript holds no question of an interviewer, so it could not be judged "
            "whether answers are relevant."
        )
    return tuple(notes)


def _refuse_too_much(said: Sequence[tuple[str, str]]) -> None:
    n_words = sum(len(content.split()) for _, content in said)
    n_characters = sum(len(content) for _, content in said)
    if n_words > MAX_WORDS or n_characters > MAX_CHARACTERS or len(said) > MAX_TURNS:
        raise TooLarge(
            f"A transcript has {MAX_WORDS:,} words, {MAX_CHARACTERS:,} characters and "
            f"{MAX_TURNS:,} turns at most. Send the part that holds the interview."
        )


def _roles(speakers: Sequence[str], candidate: str | None) -> dict[str, bool | None]:
    """Raises InvalidRequest where two people would be scored as one."""
    labels = {speaker: _label(speaker, numbered=True) for speaker in dict.fromkeys(speakers)}
    named = None if candidate is None else _label(candidate, numbered=True)
    if named is not None and named in labels.values():
        roles = {speaker: _beside(label, named) for speaker, label in labels.items()}
    else:
        roles = {speaker: _by_candidate(speaker, candidate) for speaker in labels}
    numbers = {
        label.removeprefix(_label(speaker)) for speaker, label in labels.items() if roles[speaker]
    }
    if len(numbers) > 1:
        raise InvalidRequest("Two candidates speak. Name one in `candidate`.", field="candidate")
    return roles


def _beside(label: str, named: str) -> bool | None:
    """Candidate 2 beside Candidate 1 is nobody who asks."""
    if label == named:
        return True
    return None if _label(label) == _label(named) else False


def _by_candidate(speaker: str, candidate: str | None) -> bool | None:
    label = _label(speaker)
    if candidate is not None:
        return label == _label(candidate)
    if label in CANDIDATE_LABELS:
        return True
    return False if label in INTERVIEWER_LABELS else None


def _label(speaker: str, *, numbered: bool = False) -> str:
    """``Hiring_Manager 2:`` is ``hiring manager``; a label of figures alone stays one."""
    words = "".join(mark if mark.isalnum() else " " for mark in speaker.casefold()).split()
    has_number = len(words) > 1 and words[-1].isdecimal()
    plain = words[:-1] if has_number and not numbered else words
    return " ".join(plain)


def _nobody_to_score(turns: Sequence[Turn], candidate: str | None) -> str:
    if candidate is not None:
        return "No turn carries the label that names the candidate. Check how it is spelled."
    if all(turn.by_candidate is None for turn in turns):
        return (
            "None of the speakers is known. Call them 'candidate' and 'interviewer', or say "
            "which label is the candidate's."
        )
    return "The candidate says nothing. Send at least one turn with the speaker 'candidate'."
