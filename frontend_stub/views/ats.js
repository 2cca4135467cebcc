// The score check by check; each opens what it found and what to do.

import { el, unseen } from "../dom.js";
import { points } from "../format.js";
import { texts } from "../texts.js";

const N_EVIDENCE = 6;

export function atsSection({ held }) {
  const { ats, ats_score: score } = held.prediction;
  const toImprove = ats.checks.filter((check) => check.points_available > 0 || check.status === "fail");
  const fine = ats.checks.filter((check) => !toImprove.includes(check));
  toImprove.sort((one, other) => other.points_available - one.points_available);
  return [
    el("p", { class: "lead" }, el("strong", {}, texts.result.atsOf(points(score))), ". ", gainable(ats)),
    el("p", { class: "fine" }, texts.ats.lead),
    ats.cap && el("p", { class: "notice" }, texts.ats.cap(points(ats.cap.limit), ats.cap.reason)),
    group(texts.ats.improve, toImprove, "checks"),
    group(texts.ats.fine, fine, "checks in-order"),
    tips(ats.tips),
  ];
}

function gainable(ats) {
  return ats.points_available > 0 ? texts.ats.gainable(points(ats.points_available)) : texts.ats.nothingToGain;
}

function group(title, checks, kind) {
  return checks.length > 0 && [el("h3", {}, title), el("div", { class: kind }, checks.map(checkOf))];
}

function checkOf(check) {
  return el(
    "details",
    { class: `check ${check.status}`, "data-check": check.id },
    el(
      "summary",
      {},
      el("span", { class: "check-mark", "aria-hidden": "true" }),
      el("span", { class: "check-title" }, check.title, check.blocking && check.status === "fail" && el("span", { class: "fine" }, ` (${texts.ats.blocking})`), unseen(`, ${texts.ats.status[check.status]}`)),
      check.points_available > 0 && el("span", { class: "gain" }, texts.ats.gain(points(check.points_available))),
      pointsOf(check),
      check.fix && el("span", { class: "check-fix", "aria-hidden": "true" }, check.fix),
    ),
    el("div", { class: "check-body" }, todo(check), evidence(check.evidence)),
  );
}

function pointsOf(check) {
  if (check.status === "skipped") return el("span", { class: "check-points" }, texts.ats.status.skipped);
  const [earned, weight] = [points(check.earned), points(check.weight)];
  return el("span", { class: "check-points" }, el("span", { "aria-hidden": "true" }, texts.ats.points(earned, weight)), unseen(texts.ats.pointsSpoken(earned, weight)));
}

function todo(check) {
  return check.fix && [el("h4", {}, texts.ats.todo), el("p", { class: "fix" }, check.fix)];
}

function evidence(lines) {
  if (lines.length === 0) return el("p", { class: "fine" }, texts.ats.noEvidence);
  const shown = lines.slice(0, N_EVIDENCE);
  const row = ({ page, line, text }) => el("li", {}, el("q", {}, text), " ", el("span", { class: "fine" }, texts.ats.line(page, line)));
  return [
    el("h4", {}, texts.ats.evidence),
    el("ul", { class: "quotes" }, shown.map(row)),
    lines.length > shown.length && el("p", { class: "fine" }, texts.ats.moreEvidence(lines.length - shown.length)),
  ];
}

function tips(sentences) {
  return sentences.length > 0 && [el("h3", {}, texts.ats.tips), el("ul", { class: "tips" }, sentences.map((tip) => el("li", {}, tip)))];
}
