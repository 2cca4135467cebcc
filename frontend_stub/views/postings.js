// Job adverts: those of a result, and how one is shown anywhere.

import { api } from "../api.js";
import { el, outLink, unseen } from "../dom.js";
import { date, likeness, moment, money } from "../format.js";
import { loading, say } from "../states.js";
import { texts } from "../texts.js";
import { chips } from "./chips.js";

const { jobs: says } = texts;
const ASK_EVERY_MS = 2_000;
const ASK_TIMES = 20;

export function jobsSection({ held, view }) {
  const place = el("div");
  const { prediction } = held;
  if (prediction.jobs_status === "pending") waitForJobs(prediction.prediction_id, place, view.signal);
  else place.append(...jobsNodes({ ...prediction, data: prediction.jobs }));
  return [place];
}

async function waitForJobs(id, place, signal) {
  place.replaceChildren(loading(signal, says.pending));
  for (let asked = 0; asked < ASK_TIMES; asked += 1) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    if (signal.aborted) return;
    const found = await api.jobsOf(id, signal).catch(() => null);
    if (found && found.jobs_status !== "pending") return arrived(place, found);
  }
  place.replaceChildren(...jobsNodes({ jobs_status: "pending", data: [] }));
}

function arrived(place, found) {
  place.replaceChildren(...jobsNodes(found));
  say(says.arrived(found.data.length));
}

function jobsNodes(found) {
  if (found.jobs_status !== "ok") {
    const [title, help] = says.status[found.jobs_status] ?? says.status.unavailable;
    return [el("div.empty", el("h3", title), el("p", help))];
  }
  return [
    found.jobs_query && el("p.fine", says.for(found.jobs_query), " ", says.source(found.jobs_provider, moment(found.jobs_fetched_at))),
    postingList(found.data, "h3"),
  ].filter(Boolean);
}

/** `level` is that of a posting's heading. */
export function postingList(postings, level) {
  return el("ul.postings", postings.map((posting) => postingRow(posting, level)));
}

function postingRow(posting, level) {
  const { title, employer_name: employer, location, description } = posting;
  return el(
    "li.posting",
    el(level, title),
    el("p.facts", [employer, location, posting.remote && says.remote, salary(posting.salary), posting.posted_at && says.posted(date(posting.posted_at))].filter(Boolean).map((fact) => el("span", fact))),
    posting.similarity !== null && el("p.fine", likeness(posting.similarity)),
    chips(says.matched, posting.matched_skills, { kind: "matched", level: "p" }),
    chips(says.missing, posting.missing_skills, { kind: "missing", level: "p" }),
    description && el("details.more", el("summary", says.description, unseen(`: ${title}`)), el("p.description", description)),
    posting.apply_url && el("p.card-foot", outLink(posting.apply_url, says.apply, { "aria-label": says.applyFor(title) })),
  );
}

function salary(offer) {
  if (!offer || (offer.min === null && offer.max === null)) return null;
  const currency = offer.currency ?? "USD";
  const low = money(offer.min ?? offer.max, currency);
  const high = offer.min !== null && offer.max !== null && offer.max !== offer.min ? money(offer.max, currency) : null;
  return says.salary(low, high, says.periods[offer.period?.toUpperCase()] ?? "");
}
