// "Does the first one fit?" and, if not, which occupation does.

import { api } from "../api.js";
import { change } from "../changing.js";
import { button, el, field, newId } from "../dom.js";
import { problemPanel } from "../states.js";
import { texts } from "../texts.js";

const TYPING_PAUSE_MS = 250;

export function feedbackForm({ held, view }) {
  const answer = el("p", { class: "fine", role: "status" });
  const problem = el("div");
  const which = whichForm((code) => keep({ feedback: "wrong", corrected_soc_code: code }), view.signal);
  const yes = button(texts.paths.yes, () => keep({ feedback: "right", corrected_soc_code: null }));
  const no = button(texts.paths.no, () => keep({ feedback: "wrong" }));
  const showState = () => {
    const { feedback, corrected_soc_code: code } = held.prediction;
    yes.setAttribute("aria-pressed", feedback === "right");
    no.setAttribute("aria-pressed", feedback === "wrong");
    which.hidden = feedback !== "wrong";
    answer.textContent = code ? texts.paths.corrected(code) : thanks(feedback);
  };
  const keep = async (changes) => {
    problem.replaceChildren();
    await change(held, changes).catch((failure) => problem.replaceChildren(problemPanel(failure, { level: "h3" })));
    showState();
  };
  showState();
  return el("div", { class: "feedback" }, el("p", { class: "feedback-ask" }, texts.paths.right, " ", yes, " ", no), which, answer, problem);
}

function thanks(feedback) {
  return { right: texts.paths.thanksRight, wrong: texts.paths.thanksWrong }[feedback] ?? "";
}

/** A field that lists occupations while one types. */
function whichForm(pick, signal) {
  const list = el("datalist", { id: newId("occupations") });
  const input = el("input", { type: "text", list: list.id, autocomplete: "off", maxlength: 100 });
  const codes = new Map();
  let pause = null;
  input.addEventListener("input", () => {
    if (codes.has(input.value)) return pick(codes.get(input.value));
    clearTimeout(pause);
    pause = setTimeout(() => suggest(input, list, codes, signal), TYPING_PAUSE_MS);
  });
  return el("div", { class: "which" }, field(texts.paths.which, input, { hint: texts.paths.whichHint }), list);
}

async function suggest(input, list, codes, signal) {
  const words = input.value.trim();
  if (words.length < 2) return;
  const found = await api.careerPaths(words, signal).catch(() => null);
  // The next letter asks again; an answer to what stood there before comes too late.
  if (!found || words !== input.value.trim()) return;
  for (const { title, soc_code: code } of found.data) codes.set(title, code);
  list.replaceChildren(...found.data.map(({ title }) => el("option", { value: title })));
}
