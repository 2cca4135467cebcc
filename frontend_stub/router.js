// Addresses behind "#": linked, reloaded, and walked through with the back button.

const NOWHERE = "/";

/** `{path, query}` of the address bar. */
export function place() {
  const text = location.hash.startsWith("#/") ? location.hash.slice(1) : NOWHERE;
  const [path, query = ""] = text.split("?", 2);
  return { path, query: new URLSearchParams(query) };
}

export function addressOf(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return `#${path}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

/** Also to where one is already: it is opened anew then. */
export function go(path, query) {
  const address = addressOf(path, query);
  if (location.hash === address) dispatchEvent(new Event("hashchange"));
  else location.hash = address;
}

/** The first of `routes` (pairs of pattern and what fetches its view) that fits a path. */
export function matching(routes, path) {
  for (const [pattern, parts] of routes) {
    const found = pattern.exec(path);
    if (found) return { parts, found: found.slice(1) };
  }
  return null;
}

// Where the reader was on each step of the history, so that back leads there again.
const scrolled = new Map();
let step = null;

export function rememberSteps() {
  history.scrollRestoration = "manual";
  step = newStep();
  addEventListener("scrollend", () => scrolled.set(step, scrollY));
}

/** After a change of address: the height to scroll to when it was seen before, else null. */
export function arrivedAt() {
  const known = history.state?.step;
  step = known ?? newStep();
  return known === undefined ? null : (scrolled.get(known) ?? 0);
}

function newStep() {
  const name = `${Date.now()}-${Math.random()}`;
  history.replaceState({ step: name }, "");
  return name;
}
