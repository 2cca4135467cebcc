"""A Django view that accepts a resume from a browser and hands it on.

urlpatterns = [path("resumes", accept)]
"""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from backend_client import ResumeClient, ResumeClientError, StatusError

MEMBERS_OWN = {400, 413, 415, 422}


@cache
def resumes() -> ResumeClient:
    """One for the process; threads may share it. Its settings come from the environment."""
    return ResumeClient()


@require_POST
def accept(request: HttpRequest) -> JsonResponse:
    """``request.user`` is whom Django's own session names."""
    upload = request.FILES["resume"]
    try:
        prediction = resumes().predict(
            upload, filename=upload.name, user_id=request.user.get_username()
        )
    except StatusError as error:
        if error.status not in MEMBERS_OWN:
            return unavailable()
        return JsonResponse({"code": error.code, "detail": error.detail}, status=error.status)
    except ResumeClientError:
        return unavailable()
    return JsonResponse(prediction.as_json(), status=201)


def unavailable() -> JsonResponse:
    sentence = "Resumes cannot be read at the moment. Please try again later."
    return JsonResponse({"code": "service_unavailable", "detail": sentence}, status=502)
