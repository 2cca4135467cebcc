"""The client: a method for every route of the service. ``docs/client/api.md`` lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Self, TypeVar, Unpack

import httpx
from typing_extensions import override

from backend_client import _requests as requests
from backend_client import _scoring_requests as scoring
from backend_client._answers import Reply
from backend_client._calls import Call
from backend_client._configured_client import ConfiguredClient
from backend_client._core import UploadFields
from backend_client._documents import FileInput
from backend_client._events import Stage
from backend_client._requests import (
    JobFilters,
    PredictionChanges,
    PredictionFilters,
    PredictionId,
)
from backend_client._scoring_requests import Transcript
from backend_client._send import Sender
from backend_client._steps import OnProgress, Steps
from backend_client._sync import FindDocument, SyncReport, sync
from backend_client.exports import Export
from backend_client.pages import Pages
from backend_client.types import (
    Explanation,
    Health,
    Intent,
    IntentList,
    Interview,
    InterviewList,
    InterviewRubric,
    InterviewServices,
    InterviewSummary,
    JsonResume,
    Live,
    ModelCard,
    ModelList,
    Occupation,
    OccupationList,
    OccupationSummary,
    Posting,
    PostingList,
    Prediction,
    PredictionJobs,
    PredictionList,
    PredictionSummary,
    Rescored,
    ResumeText,
    RubricCard,
)

T = TypeVar("T")


class ResumeClient(ConfiguredClient[httpx.Client]):
    """One for the process; threads may share it.

        with ResumeClient() as client:
            prediction = client.predict("resume.pdf", user_id="marta")
            print(prediction.career_path, prediction.confidence)

    What is not given comes from ML_SERVICE_URL, ML_SERVICE_API_KEY and USE_FALLBACK_ANALYSIS.
    """

    def predict(
        self,
        file: FileInput,
        *,
        filename: str | None = None,
        user_id: str | None = None,
        job_description: str | None = None,
        document_date: date | None = None,
        job_location: str | None = None,
        job_country: str | None = None,
        model: str | None = None,
        force: bool = False,
        idempotency_key: str | None = None,
        on_progress: OnProgress | None = None,
        on_stage: Callable[[Stage], None] | None = None,
    ) -> Prediction:
        """Analyse a resume: a path, bytes or an open file; the service keeps the result.

        Where it cannot be reached, or answers 502 to 504, this process answers in its place, with
        ``source="local"`` (unless ``fallback`` is "off"). ``on_progress(sent, total)`` counts the
        bytes of the upload, ``on_stage`` hears of each stage as it happens.
        """
        asked = UploadFields(
            form=requests.form(
                user_id=user_id,
                job_description=job_description,
                document_date=document_date,
                job_location=job_location,
                job_country=job_country,
                model=model,
            ),
            force=force,
            idempotency_key=requests.idempotency_key(idempotency_key),
            on_progress=on_progress,
            on_stage=on_stage,
        )
        return self._run(self._core.predict(file, filename, asked))

    def get_prediction(self, prediction_id: PredictionId) -> Prediction:
        return self._call(requests.get_prediction(prediction_id))

    def refresh(self, prediction: Prediction) -> Prediction:
        """Its present state; the same object where nothing changed, at the cost of a 304."""
        return self._run(self._core.refreshed(prediction))

    def list_predictions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **filters: Unpack[PredictionFilters],
    ) -> Pages[PredictionList, PredictionSummary]:
        """Newest first. ``limit`` is the size of a page, 1 to 100."""
        return Pages(requests.list_predictions(filters, limit=limit, cursor=cursor), self._call)

    def user_predictions(
        self, user_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[PredictionList, PredictionSummary]:
        """One user's history, newest first."""
        return Pages(requests.user_predictions(user_id, limit=limit, cursor=cursor), self._call)

    def search_predictions(
        self,
        q: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **filters: Unpack[PredictionFilters],
    ) -> Pages[PredictionList, PredictionSummary]:
        """Best match first; words, "a phrase" and a trailing * are understood."""
        return Pages(
            requests.search_predictions(q, filters, limit=limit, cursor=cursor), self._call
        )

    def update_prediction(
        self,
        prediction_id: PredictionId,
        *,
        if_match: str | None = None,
        **changes: Unpack[PredictionChanges],
    ) -> Prediction:
        """What is left out stays, None clears. With ``if_match`` (an ``etag``) only that state."""
        return self._call(requests.update_prediction(prediction_id, changes, if_match=if_match))

    def delete_prediction(
        self, prediction_id: PredictionId, *, if_match: str | None = None
    ) -> None:
        """Row, jobs, text and search entry, at once and for good."""
        self._call(requests.delete_prediction(prediction_id, if_match=if_match))

    def rescore(
        self,
        prediction_id: PredictionId,
        file: FileInput | None = None,
        *,
        filename: str | None = None,
        job_description: str | None = None,
        job_location: str | None = None,
        job_country: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Rescored:
        """By the present rubric, parser and model: the stored text, or the changed ``file``."""
        form = requests.form(
            job_description=job_description, job_location=job_location, job_country=job_country
        )
        return self._run(
            self._core.rescored(
                prediction_id,
                file,
                filename,
                form=form,
                idempotency_key=requests.idempotency_key(idempotency_key),
                if_match=if_match,
            )
        )

    def resume(self, prediction_id: PredictionId) -> JsonResume:
        """As JSON Resume 1.0."""
        return self._call(requests.resume(prediction_id))

    def text(self, prediction_id: PredictionId) -> ResumeText:
        """The lines of the resume, in the order in which a person reads them."""
        return self._call(requests.text(prediction_id))

    def explanation(self, prediction_id: PredictionId) -> Explanation:
        """What each line contributed, measured now; takes seconds."""
        return self._call(requests.explanation(prediction_id))

    def prediction_jobs(self, prediction_id: PredictionId) -> PredictionJobs:
        """The postings that were found for it, best match first, and their status."""
        return self._call(requests.prediction_jobs(prediction_id))

    def export_user(self, user_id: str) -> Export:
        """All that is held of a user: ``.write_to(path)``, ``.read()`` or ``.chunks()``."""
        call = requests.export_user(user_id)

        def ask() -> Reply:
            return self._run(self._core.opened(call))

        return Export(ask)

    def erase_user(self, user_id: str) -> None:
        """All that is held of the user, for good, interviews and what waits in the outbox too."""
        self._run(self._core.erase_user(user_id))

    def search_jobs(
        self,
        query: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **filters: Unpack[JobFilters],
    ) -> Pages[PostingList, Posting]:
        """Postings of the job board, or of the imported index; a new search may cost quota."""
        return Pages(requests.search_jobs(query, filters, limit=limit, cursor=cursor), self._call)

    def career_paths(
        self,
        q: str | None = None,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Pages[OccupationList, OccupationSummary]:
        """Occupations whose title fits, best first; all of them without ``q``."""
        return Pages(requests.career_paths(q, limit=limit, cursor=cursor), self._call)

    def career_path(self, soc_code: str) -> Occupation:
        return self._call(requests.career_path(soc_code))

    def ats_rubric(self) -> RubricCard:
        """Every check with its weight, thresholds and where each comes from."""
        return self._call(requests.ats_rubric())

    def analyze_interview(
        self,
        transcript: Transcript,
        *,
        interview_id: str | None = None,
        user_id: str | None = None,
        rubric: Mapping[str, float] | None = None,
        job: str | None = None,
        candidate: str | None = None,
        idempotency_key: str | None = None,
    ) -> Interview:
        """Score the candidate's turns; the service keeps the report. Feedback, not selection.

        An ``interview_id`` is made up where none is given; ``rubric`` has weights by criterion.
        With one service away the report is partial: see its ``services`` and ``missing``.
        """
        call = scoring.analyze_interview(
            transcript,
            interview_id=interview_id,
            user_id=user_id,
            rubric=rubric,
            job=job,
            candidate=candidate,
            idempotency_key=requests.idempotency_key(idempotency_key),
        )
        return self._call(call)

    def get_interview(self, interview_id: str) -> Interview:
        return self._call(scoring.get_interview(interview_id))

    def delete_interview(self, interview_id: str) -> None:
        """Report and transcript, at once and for good."""
        self._call(scoring.delete_interview(interview_id))

    def user_interviews(
        self, user_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[InterviewList, InterviewSummary]:
        """One user's interviews, newest first."""
        return Pages(scoring.user_interviews(user_id, limit=limit, cursor=cursor), self._call)

    def interview_rubric(self) -> InterviewRubric:
        """How every score is made: signals, thresholds, and where each comes from."""
        return self._call(scoring.interview_rubric())

    def interview_services(self) -> InterviewServices:
        """Whether the two services answer; asked once, without retries."""
        return self._call(scoring.interview_services())

    def classify_intent(
        self, text: str, *, model: str | None = None, user_id: str | None = None
    ) -> Intent:
        """What a short text wants; of a wish for jobs, the search that it stands for."""
        return self._call(scoring.classify_intent(text, model=model, user_id=user_id))

    def classify_intents(
        self, texts: Sequence[str], *, model: str | None = None, user_id: str | None = None
    ) -> IntentList:
        """The same for up to 256 texts at once."""
        return self._call(scoring.classify_intents(texts, model=model, user_id=user_id))

    def models(self) -> ModelList:
        return self._call(requests.models())

    def model(self, model_id: str) -> ModelCard:
        return self._call(requests.model(model_id))

    def health(self) -> Health:
        """The state of each part. Probes are asked once, without retries."""
        return self._call(requests.health())

    def ready(self) -> Health:
        """Also where it is not ready: see ``is_ready``."""
        return self._call(requests.ready())

    def live(self) -> Live:
        return self._call(requests.live())

    def metrics(self) -> str:
        """In the text format of Prometheus."""
        return self._call(requests.metrics())

    def sync(self, documents: FindDocument | None = None) -> SyncReport:
        """Send what waits in the outbox, each with its first Idempotency-Key.

        ``documents`` finds the document of an entry that was kept without. Once is enough: what is
        sent is removed only when the service has recorded it, and is never recorded twice.
        """
        return self._run(sync(self._core, documents))

    def close(self) -> None:
        """Its connections; those of a client that ``with_options`` made belong to the first."""
        if self._owns_http:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @staticmethod
    @override
    def _connections() -> httpx.Client:
        return httpx.Client()

    def _call(self, call: Call[T]) -> T:
        return self._run(self._core.call(call))

    def _run(self, steps: Steps[T]) -> T:
        return Sender(self._http).run(steps)
