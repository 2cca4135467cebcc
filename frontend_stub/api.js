// Every route of the service that the page uses.

import { serviceAnswered, serviceLost } from "./connection.js";
import { apiKey, userId } from "./identity.js";
import { Problem, problemOf, TOO_SLOW, UNREACHABLE } from "./problems.js";

const TIMEOUT_MS = 30_000;
const LONG_TIMEOUT_MS = 120_000;

export const api = {
  prediction: (id, signal) => readTagged(`predictions/${id}`, { signal }),
  text: (id, signal) => readJson(`predictions/${id}/text`, { signal }),
  explanation: (id, signal) => readJson(`predictions/${id}/explanation`, { signal, timeoutMs: LONG_TIMEOUT_MS }),
  jobsOf: (id, signal) => readJson(`predictions/${id}/jobs`, { signal }),
  change: (id, changes, etag) => readTagged(`predictions/${id}`, patchOf(changes, etag)),
  remove: (id, { keepalive = false } = {}) => send(`predictions/${id}`, { method: "DELETE", keepalive }),
  rescore: (id, form) => readJson(`predictions/${id}/rescore`, { method: "POST", body: form, timeoutMs: LONG_TIMEOUT_MS }),
  history: (filters, signal) => readJson(listPath(filters), { query: { ...filters, user_id: userId() }, signal }),
  searchJobs: (query, signal) => readJson("jobs/search", { query, signal }),
  careerPaths: (q, signal) => readJson("career-paths", { query: { q, limit: 8 }, signal }),
  exportMe: () => send(`users/${encodeURIComponent(userId())}/export`, { timeoutMs: LONG_TIMEOUT_MS }),
  eraseMe: () => send(`users/${encodeURIComponent(userId())}`, { method: "DELETE" }),
  health: (signal) => readJson("health", { signal }),
};

function listPath(filters) {
  return filters.q ? "predictions/search" : "predictions";
}

function patchOf(changes, etag) {
  const headers = { "Content-Type": "application/json", ...(etag && { "If-Match": etag }) };
  return { method: "PATCH", body: JSON.stringify(changes), headers };
}

async function readJson(path, options) {
  return (await send(path, options)).json();
}

async function readTagged(path, options) {
  const answer = await send(path, options);
  return { prediction: await answer.json(), etag: answer.headers.get("ETag") };
}

/** The answer, when it is a success; a Problem is thrown otherwise, and AbortError as it comes. */
async function send(path, { query = {}, headers = {}, signal = null, timeoutMs = TIMEOUT_MS, ...rest } = {}) {
  const late = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  let answer;
  try {
    answer = await fetch(addressOf(path, query), { ...rest, headers: { ...keyHeader(), ...headers }, signal: either });
  } catch (failure) {
    throw whatHappened(failure, { late, signal });
  }
  serviceAnswered();
  if (answer.ok) return answer;
  throw problemOf(answer.status, await answer.text(), (name) => answer.headers.get(name));
}

function whatHappened(failure, { late, signal }) {
  if (signal?.aborted) return failure;
  if (late.aborted) return new Problem({ code: TOO_SLOW });
  serviceLost();
  return new Problem({ code: UNREACHABLE });
}

export function keyHeader() {
  const key = apiKey();
  return key ? { "X-API-Key": key } : {};
}

function addressOf(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}
