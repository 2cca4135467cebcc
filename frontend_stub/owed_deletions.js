// Deletions that the service has still to be told of. The browser keeps them, so that they outlive the page.

import { forBrowser } from "./storage.js";

const NAME = "resume-page-deletions";
// The tab in which it can be taken back goes first.
const GRACE_MS = 1_000;

/** `[id, name]` of each whose time to be taken back is over; the others may still be, in another tab. */
export function dueDeletions() {
  return Object.entries(kept()).filter(([, { dueAt }]) => dueAt + GRACE_MS <= Date.now()).map(([id, { name }]) => [id, name]);
}

export function oweDeletion(id, name, dueAt) {
  write({ ...kept(), [id]: { name, dueAt } });
}

export function settleDeletion(id) {
  const { [id]: settled, ...others } = kept();
  if (settled) write(others);
}

function kept() {
  try {
    return JSON.parse(forBrowser.get(NAME)) ?? {};
  } catch {
    return {};
  }
}

function write(owed) {
  forBrowser.set(NAME, JSON.stringify(owed));
}
