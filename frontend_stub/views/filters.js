// Search and filters of the history; they stand in the address, so that a list can be linked.

import { el, field } from "../dom.js";
import { texts } from "../texts.js";

const { history: says } = texts;
const NAMES = ["q", "career_path", "tag", "min_confidence", "min_ats_score", "after", "before"];
const CONFIDENCES = [0.25, 0.5, 0.7, 0.9];
const SCORES = [50, 70, 80, 90];

/** What the service is asked for; days become moments of the reader's own time zone. */
export function filtersOf(query) {
  const given = Object.fromEntries(NAMES.map((name) => [name, query.get(name)?.trim() || null]));
  const { after, before, ...rest } = given;
  return { ...rest, created_after: dayBegins(after, 0), created_before: dayBegins(before, 1) };
}

export function nFilters(filters) {
  return Object.values(filters).filter((value) => value !== null).length;
}

function dayBegins(day, daysLater) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? "");
  if (!found) return null;
  const [year, month, dayOfMonth] = found.slice(1).map(Number);
  return new Date(year, month - 1, dayOfMonth + daysLater).toISOString();
}

export function filterForm(query, chosen) {
  const { q, ...rest } = fieldsOf(query);
  const others = Object.entries(rest);
  const submit = () => {
    chosen(Object.fromEntries([["q", q], ...others].map(([name, control]) => [name, control.value.trim()])));
  };
  const nSet = NAMES.filter((name) => name !== "q" && query.get(name)).length;
  const details = el(
    "details.more",
    { open: nSet > 0 },
    el("summary", nSet > 0 ? says.filtersOn(nSet) : says.filters),
    el("div.filter-grid", others.map(([name, control]) => field(says[name], control))),
    el("p.actions", el("button.primary", says.apply), nSet > 0 && el("a", { href: "#/history" }, says.clear)),
  );
  const search = el("div.search-line", field(says.search, q, { hint: says.searchHint, wide: true }), el("button.primary", says.search));
  return el("form.filters", { role: "search", on: { submit } }, search, details);
}

function fieldsOf(query) {
  const text = (name, properties) => el("input", { ...properties, value: query.get(name) ?? "" });
  return {
    q: text("q", { type: "search", maxlength: 500 }),
    career_path: text("career_path", { type: "text", maxlength: 200 }),
    tag: text("tag", { type: "text", maxlength: 64 }),
    min_confidence: choice(query.get("min_confidence"), CONFIDENCES, (value) => texts.confidence.percent(value)),
    min_ats_score: choice(query.get("min_ats_score"), SCORES, String),
    after: text("after", { type: "date" }),
    before: text("before", { type: "date" }),
  };
}

function choice(chosen, values, say) {
  const options = values.map((value) => el("option", { value, selected: String(value) === chosen }, say(value)));
  return el("select", el("option", { value: "" }, says.any), options);
}
