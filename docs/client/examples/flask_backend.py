"""A Flask backend that accepts a resume from a browser and hands it on.

ML_SERVICE_URL=http://localhost:8000 flask --app flask_backend run --port 9000
curl -F resume=@resume.pdf -H 'X-Member-Id: marta' http://localhost:9000/resumes

Where the service is away, this process answers. What was answered so is sent to it by a command, as
cron runs it from the same folder every five minutes:

*/5 * * * * cd /srv/product && flask --app flask_backend send-waiting
"""

from __future__ import annotations

from functools import cache

import click
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


@app.cli.command("send-waiting")
def send_waiting() -> None:
    """Send what was answered here while the service was away."""
    report = resumes().sync()
    click.echo(f"{len(report.sent)} sent later, {report.n_left} still wait")
    for key, failure in {**report.refused, **report.failed}.items():
        click.echo(f"{key} waits: {failure}", err=True)


@app.errorhandler(ResumeClientError)
def refused(error: ResumeClientError) -> tuple[Response, int]:
    if isinstance(error, StatusError) and error.status in MEMBERS_OWN:
        return jsonify(code=error.code, detail=error.detail), error.status
    sentence = "Resumes cannot be read at the moment. Please try again later."
    return jsonify(code="service_unavailable", detail=sentence), 502
