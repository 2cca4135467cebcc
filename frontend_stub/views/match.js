// The resume against one advert: what is asked, what is there, and the lines that show it.

import { api } from "../api.js";
import { inTurn } from "../changing.js";
import { el, field } from "../dom.js";
import { randomName } from "../identity.js";
import { loading, problemPanel } from "../states.js";
import { points } from "../format.js";
import { texts } from "../texts.js";
import { chips } from "./chips.js";

const { match: says } = texts;

export function matchSection(shown) {
  const { match, match_reason: reason } = shown.held.prediction;
  return [
    match && matchFigures(match),
    !match && reason && el("p.notice", says.noRequirements),
    match ? el("details.more", el("summary", says.again), advertForm(shown)) : advertForm(shown),
  ];
}

function matchFigures(match) {
  return [
    el("p.lead", el("strong", `${says.scoreLabel}: ${says.score(points(match.score))}`)),
    el("div.columns", requirements(says.required, match.required), requirements(says.preferred, match.preferred)),
    match.evidence.length > 0 && [el("h3", says.quotes), el("ul.quotes", match.evidence.map(quote))],
  ];
}

function requirements(title, { matched, missing }) {
  const isEmpty = matched.length === 0 && missing.length === 0;
  return el(
    "div",
    el("h3", title),
    isEmpty && el("p.fine", says.none),
    chips(says.matched, matched, { kind: "matched" }),
    chips(says.missing, missing, { kind: "missing" }),
  );
}

function quote({ skill, text, page, line, strength }) {
  const note = strength === "medium" ? `${texts.ats.line(page, line)}; ${says.medium}` : texts.ats.line(page, line);
  return el("li", skill && el("strong", `${skill} `), el("q", text), " ", el("span.fine", note));
}

function advertForm(shown) {
  const advert = el("textarea", { rows: 7, maxlength: 20000, required: true });
  const send = el("button.primary", says.button);
  const outcome = el("div");
  let attempt = {};
  let isUnderWay = false;
  const submit = async () => {
    if (isUnderWay) return;
    const text = advert.value.trim();
    if (!text) return outcome.replaceChildren(el("p", { role: "alert" }, says.empty));
    // The same advert once more goes with the same key: what was done already is not done again.
    if (attempt.text !== text) attempt = { text, key: randomName() };
    isUnderWay = true;
    send.setAttribute("aria-disabled", "true");
    await matchAgain(shown, attempt, outcome);
    isUnderWay = false;
    send.removeAttribute("aria-disabled");
  };
  return el(
    "form",
    { novalidate: true, on: { submit } },
    field(texts.upload.jobText, advert, { hint: says.lead, wide: true }),
    el("p.actions", send),
    outcome,
  );
}

async function matchAgain({ held, view, renew }, { text, key }, outcome) {
  outcome.replaceChildren(loading(view.signal, says.working));
  const id = held.prediction.prediction_id;
  const form = new FormData();
  form.append("job_description", text);
  try {
    const { changed, jobs } = await api.rescore(id, form, key);
    await inTurn(held, async () => Object.assign(held, await api.prediction(id, view.signal)));
    const isOtherElsewhere = Object.values(changed).includes(true) || jobs !== "kept";
    const isReaderHere = outcome.closest("section").contains(document.activeElement);
    renew(isOtherElsewhere ? null : "match");
    if (!isReaderHere) return;
    const heading = document.getElementById("title-match");
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  } catch (failure) {
    if (view.signal.aborted) return;
    outcome.replaceChildren(failure.code === "text_not_stored" ? el("p.notice", { role: "alert" }, says.noText) : problemPanel(failure));
  }
}
