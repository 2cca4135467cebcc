// The search for jobs: one box that understands requests, and fields for whoever wants them.

import { el, field } from "../dom.js";
import { texts } from "../texts.js";
import { offers } from "../texts/offers.js";

const { jobs } = texts;
const WORK_PLACES = ["true", "false"];
const COUNTRY = /^[a-z]{2}$/;

/** What is searched, from the address; `said` are the words that it was understood from. */
export function askedOf(given) {
  const text = (name) => given.get(name)?.trim() ?? "";
  const known = (name, among, otherwise) => (Object.hasOwn(among, text(name)) ? text(name) : otherwise);
  return {
    query: text("query"),
    location: text("location"),
    country: COUNTRY.test(text("country")) ? text("country") : "",
    remote: WORK_PLACES.includes(text("remote")) ? text("remote") : "",
    kinds: text("kinds").split(",").filter((kind) => Object.hasOwn(jobs.kinds, kind)),
    posted: known("posted", jobs.postedSince, "all"),
    said: text("said"),
    aside: text("aside"),
    intent: known("intent", offers.ways, ""),
  };
}

/** The same as parts of an address. */
export function partsOf({ kinds, posted, ...asked }) {
  return { ...asked, kinds: kinds.join(","), posted: posted === "all" ? "" : posted };
}

/** `{node, fields}`; `submitted` is told what the fields hold then. */
export function searchForm(asked, submitted) {
  const query = el("input", { type: "search", maxlength: 200, required: true, value: asked.query || (asked.intent && asked.said) });
  const location = el("input", { type: "text", maxlength: 200, value: asked.location, autocomplete: "address-level2" });
  const remote = select(jobs.workPlaces, asked.remote);
  const posted = select(jobs.postedSince, asked.posted);
  const kinds = Object.entries(jobs.kinds).map(([kind, name]) => tick(kind, name, asked.kinds.includes(kind)));
  const submit = () => {
    const place = location.value.trim();
    submitted({
      query: query.value.trim(),
      location: place,
      country: place === asked.location ? asked.country : "", // that of another place is not known
      remote: remote.value,
      kinds: kinds.filter(({ box }) => box.checked).map(({ box }) => box.value),
      posted: posted.value,
    });
  };
  const node = el(
    "form.filters.job-search",
    { role: "search", on: { submit } },
    el("div.search-line", field(jobs.query, query, { hint: jobs.queryHint, wide: true }), el("button.primary", jobs.search)),
    el("div.job-fields", field(jobs.location, location), field(jobs.workPlace, remote), field(jobs.since, posted)),
    el("fieldset.ticks", el("legend", jobs.kind), kinds.map(({ label }) => label)),
  );
  return { node, fields: { query, location, remote, posted, kinds: Object.fromEntries(kinds.map(({ box }) => [box.value, box])) } };
}

function select(names, chosen) {
  return el("select", Object.entries(names).map(([value, name]) => el("option", { value, selected: value === chosen }, name)));
}

function tick(kind, name, isOn) {
  const box = el("input", { type: "checkbox", value: kind, checked: isOn });
  return { box, label: el("label.check-line", box, name) };
}
