// The report on one interview.

import { api } from "../api.js";
import { deleteLater, ofInterview } from "../deletions.js";
import { button, el } from "../dom.js";
import { moment, points } from "../format.js";
import { go } from "../router.js";
import { turnsSaidHere } from "../said_here.js";
import { loading } from "../states.js";
import { interviews, report as says } from "../texts/interviews.js";
import { clearness, criterionRow, isAssessed, nameOf } from "./criterion.js";
import { scoreRing } from "./ring.js";

export async function interviewView(view, part) {
  const id = decoded(part);
  view.open(says.title, el("h1", says.title), loading(view.signal));
  const report = await api.interview(id, view.signal);
  const turns = turnsSaidHere(id);
  view.open(
    says.titleOf(moment(report.created_at)),
    el("article.report", { "data-interview": id }, head(report), criteria(report.criteria, turns), missing(report.missing), madeBy(report)),
  );
}

/** An address that somebody cut short is looked up as it stands. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function head(report) {
  return el(
    "header.result-head",
    el("div.verdict", el("p.eyebrow", el("a", { href: "#/interviews" }, says.back)), el("h1", says.titleOf(moment(report.created_at))), verdict(report), el("p.notice", interviews.purpose)),
    report.overall !== null && scoreRing(report.overall, { words: says.ring, spoken: says.of100(points(report.overall)) }),
    actions(report),
  );
}

function verdict({ overall, criteria: all }) {
  if (overall === null) return [el("p.lead", el("strong", says.noOverall)), el("p", says.noOverallLead)];
  const [clearest] = all.filter(isAssessed).sort((one, other) => other.score - one.score);
  return el("p.lead", says.lead(nameOf(clearest), clearness(clearest.score)));
}

function actions({ interview_id: id, created_at: at }) {
  const remove = () => {
    deleteLater(ofInterview(id), says.titleOf(moment(at)));
    go("/interviews");
  };
  return el("p.actions", button(says.print, () => print()), button(says.remove, remove));
}

function criteria(all, turns) {
  const hasEvidence = all.some(({ evidence }) => evidence.length > 0);
  return el(
    "section",
    { "aria-labelledby": "title-criteria" },
    el("h2", { id: "title-criteria" }, says.criteria),
    el("p.fine", says.criteriaLead),
    el("ol.criteria", all.map((criterion) => criterionRow(criterion, turns))),
    hasEvidence && !turns && el("p.fine", says.notHere),
  );
}

function missing(sentences) {
  return sentences.length > 0 && el("section", el("h2", says.missing), el("ul.tips", sentences.map((sentence) => el("li", sentence))));
}

function madeBy({ services, rubric_version: rubric }) {
  const service = ([name, state]) => [el("dt", says.serviceNames[name] ?? name), el("dd", says.states[state] ?? state)];
  return el(
    "section",
    el("h2", says.services),
    el("dl.pairs", Object.entries(services).map(service)),
    el("p.fine", says.rubric(rubric), el("a", { href: "api/v1/scoring/rubric" }, says.rubricLink), "."),
  );
}
