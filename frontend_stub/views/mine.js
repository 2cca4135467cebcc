// Everything about one user: handed over as a file, or erased.

import { api } from "../api.js";
import { button, el } from "../dom.js";
import { problemPanel } from "../states.js";
import { texts } from "../texts.js";

const { settings } = texts;

export function mineSection() {
  const outcome = el("div", { role: "status" });
  const said = (text) => outcome.replaceChildren(el("p", text));
  const failed = (failure) => outcome.replaceChildren(problemPanel(failure));
  const dialog = eraseDialog(() => api.eraseMe().then(() => said(settings.erased), failed));
  const save = () => {
    said(settings.exporting);
    exported().then(() => said(settings.exported), failed);
  };
  return [
    el("p", settings.exportHelp),
    el("p.actions", button(settings.export, save)),
    el("p", settings.eraseHelp),
    el("p.actions", button(settings.erase, () => dialog.showModal())),
    dialog,
    outcome,
  ];
}

/** Fetched, because a plain link could not send the key. */
async function exported() {
  const address = URL.createObjectURL(await api.exportMe());
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
    el("h2", { id: "erase-title" }, settings.eraseTitle),
    el("p", settings.eraseSure),
    el("p.actions", button(settings.eraseNo, () => dialog.close(), { class: "primary", autofocus: true }), button(settings.eraseYes, yes)),
  );
  return dialog;
}
