// Career paths as bars, and whether the first is right.

import { el } from "../dom.js";
import { percent, sureness } from "../format.js";
import { texts } from "../texts.js";
import { feedbackForm } from "./feedback.js";

export function pathsSection(shown) {
  const { career_paths: paths } = shown.held.prediction;
  return [el("p", { class: "lead" }, texts.paths.lead), el("ol", { class: "bars" }, paths.map(bar)), feedbackForm(shown)];
}

function bar(path, place) {
  return el(
    "li",
    { class: place === 0 ? "bar first" : "bar" },
    el("span", { class: "bar-title" }, path.title),
    el("span", { class: "bar-words" }, `${sureness(path.confidence)}, ${percent(path.confidence)}`),
    el("span", { class: "bar-track", "aria-hidden": "true" }, el("span", { class: "bar-fill", share: path.confidence })),
  );
}
