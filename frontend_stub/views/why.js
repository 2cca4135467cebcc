// The passages that moved the answer, and every line of the resume marked by what it weighs.

import { api } from "../api.js";
import { el, unseen } from "../dom.js";
import { loading, problemPanel } from "../states.js";
import { texts } from "../texts.js";

const { why } = texts;

// Shares of the weightiest line's log-odds.
const STRONG = 0.35;
const SOME = 0.12;
const WEAK = 0.04;
const AGAINST = -0.06;
const NOTICEABLE = 0.0005;

export function whySection({ held, view }) {
  const { prediction } = held;
  const paper = el("div.paper-place", el("h3", why.inText));
  whenSeen(paper, view.signal, () => showText(paper, prediction.prediction_id, view.signal));
  return [
    el("p.lead", prediction.abstained ? why.leadAbstained : why.lead),
    passages(prediction.explanation),
    paper,
  ];
}

function passages(explanation) {
  const moved = explanation.filter((passage) => Math.abs(passage.contribution) >= NOTICEABLE);
  if (moved.length === 0) return el("p", why.nothing);
  const most = Math.max(...moved.map((passage) => Math.abs(passage.contribution)));
  return [el("h3", why.passages), el("ol.passages", moved.map((passage) => passageRow(passage, most)))];
}

function passageRow({ text, contribution }, most) {
  const strength = strengthOf(contribution / most);
  return el(
    "li",
    { class: `passage ${strength ?? "weak"}` },
    el("span.passage-bar", { "aria-hidden": "true" }, el("span", { share: Math.abs(contribution) / most })),
    el("q", inOneLine(text)),
    unseen(` (${why.strength[strength ?? "weak"]})`),
  );
}

/** Lines end where the page was full; a dot stands only between what begins anew. */
function inOneLine(text) {
  return text.replace(/\n(?=\p{Ll})/gu, " ").split("\n").join(" · ");
}

/** `share` of the weightiest; null for what weighs next to nothing. */
function strengthOf(share) {
  if (share >= STRONG) return "strong";
  if (share >= SOME) return "some";
  if (share >= WEAK) return "weak";
  return share <= AGAINST ? "against" : null;
}

/** Measuring takes the service seconds, so it waits until the reader comes near. */
function whenSeen(node, signal, act) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    act();
  }, { rootMargin: "300px" });
  observer.observe(node);
  signal.addEventListener("abort", () => observer.disconnect());
}

async function showText(place, id, signal) {
  const measuring = loading(signal, why.measuring);
  place.replaceChildren(el("h3", why.inText), measuring);
  try {
    const [text, explanation] = await Promise.all([api.text(id, signal), measured(id, signal)]);
    place.replaceChildren(el("h3", why.inText), explanation.lines ? legend() : note(why.modelChanged), paper(text.lines, explanation.lines ?? []));
  } catch (failure) {
    if (signal.aborted) return;
    place.replaceChildren(failure.code === "text_not_stored" ? note(why.noText) : problemPanel(failure, { retry: () => showText(place, id, signal) }));
  }
}

async function measured(id, signal) {
  try {
    return await api.explanation(id, signal);
  } catch (failure) {
    if (failure.code === "model_changed") return {};
    throw failure;
  }
}

function note(text) {
  return el("p.notice", text);
}

function legend() {
  const entry = (name) => el("li", el("mark", { class: name }, why.strength[name]));
  return el("ul.legend", { "aria-label": why.legend }, ["strong", "some", "weak", "against", "hidden"].map(entry));
}

function paper(lines, measures) {
  const byOrder = new Map(measures.map((measure) => [measure.order, measure]));
  const most = Math.max(0, ...measures.map((measure) => measure.log_odds));
  const pages = new Map();
  for (const line of lines) pages.set(line.page, [...(pages.get(line.page) ?? []), line]);
  const page = ([number, ofPage]) => el("div.paper-page", el("p.fine", why.page(number)), ofPage.map((line) => lineOf(line, byOrder.get(line.order), most)));
  return el("div.paper", { role: "region", tabindex: 0, "aria-label": why.inText }, [...pages].map(page));
}

function lineOf(line, measure, most) {
  const strength = measure && markOf(measure, most);
  if (!strength) return el("p", line.text);
  return el("p", el("mark", { class: strength }, line.text), unseen(` (${why.strength[strength]})`));
}

function markOf(measure, most) {
  if (measure.seen_as === null) return "hidden";
  return most > 0 ? strengthOf(measure.log_odds / most) : null;
}
