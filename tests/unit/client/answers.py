"""Answers of a service, as its contract has them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx

ID = "01a1fc88-66d0-7014-90f3-04d67247e391"


def prediction(**changes: object) -> dict[str, Any]:
    said: dict[str, Any] = {
        "prediction_id": ID,
        "user_id": "marta",
        "resume_filename": "resume.pdf",
        "document_sha256": "0" * 64,
        "created_at": "2026-11-21T10:00:00Z",
        "updated_at": "2026-11-21T10:00:00Z",
        "career_path": "Accountants and Auditors",
        "soc_code": "13-2011.00",
        "confidence": 0.9,
        "career_field": "Business and Financial Operations Occupations",
        "career_paths": [
            {"title": "Accountants and Auditors", "soc_code": None, "confidence": 0.9}
        ],
        "abstained": False,
        "abstain_reason": None,
        "explanation": [{"text": "Month-end close", "page": 1, "contribution": 0.4}],
        "next_steps": [],
        "ats_score": 88.5,
        "ats": {
            "rubric_version": "1.1",
            "cap": None,
            "points_available": 11.5,
            "checks": [],
            "tips": [],
        },
        "match": None,
        "match_reason": None,
        "profile": {
            "language": "en",
            "contact": {
                "name": "Marta",
                "email": None,
                "phone": None,
                "location": None,
                "links": [],
            },
            "summary": None,
            "sections": [],
            "work": [],
            "education": [],
            "skills": [{"name": "Excel", "evidence_line": 3}],
            "certificates": [],
            "languages": [],
            "years_experience": None,
            "reading": {
                "engine": "pdfium",
                "agreement": None,
                "columns": 1,
                "warnings": [],
                "ocr_pages": [],
                "ocr_confidence": None,
                "unread_pages": [],
            },
        },
        "jobs": [],
        "jobs_status": "not_configured",
        "jobs_provider": None,
        "jobs_query": None,
        "jobs_fetched_at": None,
        "model": {"model_id": "occupations", "revision": "r1", "arm": None},
        "encoder": {"model_id": "e", "revision": "1", "precision": "fp32", "engine": "x"},
        "rubric_version": "1.1",
        "parser_version": "3",
        "document_date": "2026-11-21",
        "source": "ml-service",
        "degraded_reason": None,
        "notes": None,
        "tags": [],
        "feedback": None,
        "corrected_soc_code": None,
    }
    return {**said, **changes}


def summary(number: int) -> dict[str, Any]:
    return {
        "prediction_id": str(UUID(int=number)),
        "user_id": "marta",
        "resume_filename": f"{number}.pdf",
        "created_at": "2026-11-21T10:00:00Z",
        "career_path": "Accountants and Auditors",
        "soc_code": None,
        "confidence": 0.5,
        "abstained": False,
        "ats_score": 70.0,
        "jobs_status": "ok",
        "model": {"model_id": "occupations", "revision": "r1", "arm": None},
        "tags": [],
        "snippet": None,
    }


def said(status: int, body: object, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=body, headers={"X-Request-Id": "req-1", **named})


def problem(status: int, code: str, detail: str = "A sentence.", **headers: str) -> httpx.Response:
    body = {
        "type": f"urn:ml-service:problem:{code}",
        "title": "T",
        "status": status,
        "detail": detail,
        "instance": "/predict",
        "code": code,
        "request_id": "req-1",
        "errors": [],
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(
        status,
        content=json.dumps(body),
        headers={
            "X-Request-Id": "req-1",
            "Content-Type": "application/problem+json",
            **named,
        },
    )


def accepted(**changes: object) -> httpx.Response:
    return said(201, prediction(**changes), ETag='"a-1"')
