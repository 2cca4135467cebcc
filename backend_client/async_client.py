"""The client for an event loop: every method as in ``client``."""

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
from backend_client._send_async import AsyncSender
from backend_client._steps import OnProgress, Steps
from backend_client._sync import FindDocument, SyncReport, sync
from backend_client.exports import AsyncExport
from backend_client.pages import AsyncPages
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


class AsyncResumeClient(ConfiguredClient[httpx.AsyncClient]):
    """One for the process; tasks may share it. ``await`` its methods, ``async for`` its lists.

    async with AsyncResumeClient() as client:
        prediction = await client.predict("resume.pdf", user_id="marta")
        async for summary in client.user_predictions("marta"):
            print(summary.career_path)
    """

    async def predict(
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
        return await self._run(self._core.predict(file, filename, asked))

    async def get_prediction(self, prediction_id: PredictionId) -> Prediction:
        return await self._call(requests.get_prediction(prediction_id))

    async def refresh(self, prediction: Prediction) -> Prediction:
        """Its present state; the same object where nothing changed, at the cost of a 304."""
        return await self._run(self._core.refreshed(prediction))

    def list_predictions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **filters: Unpack[PredictionFilters],
    ) -> AsyncPages[PredictionList, PredictionSummary]:
        """Newest first. ``limit`` is the size of a page, 1 to 100."""
        return AsyncPages(
            requests.list_predictions(filters, limit=limit, cursor=cursor), self._call
        )

    def user_predictions(
        self, user_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> AsyncPages[PredictionList, PredictionSummary]:
        """One user's history, newest first."""
        return AsyncPages(
            requests.user_predictions(user_id, limit=limit, cursor=cursor), self._call
        )

    def search_predictions(
        self,
        q: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **filters: Unpack[PredictionFilters],
    ) -> AsyncPages[PredictionList, PredictionSummary]:
        """Best match first; words, "a phrase" and a trailing * are understood."""
        return AsyncPages(
            requests.search_predictions(q, filters, limit=limit, cursor=cursor), self._call
        )

    async def update_prediction(
        self,
        prediction_id: PredictionId,
        *,
        if_match: str | None = None,
        **changes: Unpack[PredictionChanges],
    ) -> Prediction:
        """What is left out stays, None clears. With ``if_match`` (an ``etag``) only that state."""
        return await self._call(
            requests.update_prediction(prediction_id, changes, if_match=if_match)
        )

    async def delete_prediction(
        self, prediction_id: PredictionId, *, if_match: str | None = None
    ) -> None:
        """Row, jobs, text and search entry, at once and for good."""
        await self._call(requests.delete_prediction(prediction_id, if_match=if_match))

    async def rescore(
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
        return await self._run(
            self._core.rescored(
                prediction_id,
                file,
                filename,
                form=form,
                idempotency_key=requests.idempotency_key(idempotency_key),
                if_match=if_match,
            )
        )

    async def resume(self, prediction_id: PredictionId) -> JsonResume:
        """As JSON Resume 1.0."""
        return await self._call(requests.resume(prediction_id))

    async def text(self, prediction_id: PredictionId) -> ResumeText:
        """The lines of the resume, in the order in which a person reads them."""
        return await self._call(requests.text(prediction_id))

    async def explanation(self, prediction_id: PredictionId) -> Explanation:
        """What each line contributed, measured now; takes seconds."""
        return await self._call(requests.explanation(prediction_id))

    async def prediction_jobs(self, prediction_id: PredictionId) -> PredictionJobs:
        """The postings that were found for it, best match first, and their status."""
        return await self._call(requests.prediction_jobs(prediction_id))

    def export_user(self, user_id: str) -> AsyncExport:
        """All that is held of a user: ``.write_to(path)``, ``.read()`` or ``.chunks()``."""
        call = requests.export_user(user_id)

        async def ask() -> Reply:
            return await self._run(self._core.opened(call))

        return AsyncExport(ask)

    async def erase_user(self, user_id: str) -> None:
        """All that is held of the user, for good, interviews and what waits in the outbox too."""
        await self._run(self._core.erase_user(user_id))

    def search_jobs(
        self,
        query: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        **filters: Unpack[JobFilters],
    ) -> AsyncPages[PostingList, Posting]:
        """Postings of the job board, or of the imported index; a new search may cost quota."""
        return AsyncPages(
            requests.search_jobs(query, filters, limit=limit, cursor=cursor), self._call
        )

    def career_paths(
        self,
        q: str | None = None,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPages[OccupationList, OccupationSummary]:
        """Occupations whose title fits, best first; all of them without ``q``."""
        return AsyncPages(requests.career_paths(q, limit=limit, cursor=cursor), self._call)

    async def career_path(self, soc_code: str) -> Occupation:
        return await self._call(requests.career_path(soc_code))

    async def ats_rubric(self) -> RubricCard:
        """Every check with its weight, thresholds and where each comes from."""
        return await self._call(requests.ats_rubric())

    async def analyze_interview(
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
        return await self._call(call)

    async def get_interview(self, interview_id: str) -> Interview:
        return await self._call(scoring.get_interview(interview_id))

    async def delete_interview(self, interview_id: str) -> None:
        """Report and transcript, at once and for good."""
        await self._call(scoring.delete_interview(interview_id))

    def user_interviews(
        self, user_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> AsyncPages[InterviewList, InterviewSummary]:
        """One user's interviews, newest first."""
        return AsyncPages(scoring.user_interviews(user_id, limit=limit, cursor=cursor), self._call)

    async def interview_rubric(self) -> InterviewRubric:
        """How every score is made: signals, thresholds, and where each comes from."""
        return await self._call(scoring.interview_rubric())

    async def interview_services(self) -> InterviewServices:
        """Whether the two services answer; asked once, without retries."""
        return await self._call(scoring.interview_services())

    async def classify_intent(
        self, text: str, *, model: str | None = None, user_id: str | None = None
    ) -> Intent:
        """What a short text wants; of a wish for jobs, the search that it stands for."""
        return await self._call(scoring.classify_intent(text, model=model, user_id=user_id))

    async def classify_intents(
        self, texts: Sequence[str], *, model: str | None = None, user_id: str | None = None
    ) -> IntentList:
        """The same for up to 256 texts at once."""
        return await self._call(scoring.classify_intents(texts, model=model, user_id=user_id))

    async def models(self) -> ModelList:
        return await self._call(requests.models())

    async def model(self, model_id: str) -> ModelCard:
        return await self._call(requests.model(model_id))

    async def health(self) -> Health:
        """The state of each part. Probes are asked once, without retries."""
        return await self._call(requests.health())

    async def ready(self) -> Health:
        """Also where it is not ready: see ``is_ready``."""
        return await self._call(requests.ready())

    async def live(self) -> Live:
        return await self._call(requests.live())

    async def metrics(self) -> str:
        """In the text format of Prometheus."""
        return await self._call(requests.metrics())

    async def sync(self, documents: FindDocument | None = None) -> SyncReport:
        """Send what waits in the outbox, each with its first Idempotency-Key.

        ``documents`` finds the document of an entry that was kept without. Once is enough: what is
        sent is removed only when the service has recorded it, and is never recorded twice.
        """
        return await self._run(sync(self._core, documents))

    async def aclose(self) -> None:
        """Its connections; those of a client that ``with_options`` made belong to the first."""
        if self._owns_http:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    @staticmethod
    @override
    def _connections() -> httpx.AsyncClient:
        return httpx.AsyncClient()

    async def _call(self, call: Call[T]) -> T:
        return await self._run(self._core.call(call))

    async def _run(self, steps: Steps[T]) -> T:
        return await AsyncSender(self._http).run(steps)
