// What is shown while there is nothing to show: loading, slow, empty, refused, a key is needed.

import { button, el, field } from "./dom.js";
import { keepApiKey } from "./identity.js";
import { asProblem } from "./problems.js";
import { texts } from "./texts.js";

const SLOW_AFTER_MS = 5_000;
// The same file would be refused again.
const REFUSED_FOR_GOOD = new Set([
  "no_file", "too_large", "unsupported_type", "empty_document", "no_text_layer", "encrypted", "corrupt",
  "too_many_pages", "parse_timeout", "parse_memory", "not_a_resume", "invalid_request", "forbidden",
]);

/** Says after a while that it takes longer; stops with `signal`. */
export function loading(signal, text = texts.states.loading) {
  const words = el("p", `${text}…`);
  const panel = el("div.loading", { role: "status" }, el("span.pulse", { "aria-hidden": "true" }), words);
  const timer = setTimeout(() => (words.textContent = texts.states.slow), SLOW_AFTER_MS);
  signal?.addEventListener("abort", () => clearTimeout(timer));
  return panel;
}

export function empty(title, help, ...actions) {
  return el("div.empty", el("h2", title), help && el("p", help), actions.length > 0 && el("p.actions", actions));
}

/**
 * Any failure as a panel: what happened, what to do, and a way on. `level` is that of its heading;
 * `words` by code stand in place of those for resumes.
 */
export function problemPanel(failure, { retry = null, level = "h3", actions = [], about = null, words = {} } = {}) {
  const problem = asProblem(failure);
  if (problem.code === "unauthorized" && retry) return keyPanel(problem, retry, level);
  const [title, advice] = wordsFor(problem, words);
  const again = retry && !REFUSED_FOR_GOOD.has(problem.code) && button(texts.states.tryAgain, retry, { class: "primary" });
  return panel(
    problem,
    about && el("p.eyebrow", about),
    el(level, title),
    advice && el("p", advice),
    problem.retryAfterS !== null && el("p", texts.states.inSeconds(problem.retryAfterS)),
    (again || actions.length > 0) && el("p.actions", again, actions),
  );
}

function panel({ requestId }, ...nodes) {
  return el("div.problem", { role: "alert" }, nodes, requestId && el("p.fine", texts.states.requestId(requestId)));
}

/** The page's own words for a code; the service's sentence where it has none. */
function wordsFor(problem, words = {}) {
  const all = { ...texts.problems, ...words };
  const known = Object.hasOwn(all, problem.code) && all[problem.code];
  if (problem.code === "invalid_request") return [known[0], problem.errors.map((error) => error?.detail).filter(Boolean).join(" ") || problem.detail];
  if (known) return known;
  return [texts.problems.other[0], problem.detail || texts.problems.other[1]];
}

export function problemTitle(failure) {
  return wordsFor(asProblem(failure))[0];
}

function keyPanel(problem, retry, level) {
  const key = keyInput();
  const use = () => {
    keepApiKey(key.value.trim());
    retry();
  };
  return panel(
    problem,
    el(level, texts.problems.unauthorized[0]),
    el("p", texts.key.why),
    el("form.inline", { on: { submit: use } }, field(texts.key.label, key), el("button.primary", texts.key.use)),
  );
}

export function keyInput() {
  return el("input", { type: "password", autocomplete: "off", spellcheck: "false", required: true });
}

/** Said to screen readers, shown nowhere. */
export function say(text) {
  document.getElementById("spoken").textContent = text;
}
