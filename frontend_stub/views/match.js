// The resume against one advert: what is asked, what is there, and the lines that show it.

import { api } from "../api.js";
import { el, field } from "../dom.js";
import { loading, problemPanel } from "../states.js";
import { points } from "../format.js";
import { texts } from "../texts.js";
import { chips } from "./chips.js";

export function matchSection(shown) {
  const { match, match_reason: reason } = shown.held.prediction;
  return [
    match && matchFigures(match),
    !match && reason && el("p", { class: "notice" }, texts.match.noRequirements),
    match ? el("details", { class: "more" }, el("summary", {}, texts.match.again), advertForm(shown)) : advertForm(shown),
  ];
}

function matchFigures(match) {
  return [
    el("p", { class: "lead" }, el("strong", {}, `${texts.match.scoreLabel}: ${texts.match.score(points(match.score))}`)),
    el("div", { class: "columns" }, requirements(texts.match.required, match.required), requirements(texts.match.preferred, match.preferred)),
    match.evidence.length > 0 && [el("h3", {}, texts.match.quotes), el("ul", { class: "quotes" }, match.evidence.map(quote))],
  ];
}

function requirements(title, { matched, missing }) {
  const isEmpty = matched.length === 0 && missing.length === 0;
  return el(
    "div",
    {},
    el("h3", {}, title),
    isEmpty && el("p", { class: "fine" }, texts.match.none),
    chips(texts.match.matched, matched, { kind: "matched" }),
    chips(texts.match.missing, missing, { kind: "missing" }),
  );
}

function quote({ skill, text, page, line, strength }) {
  const note = strength === "medium" ? `${texts.ats.line(page, line)}; ${texts.match.medium}` : texts.ats.line(page, line);
  return el("li", {}, skill && el("strong", {}, `${skill} `), el("q", {}, text), " ", el("span", { class: "fine" }, note));
}

function advertForm(shown) {
  const advert = el("textarea", { rows: 7, maxlength: 20000, required: true });
  const outcome = el("div");
  const submit = (event) => {
    event.preventDefault();
    matchAgain(shown, advert.value.trim(), outcome);
  };
  return el(
    "form",
    { class: "advert", novalidate: true, on: { submit } },
    field(texts.upload.jobText, advert, { hint: texts.match.lead, wide: true }),
    el("p", { class: "actions" }, el("button", { class: "primary" }, texts.match.button)),
    outcome,
  );
}

async function matchAgain(shown, advert, outcome) {
  const { held, view, again } = shown;
  if (!advert) return outcome.replaceChildren(el("p", { role: "alert" }, texts.match.empty));
  outcome.replaceChildren(loading(view.signal, texts.match.working));
  const id = held.prediction.prediction_id;
  const form = new FormData();
  form.append("job_description", advert);
  try {
    await api.rescore(id, form);
    const renewed = await api.prediction(id, view.signal);
    if (view.signal.aborted) return;
    again(renewed.prediction, renewed.etag);
    const heading = document.getElementById("title-match");
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  } catch (failure) {
    if (view.signal.aborted) return;
    outcome.replaceChildren(failure.code === "text_not_stored" ? el("p", { class: "notice", role: "alert" }, texts.match.noText) : problemPanel(failure, { level: "h3" }));
  }
}
