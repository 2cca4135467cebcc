// Career paths as bars, and whether the first is right; if not, which occupation is.

import { api } from "../api.js";
import { change } from "../changing.js";
import { button, el, field, newId } from "../dom.js";
import { sureness } from "../format.js";
import { problemPanel } from "../states.js";
import { texts } from "../texts.js";

const { paths: says } = texts;
const TYPING_PAUSE_MS = 250;

export function pathsSection(shown) {
  const { career_paths: paths } = shown.held.prediction;
  const isOwn = paths[0]?.soc_code === null;
  const lead = isOwn ? says.leadOwn : says.lead;
  return [el("p.lead", lead(paths.length)), el("ol.bars", paths.map(bar)), feedbackForm(shown, { isOwn })];
}

function bar(path, place) {
  return el(
    "li",
    { class: place === 0 ? "bar first" : "bar" },
    el("span.bar-title", path.title),
    el("span.bar-words", sureness(path.confidence)),
    el("span.bar-track", { "aria-hidden": "true" }, el("span", { share: path.confidence })),
  );
}

/** `isOwn`: the model answers with labels of its own, which no catalogue of occupations knows. */
function feedbackForm({ held, view }, { isOwn }) {
  const answer = el("p.fine", { role: "status" });
  const problem = el("div");
  const fail = (failure) => view.signal.aborted || problem.replaceChildren(problemPanel(failure));
  const sight = { prediction: held.prediction };
  const titles = new Map();
  const pick = ({ title, soc_code: code }) => {
    titles.set(code, title);
    return keep({ feedback: "wrong", corrected_soc_code: code });
  };
  const which = isOwn ? null : whichForm(pick, fail, view.signal);
  const yes = button(says.yes, () => keep({ feedback: "right", corrected_soc_code: null }));
  const no = button(says.no, () => keep({ feedback: "wrong" }));
  const showState = () => {
    const { feedback, corrected_soc_code: code } = sight.prediction;
    yes.setAttribute("aria-pressed", feedback === "right");
    no.setAttribute("aria-pressed", feedback === "wrong");
    if (which) which.hidden = feedback !== "wrong";
    if (code && !titles.has(code)) ask(code);
    answer.textContent = code ? says.corrected(titles.get(code) ?? code) : thanks(feedback, isOwn);
  };
  const ask = async (code) => {
    titles.set(code, code);
    const known = await api.careerPath(code, view.signal).catch(() => null);
    if (!known) return;
    titles.set(code, known.title);
    showState();
  };
  const keep = async (changes) => {
    problem.replaceChildren();
    await change(held, changes, sight).catch(fail);
    showState();
  };
  showState();
  return el("div.feedback", el("p.feedback-ask", says.right, " ", yes, " ", no), which, answer, problem);
}

function thanks(feedback, isOwn) {
  return { right: says.thanksRight, wrong: isOwn ? says.thanksWrongOwn : says.thanksWrong }[feedback] ?? "";
}

/** A field that lists occupations while one types; nothing is picked before the button is pressed. */
function whichForm(pick, fail, signal) {
  const list = el("datalist", { id: newId("occupations") });
  const input = el("input", { type: "text", list: list.id, autocomplete: "off", maxlength: 100, required: true });
  const outcome = el("p", { role: "alert" });
  let pause = null;
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => suggest(input, list, signal), TYPING_PAUSE_MS);
  });
  const submit = async () => {
    outcome.textContent = "";
    try {
      const path = await titled(input.value.trim(), signal);
      if (path) await pick(path);
      else outcome.textContent = says.noSuch;
    } catch (failure) {
      fail(failure);
    }
  };
  return el("form.which", { on: { submit } }, el("div.search-line", field(says.which, input, { hint: says.whichHint }), el("button", says.pick)), list, outcome);
}

async function titled(title, signal) {
  const found = await api.careerPaths(title, signal);
  return found.data.find((path) => path.title.toLowerCase() === title.toLowerCase());
}

async function suggest(input, list, signal) {
  const words = input.value.trim();
  if (words.length < 2) return;
  const found = await api.careerPaths(words, signal).catch(() => null);
  // The next letter asks again; an answer to what stood there before comes too late.
  if (!found || words !== input.value.trim()) return;
  list.replaceChildren(...found.data.map(({ title }) => el("option", { value: title })));
}
