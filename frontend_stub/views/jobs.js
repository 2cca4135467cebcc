// Job search on its own.

import { api } from "../api.js";
import { button, el, field } from "../dom.js";
import { moment } from "../format.js";
import { go } from "../router.js";
import { empty, loading, problemPanel, say } from "../states.js";
import { texts } from "../texts.js";
import { postingList } from "./postings.js";

const LIMIT = 10;

export async function jobsView(view) {
  const results = el("div", { class: "job-results" });
  view.open(
    texts.jobs.searchTitle,
    el("div", { class: "view-head" }, el("h1", {}, texts.jobs.searchTitle), el("p", { class: "lead" }, texts.jobs.searchLead)),
    searchForm(view.query),
    results,
  );
  if (!view.query.get("query")) {
    results.append(el("p", { class: "fine" }, texts.jobs.start));
    return;
  }
  await showPage(view, results, null);
}

function searchForm(asked) {
  const query = el("input", { type: "search", maxlength: 200, required: true, value: asked.get("query") ?? "" });
  const where = el("input", { type: "text", maxlength: 200, value: asked.get("location") ?? "", autocomplete: "address-level2" });
  const remote = el("input", { type: "checkbox", id: "remote" });
  remote.checked = asked.get("remote") === "true";
  const submit = (event) => {
    event.preventDefault();
    go("/jobs", { query: query.value.trim(), location: where.value.trim(), remote: remote.checked ? "true" : "" });
  };
  return el(
    "form",
    { class: "filters", role: "search", on: { submit } },
    el("div", { class: "job-line" }, field(texts.jobs.query, query), field(texts.jobs.location, where), el("button", { class: "primary" }, texts.jobs.search)),
    el("div", { class: "check-line" }, remote, el("label", { for: "remote" }, texts.jobs.onlyRemote)),
  );
}

async function showPage(view, place, cursor) {
  const { query } = view;
  place.replaceChildren(loading(view.signal, texts.jobs.searching));
  const asked = { query: query.get("query"), location: query.get("location"), remote: query.get("remote"), limit: LIMIT, cursor };
  try {
    const page = await api.searchJobs(asked, view.signal);
    place.replaceChildren(...pageNodes(view, place, page));
    say(page.data.length > 0 ? texts.jobs.found(page.data.length) : texts.jobs.nothing);
  } catch (failure) {
    if (failure.isLossOfService) throw failure;
    if (!view.signal.aborted) place.replaceChildren(problemPanel(failure, { retry: () => showPage(view, place, cursor) }));
  }
}

function pageNodes(view, place, page) {
  if (page.data.length === 0) return [empty(texts.jobs.nothing, texts.jobs.nothingHelp)];
  const more = page.next_cursor && el("p", { class: "actions" }, button(texts.jobs.next, () => showPage(view, place, page.next_cursor)));
  return [
    el("p", { class: "fine" }, texts.jobs.found(page.data.length), " ", texts.jobs.source(page.provider, moment(page.fetched_at))),
    postingList(page.data, "h2"),
    more,
  ].filter(Boolean);
}
