// What the words in the search box ask for.

import { api } from "./api.js";
import { offers } from "./texts/offers.js";

// Of real requests for something else 85 in 100 reach it, of bare job titles 2 in 100.
const SURE = 0.8;

let isServed = true;

/**
 * `{search, setAside}` for a search for jobs, `{intent}` for a wish that has its way elsewhere, and
 * null where the words are best searched as they are. A service that cannot tell never stands in the way.
 */
export async function understand(text, signal) {
  if (!isServed) return null;
  try {
    return decided(text, await api.classify(text, signal));
  } catch (failure) {
    if (failure.status === 404) isServed = false;
    return null;
  }
}

function decided(text, { intent, confidence, out_of_scope: isOutOfScope, slots }) {
  if (isOutOfScope) return null;
  if (slots) return { search: searchOf(slots), setAside: setAside(text, slots.spans) };
  return confidence >= SURE && Object.hasOwn(offers.ways, intent) ? { intent } : null;
}

function searchOf({ query, location, country, remote, employment_types: kinds, date_posted: posted }) {
  return { query, location: location ?? "", country: country ?? "", remote: remote === null ? "" : String(remote), kinds, posted };
}

/** What no search can ask for. Spans count code points. */
function setAside(text, spans) {
  const points = [...text];
  const left = spans.filter(({ slot }) => slot === "set_aside");
  return left.map(({ start, end }) => points.slice(start, end).join("")).join(", ");
}
