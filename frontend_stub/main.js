// The frame around the views: navigation, which view is shown, and what happens when one fails.

import { onBack, serviceLost } from "./connection.js";
import { flushDeletions, sendOwed } from "./deletions.js";
import { el } from "./dom.js";
import { asProblem, Problem, UNREACHABLE } from "./problems.js";
import { arrivedAt, matching, place, rememberSteps } from "./router.js";
import { showSection } from "./sections.js";
import { empty, loading, problemPanel, problemTitle } from "./states.js";
import { LANGUAGE, texts } from "./texts.js";
import { resultParts, ROUTES } from "./views.js";

const LINKS = [
  ["/", texts.nav.upload],
  ["/history", texts.nav.history],
  ["/jobs", texts.nav.jobs],
  ["/interviews", texts.nav.interviews],
  ["/settings", texts.nav.settings],
];

const main = document.getElementById("main");
let shown = { leave: null, failed: false };

function start() {
  fillFrame();
  rememberSteps();
  addEventListener("hashchange", () => arrive());
  addEventListener("pagehide", flushDeletions);
  onBack(sendOwed);
  onBack(() => shown.failed && show({ focus: false }));
  show({ focus: false });
}

function fillFrame() {
  document.documentElement.lang = LANGUAGE;
  const skip = document.getElementById("skip");
  skip.textContent = texts.skip;
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  document.getElementById("brand").textContent = texts.brand;
  document.getElementById("toasts").setAttribute("aria-label", texts.deletion.region);
  const nav = document.getElementById("nav");
  nav.setAttribute("aria-label", texts.main);
  nav.append(...LINKS.map(([path, text]) => el("a", { href: `#${path}` }, text)));
  document.querySelector(".top").addEventListener("click", beginAnew);
  document.getElementById("foot").append(el("span", texts.foot), el("a", { href: "docs" }, texts.routes));
}

/** A link to where one is already changes no address, and is meant nevertheless. */
function beginAnew(event) {
  const address = event.target.closest("a")?.hash;
  const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
  if (address === (location.hash || "#/") && !isElsewhere) show({ focus: true });
}

function arrive() {
  const height = arrivedAt();
  show({ focus: true, height });
}

async function show({ focus, height = null }) {
  const { path, query } = place();
  const route = matching(ROUTES, path);
  if (route?.parts === resultParts && showSection(main, ...route.found)) return;
  shown.leave?.abort();
  const leave = new AbortController();
  const visit = { leave, failed: false };
  shown = visit;
  sendOwed();
  markLink(path);
  const view = { main, query, signal: leave.signal, open: (title, ...nodes) => open(title, nodes, focus && !leave.signal.aborted) };
  if (height === null && focus) scrollTo(0, 0);
  if (!route) return open(texts.states.notFoundTitle, [notFound()], focus);
  try {
    const make = await fetched(route.parts, visit);
    if (shown !== visit) return;
    await make(view, ...route.found);
    if (height !== null && shown === visit) scrollTo(0, height);
  } catch (failure) {
    if (shown === visit) fail(visit, failure, focus);
  }
}

/** What makes a view. The one before is over and goes at once, unless what comes is here already. */
async function fetched(parts, visit) {
  const late = setTimeout(() => shown === visit && main.replaceChildren(loading(visit.leave.signal)));
  try {
    return await parts();
  } catch (failure) {
    if (!(failure instanceof TypeError)) throw failure;
    serviceLost();
    throw new Problem({ code: UNREACHABLE });
  } finally {
    clearTimeout(late);
  }
}

function markLink(path) {
  for (const link of document.querySelectorAll("#nav a")) {
    const own = link.hash.slice(1);
    const current = path === own || path.startsWith(`${own}/`);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** Puts a view's content in place; its h1 is focused when one came here from another address. */
function open(title, nodes, focus) {
  const wasInside = main.contains(document.activeElement) || document.activeElement === document.body;
  document.title = `${title} · ${texts.brand}`;
  main.replaceChildren(...nodes);
  const heading = main.querySelector("h1");
  if (!heading || !focus || !(wasInside || document.activeElement.closest("header"))) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function fail(visit, failure, focus) {
  const problem = asProblem(failure);
  visit.failed = problem !== failure || problem.isLossOfService;
  open(problemTitle(problem), [problemPanel(problem, { level: "h1", retry: () => show({ focus: true }) })], focus);
  if (problem !== failure) throw failure;
}

function notFound() {
  const panel = empty(texts.states.notFoundTitle, texts.states.notFound, el("a", { href: "#/" }, texts.states.toStart));
  panel.querySelector("h2").replaceWith(el("h1", texts.states.notFoundTitle));
  return panel;
}

start();
