"""Every route of the service as a Call, built by pure functions from plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, TypedDict
from urllib.parse import quote
from uuid import UUID, uuid4

from backend_client._calls import EVENTS, IDEMPOTENCY_KEY, JSON, Call, Params, Upload
from backend_client.errors import ConfigurationError
from backend_client.types import (
    Explanation,
    Feedback,
    Health,
    JsonResume,
    Live,
    ModelCard,
    ModelList,
    Occupation,
    OccupationList,
    PostingList,
    Prediction,
    PredictionJobs,
    PredictionList,
    Rescored,
    ResumeText,
    RubricCard,
    UserExport,
)
from backend_client.types.jobs import DatePosted, EmploymentType

PredictionId = UUID | str


class PredictionFilters(TypedDict, total=False):
    """What narrows a list of predictions; times are aware."""

    user_id: str
    career_path: str
    soc_code: str
    model: str
    tag: str
    min_confidence: float
    min_ats_score: float
    created_after: datetime
    created_before: datetime


class JobFilters(TypedDict, total=False):
    """``country`` in two letters, ISO 3166-1 alpha-2."""

    location: str
    remote: bool
    country: str
    date_posted: DatePosted
    employment_types: list[EmploymentType]


class PredictionChanges(TypedDict, total=False):
    """What is left out stays as it is; None clears."""

    user_id: str | None
    notes: str | None
    tags: list[str]
    feedback: Feedback | None
    corrected_soc_code: str | None


def predict(
    upload: Upload,
    *,
    form: Mapping[str, str],
    force: bool,
    idempotency_key: str,
    form_of_answer: Literal["json", "events"] = "json",
) -> Call[Prediction]:
    return Call(
        "POST",
        "/predict",
        Prediction,
        params=params(force=True) if force else (),
        form=form,
        upload=upload,
        accept=JSON if form_of_answer == "json" else EVENTS,
        idempotency_key=idempotency_key,
    )


def rescore(
    prediction_id: PredictionId,
    upload: Upload | None,
    *,
    form: Mapping[str, str],
    idempotency_key: str,
    if_match: str | None,
) -> Call[Rescored]:
    return Call(
        "POST",
        f"{_prediction(prediction_id)}/rescore",
        Rescored,
        form=form or None,
        upload=upload,
        headers=_if_match(if_match),
        idempotency_key=idempotency_key,
    )


def get_prediction(prediction_id: PredictionId) -> Call[Prediction]:
    return Call("GET", _prediction(prediction_id), Prediction)


def refresh(prediction: Prediction) -> Call[Prediction]:
    """Answered 304 where ``prediction`` still stands as it is."""
    if prediction.prediction_id is None:
        raise ConfigurationError("Nothing is recorded of a local answer; there is no other state.")
    held = {"If-None-Match": prediction.etag} if prediction.etag else {}
    return Call(
        "GET",
        _prediction(prediction.prediction_id),
        Prediction,
        headers=held,
        accepted=frozenset({304}),
    )


def list_predictions(
    filters: PredictionFilters, *, limit: int | None, cursor: str | None
) -> Call[PredictionList]:
    return Call(
        "GET", "/predictions", PredictionList, params(limit=limit, cursor=cursor, **filters)
    )


def user_predictions(
    user_id: str, *, limit: int | None, cursor: str | None
) -> Call[PredictionList]:
    path = f"/predictions/user/{segment(user_id)}"
    return Call("GET", path, PredictionList, params(limit=limit, cursor=cursor))


def search_predictions(
    q: str, filters: PredictionFilters, *, limit: int | None, cursor: str | None
) -> Call[PredictionList]:
    asked = params(q=q, limit=limit, cursor=cursor, **filters)
    return Call("GET", "/predictions/search", PredictionList, asked)


def update_prediction(
    prediction_id: PredictionId, changes: PredictionChanges, *, if_match: str | None
) -> Call[Prediction]:
    return Call(
        "PATCH",
        _prediction(prediction_id),
        Prediction,
        json=dict(changes),
        headers=_if_match(if_match),
        # Sent again after it took place, it would find another state than the one it names.
        repeatable=if_match is None,
    )


def delete_prediction(prediction_id: PredictionId, *, if_match: str | None) -> Call[None]:
    return Call("DELETE", _prediction(prediction_id), type(None), headers=_if_match(if_match))


def resume(prediction_id: PredictionId) -> Call[JsonResume]:
    return Call("GET", f"{_prediction(prediction_id)}/resume", JsonResume)


def text(prediction_id: PredictionId) -> Call[ResumeText]:
    return Call("GET", f"{_prediction(prediction_id)}/text", ResumeText)


def explanation(prediction_id: PredictionId) -> Call[Explanation]:
    return Call("GET", f"{_prediction(prediction_id)}/explanation", Explanation)


def prediction_jobs(prediction_id: PredictionId) -> Call[PredictionJobs]:
    return Call("GET", f"{_prediction(prediction_id)}/jobs", PredictionJobs)


def export_user(user_id: str) -> Call[UserExport]:
    return Call("GET", f"/users/{segment(user_id)}/export", UserExport)


def erase_user(user_id: str) -> Call[None]:
    return Call("DELETE", f"/users/{segment(user_id)}", type(None))


def search_jobs(
    query: str, filters: JobFilters, *, limit: int | None, cursor: str | None
) -> Call[PostingList]:
    asked = params(query=query, limit=limit, cursor=cursor, **filters)
    return Call("GET", "/jobs/search", PostingList, asked)


def career_paths(q: str | None, *, limit: int | None, cursor: str | None) -> Call[OccupationList]:
    return Call("GET", "/career-paths", OccupationList, params(q=q, limit=limit, cursor=cursor))


def career_path(soc_code: str) -> Call[Occupation]:
    return Call("GET", f"/career-paths/{segment(soc_code)}", Occupation)


def ats_rubric() -> Call[RubricCard]:
    return Call("GET", "/ats/rubric", RubricCard)


def models() -> Call[ModelList]:
    return Call("GET", "/models", ModelList)


def model(model_id: str) -> Call[ModelCard]:
    return Call("GET", f"/models/{segment(model_id)}", ModelCard)


def health() -> Call[Health]:
    return Call("GET", "/health", Health, quick=True)


def ready() -> Call[Health]:
    return Call("GET", "/health/ready", Health, quick=True, accepted=frozenset({503}))


def live() -> Call[Live]:
    return Call("GET", "/health/live", Live, quick=True)


def metrics() -> Call[str]:
    return Call("GET", "/metrics", str, accept="text/plain", quick=True)


def idempotency_key(given: str | None) -> str:
    """A new one where none is given. Raises ConfigurationError."""
    if given is None:
        return str(uuid4())
    if IDEMPOTENCY_KEY.fullmatch(given) is None:
        raise ConfigurationError(
            "idempotency_key must be 1 to 255 characters of printable ASCII without spaces."
        )
    return given


def params(**given: Any) -> Params:
    """As they stand in a query; None is left out, a list becomes one pair for each entry."""
    return tuple(
        (name, _written(name, item))
        for name, value in given.items()
        if value is not None
        for item in (value if isinstance(value, list | tuple) else (value,))
    )


def form(**given: Any) -> dict[str, str]:
    """The fields of a form that are not None."""
    return {name: _written(name, value) for name, value in given.items() if value is not None}


def _written(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ConfigurationError(f"{name} must be a time with its zone.")
        return value.isoformat()
    return value.isoformat() if isinstance(value, date) else _encodable(name, str(value))


def _encodable(name: str, text: str) -> str:
    """Raises ConfigurationError for half a surrogate pair, which no encoding takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigurationError(f"{name} holds what is no character of Unicode.") from None
    return text


def _prediction(prediction_id: PredictionId) -> str:
    return f"/predictions/{segment(str(prediction_id))}"


def segment(text: str) -> str:
    """One step of a path, whatever it holds. Raises ConfigurationError for what names nothing."""
    if not text.strip() or text in {".", ".."}:
        raise ConfigurationError("An id must be some text, and not one or two dots.")
    return quote(_encodable("An id", text), safe="")


def _if_match(etag: str | None) -> dict[str, str]:
    """Raises ConfigurationError for what is no ETag of an answer."""
    if etag is None:
        return {}
    if not etag.isascii() or not etag.isprintable() or etag != etag.strip():
        raise ConfigurationError("if_match must be the etag of an answer.")
    return {"If-Match": etag}
