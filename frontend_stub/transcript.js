// A transcript as people have it, text or JSON, as the turns that the service takes.

const KNOWN = /^(?:applicant|candidate|interviewee|job applicant|job seeker|respondent|assessor|employer|examiner|hiring manager|host|hr|interviewer|moderator|panel|panell?ist|recruiter)(?: \d+)?$/;
const OF_CANDIDATE = /^(?:applicant|candidate|interviewee|job applicant|job seeker|respondent)(?: \d+)?$/;
const TIME = /^\s*[[(]?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?[\])]?\s*(?:[-–]\s*)?/;
const SPEAKER = /^\s*([\p{L}][^:\n]{0,59}?)\s*:(?:\s+|$)(.*)$/u;
const FEWEST_TURNS = 2;
const MOST_WORDS = 4;

/** `{turns, job}` of what was pasted; `turns` is null for JSON of another shape. */
export function transcriptOf(text) {
  return /^\s*[[{]\s*["{\]]/.test(text) ? fromJson(text) : { turns: fromLines(text), job: null };
}

function fromJson(text) {
  try {
    const given = JSON.parse(text);
    const turns = Array.isArray(given) ? given : given.transcript;
    const isTurn = (turn) => typeof turn?.speaker === "string" && typeof turn.content === "string";
    if (!Array.isArray(turns) || !turns.every(isTurn)) return { turns: null, job: null };
    return { turns: turns.map(({ speaker, content }) => ({ speaker, content })), job: typeof given.job === "string" ? given.job : null };
  } catch {
    return { turns: null, job: null };
  }
}

/** Lines without a speaker go on with what the last one said. */
function fromLines(text) {
  const lines = text.split(/\r?\n/).map((line) => line.replace(TIME, ""));
  const isSpeaker = speakersAmong(lines);
  const turns = [];
  for (const line of lines) {
    const [, speaker, content] = SPEAKER.exec(line) ?? [];
    if (speaker && isSpeaker(speaker)) turns.push({ speaker, content });
    else if (turns.length > 0) turns.at(-1).content += `\n${line}`;
    else if (line.trim()) return [];
  }
  return turns.map(({ speaker, content }) => ({ speaker, content: content.trim() }));
}

/** Known labels where the candidate has one; else what stands before a colon again and again. */
function speakersAmong(lines) {
  const labels = lines.map((line) => SPEAKER.exec(line)?.[1]).filter(Boolean);
  if (labels.some(isCandidate)) return (label) => KNOWN.test(plain(label));
  const nTurns = new Map();
  for (const label of labels) nTurns.set(label, (nTurns.get(label) ?? 0) + 1);
  return (label) => KNOWN.test(plain(label)) || (nTurns.get(label) >= FEWEST_TURNS && label.split(/\s+/).length <= MOST_WORDS);
}

/** `[name, n]` of everybody who says something, in their order. */
export function speakersOf(turns) {
  const counts = new Map();
  for (const { speaker } of turns) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  return [...counts];
}

/** Whether the service knows by this label who is scored. */
export function isCandidate(speaker) {
  return OF_CANDIDATE.test(plain(speaker));
}

function plain(label) {
  return label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
