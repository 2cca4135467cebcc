// Interviews: a transcript to be scored, and those that were.

import { api } from "../api.js";
import { CHANGED, deleteLater, isDeleted, ofInterview } from "../deletions.js";
import { button, el } from "../dom.js";
import { moment, points } from "../format.js";
import { empty, loading, problemPanel } from "../states.js";
import { interviews as says } from "../texts/interviews.js";
import { transcriptForm } from "./transcript_form.js";

const LIMIT = 30;

export async function interviewsView(view) {
  const kept = el("div.history", loading(view.signal));
  view.open(
    says.title,
    el("div.view-head", el("h1", says.title), el("p.lead", says.lead), el("p.fine", says.purpose)),
    transcriptForm(view),
    el("section.panel.kept", el("h2", says.kept), el("p.fine", says.keptLead), kept),
  );
  await showFirst(view, kept);
}

/** What can be pasted stays, whatever comes of the list. */
async function showFirst(view, place) {
  try {
    const page = await api.interviews({ limit: LIMIT }, view.signal);
    const known = { summaries: page.data, next: page.next_cursor };
    const draw = () => place.replaceChildren(...listNodes(view, known, draw));
    draw();
    document.addEventListener(CHANGED, draw, { signal: view.signal });
  } catch (failure) {
    if (!view.signal.aborted) place.replaceChildren(problemPanel(failure, { retry: () => showFirst(view, place) }));
  }
}

function listNodes(view, known, draw) {
  const present = known.summaries.filter(({ interview_id: id }) => !isDeleted(ofInterview(id)));
  if (present.length === 0 && !known.next) return [empty(says.none, says.noneHelp)];
  return [el("ul.rows", present.map(row)), known.next && moreButton(view, known, draw)].filter(Boolean);
}

function row({ interview_id: id, created_at: at, overall }) {
  const name = says.name(moment(at));
  const figure = overall === null ? says.noOverall : says.overall(points(overall));
  return el(
    "li.talk",
    { "data-interview": id },
    el("a.row-name", { href: `#/interviews/${encodeURIComponent(id)}` }, name),
    el("span.fine", figure),
    button(says.remove, () => deleteLater(ofInterview(id), name), { class: "quiet", "aria-label": says.removeName(name) }),
  );
}

function moreButton(view, known, draw) {
  const outcome = el("div");
  const load = async () => {
    try {
      const page = await api.interviews({ limit: LIMIT, cursor: known.next }, view.signal);
      known.summaries.push(...page.data);
      known.next = page.next_cursor;
      draw();
    } catch (failure) {
      if (!view.signal.aborted) outcome.replaceChildren(problemPanel(failure));
    }
  };
  return el("div", el("p.actions", button(says.showMore, load)), outcome);
}
