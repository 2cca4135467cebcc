"""The service that people write first, to measure ours against: one process, no pool, no queue.

pdfplumber reads the text, sentence-transformers (float32, as it comes) embeds in the request,
SQLite keeps a row. It embeds the passages that ours would (``PLAIN_PASSAGES``: a JSON file of lists
of texts by sha256), so that both do the same work.

    PLAIN_PASSAGES=passages.json PLAIN_DATABASE=plain.db uvicorn plain_service:app --app-dir scripts
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import sys
from pathlib import Path

import pdfplumber
from fastapi import FastAPI, UploadFile
from sentence_transformers import SentenceTransformer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.inference.weights import MINILM, locate_checked

app = FastAPI()
encoder = SentenceTransformer(str(locate_checked(MINILM)), device="cpu", local_files_only=True)
encoder.max_seq_length = MINILM.max_tokens
passages: dict[str, list[str]] = json.loads(Path(os.environ["PLAIN_PASSAGES"]).read_text())
rows = sqlite3.connect(os.environ["PLAIN_DATABASE"], check_same_thread=False)
rows.execute("PRAGMA journal_mode=WAL")
rows.execute("CREATE TABLE IF NOT EXISTS predictions (id TEXT, content TEXT, vector BLOB)")


@app.get("/health/ready")
def ready() -> dict[str, bool]:
    return {"ready": True}


@app.post("/predict", status_code=201)
async def predict(file: UploadFile) -> dict[str, int]:
    content = await file.read()
    with pdfplumber.open(io.BytesIO(content)) as document:
        text = "\n".join(page.extract_text() or "" for page in document.pages)
    digest = hashlib.sha256(content).hexdigest()
    vectors = encoder.encode(passages[digest], normalize_embeddings=True, show_progress_bar=False)
    mean = vectors.mean(axis=0).tobytes()
    rows.execute("INSERT INTO predictions VALUES (?, ?, ?)", (digest, text[:1000], mean))
    rows.commit()
    return {"passages": len(vectors)}
