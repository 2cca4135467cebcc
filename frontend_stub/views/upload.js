// The start: choose a resume, see it being read.

import { api } from "../api.js";
import { button, el, field } from "../dom.js";
import { date, percent } from "../format.js";
import { handOver } from "../handed_over.js";
import { randomName, userId } from "../identity.js";
import { go } from "../router.js";
import { problemPanel, say } from "../states.js";
import { texts } from "../texts.js";
import { sendResume } from "../upload.js";
import { progressPanel } from "./progress.js";

const ACCEPTED = ".pdf,.docx,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const N_RECENT = 3;

export async function uploadView(view) {
  const notice = el("div", { class: "notice" });
  const chosen = (files, wishes) => read(view, files[0], wishes, { onlyFirst: files.length > 1 });
  view.open(texts.upload.title, el("div", { class: "start" }, hero(), el("div", {}, notice, chooser(view, chosen))), el("div", { id: "recent" }));
  if (view.notice) notice.append(el("p", { role: "status" }, view.notice));
  await showRecent(view);
}

function hero() {
  return el("div", { class: "hero" }, el("h1", {}, texts.upload.title), el("p", { class: "lead" }, texts.upload.lead));
}

function chooser(view, chosen) {
  const file = el("input", { type: "file", accept: ACCEPTED, id: "file", class: "unseen" });
  const job = el("textarea", { rows: 6, maxlength: 20000 });
  const where = el("input", { type: "text", maxlength: 200, autocomplete: "address-level2" });
  const words = el("span", { class: "drop-title" }, texts.upload.drop);
  const drop = el(
    "label",
    { class: "drop", for: "file" },
    el("span", { class: "drop-mark", "aria-hidden": "true" }),
    words,
    el("span", { class: "drop-choose" }, texts.upload.choose),
    el("span", { class: "fine" }, texts.upload.kinds),
  );
  const begin = (files) => files.length > 0 && chosen(files, { job: job.value.trim(), where: where.value.trim() });
  file.addEventListener("change", () => begin([...file.files]));
  takeDrops(view.signal, drop, words, begin);
  const more = el("details", { class: "more" }, el("summary", {}, texts.upload.more), field(texts.upload.jobText, job, { hint: texts.upload.jobTextHint }), field(texts.upload.place, where, { hint: texts.upload.placeHint }));
  return el("div", { class: "chooser" }, el("div", { class: "drop-frame" }, file, drop), more);
}

/** A file may be dropped anywhere on the page while this view is shown. */
function takeDrops(signal, drop, words, begin) {
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    drop.classList.add("over");
    words.textContent = texts.upload.dropNow;
  };
  const out = () => {
    drop.classList.remove("over");
    words.textContent = texts.upload.drop;
  };
  const dropped = (event) => {
    event.preventDefault();
    out();
    begin([...event.dataTransfer.files]);
  };
  addEventListener("dragover", over, { signal });
  addEventListener("dragleave", (event) => event.relatedTarget === null && out(), { signal });
  addEventListener("drop", dropped, { signal });
}

async function showRecent(view) {
  const list = await api.history({ limit: N_RECENT }, view.signal).catch(() => null);
  const place = view.main.querySelector("#recent");
  if (!list || list.data.length === 0 || !place) return;
  place.append(
    el("h2", {}, texts.upload.recent),
    el("ul", { class: "recent" }, list.data.map(recentRow)),
    el("p", {}, el("a", { href: "#/history" }, texts.upload.allHistory)),
  );
}

function recentRow(summary) {
  const said = summary.abstained ? texts.history.noPath : `${summary.career_path}, ${percent(summary.confidence)}`;
  return el("li", {}, el("a", { href: `#/result/${summary.prediction_id}` }, summary.resume_filename), el("span", {}, said), el("time", { datetime: summary.created_at }, date(summary.created_at)));
}

/** Sends one file. The same key goes with every try, so that a second one keeps nothing twice. */
function read(view, file, wishes, { onlyFirst = false, idempotencyKey = randomName() } = {}) {
  const panel = progressPanel(file, { onlyFirst });
  const sent = sendResume(formOf(file, wishes), { idempotencyKey, watch: panel.watch });
  const cancel = button(texts.upload.cancel, () => sent.cancel());
  view.open(texts.upload.working(file.name), panel.node, el("p", { class: "actions" }, cancel));
  view.main.querySelector("h1").focus();
  view.signal.addEventListener("abort", () => sent.cancel());
  sent.outcome.then(
    (prediction) => finished(view, prediction, panel.sawStages()),
    (failure) => failed(view, failure, file, () => read(view, file, wishes, { idempotencyKey })),
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
  say(texts.upload.done);
  handOver(prediction, { notice: sawStages ? null : texts.upload.keptBefore });
  go(`/result/${prediction.prediction_id}`);
}

function failed(view, failure, file, retry) {
  if (view.signal.aborted) return;
  if (failure.name === "AbortError") {
    uploadView({ ...view, notice: texts.upload.cancelled });
    return;
  }
  const other = button(texts.upload.other, () => uploadView(view));
  view.open(texts.upload.title, problemPanel(failure, { retry, level: "h1", actions: [other], about: file.name }));
  const heading = view.main.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
}
