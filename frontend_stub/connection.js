// Whether the service can be reached; while it cannot, it is asked again and again.

import { texts } from "./texts.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;
const SHOWN_AGAIN_MS = 4_000;

const listeners = new Set();
let lost = false;

/** `listener` is called each time the service is back. */
export function onBack(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function serviceAnswered() {
  if (lost) foundAgain();
}

export function serviceLost() {
  if (lost) return;
  lost = true;
  show(navigator.onLine ? texts.connection.lost : texts.connection.offline);
  askAgain(FIRST_WAIT_MS);
}

async function askAgain(waitMs) {
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  if (!lost) return;
  try {
    const answer = await fetch("health/live", { cache: "no-store" });
    if (answer.ok) return foundAgain();
  } catch {
    // Still away: asked again below.
  }
  askAgain(Math.min(waitMs * 1.5, LONGEST_WAIT_MS));
}

function foundAgain() {
  if (!lost) return;
  lost = false;
  show(texts.connection.back);
  setTimeout(() => lost || hide(), SHOWN_AGAIN_MS);
  for (const listener of [...listeners]) listener();
}

function show(text) {
  const banner = document.getElementById("banner");
  banner.textContent = text;
  banner.hidden = false;
}

function hide() {
  document.getElementById("banner").hidden = true;
}
