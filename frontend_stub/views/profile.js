// What software took from the document, so that its owner can see what it missed.

import { el, outLink } from "../dom.js";
import { month, points } from "../format.js";
import { texts } from "../texts.js";
import { chips } from "./chips.js";

const { profile: says } = texts;

export function profileSection({ held }) {
  const { profile } = held.prediction;
  const parts = [
    [says.contact, contact(profile.contact)],
    [says.summary, profile.summary && el("p", profile.summary)],
    [says.work, jobs(profile)],
    [says.education, studies(profile.education)],
  ];
  return [
    el("p.lead", says.lead),
    profile.reading.warnings.length > 0 && el("p.notice", `${says.warnings}: ${profile.reading.warnings.join(" ")}`),
    el("dl.profile", parts.map(([title, content]) => [el("dt", title), el("dd", content || el("p.fine", says.nothing))])),
    chips(says.skills, profile.skills.map((skill) => skill.name), { level: "h3" }),
    chips(says.certificates, profile.certificates, { level: "h3" }),
    chips(says.languages, profile.languages, { level: "h3" }),
  ];
}

function contact({ name, email, phone, location, links }) {
  const known = [name, email, phone, location].filter(Boolean);
  if (known.length === 0 && links.length === 0) return null;
  return el("ul", known.map((fact) => el("li", fact)), links.map((link) => el("li", outLink(link, link))));
}

function jobs({ work, years_experience: years }) {
  if (work.length === 0) return null;
  return [years !== null && el("p.fine", says.years(points(years))), el("ul", work.map(job))];
}

function job({ position, name, start_date: start, end_date: end, current }) {
  const until = current ? says.now : end;
  return el("li", el("strong", position ?? name ?? ""), position && name && `, ${name}`, span(start, until));
}

function studies(education) {
  if (education.length === 0) return null;
  const row = ({ institution, area, study_type: type, start_date: start, end_date: end }) => el("li", el("strong", [type, area].filter(Boolean).join(", ") || institution || ""), (type || area) && institution && `, ${institution}`, span(start, end));
  return el("ul", education.map(row));
}

function span(start, end) {
  const known = [start, end].filter(Boolean).map(month);
  return known.length > 0 && el("span.fine", ` ${known.join(" – ")}`);
}
