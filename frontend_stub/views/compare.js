// Two results side by side, and what changed from the older to the newer.

import { api } from "../api.js";
import { el } from "../dom.js";
import { moment, percent, points, signed, sureness } from "../format.js";
import { empty, loading } from "../states.js";
import { texts } from "../texts.js";
import { chips } from "./chips.js";

const ID = /^[0-9a-f-]{36}$/;

export async function compareView(view) {
  const head = el("div", { class: "view-head" }, el("h1", {}, texts.compare.title), el("p", { class: "lead" }, texts.compare.lead));
  const ids = ["a", "b"].map((name) => view.query.get(name) ?? "");
  if (!ids.every((id) => ID.test(id))) {
    view.open(texts.compare.title, head, empty(texts.compare.two, null, toHistory()));
    return;
  }
  view.open(texts.compare.title, head, loading(view.signal));
  const found = await Promise.all(ids.map((id) => api.prediction(id, view.signal)));
  const [older, newer] = found.map((each) => each.prediction).sort((one, other) => (one.created_at < other.created_at ? -1 : 1));
  view.open(texts.compare.title, head, el("div", { class: "compare" }, figures(older, newer), checks(older, newer), skills(older, newer), el("p", {}, toHistory())));
}

function toHistory() {
  return el("a", { href: "#/history" }, texts.compare.swap);
}

function figures(older, newer) {
  const said = (prediction) => (prediction.abstained ? texts.history.noPath : prediction.career_path);
  const isSamePath = said(older) === said(newer);
  const rows = [
    [texts.compare.file, older.resume_filename, newer.resume_filename, null],
    [texts.compare.date, moment(older.created_at), moment(newer.created_at), null],
    [texts.compare.path, said(older), said(newer), isSamePath ? texts.compare.same : texts.compare.changed],
    [texts.compare.confidence, sure(older), sure(newer), difference(older.confidence * 100, newer.confidence * 100, " %")],
    [texts.compare.score, points(older.ats_score), points(newer.ats_score), difference(older.ats_score, newer.ats_score)],
    older.match && newer.match && [texts.compare.match, points(older.match.score), points(newer.match.score), difference(older.match.score, newer.match.score)],
    years(older, newer),
  ];
  return table(texts.compare.what, rows.filter(Boolean));
}

function sure({ confidence }) {
  return texts.result.sure(sureness(confidence), percent(confidence));
}

function years({ profile: older }, { profile: newer }) {
  if (older.years_experience === null || newer.years_experience === null) return null;
  return [texts.compare.years, points(older.years_experience), points(newer.years_experience), difference(older.years_experience, newer.years_experience)];
}

function difference(older, newer, unit = "") {
  const change = Math.round((newer - older) * 10) / 10;
  return change === 0 ? texts.compare.same : `${signed(change)}${unit}`;
}

function checks(older, newer) {
  const before = new Map(older.ats.checks.map((check) => [check.id, check]));
  const after = new Map(newer.ats.checks.map((check) => [check.id, check]));
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  const rows = ids.map((id) => checkRow(before.get(id), after.get(id)));
  return [el("h2", {}, texts.compare.checks), table(texts.compare.what, rows)];
}

function checkRow(older, newer) {
  const earned = (check) => (check && check.status !== "skipped" ? texts.ats.points(points(check.earned), points(check.weight)) : texts.ats.status.skipped);
  return [(newer ?? older).title, earned(older), earned(newer), checkChange(older, newer)];
}

/** Weights differ when a check is not counted in one of the two; shares can be compared then. */
function checkChange(older, newer) {
  const [before, after] = [older, newer].map((check) => check && check.status !== "skipped" && check.weight > 0);
  if (before !== after) return after ? texts.compare.nowCounted : texts.compare.notCounted;
  if (!before) return texts.compare.same;
  if (older.weight === newer.weight) return difference(older.earned, newer.earned);
  return difference((older.earned / older.weight) * 100, (newer.earned / newer.weight) * 100, " %");
}

function table(title, rows) {
  const heads = [title, texts.compare.older, texts.compare.newer, texts.compare.change];
  return el(
    "div",
    { class: "scrolled" },
    el("table", { class: "compare-table" }, el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, rows.map((cells) => tableRow(cells, heads)))),
  );
}

/** `data-head` names the column again where a narrow screen stacks the cells. */
function tableRow([name, older, newer, change], heads) {
  const isChanged = change !== null && change !== texts.compare.same;
  return el(
    "tr",
    { class: isChanged ? "changed" : null },
    el("th", { scope: "row" }, name),
    el("td", { "data-head": heads[1] }, older),
    el("td", { "data-head": heads[2] }, newer),
    el("td", { "data-head": heads[3], class: "change" }, change ?? ""),
  );
}

function skills({ profile: older }, { profile: newer }) {
  const [before, after] = [older, newer].map((profile) => profile.skills.map((skill) => skill.name));
  const gained = after.filter((name) => !before.includes(name));
  const lost = before.filter((name) => !after.includes(name));
  const both = after.filter((name) => before.includes(name));
  return [
    el("h2", {}, texts.compare.skills),
    chips(texts.compare.gained, gained, { kind: "matched", level: "h3" }),
    chips(texts.compare.lost, lost, { kind: "missing", level: "h3" }),
    chips(texts.compare.both, both, { level: "h3" }),
    before.length + after.length === 0 && el("p", { class: "fine" }, texts.compare.none),
  ];
}
