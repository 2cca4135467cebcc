// A deletion waits ten seconds in which it can be taken back; only then the service is told.

import { api } from "./api.js";
import { button, el } from "./dom.js";
import { dueDeletions, oweDeletion, settleDeletion } from "./owed_deletions.js";
import { texts } from "./texts.js";

const { deletion: says } = texts;
const UNDO_MS = 10_000;
const TICK_MS = 250;
const NOTE_MS = 6_000;
// A key is missing, too many requests: what the same request may not meet a little later.
const PASSING = new Set([401, 408, 429]);

// Names of kinds that stand before an id; results, whose ids are UUIDs, have none.
const INTERVIEW = "interview:";
const GONE_BEFORE = new Set(["prediction_not_found", "interview_not_found"]);

const waiting = new Map();
const gone = new Set();
const underWay = new Set();

/** Fired on `document` whenever what is deleted has changed. */
export const CHANGED = "deletions-changed";

export function isDeleted(id) {
  return waiting.has(id) || gone.has(id);
}

/** What an interview is called here. */
export function ofInterview(id) {
  return `${INTERVIEW}${id}`;
}

export function deleteLater(id, name) {
  if (isDeleted(id)) return;
  const left = el("span.toast-left", { "aria-hidden": "true" });
  const undo = button(says.undo, () => takeBack(id));
  const toast = el("div.toast", el("span", says.about(name)), left, undo);
  const entry = { name, toast, dueAt: Date.now() + UNDO_MS, leftMs: UNDO_MS, timer: null };
  entry.timer = setInterval(() => tick(id, entry, left), TICK_MS);
  waiting.set(id, entry);
  oweDeletion(id, name, entry.dueAt);
  left.textContent = says.left(UNDO_MS / 1000);
  toasts().append(toast);
  changed();
}

/** Time stands still while the pointer or the focus is on the message: nobody is hurried. */
function tick(id, entry, left) {
  if (entry.toast.matches(":hover, :focus-within")) {
    entry.dueAt = Date.now() + entry.leftMs;
    oweDeletion(id, entry.name, entry.dueAt);
  }
  entry.leftMs = Math.max(0, entry.dueAt - Date.now());
  left.textContent = says.left(Math.ceil(entry.leftMs / 1000));
  if (entry.leftMs === 0) send(id, end(id).name);
}

/** Nothing where the service was told already. */
export function takeBack(id) {
  const entry = end(id);
  if (!entry) return;
  settleDeletion(id);
  note(says.undone(entry.name));
  changed();
  document.getElementById("main").focus({ preventScroll: true });
}

/** What could not be sent before, or was left by a page that is closed. */
export function sendOwed() {
  for (const [id, name] of dueDeletions()) {
    if (!waiting.has(id) && !underWay.has(id)) send(id, name, { isFirst: false });
  }
}

/** When the page is left: what was asked for is done, the time to take it back is over. */
export function flushDeletions() {
  for (const id of [...waiting.keys()]) send(id, end(id).name, { keepalive: true });
}

async function send(id, name, { keepalive = false, isFirst = true } = {}) {
  gone.add(id);
  underWay.add(id);
  oweDeletion(id, name, 0);
  const failure = await remove(id, { keepalive }).then(() => null, (problem) => problem);
  underWay.delete(id);
  if (failure && isPassing(failure)) return isFirst && note(says.owed(name));
  settleDeletion(id);
  if (!failure) return note(says.done(name));
  if (GONE_BEFORE.has(failure.code)) return;
  gone.delete(id);
  note(says.failed(name));
  changed();
}

function remove(id, options) {
  return id.startsWith(INTERVIEW) ? api.removeInterview(id.slice(INTERVIEW.length), options) : api.remove(id, options);
}

/** No answer came, or one that says nothing of the deletion itself. */
function isPassing({ status }) {
  return !status || status >= 500 || PASSING.has(status);
}

function end(id) {
  const entry = waiting.get(id);
  if (!entry) return null;
  clearInterval(entry.timer);
  waiting.delete(id);
  entry.toast.remove();
  return entry;
}

function note(text) {
  const toast = el("div.toast", el("span", text));
  toasts().append(toast);
  setTimeout(() => toast.remove(), NOTE_MS);
}

function toasts() {
  return document.getElementById("toasts");
}

function changed() {
  document.dispatchEvent(new Event(CHANGED));
}
