// What happens to a resume between choosing it and its result.

import { el } from "../dom.js";
import { say } from "../states.js";
import { texts } from "../texts.js";

const { upload } = texts;
const SLOW_AFTER_MS = 15_000;

/** `{node, watch, sawStages}`; `watch` is what an upload reports to. */
export function progressPanel(file, { onlyFirst }) {
  const bar = el("progress", { max: 1, value: 0, "aria-label": upload.progress });
  const sent = el("p.fine.sent", upload.bytes(upload.size(0), upload.size(file.size)));
  const stages = stageList();
  const slow = el("p.fine", { role: "status" });
  const node = el(
    "div.progress",
    el("h1", { tabindex: -1 }, upload.working(file.name)),
    onlyFirst && el("p.notice", upload.onlyOne),
    bar,
    sent,
    stages.node,
    slow,
  );
  setTimeout(() => node.isConnected && (slow.textContent = texts.states.slow), SLOW_AFTER_MS);
  return { node, sawStages: stages.sawAny, watch: { bytes: showBytes(bar, sent), stage: stages.show, held: () => (slow.textContent = upload.held) } };
}

function showBytes(bar, sent) {
  return (done, total) => {
    bar.value = total ? done / total : 0;
    const isAll = done >= total;
    sent.textContent = isAll ? upload.sent(upload.size(total)) : upload.bytes(upload.size(done), upload.size(total));
    if (isAll) say(upload.waiting);
  };
}

function stageList() {
  const rows = new Map(Object.entries(upload.stages).map(([stage, title]) => [stage, stageRow(title)]));
  let saw = false;
  const show = (stage, state, seconds) => {
    saw = true;
    const row = rows.get(stage);
    if (!row) return;
    row.node.dataset.state = state;
    row.note.textContent = state === "finished" ? upload.seconds(seconds) : upload.stageStates[state];
    if (state === "started") say(row.title);
  };
  const node = el("ol.stages", [...rows.values()].map((row) => row.node));
  return { node, show, sawAny: () => saw };
}

function stageRow(title) {
  const note = el("span.fine", upload.stageStates.waiting);
  return { title, note, node: el("li", { "data-state": "waiting" }, el("span", title), note) };
}
