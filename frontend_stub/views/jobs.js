// Job search on its own.

import { api } from "../api.js";
import { button, el } from "../dom.js";
import { moment } from "../format.js";
import { go } from "../router.js";
import { empty, loading, problemPanel, say } from "../states.js";
import { texts } from "../texts.js";
import { understand } from "../understanding.js";
import { askedOf, partsOf, searchForm } from "./jobs_form.js";
import { postingList } from "./postings.js";
import { kindWanted, offerPanel, understoodPanel } from "./understood.js";

const { jobs } = texts;
const LIMIT = 10;

export async function jobsView(view) {
  const asked = askedOf(view.query);
  const results = el("div.job-results");
  const form = searchForm(asked, (wanted) => search(view, results, asked, wanted));
  const understood = asked.intent ? null : understoodPanel(asked, form.fields, (other) => go("/jobs", partsOf(other)));
  view.open(
    jobs.searchTitle,
    el("div.view-head", el("h1", jobs.searchTitle), el("p.lead", jobs.searchLead)),
    form.node,
    ...[understood].filter(Boolean),
    results,
  );
  if (asked.intent && asked.said) results.append(offerPanel(asked));
  else if (asked.query) await showFirst({ ...view, asked }, results);
  else if (asked.said) results.append(kindWanted());
  else results.append(el("p.fine", jobs.start));
}

/** New words may be a whole request; with the same ones only the fields have changed. */
async function search(view, results, asked, wanted) {
  const { said, aside } = asked;
  if (wanted.query === asked.query) return go("/jobs", partsOf({ ...wanted, said, aside }));
  results.replaceChildren(loading(view.signal, jobs.understanding));
  const understood = await understand(wanted.query, view.signal);
  if (view.signal.aborted) return;
  if (understood?.intent) return go("/jobs", { said: wanted.query, intent: understood.intent });
  if (understood) return go("/jobs", partsOf(together(wanted, asked, understood)));
  return go("/jobs", partsOf(wanted));
}

/**
 * What the words say goes before what the fields hold; what the fields hold of another request,
 * understood before and left as it was, goes altogether.
 */
function together(wanted, asked, { search: found, setAside }) {
  const isOther = asked.said !== "" && asked.query !== "";
  const kept = (name) => (isOther && String(wanted[name]) === String(asked[name]) ? found[name] : wanted[name]);
  const location = found.location || kept("location");
  const either = {
    query: found.query,
    location,
    country: found.location ? found.country : location && wanted.country,
    remote: found.remote || kept("remote"),
    kinds: found.kinds.length > 0 ? found.kinds : kept("kinds"),
    posted: found.posted === "all" ? kept("posted") : found.posted,
  };
  const isPlain = found.query.toLowerCase() === wanted.query.toLowerCase() && setAside === "";
  return isPlain ? either : { ...either, said: wanted.query, aside: setAside };
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

function pageAt({ asked, signal }, cursor) {
  const { query, location, country, remote, kinds, posted } = asked;
  return api.searchJobs({ query, location, country, remote, employment_types: kinds, date_posted: posted, limit: LIMIT, cursor }, signal);
}
