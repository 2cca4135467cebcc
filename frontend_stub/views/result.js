// One result: what the resume fits, why, how software reads it, what could come next.

import { api } from "../api.js";
import { deleteLater } from "../deletions.js";
import { button, el } from "../dom.js";
import { date, points, sureness } from "../format.js";
import { takeHandedOver } from "../handed_over.js";
import { go } from "../router.js";
import { showSection } from "../sections.js";
import { loading } from "../states.js";
import { texts } from "../texts.js";
import { atsSection } from "./ats.js";
import { jobsSection } from "./postings.js";
import { matchSection } from "./match.js";
import { notesSection } from "./notes.js";
import { pathsSection } from "./paths.js";
import { profileSection } from "./profile.js";
import { scoreRing } from "./ring.js";
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
    scoreRing(prediction.ats_score, { words: says.ats, spoken: says.atsOf(points(prediction.ats_score)) }),
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
