// Notes and tags of one result.

import { change } from "../changing.js";
import { button, el, field } from "../dom.js";
import { problemPanel } from "../states.js";
import { texts } from "../texts.js";

const { notes: says } = texts;

export function notesSection({ held }) {
  const sight = { prediction: held.prediction };
  const notes = el("textarea", { rows: 3, maxlength: 10000 });
  const tags = el("input", { type: "text", autocomplete: "off" });
  const outcome = el("div", { role: "status" });
  const typed = () => ({ notes: notes.value.trim() || null, tags: words(tags.value) });
  const fill = () => {
    notes.value = sight.prediction.notes ?? "";
    tags.value = sight.prediction.tags.join(", ");
  };
  const save = async () => {
    const sent = typed();
    try {
      await change(held, sent, sight);
      // What was typed on since then stays.
      if (JSON.stringify(typed()) === JSON.stringify(sent)) fill();
      outcome.replaceChildren(el("p.fine", says.saved));
    } catch (failure) {
      outcome.replaceChildren(failure.code === "precondition_failed" ? conflict() : problemPanel(failure));
    }
  };
  const settle = (decide) => () => {
    outcome.replaceChildren();
    notes.focus();
    return decide();
  };
  const conflict = () => conflictPanel(sight.prediction, { anyway: settle(save), takeKept: settle(fill) });
  fill();
  return [
    el(
      "form.notes-form",
      { on: { submit: save } },
      field(says.notes, notes, { wide: true }),
      field(says.tags, tags, { hint: says.tagsHint, wide: true }),
      el("p.actions", el("button", says.save)),
      outcome,
    ),
  ];
}

function conflictPanel({ notes, tags }, { anyway, takeKept }) {
  return el(
    "div.notice",
    el("p", says.conflict),
    el("dl.pairs", el("dt", says.notes), el("dd", notes ?? "–"), el("dt", says.tags), el("dd", tags.join(", ") || "–")),
    el("p.actions", button(says.anyway, anyway, { class: "primary" }), button(says.takeKept, takeKept)),
  );
}

function words(text) {
  const trimmed = text.split(",").map((word) => word.trim()).filter(Boolean);
  return [...new Set(trimmed)];
}
