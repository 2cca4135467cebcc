// Everything about one user: handed over as a file, or erased.

import { api } from "../api.js";
import { button, el } from "../dom.js";
import { problemPanel } from "../states.js";
import { texts } from "../texts.js";

export function mineSection() {
  const outcome = el("div", { role: "status" });
  const said = (text) => outcome.replaceChildren(el("p", {}, text));
  const failed = (failure) => outcome.replaceChildren(problemPanel(failure, { level: "h3" }));
  const dialog = eraseDialog(() => api.eraseMe().then(() => said(texts.settings.erased), failed));
  const save = () => {
    said(texts.settings.exporting);
    exported().then(() => said(texts.settings.exported), failed);
  };
  return [
    el("p", {}, texts.settings.exportHelp),
    el("p", { class: "actions" }, button(texts.settings.export, save)),
    el("p", {}, texts.settings.eraseHelp),
    el("p", { class: "actions" }, button(texts.settings.erase, () => dialog.showModal())),
    dialog,
    outcome,
  ];
}

/** Fetched, because a plain link could not send the key. */
async function exported() {
  const answer = await api.exportMe();
  const address = URL.createObjectURL(await answer.blob());
  const link = el("a", { href: address, download: "resume-history.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function eraseDialog(erase) {
  const dialog = el("dialog", { "aria-labelledby": "erase-title" });
  const yes = () => {
    dialog.close();
    erase();
  };
  dialog.append(
    el("h2", { id: "erase-title" }, texts.settings.eraseTitle),
    el("p", {}, texts.settings.eraseSure),
    el("p", { class: "actions" }, button(texts.settings.eraseNo, () => dialog.close(), { class: "primary", autofocus: true }), button(texts.settings.eraseYes, yes)),
  );
  return dialog;
}
