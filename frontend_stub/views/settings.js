// Whose history, which key, everything about me, and how the service is.

import { api } from "../api.js";
import { button, el, field } from "../dom.js";
import { apiKey, keepApiKey, renameUser, userId } from "../identity.js";
import { keyInput, loading, problemPanel } from "../states.js";
import { texts } from "../texts.js";
import { mineSection } from "./mine.js";

const { settings } = texts;

export async function settingsView(view) {
  const health = el("div", loading(view.signal));
  view.open(
    settings.title,
    el("div.view-head", el("h1", settings.title)),
    panel(settings.who, whoForm()),
    panel(settings.key, keyForm()),
    panel(settings.mine, mineSection()),
    panel(settings.service, health),
  );
  await showHealth(view, health);
}

function panel(title, nodes) {
  return el("section.panel", el("h2", title), nodes);
}

function whoForm() {
  const name = el("input", { type: "text", maxlength: 128, required: true, value: userId(), autocomplete: "off", spellcheck: "false" });
  const outcome = el("p.fine", { role: "status" });
  const submit = () => {
    renameUser(name.value.trim() || userId());
    name.value = userId();
    outcome.textContent = settings.whoSaved;
  };
  return [el("p", settings.whoHelp), el("form.inline", { on: { submit } }, field(settings.whoLabel, name), el("button", settings.whoSave)), outcome];
}

function keyForm() {
  const key = keyInput();
  const outcome = el("p.fine", { role: "status" }, apiKey() ? settings.keyThere : "");
  const forget = button(settings.keyForget, () => keep("", settings.keyForgotten));
  const keep = (value, said) => {
    keepApiKey(value);
    key.value = "";
    forget.hidden = !value;
    outcome.textContent = said;
  };
  forget.hidden = !apiKey();
  const submit = () => {
    keep(key.value.trim(), settings.keySaved);
  };
  return [el("p", settings.keyHelp), el("form.inline", { on: { submit } }, field(texts.key.label, key), el("button", settings.keySave)), forget, outcome];
}

async function showHealth(view, place) {
  try {
    const health = await api.health(view.signal);
    const part = ({ name, state }) => [el("dt", settings.parts[name] ?? name), el("dd", settings.partStates[state] ?? state)];
    place.replaceChildren(el("dl.pairs.health", health.parts.map(part)), el("p.fine", health.version));
  } catch (failure) {
    if (!view.signal.aborted) place.replaceChildren(problemPanel(failure, { retry: () => showHealth(view, place) }));
  }
}
