// The score check by check; each opens what it found and what to do.

import { el, unseen } from "../dom.js";
import { points } from "../format.js";
import { texts } from "../texts.js";

const { ats: says } = texts;
const N_EVIDENCE = 6;

export function atsSection({ held }) {
  const { ats, ats_score: score } = held.prediction;
  const toImprove = ats.checks.filter((check) => check.points_available > 0 || check.status === "fail");
  const fine = ats.checks.filter((check) => !toImprove.includes(check));
  toImprove.sort((one, other) => other.points_available - one.points_available);
  return [
    el("p.lead", el("strong", texts.result.atsOf(points(score))), ". ", gainable(ats)),
    el("p.fine", says.lead),
    ats.cap && el("p.notice", says.cap(points(ats.cap.limit), ats.cap.reason)),
    group(says.improve, toImprove, "checks"),
    group(says.fine, fine, "checks in-order"),
    tips(ats.tips),
  ];
}

function gainable(ats) {
  return ats.points_available > 0 ? says.gainable(points(ats.points_available)) : says.nothingToGain;
}

function group(title, checks, kind) {
  return checks.length > 0 && [el("h3", title), el("div", { class: kind }, checks.map(checkOf))];
}

function checkOf(check) {
  return el(
    "details",
    { class: `check ${check.status}`, "data-check": check.id },
    el(
      "summary",
      el("span.check-mark", { "aria-hidden": "true" }),
      el("span.check-title", check.title, check.blocking && check.status === "fail" && el("span.fine", ` (${says.blocking})`), unseen(`, ${says.status[check.status]}`)),
      check.points_available > 0 && el("span.gain", says.gain(points(check.points_available))),
      pointsOf(check),
      check.fix && el("span.check-fix", { "aria-hidden": "true" }, check.fix),
    ),
    el("div.check-body", todo(check), evidence(check.evidence)),
  );
}

function pointsOf(check) {
  if (check.status === "skipped") return el("span.check-points", says.status.skipped);
  const [earned, weight] = [points(check.earned), points(check.weight)];
  return el("span.check-points", el("span", { "aria-hidden": "true" }, says.points(earned, weight)), unseen(says.pointsSpoken(earned, weight)));
}

function todo(check) {
  return check.fix && [el("h4", says.todo), el("p.fix", check.fix)];
}

function evidence(lines) {
  if (lines.length === 0) return el("p.fine", says.noEvidence);
  const shown = lines.slice(0, N_EVIDENCE);
  const row = ({ page, line, text }) => el("li", el("q", text), " ", el("span.fine", says.line(page, line)));
  return [
    el("h4", says.evidence),
    el("ul.quotes", shown.map(row)),
    lines.length > shown.length && el("p.fine", says.moreEvidence(lines.length - shown.length)),
  ];
}

function tips(sentences) {
  return sentences.length > 0 && [el("h3", says.tips), el("ul.tips", sentences.map((tip) => el("li", tip)))];
}
