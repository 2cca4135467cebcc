// Everything that was read under one name: search, filters, trend, pick two, delete.

import { api } from "../api.js";
import { CHANGED, deleteLater, isDeleted } from "../deletions.js";
import { button, el, unseen } from "../dom.js";
import { date, moment, points, sureness } from "../format.js";
import { addressOf, go } from "../router.js";
import { empty, loading, problemPanel } from "../states.js";
import { texts } from "../texts.js";
import { filterForm, filtersOf, nFilters } from "./filters.js";
import { trendPanel } from "./trend.js";

const { history } = texts;
const LIMIT = 50;
const N_COMPARED = 2;

export async function historyView(view) {
  const filters = filtersOf(view.query);
  const list = el("div.history", loading(view.signal));
  view.open(
    history.title,
    el("div.view-head", el("h1", history.title), el("p.lead", history.lead)),
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
  document.addEventListener(CHANGED, () => keepingFocus(place, draw), { signal: view.signal });
}

/** A list drawn anew keeps the focus in its row; where that is gone, the row in its place has it. */
function keepingFocus(place, draw) {
  const focused = document.activeElement;
  const row = focused.closest(".row");
  if (!row || !place.contains(row)) return draw();
  const stops = (within) => [...within.querySelectorAll("a, button, input")];
  const [at, nth] = [[...row.parentNode.children].indexOf(row), stops(row).indexOf(focused)];
  draw();
  const rows = [...place.querySelectorAll(".row")];
  const same = rows.find((each) => each.dataset.prediction === row.dataset.prediction);
  const next = rows[Math.min(at, rows.length - 1)]?.querySelector(".row-name");
  ((same && stops(same)[nth]) ?? next ?? document.getElementById("main")).focus({ preventScroll: true });
}

function listNodes(view, place, known, picked) {
  const present = known.summaries.filter((summary) => !isDeleted(summary.prediction_id));
  for (const id of picked) if (isDeleted(id)) picked.delete(id);
  if (present.length === 0) return [nothing(known)];
  const compare = compareBar(picked);
  const rows = present.map((summary) => row(summary, picked, compare.renew));
  return [
    !known.filters.q && trendPanel(present),
    el("p.fine", { role: "status" }, history.count(present.length, known.next !== null), ". ", present.length > 1 && history.compareHint),
    el("ul.rows", rows),
    compare.node,
    known.next && moreButton(view, place, known),
  ].filter(Boolean);
}

function nothing({ filters }) {
  if (nFilters(filters) > 0) return empty(history.nothing, null, el("a", { href: "#/history" }, history.clear));
  return empty(history.empty, history.emptyHelp, el("a.button", { href: "#/" }, history.first));
}

function row(summary, picked, renew) {
  const { prediction_id: id, resume_filename: name } = summary;
  const pick = el("input", { type: "checkbox", value: id, "aria-label": history.pick(name) });
  pick.checked = picked.has(id);
  pick.addEventListener("change", () => {
    if (pick.checked) picked.add(id);
    else picked.delete(id);
    renew();
  });
  return el(
    "li.row",
    { "data-prediction": id },
    pick,
    el("div.row-what", el("a.row-name", { href: `#/result/${id}` }, name), said(summary), tags(summary.tags), snippet(summary.snippet)),
    el("p.row-score", el("strong", points(summary.ats_score)), unseen(" "), el("span.fine", history.score)),
    el("time.row-date.fine", { datetime: summary.created_at, title: moment(summary.created_at) }, date(summary.created_at)),
    button(history.remove, () => deleteLater(id, name), { class: "quiet", "aria-label": history.removeName(name) }),
  );
}

function said({ abstained, career_path: path, confidence }) {
  if (abstained) return el("p", history.noPath);
  return el("p", path, " ", el("span.fine", sureness(confidence)));
}

function tags(words) {
  return words.length > 0 && el("ul.chips", words.map((word) => el("li", el("a", { href: addressOf("/history", { tag: word }) }, word))));
}

function snippet(text) {
  return text && el("p.fine", text);
}

/** `{node, renew}`: two ticked results can be compared, the older one first. */
function compareBar(picked) {
  const hint = el("span.fine", { role: "status" });
  const bar = el("p.actions.compare-bar", { hidden: true }, compareButton(picked), hint);
  const renew = () => {
    bar.hidden = picked.size === 0;
    bar.firstElementChild.disabled = picked.size !== N_COMPARED;
    hint.textContent = [history.comparePicked, "", history.compareTooMany][Math.min(picked.size, 3) - 1] ?? "";
  };
  renew();
  return { node: bar, renew };
}

function compareButton(picked) {
  const compare = () => {
    const [a, b] = [...picked].sort(); // The ids grow with time.
    go("/compare", { a, b });
  };
  return button(history.compare, compare, { class: "primary" });
}

function moreButton(view, place, known) {
  const outcome = el("div");
  const load = async () => {
    more.disabled = true;
    try {
      const page = await api.history({ ...known.filters, limit: LIMIT, cursor: known.next }, view.signal);
      const nBefore = place.querySelectorAll(".row").length;
      known.summaries.push(...page.data);
      known.next = page.next_cursor;
      document.dispatchEvent(new Event(CHANGED));
      place.querySelectorAll(".row-name")[nBefore]?.focus();
    } catch (failure) {
      if (view.signal.aborted) return;
      more.disabled = false;
      outcome.replaceChildren(problemPanel(failure));
    }
  };
  const more = button(history.more, load);
  return el("div", el("p.actions", more), outcome);
}
