// One criterion of an interview: how clearly it was shown, where, and what would help.

import { el } from "../dom.js";
import { atLeast, percent, points } from "../format.js";
import { report as says } from "../texts/interviews.js";

const [LOWEST, HIGHEST] = [1, 5];
const SAME = 0.005;

export function isAssessed({ score }) {
  return Number.isFinite(score);
}

export function clearness(score) {
  return atLeast(says.levels, score);
}

export function nameOf({ criterion }) {
  return Object.hasOwn(says.names, criterion) ? says.names[criterion] : criterion.replaceAll("_", " ");
}

/** `turns` are those of the transcript, where this tab sent it. */
export function criterionRow(criterion, turns) {
  return isAssessed(criterion) ? assessed(criterion, turns) : notAssessed(criterion);
}

function assessed(criterion, turns) {
  const { score, advice, evidence } = criterion;
  const isFound = evidence.length > 0;
  return el(
    "li.criterion",
    title(criterion, says.inWords(says.ofFive(points(score)), clearness(score))),
    el("span.bar-track", { "aria-hidden": "true" }, el("span", { share: (score - LOWEST) / (HIGHEST - LOWEST) })),
    el("p.fine", counts(criterion), differ(criterion)),
    el("h4", says.help),
    el("p", advice),
    isFound && [el("h4", says.evidence), el("ul.quotes", evidence.map((line) => el("li", turns ? opened(line, turns) : quote(line))))],
  );
}

function notAssessed(criterion) {
  return el(
    "li.criterion.not-assessed",
    title(criterion, says.notAssessed),
    el("span.bar-track", { "aria-hidden": "true" }),
    el("p.fine", criterion.by_service.length ? says.notAssessedLead : says.notAskedLead),
    el("h4", says.needed),
    el("p", criterion.advice),
  );
}

function title(criterion, words) {
  return el("div.criterion-head", el("h3", nameOf(criterion)), el("span.bar-words", words));
}

function counts({ weight, asked_weight: asked }) {
  const isSame = Math.abs(weight - asked) < SAME;
  return isSame ? says.counts(percent(weight)) : says.countsInstead(percent(weight), percent(asked));
}

/** Only where both services scored it, and not alike. */
function differ({ disagreement, by_service: services }) {
  if (!disagreement) return null;
  const said = services.map(({ service, score }) => says.byService(says.serviceNames[service] ?? service, Number.isFinite(score) ? points(score) : says.notAssessed));
  return [" ", says.differ(points(disagreement), said.join(", "))];
}

function quote({ turn, text }) {
  return [text ? el("q", text) : says.noTranscript, " ", el("span.fine", says.turn(turn + 1))];
}

/** The line, and behind it the question and the whole turn that it stands in. */
function opened(line, turns) {
  const asked = turns[line.turn - 1];
  const said = turns[line.turn];
  return el(
    "details.line",
    el("summary", quote(line)),
    asked && turnOf(asked, line.turn - 1, []),
    said && turnOf(said, line.turn, marked(said.content, line.text)),
  );
}

function turnOf({ speaker, content }, place, words) {
  return el("div.turn", el("p.fine", says.turnTitle(place + 1, speaker)), el("p", words.length > 0 ? words : content));
}

function marked(content, text) {
  const at = text ? content.indexOf(text) : -1;
  return at < 0 ? [] : [content.slice(0, at), el("mark", text), content.slice(at + text.length)];
}
