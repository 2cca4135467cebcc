// One result: what the resume fits, why, how software reads it, what could come next.

import { api } from "../api.js";
import { deleteLater } from "../deletions.js";
import { button, el, svg, unseen } from "../dom.js";
import { date, points, sureness } from "../format.js";
import { takeHandedOver } from "../handed_over.js";
import { go } from "../router.js";
import { loading } from "../states.js";
import { texts } from "../texts.js";
import { atsSection } from "./ats.js";
import { jobsSection } from "./postings.js";
import { matchSection } from "./match.js";
import { notesSection } from "./notes.js";
import { pathsSection } from "./paths.js";
import { profileSection } from "./profile.js";
import { stepsSection } from "./steps.js";
import { whySection } from "./why.js";

const { result: says } = texts;
const SECTIONS = [
  ["paths", pathsSection],
  ["why", whySection],
  ["ats", atsSection],
  ["steps", stepsSection],
  ["match", matchSection],
  ["jobs", jobsSection],
  ["notes", notesSection],
  ["profile", profileSection],
];

export async function resultView(view, id, section) {
  const held = takeHandedOver(id) ?? (await fetched(view, id));
  show(view, held);
  if (section) showSection(view.main, id, section);
}

async function fetched(view, id) {
  view.open(says.title, el("h1", says.title), loading(view.signal));
  return api.prediction(id, view.signal);
}

/** `held` is `{prediction, etag, notice}`: what is known of the result, renewed when it changes. */
function show(view, held) {
  const { prediction } = held;
  const shown = { held, view, renew: (only) => renew(view.main, shown, only) };
  const sections = SECTIONS.map(([name, make]) => framed(name, make(shown)));
  view.open(
    prediction.abstained ? says.abstainedTitle : prediction.career_path,
    el(
      "article.result",
      { "data-result": prediction.prediction_id },
      held.notice && el("p.notice", { role: "status" }, held.notice),
      hero(prediction),
      pageNav(prediction.prediction_id),
      el("div.sections", sections, madeBy(prediction)),
    ),
  );
}

/** Draws `only` one section anew, or, for null, all but the notes: somebody may be writing there. */
function renew(main, shown, only) {
  for (const [name, make] of SECTIONS) {
    if (name === only || (only === null && name !== "notes")) main.querySelector(`#section-${name}`).replaceWith(framed(name, make(shown)));
  }
  if (only === null) main.querySelector(".result-head").replaceWith(hero(shown.held.prediction));
}

function framed(name, nodes) {
  return el("section", { id: `section-${name}`, class: `section ${name}`, "aria-labelledby": `title-${name}` }, el("h2", { id: `title-${name}`, tabindex: -1 }, texts[name].title), nodes);
}

function hero(prediction) {
  return el(
    "header.result-head",
    el("div.verdict", el("p.eyebrow", `${prediction.resume_filename} · ${says.read(date(prediction.created_at))}`), verdict(prediction)),
    scoreRing(prediction),
    actions(prediction),
  );
}

function verdict(prediction) {
  if (prediction.abstained) {
    return [
      el("h1", says.abstainedTitle),
      el("p.lead", says.abstained[prediction.abstain_reason] ?? ""),
      el("p", says.closest),
    ];
  }
  return [
    el("h1", prediction.career_path),
    el("p.lead", el("strong", sureness(prediction.confidence))),
    prediction.career_field && el("p.fine", prediction.career_field),
  ];
}

const RADIUS = 52;

function scoreRing(prediction) {
  const score = prediction.ats_score;
  const around = 2 * Math.PI * RADIUS;
  const circle = (name, properties) => svg("circle", { cx: 60, cy: 60, r: RADIUS, class: name, ...properties });
  return el(
    "p.ring",
    svg("svg", { viewBox: "0 0 120 120", "aria-hidden": "true" }, circle("ring-all"), circle("ring-part", { "stroke-dasharray": `${(around * score) / 100} ${around}` })),
    el("span.ring-figure", { "aria-hidden": "true" }, points(score)),
    el("span.ring-words", { "aria-hidden": "true" }, says.ats),
    unseen(`${says.ats}: ${says.atsOf(points(score))}`),
  );
}

function actions(prediction) {
  const remove = () => {
    deleteLater(prediction.prediction_id, prediction.resume_filename);
    go("/history");
  };
  return el(
    "p.actions",
    button(says.print, () => print()),
    button(says.remove, remove),
  );
}

function pageNav(id) {
  const links = SECTIONS.map(([name]) => el("li", el("a", { href: `#/result/${id}/${name}` }, says.sections[name])));
  return el("nav.page-nav", { "aria-label": says.onThisPage }, el("ul", links));
}

function madeBy(prediction) {
  const { model, rubric_version: rubric } = prediction;
  return el("p.fine.made-by", says.madeBy(model.model_id, model.revision, rubric));
}

/** Whether this result is shown already; then its section, or its top, is gone to. */
export function showSection(main, id, section) {
  const article = main.querySelector(`[data-result="${id}"]`);
  if (!article) return false;
  const heading = article.querySelector(section ? `#title-${CSS.escape(section)}` : "h1");
  if (!heading) return true;
  if (section) heading.scrollIntoView();
  else scrollTo(0, 0);
  heading.focus({ preventScroll: true });
  return true;
}
