// The start: choose a resume, see it being read.

import { api } from "../api.js";
import { takeBack } from "../deletions.js";
import { button, el, field } from "../dom.js";
import { date, percent } from "../format.js";
import { handOver } from "../handed_over.js";
import { randomName, userId } from "../identity.js";
import { go } from "../router.js";
import { problemPanel, say } from "../states.js";
import { texts } from "../texts.js";
import { sendResume } from "../upload.js";
import { resultParts } from "../views.js";
import { progressPanel } from "./progress.js";

const { upload } = texts;
const ACCEPTED = ".pdf,.docx,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const N_RECENT = 3;

export async function uploadView(view) {
  await showStart({ ...view, drops: dropsOn(view.signal) });
}

async function showStart(view, notice = null) {
  const said = el("div.notice");
  view.open(upload.title, el("div.start", hero(), el("div", said, chooser(view))), el("div", { id: "recent" }));
  if (notice) said.append(el("p", { role: "status" }, notice));
  await showRecent(view);
}

function hero() {
  return el("div.hero", el("h1", upload.title), el("p.lead", upload.lead));
}

function chooser(view) {
  const file = el("input", { type: "file", accept: ACCEPTED, id: "file", class: "unseen" });
  const job = el("textarea", { rows: 6, maxlength: 20000 });
  const where = el("input", { type: "text", maxlength: 200, autocomplete: "address-level2" });
  const words = el("span.drop-title", upload.drop);
  const drop = el(
    "label.drop",
    { for: "file" },
    el("span.drop-mark", { "aria-hidden": "true" }),
    words,
    el("span.drop-choose", upload.choose),
    el("span.fine", upload.kinds),
  );
  const begin = (files) => files.length > 0 && readFirst(view, files, { job: job.value.trim(), where: where.value.trim() });
  file.addEventListener("change", () => begin([...file.files]));
  const lift = (isOver) => {
    drop.classList.toggle("over", isOver);
    words.textContent = isOver ? upload.dropNow : upload.drop;
  };
  view.drops.waiting = { lift, begin };
  const more = el("details.more", el("summary", upload.more), field(upload.jobText, job, { hint: upload.jobTextHint }), field(upload.place, where, { hint: upload.placeHint }));
  return el("div", el("div.drop-frame", file, drop), more);
}

/**
 * A file may be dropped anywhere on the page: `waiting` is told of it, null while one is being read.
 * One set of listeners for the whole visit, however often there is another try.
 */
function dropsOn(signal) {
  const drops = { waiting: null };
  const withFiles = (act) => (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    act(event);
  };
  const dropped = ({ dataTransfer }) => {
    drops.waiting?.lift(false);
    drops.waiting?.begin([...dataTransfer.files]);
  };
  addEventListener("dragover", withFiles(() => drops.waiting?.lift(true)), { signal });
  addEventListener("dragleave", (event) => event.relatedTarget === null && drops.waiting?.lift(false), { signal });
  addEventListener("drop", withFiles(dropped), { signal });
  return drops;
}

async function showRecent(view) {
  const list = await api.history({ limit: N_RECENT }, view.signal).catch(() => null);
  const place = view.main.querySelector("#recent");
  if (!list || list.data.length === 0 || !place) return;
  place.append(
    el("h2", upload.recent),
    el("ul.recent", list.data.map(recentRow)),
    el("p", el("a", { href: "#/history" }, upload.allHistory)),
  );
}

function recentRow(summary) {
  const said = summary.abstained ? texts.history.noPath : `${summary.career_path}, ${percent(summary.confidence)}`;
  return el("li", el("a", { href: `#/result/${summary.prediction_id}` }, summary.resume_filename), el("span", said), el("time", { datetime: summary.created_at }, date(summary.created_at)));
}

function readFirst(view, files, wishes) {
  read(view, files[0], wishes, { onlyFirst: files.length > 1 });
}

/** Sends one file. The same key goes with every try, so that a second one keeps nothing twice. */
function read(view, file, wishes, { onlyFirst = false, idempotencyKey = randomName() } = {}) {
  view.drops.waiting = null;
  const panel = progressPanel(file, { onlyFirst });
  resultParts().catch(() => {}); // Asked for again when it is shown.
  const sent = sendResume(formOf(file, wishes), { idempotencyKey, watch: panel.watch });
  const cancel = button(upload.cancel, () => sent.cancel());
  view.open(upload.working(file.name), panel.node, el("p.actions", cancel));
  view.main.querySelector("h1").focus();
  view.signal.addEventListener("abort", () => sent.cancel());
  sent.outcome.then(
    (prediction) => finished(view, prediction, panel.sawStages()),
    (failure) => failed(view, failure, { file, wishes, retry: () => read(view, file, wishes, { idempotencyKey }) }),
  );
}

function formOf(file, { job, where }) {
  const form = new FormData();
  form.append("file", file);
  form.append("user_id", userId());
  if (job) form.append("job_description", job);
  if (where) form.append("job_location", where);
  return form;
}

function finished(view, prediction, sawStages) {
  if (view.signal.aborted) return;
  takeBack(prediction.prediction_id); // Whoever reads it again wants it.
  say(upload.done);
  handOver(prediction, { notice: sawStages ? null : upload.keptBefore });
  go(`/result/${prediction.prediction_id}`);
}

function failed(view, failure, { file, wishes, retry }) {
  if (view.signal.aborted) return;
  if (failure.name === "AbortError") {
    showStart(view, upload.cancelled);
    return;
  }
  view.drops.waiting = { lift() {}, begin: (files) => files.length > 0 && readFirst(view, files, wishes) };
  const other = button(upload.other, () => showStart(view));
  view.open(upload.title, problemPanel(failure, { retry, level: "h1", actions: [other], about: file.name }));
  const heading = view.main.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
}
