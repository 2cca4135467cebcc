// What happens to a resume between choosing it and its result.

import { el } from "../dom.js";
import { bytes } from "../format.js";
import { say } from "../states.js";
import { texts } from "../texts.js";

const SLOW_AFTER_MS = 15_000;

/** `{node, watch, sawStages}`; `watch` is what an upload reports to. */
export function progressPanel(file, { onlyFirst }) {
  const bar = el("progress", { max: 1, value: 0, "aria-label": texts.upload.progress });
  const sent = el("p", { class: "fine sent" }, texts.upload.bytes(bytes(0), bytes(file.size)));
  const stages = stageList();
  const slow = el("p", { class: "fine", role: "status" });
  const node = el(
    "div",
    { class: "progress" },
    el("h1", { tabindex: -1 }, texts.upload.working(file.name)),
    onlyFirst && el("p", { class: "notice" }, texts.upload.onlyOne),
    bar,
    sent,
    stages.node,
    slow,
  );
  setTimeout(() => node.isConnected && (slow.textContent = texts.states.slow), SLOW_AFTER_MS);
  return { node, sawStages: stages.sawAny, watch: { bytes: showBytes(bar, sent), stage: stages.show, held: () => (slow.textContent = texts.upload.held) } };
}

function showBytes(bar, sent) {
  return (done, total) => {
    bar.value = total ? done / total : 0;
    const isAll = done >= total;
    sent.textContent = isAll ? `${texts.upload.sent(bytes(total))}` : texts.upload.bytes(bytes(done), bytes(total));
    if (isAll) say(texts.upload.waiting);
  };
}

function stageList() {
  const rows = new Map(Object.entries(texts.upload.stages).map(([stage, title]) => [stage, stageRow(title)]));
  let saw = false;
  const show = (stage, state, seconds) => {
    saw = true;
    const row = rows.get(stage);
    if (!row) return;
    row.node.dataset.state = state;
    row.note.textContent = state === "finished" ? texts.upload.seconds(seconds) : texts.upload.stageStates[state];
    if (state === "started") say(row.title);
  };
  const node = el("ol", { class: "stages" }, [...rows.values()].map((row) => row.node));
  return { node, show, sawAny: () => saw };
}

function stageRow(title) {
  const note = el("span", { class: "fine" }, texts.upload.stageStates.waiting);
  return { title, note, node: el("li", { "data-state": "waiting" }, el("span", {}, title), note) };
}
