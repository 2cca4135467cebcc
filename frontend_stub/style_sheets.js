// Styles that only some views need.

import { el } from "./dom.js";

// Rules of the later ones win; those for print, which the document names, win over all.
const ORDER = ["pieces", "result", "history", "interviews"];

const asked = new Map();

/** Resolves when all of `names` apply; rejects with a TypeError, as a module that cannot be fetched does. */
export function styled(names) {
  return Promise.all(names.map((name) => asked.get(name) ?? added(name)));
}

function added(name) {
  const link = el("link", { rel: "stylesheet", href: `page/style/${name}.css`, "data-style": name });
  const here = new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => {
      link.remove();
      asked.delete(name);
      reject(new TypeError(name));
    });
  });
  asked.set(name, here);
  document.head.insertBefore(link, behind(name));
  return here;
}

function behind(name) {
  const later = ORDER.slice(ORDER.indexOf(name) + 1).map((each) => document.querySelector(`link[data-style="${each}"]`));
  return later.find(Boolean) ?? document.querySelector('link[media="print"]');
}
