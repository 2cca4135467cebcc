// Short words in a row: skills, tags.

import { el } from "../dom.js";

/** Nothing at all for an empty list. */
export function chips(title, words, { kind = "plain", level = "h4" } = {}) {
  if (words.length === 0) return null;
  return el("div.chips-block", el(level, title), el("ul", { class: `chips ${kind}` }, words.map((word) => el("li", word))));
}
