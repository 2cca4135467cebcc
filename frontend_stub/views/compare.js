// Two results side by side, and what changed from the older to the newer.

import { api } from "../api.js";
import { el, table } from "../dom.js";
import { moment, points, signed, sureness } from "../format.js";
import { empty, loading } from "../states.js";
import { texts } from "../texts.js";
import { chips } from "./chips.js";

const { compare } = texts;
const ID = /^[0-9a-f-]{36}$/;

export async function compareView(view) {
  const head = el("div.view-head", el("h1", compare.title), el("p.lead", compare.lead));
  const ids = ["a", "b"].map((name) => view.query.get(name) ?? "");
  if (!ids.every((id) => ID.test(id))) {
    view.open(compare.title, head, empty(compare.two, null, toHistory()));
    return;
  }
  view.open(compare.title, head, loading(view.signal));
  const found = await Promise.all(ids.map((id) => api.prediction(id, view.signal)));
  const [older, newer] = found.map((each) => each.prediction).sort((one, other) => (one.created_at < other.created_at ? -1 : 1));
  view.open(compare.title, head, el("div.compare", figures(older, newer), checks(older, newer), skills(older, newer), el("p", toHistory())));
}

function toHistory() {
  return el("a", { href: "#/history" }, compare.swap);
}

function figures(older, newer) {
  const said = (prediction) => (prediction.abstained ? texts.history.noPath : prediction.career_path);
  const isSamePath = said(older) === said(newer);
  const rows = [
    [compare.file, older.resume_filename, newer.resume_filename, null],
    [compare.date, moment(older.created_at), moment(newer.created_at), null],
    [compare.path, said(older), said(newer), isSamePath ? compare.same : compare.changed],
    [compare.confidence, sureness(older.confidence), sureness(newer.confidence), difference(older.confidence * 100, newer.confidence * 100, compare.share)],
    inPoints(compare.score, older.ats_score, newer.ats_score),
    inPoints(compare.match, older.match?.score, newer.match?.score),
    inPoints(compare.years, older.profile.years_experience, newer.profile.years_experience),
  ];
  return sideBySide(rows);
}

/** Nothing where one of the two is not known. */
function inPoints(name, older, newer) {
  const isKnown = [older, newer].every(Number.isFinite);
  return isKnown && [name, points(older), points(newer), difference(older, newer)];
}

function difference(older, newer, say = String) {
  const change = Math.round((newer - older) * 10) / 10;
  return change === 0 ? compare.same : say(signed(change));
}

function checks(older, newer) {
  const before = new Map(older.ats.checks.map((check) => [check.id, check]));
  const after = new Map(newer.ats.checks.map((check) => [check.id, check]));
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  const rows = ids.map((id) => checkRow(before.get(id), after.get(id)));
  return [el("h2", compare.checks), sideBySide(rows)];
}

function checkRow(older, newer) {
  const earned = (check) => (check && check.status !== "skipped" ? texts.ats.points(points(check.earned), points(check.weight)) : texts.ats.status.skipped);
  return [(newer ?? older).title, earned(older), earned(newer), checkChange(older, newer)];
}

/** Weights differ when a check is not counted in one of the two; shares can be compared then. */
function checkChange(older, newer) {
  const [before, after] = [older, newer].map((check) => check && check.status !== "skipped" && check.weight > 0);
  if (before !== after) return after ? compare.nowCounted : compare.notCounted;
  if (!before) return compare.same;
  if (older.weight === newer.weight) return difference(older.earned, newer.earned);
  return difference((older.earned / older.weight) * 100, (newer.earned / newer.weight) * 100, compare.share);
}

function sideBySide(rows) {
  return el("div.scrolled", table("table.compare-table", [compare.what, compare.older, compare.newer, compare.change], rows.filter(Boolean).map(tableRow)));
}

function tableRow([name, older, newer, change]) {
  const isChanged = change !== null && change !== compare.same;
  return el("tr", { class: isChanged ? "changed" : null }, el("th", { scope: "row" }, name), el("td", older), el("td", newer), el("td.change", change ?? ""));
}

function skills({ profile: older }, { profile: newer }) {
  const [before, after] = [older, newer].map((profile) => profile.skills.map((skill) => skill.name));
  const gained = after.filter((name) => !before.includes(name));
  const lost = before.filter((name) => !after.includes(name));
  const both = after.filter((name) => before.includes(name));
  return [
    el("h2", compare.skills),
    chips(compare.gained, gained, { kind: "matched", level: "h3" }),
    chips(compare.lost, lost, { kind: "missing", level: "h3" }),
    chips(compare.both, both, { level: "h3" }),
    before.length + after.length === 0 && el("p.fine", compare.none),
  ];
}
