// Job search on its own.

import { api } from "../api.js";
import { button, el, field } from "../dom.js";
import { moment } from "../format.js";
import { go } from "../router.js";
import { empty, loading, problemPanel, say } from "../states.js";
import { texts } from "../texts.js";
import { postingList } from "./postings.js";

const { jobs } = texts;
const LIMIT = 10;

export async function jobsView(view) {
  const results = el("div.job-results");
  view.open(
    jobs.searchTitle,
    el("div.view-head", el("h1", jobs.searchTitle), el("p.lead", jobs.searchLead)),
    searchForm(view.query),
    results,
  );
  if (!view.query.get("query")) {
    results.append(el("p.fine", jobs.start));
    return;
  }
  await showFirst(view, results);
}

function searchForm(asked) {
  const query = el("input", { type: "search", maxlength: 200, required: true, value: asked.get("query") ?? "" });
  const where = el("input", { type: "text", maxlength: 200, value: asked.get("location") ?? "", autocomplete: "address-level2" });
  const remote = el("input", { type: "checkbox", id: "remote" });
  remote.checked = asked.get("remote") === "true";
  const submit = () => {
    go("/jobs", { query: query.value.trim(), location: where.value.trim(), remote: remote.checked ? "true" : "" });
  };
  return el(
    "form.filters",
    { role: "search", on: { submit } },
    el("div.job-line", field(jobs.query, query), field(jobs.location, where), el("button.primary", jobs.search)),
    el("div.check-line", remote, el("label", { for: "remote" }, jobs.onlyRemote)),
  );
}

/** Without the service the whole view fails, and comes by itself when it is back. */
async function showFirst(view, place) {
  place.replaceChildren(loading(view.signal, jobs.searching));
  try {
    const page = await pageAt(view, null);
    if (page.data.length === 0) {
      say(jobs.nothing);
      return place.replaceChildren(empty(jobs.nothing, jobs.nothingHelp));
    }
    const count = el("span");
    const list = postingList([], "h2");
    const end = el("div");
    place.replaceChildren(el("p.fine", count, " ", jobs.source(page.provider, moment(page.fetched_at))), list, end);
    append(view, { count, list, end }, page);
  } catch (failure) {
    if (failure.isLossOfService) throw failure;
    if (!view.signal.aborted) place.replaceChildren(problemPanel(failure, { level: "h2", retry: () => showFirst(view, place) }));
  }
}

function append(view, shown, page) {
  const { count, list, end } = shown;
  list.append(...postingList(page.data, "h2").children);
  count.textContent = jobs.found(list.children.length);
  say(count.textContent);
  end.replaceChildren();
  if (page.next_cursor) end.append(el("p.actions", button(jobs.next, () => showMore(view, shown, page.next_cursor))));
}

/** What is shown already stays, whatever comes of it. */
async function showMore(view, shown, cursor) {
  shown.end.replaceChildren(loading(view.signal, jobs.searching));
  const nBefore = shown.list.children.length;
  try {
    append(view, shown, await pageAt(view, cursor));
    const heading = shown.list.children[nBefore]?.querySelector("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  } catch (failure) {
    if (!view.signal.aborted) shown.end.replaceChildren(problemPanel(failure, { retry: () => showMore(view, shown, cursor) }));
  }
}

function pageAt({ query, signal }, cursor) {
  return api.searchJobs({ query: query.get("query"), location: query.get("location"), remote: query.get("remote"), limit: LIMIT, cursor }, signal);
}
