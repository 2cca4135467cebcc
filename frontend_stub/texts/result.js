// One result, section by section.

import { many } from "./language.js";

const howOften = "The first figure says how often such an answer is right.";

export const confidence = {
  names: [
    [0.9, "Very sure"],
    [0.7, "Fairly sure"],
    [0.5, "More likely than not"],
    [0.25, "Quite possible"],
    [0.08, "Possible"],
    [0.01, "Unlikely"],
    [0, "Very unlikely"],
  ],
  percent: (p) => (p > 0 && p < 0.01 ? "under 1 %" : `${Math.round(p * 100)} %`),
};

export const result = {
  title: "Result",
  read: (date) => `Read on ${date}`,
  abstainedTitle: "No clear career path",
  abstained: {
    low_confidence: "The text fits several career paths about equally, or none well. Naming one would be a guess, so none is named.",
    language: "This resume seems to be in a language that the model was not trained on, so none is named.",
    short_text: "There is too little text to go by, so none is named.",
  },
  closest: "What came closest is listed below, with how likely each is.",
  sure: (words, percent) => `${words}, ${percent}`,
  atsOf: (score) => `${score} of 100 points`,
  ats: "Readable by software",
  print: "Print",
  remove: "Delete",
  onThisPage: "On this page",
  sections: {
    paths: "Career paths",
    why: "Why",
    ats: "Software score",
    steps: "Next steps",
    match: "Job description",
    jobs: "Jobs",
    notes: "Notes",
    profile: "What was read",
  },
  madeBy: (model, revision, rubric) => `Model ${model}, revision ${revision}; rubric ${rubric}.`,
};

export const paths = {
  title: "Career paths",
  lead: (n) => `${many(n, "occupation", "occupations")}, best first. ${howOften}`,
  leadOwn: (n) => `${many(n, "label", "labels")} of the model, best first. ${howOften}`,
  right: "Does the first one fit?",
  yes: "Yes, it fits",
  no: "No, it does not",
  thanksRight: "Noted: it fits.",
  thanksWrong: "Noted: it does not fit.",
  thanksWrongOwn: "Noted: it does not fit. Which label would be right can be written into the notes below.",
  which: "Which occupation is right?",
  whichHint: "Type a title and pick one of those offered.",
  pick: "This one",
  noSuch: "No occupation has this very title. Pick one of those offered while you type.",
  corrected: (title) => `The right one, by your word: ${title}.`,
};

export const why = {
  title: "The lines that say why",
  lead: "Each line was left out in turn; what changed is how much it speaks for this answer. Name, contact and pronouns are never shown to the model.",
  leadAbstained: "What moved the model towards the first of its guesses. Name, contact and pronouns are never shown to it.",
  passages: "The passages that moved it most",
  measuring: "Measuring every line. This takes some seconds.",
  noText: "This service does not keep the text of resumes, so the lines cannot be marked in it.",
  modelChanged: "Another revision of the model is loaded now, so single lines cannot be measured. Upload the resume again for that.",
  nothing: "No single passage moved the answer noticeably.",
  inText: "The resume, as it was read",
  page: (n) => `Page ${n}`,
  strength: { strong: "speaks strongly for it", some: "speaks for it", weak: "speaks a little for it", against: "speaks against it", hidden: "not shown to the model" },
  legend: "How lines are marked",
};

export const ats = {
  title: "How well software reads it",
  lead: "A published rubric, no employer's system. Every point can be checked.",
  points: (earned, weight) => `${earned} of ${weight}`,
  pointsSpoken: (earned, weight) => `${earned} of ${weight} points`,
  gain: (points) => `+${points} to gain`,
  gainable: (points) => `${points} points can be gained.`,
  nothingToGain: "No points are left to gain.",
  status: { pass: "passed", partial: "partly", fail: "failed", skipped: "not counted" },
  blocking: "must pass",
  todo: "What to do",
  evidence: "Evidence",
  noEvidence: "No line of the resume belongs to this.",
  line: (page, line) => `page ${page}, line ${line + 1}`,
  cap: (limit, reason) => `Held at ${limit} points. ${reason}`,
  tips: "Beyond the points",
  moreEvidence: (n) => `and ${many(n, "more line", "more lines")}`,
  improve: "To improve",
  fine: "In order",
};

export const steps = {
  title: "Next steps",
  lead: "Where people of this occupation go, and what the resume does not show yet.",
  none: "The catalogue names no next step from here.",
  wage: (amount) => `${amount} a year`,
  wageNote: "Median wages in the United States.",
  zone: { 1: "Little preparation", 2: "Some preparation", 3: "Medium preparation", 4: "Considerable preparation", 5: "Extensive preparation" },
  zoneLabel: (zone, words) => `Job zone ${zone}: ${words}`,
  missing: "Not in the resume yet",
  nothingMissing: "The resume shows all that is asked most.",
  findJobs: "Find jobs",
};

export const match = {
  title: "Against a job description",
  lead: "Paste the text of an advert. What it requires and prefers is looked for in the resume.",
  button: "Match",
  again: "Match another advert",
  working: "Reading the advert and matching. This takes some seconds.",
  score: (score) => `${score} of 100`,
  scoreLabel: "Match",
  required: "Required",
  preferred: "Preferred",
  matched: "Matched",
  missing: "Missing",
  none: "Nothing was asked.",
  quotes: "The lines that show it",
  medium: "named in other words",
  noRequirements: "No requirement could be found in this text. Paste the part that lists what is asked.",
  noText: "This service does not keep the text of resumes. Give the advert together with the resume when you upload it.",
  empty: "Paste the text of an advert first.",
};

export const notes = {
  title: "Notes and tags",
  notes: "Notes",
  tags: "Tags",
  tagsHint: "Separated by commas.",
  save: "Save",
  saved: "Saved.",
  conflict: "It was changed elsewhere in the meantime. What you typed is still above; this is what is kept now:",
  anyway: "Save mine anyway",
  takeKept: "Take what is kept",
};

export const profile = {
  title: "What was read",
  lead: "What software took from the document. If something is missing here, it may be missing elsewhere too.",
  contact: "Contact",
  summary: "Summary",
  work: "Work",
  education: "Education",
  skills: "Skills",
  certificates: "Certificates",
  languages: "Languages",
  years: (n) => `${n} years of experience`,
  now: "now",
  nothing: "Nothing was found.",
  warnings: "While reading",
};
