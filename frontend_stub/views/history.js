// Everything that was read under one name: search, filters, trend, pick two, delete.

import { api } from "../api.js";
import { CHANGED, deleteLater, isDeleted } from "../deletions.js";
import { button, el, unseen } from "../dom.js";
import { date, moment, percent, points, sureness } from "../format.js";
import { addressOf, go } from "../router.js";
import { empty, loading, problemPanel } from "../states.js";
import { texts } from "../texts.js";
import { filterForm, filtersOf, nFilters } from "./filters.js";
import { trendPanel } from "./trend.js";

const LIMIT = 50;
const N_COMPARED = 2;

export async function historyView(view) {
  const filters = filtersOf(view.query);
  const list = el("div", { class: "history" }, loading(view.signal));
  view.open(
    texts.history.title,
    el("div", { class: "view-head" }, el("h1", {}, texts.history.title), el("p", { class: "lead" }, texts.history.lead)),
    filterForm(view.query, (chosen) => go("/history", chosen)),
    list,
  );
  const page = await api.history({ ...filters, limit: LIMIT }, view.signal);
  showList(view, list, { filters, summaries: page.data, next: page.next_cursor });
}

/** `known` is what was loaded so far: `{filters, summaries, next}`. */
function showList(view, place, known) {
  const picked = new Set();
  const draw = () => place.replaceChildren(...listNodes(view, place, known, picked));
  draw();
  document.addEventListener(CHANGED, draw, { signal: view.signal });
}

function listNodes(view, place, known, picked) {
  const present = known.summaries.filter((summary) => !isDeleted(summary.prediction_id));
  for (const id of picked) if (isDeleted(id)) picked.delete(id);
  if (present.length === 0) return [nothing(known)];
  const compare = compareBar(picked);
  const rows = present.map((summary) => row(summary, picked, compare.renew));
  return [
    !known.filters.q && trendPanel(present),
    el("p", { class: "fine", role: "status" }, texts.history.count(present.length, known.next !== null), ". ", present.length > 1 && texts.history.compareHint),
    el("ul", { class: "rows" }, rows),
    compare.node,
    known.next && moreButton(view, place, known),
  ].filter(Boolean);
}

function nothing({ filters }) {
  if (nFilters(filters) > 0) return empty(texts.history.nothing, null, el("a", { href: "#/history" }, texts.history.clear));
  return empty(texts.history.empty, texts.history.emptyHelp, el("a", { class: "button", href: "#/" }, texts.history.first));
}

function row(summary, picked, renew) {
  const { prediction_id: id, resume_filename: name } = summary;
  const pick = el("input", { type: "checkbox", value: id, "aria-label": texts.history.pick(name) });
  pick.checked = picked.has(id);
  pick.addEventListener("change", () => {
    if (pick.checked) picked.add(id);
    else picked.delete(id);
    renew();
  });
  return el(
    "li",
    { class: "row", "data-prediction": id },
    pick,
    el("div", { class: "row-what" }, el("a", { class: "row-name", href: `#/result/${id}` }, name), said(summary), tags(summary.tags), snippet(summary.snippet)),
    el("p", { class: "row-score" }, el("strong", {}, points(summary.ats_score)), unseen(" "), el("span", { class: "fine" }, texts.history.score)),
    el("time", { class: "row-date fine", datetime: summary.created_at, title: moment(summary.created_at) }, date(summary.created_at)),
    button(texts.history.remove, () => deleteLater(id, name), { class: "quiet", "aria-label": texts.history.removeName(name) }),
  );
}

function said({ abstained, career_path: path, confidence }) {
  if (abstained) return el("p", { class: "row-path" }, texts.history.noPath);
  return el("p", { class: "row-path" }, path, " ", el("span", { class: "fine" }, texts.result.sure(sureness(confidence), percent(confidence))));
}

function tags(words) {
  return words.length > 0 && el("ul", { class: "chips" }, words.map((word) => el("li", {}, el("a", { href: addressOf("/history", { tag: word }) }, word))));
}

function snippet(text) {
  return text && el("p", { class: "fine" }, text);
}

/** `{node, renew}`: two ticked results can be compared, the older one first. */
function compareBar(picked) {
  const hint = el("span", { class: "fine", role: "status" });
  const bar = el("p", { class: "actions compare-bar", hidden: true }, compareButton(picked), hint);
  const renew = () => {
    bar.hidden = picked.size === 0;
    bar.firstElementChild.disabled = picked.size !== N_COMPARED;
    hint.textContent = [texts.history.comparePicked, "", texts.history.compareTooMany][Math.min(picked.size, 3) - 1] ?? "";
  };
  renew();
  return { node: bar, renew };
}

function compareButton(picked) {
  const compare = () => {
    const [a, b] = [...picked].sort(); // The ids grow with time.
    go("/compare", { a, b });
  };
  return button(texts.history.compare, compare, { class: "primary" });
}

function moreButton(view, place, known) {
  const outcome = el("div");
  const load = async () => {
    more.disabled = true;
    try {
      const page = await api.history({ ...known.filters, limit: LIMIT, cursor: known.next }, view.signal);
      known.summaries.push(...page.data);
      known.next = page.next_cursor;
      document.dispatchEvent(new Event(CHANGED));
    } catch (failure) {
      if (view.signal.aborted) return;
      more.disabled = false;
      outcome.replaceChildren(problemPanel(failure, { level: "h3" }));
    }
  };
  const more = button(texts.history.more, load);
  return el("div", {}, el("p", { class: "actions" }, more), outcome);
}
