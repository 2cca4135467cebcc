// A score of 100 as a ring.

import { el, svg, unseen } from "../dom.js";
import { points } from "../format.js";

const RADIUS = 52;
const AROUND = 2 * Math.PI * RADIUS;

export function scoreRing(score, { words, spoken }) {
  const circle = (name, properties) => svg("circle", { cx: 60, cy: 60, r: RADIUS, class: name, ...properties });
  return el(
    "p.ring",
    svg("svg", { viewBox: "0 0 120 120", "aria-hidden": "true" }, circle("ring-all"), circle("ring-part", { "stroke-dasharray": `${(AROUND * score) / 100} ${AROUND}` })),
    el("span.ring-figure", { "aria-hidden": "true" }, points(score)),
    el("span.ring-words", { "aria-hidden": "true" }, words),
    unseen(`${words}: ${spoken}`),
  );
}
