"""A Flask backend that accepts a resume from a browser and hands it on.

ML_SERVICE_URL=http://localhost:8000 flask --app flask_backend run --port 9000
curl -F resume=@resume.pdf -H 'X-Member-Id: marta' http://localhost:9000/resumes
"""

from __future__ import annotations

from functools import cache

from flask import Flask, Response, jsonify, request

from backend_client import ResumeClient, ResumeClientError, StatusError

MEMBERS_OWN = {400, 413, 415, 422}

app = Flask(__name__)


@cache
def resumes() -> ResumeClient:
    """One for the process; threads may share it."""
    return ResumeClient(outbox_dir="outbox")


@app.post("/resumes")
def accept() -> tuple[Response, int]:
    upload = request.files["resume"]
    prediction = resumes().predict(
        upload.stream, filename=upload.filename, user_id=request.headers["X-Member-Id"]
    )
    return jsonify(prediction.as_json()), 201


@app.errorhandler(ResumeClientError)
def refused(error: ResumeClientError) -> tuple[Response, int]:
    if isinstance(error, StatusError) and error.status in MEMBERS_OWN:
        return jsonify(code=error.code, detail=error.detail), error.status
    sentence = "Resumes cannot be read at the moment. Please try again later."
    return jsonify(code="service_unavailable", detail=sentence), 502
