// Where people of this occupation go next.

import { el, unseen } from "../dom.js";
import { money } from "../format.js";
import { addressOf } from "../router.js";
import { texts } from "../texts.js";
import { chips } from "./chips.js";

const { steps: says } = texts;

export function stepsSection({ held }) {
  const { next_steps: steps } = held.prediction;
  if (steps.length === 0) return [el("p", says.none)];
  const hasWage = steps.some((step) => step.median_wage !== null);
  return [
    el("p.lead", says.lead),
    el("ol.cards", steps.map(stepCard)),
    hasWage && el("p.fine", says.wageNote),
  ];
}

function stepCard(step) {
  return el(
    "li.card",
    el("h3", step.title),
    el("p.facts", zone(step.job_zone), step.median_wage !== null && el("span", says.wage(money(step.median_wage)))),
    step.missing_skills.length > 0 ? chips(says.missing, step.missing_skills, { kind: "missing" }) : el("p.fine", says.nothingMissing),
    el("p.card-foot", el("a", { href: addressOf("/jobs", { query: step.title }) }, says.findJobs, unseen(`: ${step.title}`))),
  );
}

function zone(number) {
  if (number === null) return null;
  return el("span", says.zoneLabel(number, says.zone[number] ?? ""));
}
