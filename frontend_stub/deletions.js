// A deletion waits ten seconds in which it can be taken back; only then the service is told.

import { api } from "./api.js";
import { button, el } from "./dom.js";
import { texts } from "./texts.js";

const UNDO_MS = 10_000;
const TICK_MS = 250;
const NOTE_MS = 6_000;

const waiting = new Map();
const gone = new Set();

/** Fired on `document` whenever what is deleted has changed. */
export const CHANGED = "deletions-changed";

export function isDeleted(id) {
  return waiting.has(id) || gone.has(id);
}

export function deleteLater(id, name) {
  if (isDeleted(id)) return;
  const left = el("span", { class: "toast-left", "aria-hidden": "true" });
  const undo = button(texts.deletion.undo, () => takeBack(id));
  const toast = el("div", { class: "toast" }, el("span", {}, texts.deletion.about(name)), left, undo);
  const entry = { name, toast, leftMs: UNDO_MS, timer: null };
  entry.timer = setInterval(() => tick(id, entry, left), TICK_MS);
  waiting.set(id, entry);
  left.textContent = texts.deletion.left(UNDO_MS / 1000);
  toasts().append(toast);
  changed();
}

/** Time stands still while the pointer or the focus is on the message: nobody is hurried. */
function tick(id, entry, left) {
  if (entry.toast.matches(":hover, :focus-within")) return;
  entry.leftMs -= TICK_MS;
  left.textContent = texts.deletion.left(Math.max(0, Math.ceil(entry.leftMs / 1000)));
  if (entry.leftMs <= 0) carryOut(id);
}

function takeBack(id) {
  const entry = end(id);
  if (!entry) return;
  note(texts.deletion.undone(entry.name));
  changed();
  document.getElementById("main").focus({ preventScroll: true });
}

async function carryOut(id) {
  const entry = end(id);
  if (!entry) return;
  gone.add(id);
  try {
    await api.remove(id);
    note(texts.deletion.done(entry.name));
  } catch (failure) {
    if (failure.code === "prediction_not_found") return;
    gone.delete(id);
    note(texts.deletion.failed(entry.name));
    changed();
  }
}

/** When the page is left: what was asked for is done, the time to take it back is over. */
export function flushDeletions() {
  for (const id of [...waiting.keys()]) {
    end(id);
    gone.add(id);
    api.remove(id, { keepalive: true }).catch(() => gone.delete(id));
  }
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
  const toast = el("div", { class: "toast" }, el("span", {}, text));
  toasts().append(toast);
  setTimeout(() => toast.remove(), NOTE_MS);
}

function toasts() {
  return document.getElementById("toasts");
}

function changed() {
  document.dispatchEvent(new Event(CHANGED));
}
