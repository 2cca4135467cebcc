// Notes and tags of one result.

import { change } from "../changing.js";
import { el, field } from "../dom.js";
import { problemPanel } from "../states.js";
import { texts } from "../texts.js";

export function notesSection({ held }) {
  const notes = el("textarea", { rows: 3, maxlength: 10000 });
  const tags = el("input", { type: "text", autocomplete: "off" });
  const outcome = el("div", { role: "status" });
  const fill = () => {
    notes.value = held.prediction.notes ?? "";
    tags.value = held.prediction.tags.join(", ");
  };
  const submit = async (event) => {
    event.preventDefault();
    try {
      await change(held, { notes: notes.value.trim() || null, tags: words(tags.value) });
      fill();
      outcome.replaceChildren(el("p", { class: "fine" }, texts.notes.saved));
    } catch (failure) {
      if (failure.code !== "precondition_failed") return outcome.replaceChildren(problemPanel(failure, { level: "h3" }));
      fill();
      outcome.replaceChildren(el("p", { class: "notice" }, texts.notes.conflict));
    }
  };
  fill();
  return [
    el(
      "form",
      { class: "notes-form", on: { submit } },
      field(texts.notes.notes, notes, { wide: true }),
      field(texts.notes.tags, tags, { hint: texts.notes.tagsHint, wide: true }),
      el("p", { class: "actions" }, el("button", {}, texts.notes.save)),
      outcome,
    ),
  ];
}

function words(text) {
  const trimmed = text.split(",").map((word) => word.trim()).filter(Boolean);
  return [...new Set(trimmed)];
}
