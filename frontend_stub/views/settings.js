// Whose history, which key, everything about me, and how the service is.

import { api } from "../api.js";
import { button, el, field } from "../dom.js";
import { apiKey, keepApiKey, renameUser, userId } from "../identity.js";
import { keyInput, loading, problemPanel } from "../states.js";
import { texts } from "../texts.js";
import { mineSection } from "./mine.js";

export async function settingsView(view) {
  const health = el("div", {}, loading(view.signal));
  view.open(
    texts.settings.title,
    el("div", { class: "view-head" }, el("h1", {}, texts.settings.title)),
    panel(texts.settings.who, whoForm()),
    panel(texts.settings.key, keyForm()),
    panel(texts.settings.mine, mineSection()),
    panel(texts.settings.service, health),
  );
  await showHealth(view, health);
}

function panel(title, nodes) {
  return el("section", { class: "panel" }, el("h2", {}, title), nodes);
}

function whoForm() {
  const name = el("input", { type: "text", maxlength: 128, required: true, value: userId(), autocomplete: "off", spellcheck: "false" });
  const outcome = el("p", { class: "fine", role: "status" });
  const submit = (event) => {
    event.preventDefault();
    renameUser(name.value.trim() || userId());
    name.value = userId();
    outcome.textContent = texts.settings.whoSaved;
  };
  return [el("p", {}, texts.settings.whoHelp), el("form", { class: "inline", on: { submit } }, field(texts.settings.whoLabel, name), el("button", {}, texts.settings.whoSave)), outcome];
}

function keyForm() {
  const key = keyInput();
  const outcome = el("p", { class: "fine", role: "status" }, apiKey() ? texts.settings.keyThere : "");
  const forget = button(texts.settings.keyForget, () => keep("", texts.settings.keyForgotten));
  const keep = (value, said) => {
    keepApiKey(value);
    key.value = "";
    forget.hidden = !value;
    outcome.textContent = said;
  };
  forget.hidden = !apiKey();
  const submit = (event) => {
    event.preventDefault();
    keep(key.value.trim(), texts.settings.keySaved);
  };
  return [el("p", {}, texts.settings.keyHelp), el("form", { class: "inline", on: { submit } }, field(texts.key.label, key), el("button", {}, texts.settings.keySave)), forget, outcome];
}

async function showHealth(view, place) {
  try {
    const health = await api.health(view.signal);
    const part = ({ name, state }) => [el("dt", {}, texts.settings.parts[name] ?? name), el("dd", {}, texts.settings.partStates[state] ?? state)];
    place.replaceChildren(el("dl", { class: "health" }, health.parts.map(part)), el("p", { class: "fine" }, health.version));
  } catch (failure) {
    if (!view.signal.aborted) place.replaceChildren(problemPanel(failure, { level: "h3", retry: () => showHealth(view, place) }));
  }
}
