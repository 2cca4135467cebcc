// What was understood of a request, to be changed or taken back; and the way to where another wish belongs.

import { button, el } from "../dom.js";
import { addressOf } from "../router.js";
import { say } from "../states.js";
import { texts } from "../texts.js";
import { offers } from "../texts/offers.js";

const { jobs } = texts;

/** Nothing where the words are searched as they were typed. `search` is told what to search instead. */
export function understoodPanel(asked, fields, search) {
  if (!asked.said) return null;
  const chips = chipsOf(asked, fields);
  return el(
    "section.understood",
    { "aria-labelledby": "understood" },
    el("p", { id: "understood" }, jobs.understood(asked.said)),
    chips.length > 0 && el("ul.chips.asked", chips.map((chip) => chipRow(chip, search))),
    asked.aside && el("p.fine", jobs.setAside(asked.aside)),
    el("p.fine", el("a", { href: asTyped(asked) }, jobs.asTyped)),
  );
}

/** `without` is what is searched when the chip goes; without words nothing can be. */
function chipsOf(asked, fields) {
  const { query, location, remote, kinds, posted } = asked;
  const says = jobs.chips;
  return [
    query && { text: says.query(query), field: fields.query, without: null },
    location && { text: says.location(location), field: fields.location, without: { ...asked, location: "", country: "" } },
    remote && { text: jobs.workPlaces[remote], field: fields.remote, without: { ...asked, remote: "" } },
    ...kinds.map((kind) => ({ text: jobs.kinds[kind], field: fields.kinds[kind], without: { ...asked, kinds: kinds.filter((each) => each !== kind) } })),
    posted !== "all" && { text: says.posted(jobs.postedSince[posted]), field: fields.posted, without: { ...asked, posted: "all" } },
  ].filter(Boolean);
}

function chipRow({ text, field, without }, search) {
  const edit = button(text, () => focused(field), { "aria-label": jobs.chipEdit(text) });
  const drop = without && button("×", () => search(without), { "aria-label": jobs.chipDrop(text) });
  return el("li", edit, drop);
}

function focused(field) {
  field.focus();
  field.select?.();
}

function asTyped({ said }) {
  return addressOf("/jobs", { query: said });
}

/** A request that names no kind of work: nothing can be searched before it has one. */
export function kindWanted() {
  say(jobs.noKind);
  return el("div.empty", el("h2", jobs.noKind), el("p", jobs.noKindHelp));
}

export function offerPanel({ intent, said }) {
  const [title, help, link, path] = offers.ways[intent];
  say(title);
  return el(
    "div.empty",
    el("h2", title),
    el("p", help),
    el("p.actions", path && el("a.button.primary", { href: `#${path}` }, link), el("a", { href: asTyped({ said }) }, offers.searchAnyway(said))),
  );
}
