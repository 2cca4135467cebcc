// Score and confidence over time: one drawing, and the same figures as a table.

import { el, svg, table } from "../dom.js";
import { date, percent, points } from "../format.js";
import { texts } from "../texts.js";

const { trend } = texts;

// Narrow drawings for narrow screens: a picture that shrinks would take its letters with it.
const NARROW = matchMedia("(max-width: 40rem)");
const WIDE_PX = 640;
const NARROW_PX = 330;
const HEIGHT = 190;
const EDGE = { left: 34, right: 16, top: 12, bottom: 26 };
const FEWEST = 2;
const MOST = 100;
const MARKS = [0, 50, 100];

/** Nothing for fewer than two results. `summaries` are newest first. */
export function trendPanel(summaries) {
  if (summaries.length < FEWEST) return null;
  const inTime = summaries.slice(0, MOST).reverse();
  return el(
    "section.trend",
    { "aria-labelledby": "trend-title" },
    el("h2", { id: "trend-title" }, trend.title),
    drawing(inTime),
    legend(),
    el("details.more", el("summary", trend.table), asTable(inTime)),
  );
}

function drawing(summaries) {
  const [first, last] = [summaries[0], summaries.at(-1)];
  const width = NARROW.matches ? NARROW_PX : WIDE_PX;
  const spoken = trend.summary(summaries.length, date(first.created_at), date(last.created_at), points(first.ats_score), points(last.ats_score));
  const scores = summaries.map((summary, place) => [across(place, summaries.length, width), height(summary.ats_score)]);
  const confidences = summaries.map((summary, place) => [across(place, summaries.length, width), height(summary.confidence * 100)]);
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": spoken },
    MARKS.map((value) => gridLine(value, width)),
    line("trend-confidence", confidences),
    line("trend-score", scores),
    dateLabel(first, EDGE.left, "start"),
    dateLabel(last, width - EDGE.right, "end"),
  );
}

/** Results stand at even steps: what matters is one after the other, not the nights between. */
function across(place, n, width) {
  return EDGE.left + (place / (n - 1)) * (width - EDGE.left - EDGE.right);
}

function height(value) {
  return EDGE.top + (1 - value / 100) * (HEIGHT - EDGE.top - EDGE.bottom);
}

function gridLine(value, width) {
  const y = height(value);
  return [
    svg("line", { class: "trend-grid", x1: EDGE.left, x2: width - EDGE.right, y1: y, y2: y }),
    svg("text", { class: "trend-text", x: EDGE.left - 8, y: y + 4, "text-anchor": "end" }, String(value)),
  ];
}

function line(name, places) {
  const path = places.map(([x, y], place) => `${place === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  const dots = places.map(([cx, cy]) => svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 3.5 }));
  return svg("g", { class: name }, svg("path", { d: path }), dots);
}

function dateLabel(summary, x, anchor) {
  return svg("text", { class: "trend-text", x, y: HEIGHT - 6, "text-anchor": anchor }, date(summary.created_at));
}

function legend() {
  const entry = (name, text) => el("li", { class: name }, text);
  return el("ul.trend-legend", { "aria-hidden": "true" }, entry("is-score", trend.score), entry("is-confidence", trend.confidence));
}

function asTable(summaries) {
  const cells = (summary) => [date(summary.created_at), summary.resume_filename, points(summary.ats_score), percent(summary.confidence)];
  const rows = summaries.map((summary) => el("tr", cells(summary).map((cell) => el("td", cell))));
  const heads = [trend.date, trend.file, trend.score, trend.confidence];
  return el("div.scrolled", { tabindex: 0, role: "region", "aria-label": trend.table }, table("table", heads, rows));
}
