// Where people of this occupation go next.

import { el, unseen } from "../dom.js";
import { money } from "../format.js";
import { addressOf } from "../router.js";
import { texts } from "../texts.js";
import { chips } from "./chips.js";

export function stepsSection({ held }) {
  const { next_steps: steps } = held.prediction;
  if (steps.length === 0) return [el("p", {}, texts.steps.none)];
  const hasWage = steps.some((step) => step.median_wage !== null);
  return [
    el("p", { class: "lead" }, texts.steps.lead),
    el("ol", { class: "cards" }, steps.map(stepCard)),
    hasWage && el("p", { class: "fine" }, texts.steps.wageNote),
  ];
}

function stepCard(step) {
  return el(
    "li",
    { class: "card" },
    el("h3", {}, step.title),
    el("p", { class: "facts" }, zone(step.job_zone), step.median_wage !== null && el("span", {}, texts.steps.wage(money(step.median_wage)))),
    step.missing_skills.length > 0 ? chips(texts.steps.missing, step.missing_skills, { kind: "missing" }) : el("p", { class: "fine" }, texts.steps.nothingMissing),
    el("p", { class: "card-foot" }, el("a", { href: addressOf("/jobs", { query: step.title }) }, texts.steps.findJobs, unseen(`: ${step.title}`))),
  );
}

function zone(number) {
  if (number === null) return null;
  return el("span", {}, texts.steps.zoneLabel(number, texts.steps.zone[number] ?? ""));
}
