// Job adverts.

import { many } from "./language.js";
import { noSource } from "./problems.js";

const elsewhere = "The rest of the result does not depend on it. Look again later under Jobs.";

export const jobs = {
  title: "Matched jobs",
  for: (query) => `Searched for “${query}”.`,
  pending: "The job board has not answered yet. It is being asked.",
  status: {
    empty: ["No jobs were found", "The job board holds nothing for this career path at the moment."],
    not_configured: noSource,
    unavailable: ["The job board did not answer", elsewhere],
    quota_exhausted: ["The job board's quota is used up", elsewhere],
    pending: ["The job board is slow today", "Open this result again in a few minutes: what comes is kept with it."],
  },
  similarity: [[0.6, "Very close to the resume"], [0.45, "Close to the resume"], [0.3, "Some likeness to the resume"], [-1, "Little likeness to the resume"]],
  matched: "In the resume",
  missing: "Missing",
  remote: "Remote",
  apply: "Open the advert",
  applyFor: (title) => `Open the advert: ${title}`,
  posted: (date) => `Posted ${date}`,
  source: (provider, date) => `From ${provider}, ${date}.`,
  description: "What the advert says",
  salary: (low, high, period) => `${low}${high ? ` to ${high}` : ""}${period ? ` ${period}` : ""}`,
  periods: { YEAR: "a year", MONTH: "a month", WEEK: "a week", DAY: "a day", HOUR: "an hour" },
  searchTitle: "Find jobs",
  searchLead: "In the job board of this service, or among the postings that were imported into it.",
  query: "Job title or words",
  location: "Where",
  onlyRemote: "Remote only",
  search: "Search",
  searching: "Searching",
  arrived: (n) => `${many(n, "job was", "jobs were")} found.`,
  found: (n) => `${many(n, "job", "jobs")} so far.`,
  nothing: "Nothing was found",
  nothingHelp: "Try fewer words, another place, or leave “remote only” out.",
  start: "Type what you look for. A career path of one of your results is a good start.",
  next: "More jobs",
};
