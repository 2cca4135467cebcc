// Every route of the service that the page uses.

import { serviceAnswered, serviceLost } from "./connection.js";
import { apiKey, userId } from "./identity.js";
import { BROKEN_OFF, OTHER, Problem, problemOf, TOO_SLOW, UNREACHABLE } from "./problems.js";

const TIMEOUT_MS = 30_000;
// What waits for understanding goes on without it.
const SHORT_TIMEOUT_MS = 4_000;
const LONG_TIMEOUT_MS = 120_000;
// A history may be of any size.
const NO_TIMEOUT = null;

export const api = {
  prediction: (id, signal) => readTagged(`predictions/${id}`, { signal }),
  text: (id, signal) => readJson(`predictions/${id}/text`, { signal }),
  explanation: (id, signal) => readJson(`predictions/${id}/explanation`, { signal, timeoutMs: LONG_TIMEOUT_MS }),
  jobsOf: (id, signal) => readJson(`predictions/${id}/jobs`, { signal }),
  change: (id, changes, etag) => readTagged(`predictions/${id}`, patchOf(changes, etag)),
  remove: (id, { keepalive = false } = {}) => send(`predictions/${id}`, { method: "DELETE", keepalive }),
  rescore: (id, form, key) => readJson(`predictions/${id}/rescore`, { method: "POST", body: form, headers: { "Idempotency-Key": key }, timeoutMs: LONG_TIMEOUT_MS }),
  history: (filters, signal) => readJson(listPath(filters), { query: { ...filters, user_id: userId() }, signal }),
  searchJobs: (query, signal) => readJson("jobs/search", { query, signal }),
  careerPaths: (q, signal) => readJson("career-paths", { query: { q, limit: 8 }, signal }),
  careerPath: (code, signal) => readJson(`career-paths/${code}`, { signal }),
  classify: (text, signal) => readJson("api/v1/intents/classify", { ...bodyOf({ text, user_id: userId() }), signal, timeoutMs: SHORT_TIMEOUT_MS }),
  scoreInterview: (interview, signal) => readJson("api/v1/scoring/analyze", { ...bodyOf({ ...interview, user_id: userId() }), signal, timeoutMs: LONG_TIMEOUT_MS }),
  interview: (id, signal) => readJson(interviewPath(id), { signal }),
  interviews: (query, signal) => readJson(`api/v1/scoring/user/${encodeURIComponent(userId())}`, { query, signal }),
  removeInterview: (id, { keepalive = false } = {}) => send(interviewPath(id), { method: "DELETE", keepalive }),
  exportMe: async () => (await send(`${me()}/export`, { read: (answer) => answer.blob(), timeoutMs: NO_TIMEOUT })).body,
  eraseMe: () => send(me(), { method: "DELETE", timeoutMs: LONG_TIMEOUT_MS }),
  health: (signal) => readJson("health", { signal }),
};

function me() {
  return `users/${encodeURIComponent(userId())}`;
}

/** Whoever named an interview may have used any letters. */
function interviewPath(id) {
  return `api/v1/scoring/${encodeURIComponent(id)}`;
}

function bodyOf(content) {
  return { method: "POST", body: JSON.stringify(content), headers: { "Content-Type": "application/json" } };
}

function listPath(filters) {
  return filters.q ? "predictions/search" : "predictions";
}

function patchOf(changes, etag) {
  const headers = { "Content-Type": "application/json", ...(etag && { "If-Match": etag }) };
  return { method: "PATCH", body: JSON.stringify(changes), headers };
}

async function readJson(path, options) {
  return (await send(path, { ...options, read: json })).body;
}

async function readTagged(path, options) {
  const { body, answer } = await send(path, { ...options, read: json });
  return { prediction: body, etag: answer.headers.get("ETag") };
}

function json(answer) {
  return answer.json();
}

/** `{answer, body}` of a success, the body by `read`; a Problem is thrown otherwise, and AbortError as it comes. */
async function send(path, { query = {}, headers = {}, signal = null, timeoutMs = TIMEOUT_MS, read = () => null, ...rest } = {}) {
  const late = timeoutMs === NO_TIMEOUT ? null : AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, late].filter(Boolean));
  let answer = null;
  try {
    answer = await fetch(addressOf(path, query), { ...rest, headers: { ...keyHeader(), ...headers }, signal: either });
    serviceAnswered();
    if (answer.ok) return { answer, body: await read(answer) };
    throw problemOf(answer.status, await answer.text(), (name) => answer.headers.get(name));
  } catch (failure) {
    throw whatHappened(failure, { answer, late, signal });
  }
}

/** `answer` is null when nothing came; else it is its body that could not be read. */
function whatHappened(failure, { answer, late, signal }) {
  if (failure instanceof Problem || signal?.aborted) return failure;
  if (late?.aborted) return new Problem({ code: TOO_SLOW });
  if (failure instanceof SyntaxError) return new Problem({ code: OTHER, status: answer.status, requestId: answer.headers.get("X-Request-Id") });
  serviceLost();
  return new Problem({ code: answer ? BROKEN_OFF : UNREACHABLE });
}

export function keyHeader() {
  const key = apiKey();
  return key ? { "X-API-Key": key } : {};
}

function addressOf(path, query) {
  const each = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  const given = each.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}
