// A web product's backend: takes a member's resume, has it analysed, and shows the member's history.
// Settings: PORT (3000), ML_SERVICE_URL (http://127.0.0.1:8000), ML_SERVICE_API_KEY (none).

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import express from "express";
import multer from "multer";

const PORT = Number(process.env.PORT ?? 3000);
const SERVICE = (process.env.ML_SERVICE_URL ?? "http://127.0.0.1:8000").replace(/\/+$/, "");
const API_KEY = process.env.ML_SERVICE_API_KEY;
const MAX_RESUME_BYTES = 10_000_000;
const TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 3;
const MAX_PAUSE_S = 5;
const SENT_ON = ["job_description", "document_date", "job_location", "job_country"];

const app = express();
app.disable("x-powered-by");

const oneResume = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MAX_RESUME_BYTES, files: 1, fields: 10, fieldSize: 100_000 },
  defParamCharset: "utf8",
}).single("resume");

app.post("/resumes", needMember, oneResume, async (request, response) => {
  if (!request.file) {
    return sendProblem(response, { status: 400, code: "no_file", detail: "Send the resume as the field 'resume'." });
  }
  // One key for all attempts: whatever is repeated, one prediction comes of it.
  const key = request.get("Idempotency-Key") ?? randomUUID();
  const answer = await callService("/predict", () => ({
    method: "POST",
    headers: { "Idempotency-Key": key },
    body: formFor(request),
  }));
  response.status(answer.status).json(answer.body);
});

app.get("/resumes", needMember, async (request, response) => {
  const query = new URLSearchParams({ limit: "20" });
  if (typeof request.query.cursor === "string") query.set("cursor", request.query.cursor);
  const path = `/predictions/user/${encodeURIComponent(request.memberId)}?${query}`;
  const answer = await callService(path, () => ({ method: "GET" }));
  response.status(answer.status).json(answer.body);
});

// Whose resume it is comes from your own sign-in; a header stands for it here.
function needMember(request, response, next) {
  request.memberId = request.get("X-Member-Id");
  if (request.memberId) return next();
  return sendProblem(response, { status: 401, code: "not_signed_in", detail: "Sign in first." });
}

function formFor(request) {
  const form = new FormData();
  form.set("file", new Blob([request.file.buffer]), request.file.originalname);
  form.set("user_id", request.memberId);
  for (const name of SENT_ON) {
    if (typeof request.body[name] === "string" && request.body[name]) form.set(name, request.body[name]);
  }
  return form;
}

// Overloaded, or gone for a moment: asked again. Everything else is the answer.
async function callService(path, makeRequest) {
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt === MAX_ATTEMPTS;
    try {
      const answer = await fetch(SERVICE + path, withKey(makeRequest()));
      if (answer.status !== 503 || last) return await readAnswer(answer);
      await answer.body?.cancel();
      await pause(1000 * Math.min(MAX_PAUSE_S, Number(answer.headers.get("Retry-After")) || 1));
    } catch (error) {
      if (error instanceof Problem || last) throw error;
      await pause(200 * attempt);
    }
  }
}

function withKey(request) {
  const headers = new Headers(request.headers);
  if (API_KEY) headers.set("X-API-Key", API_KEY);
  return { ...request, headers, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) };
}

async function readAnswer(answer) {
  const body = await answer.json();
  if (answer.ok) return { status: answer.status, body };
  // 401 and 403 speak of this backend's own key: nothing that a member could mend.
  const ours = answer.status === 401 || answer.status === 403;
  if (ours) console.error(`the service refused our key: ${body.detail}`);
  throw new Problem(ours ? { status: 502, code: "service_refused_us", detail: "Resumes cannot be read now." } : body);
}

class Problem extends Error {
  constructor({ status, code, detail, errors = [], request_id = null }) {
    super(detail);
    this.content = { status, code, detail, errors, request_id };
  }
}

function sendProblem(response, content) {
  return response.status(content.status).type("application/problem+json").send(JSON.stringify(content));
}

app.use((error, request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof Problem) return sendProblem(response, error.content);
  if (error instanceof multer.MulterError) {
    const tooLarge = error.code === "LIMIT_FILE_SIZE";
    const detail = tooLarge ? "The file is larger than 10 MB." : "Send one file and the fields of the form.";
    return sendProblem(response, { status: tooLarge ? 413 : 400, code: tooLarge ? "too_large" : "bad_form", detail });
  }
  console.error(`${request.method} ${request.path} failed: ${error.name}`);
  return sendProblem(response, { status: 502, code: "service_unreachable", detail: "Resumes cannot be read now. Try again later." });
});

const server = app.listen(PORT, "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`http://127.0.0.1:${server.address().port} sends resumes to ${SERVICE}`);
});
process.on("SIGTERM", () => server.close());
