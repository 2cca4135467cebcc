// A transcript on its way: pasted or chosen, read as turns, sent.

import { api } from "../api.js";
import { el, field } from "../dom.js";
import { randomName } from "../identity.js";
import { go } from "../router.js";
import { rememberTurns } from "../said_here.js";
import { loading, problemPanel } from "../states.js";
import { interviews as says } from "../texts/interviews.js";
import { isCandidate, speakersOf, transcriptOf } from "../transcript.js";

const MOST_BYTES = 2_000_000;
const TYPING_PAUSE_MS = 300;

export function transcriptForm(view) {
  const transcript = el("textarea", { rows: 12, spellcheck: "false", required: true });
  const job = el("textarea", { rows: 5, maxlength: 20000 });
  const read = el("p.fine", { role: "status" });
  const outcome = el("div.outcome");
  const who = whoField();
  const look = () => {
    const { turns } = transcriptOf(transcript.value);
    read.textContent = wordsOn(transcript.value, turns);
    who.renew(turns ?? []);
  };
  const file = fileField((text) => {
    transcript.value = text;
    look();
  }, read);
  const attempt = {};
  const submit = () => {
    look();
    const problem = refusalOf(transcript.value);
    if (problem) return refused(outcome, transcript, problem);
    return send(view, { ...wished(transcript.value, job.value), ...who.chosen() }, { attempt, outcome });
  };
  transcript.addEventListener("input", afterPause(look));
  return el(
    "form.transcript",
    { novalidate: true, on: { submit } },
    field(says.transcript, transcript, { hint: says.transcriptHint, wide: true }),
    read,
    who.node,
    field(says.file, file, { hint: says.fileHint }),
    el("details.more", el("summary", says.more), field(says.job, job, { hint: says.jobHint, wide: true })),
    el("p.actions", el("button.primary", says.send)),
    outcome,
  );
}

function afterPause(act) {
  let pause = null;
  return () => {
    clearTimeout(pause);
    pause = setTimeout(act, TYPING_PAUSE_MS);
  };
}

/** Who says how much, so that a transcript that is read wrongly is seen to be. */
function wordsOn(text, turns) {
  if (!turns?.length) return text.trim() ? refusalOf(text) : "";
  return says.read(turns.length, speakersOf(turns).map(([name, n]) => says.speaker(name, n)));
}

/** What keeps a text from being sent; the rest the service judges. */
function refusalOf(text) {
  if (!text.trim()) return says.empty;
  const { turns } = transcriptOf(text);
  if (turns === null) return says.badJson;
  return turns.length === 0 ? says.noSpeakers : null;
}

function refused(outcome, transcript, problem) {
  outcome.replaceChildren(el("p", { role: "alert" }, problem));
  transcript.focus();
}

function wished(text, advert) {
  const { turns, job } = transcriptOf(text);
  const wanted = advert.trim() || job;
  return { transcript: turns, ...(wanted && { job: wanted }) };
}

/** Asked only where no label says who the candidate is. */
function whoField() {
  const select = el("select");
  const node = field(says.who, select, { hint: says.whoHint });
  const renew = (turns) => {
    const names = speakersOf(turns).map(([name]) => name);
    const chosen = select.value;
    node.hidden = names.length === 0 || names.some(isCandidate);
    select.replaceChildren(...names.map((name) => el("option", { value: name, selected: name === chosen }, name)));
  };
  renew([]);
  return { node, renew, chosen: () => (node.hidden ? {} : { candidate: select.value }) };
}

function fileField(taken, said) {
  const file = el("input", { type: "file", accept: ".txt,.md,.json,text/plain,application/json" });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) said.textContent = says.fileTooLarge;
    else await chosen.text().then(taken, () => (said.textContent = says.fileUnreadable));
  });
  return file;
}

/** The same once more goes under the same id: the service answers with what it kept. */
async function send(view, wanted, { attempt, outcome }) {
  if (attempt.isUnderWay) return;
  const text = JSON.stringify(wanted);
  if (attempt.text !== text) Object.assign(attempt, { text, id: `page-${randomName()}` });
  attempt.isUnderWay = true;
  outcome.replaceChildren(loading(view.signal, says.working));
  try {
    const { interview_id: id } = await api.scoreInterview({ ...wanted, interview_id: attempt.id }, view.signal);
    rememberTurns(id, wanted.transcript);
    if (!view.signal.aborted) go(`/interviews/${encodeURIComponent(id)}`);
  } catch (failure) {
    if (view.signal.aborted) return;
    const retry = () => send(view, wanted, { attempt, outcome });
    outcome.replaceChildren(problemPanel(failure, { retry, level: "h2", words: says.refused }));
  } finally {
    attempt.isUnderWay = false;
  }
}
