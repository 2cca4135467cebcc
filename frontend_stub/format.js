// Figures, dates and likelihoods in words.

import { LANGUAGE, texts } from "./texts.js";

const dates = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium" });
const moments = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });
const months = new Intl.DateTimeFormat(LANGUAGE, { month: "short", year: "numeric" });

export function date(text) {
  return inWords(dates, text);
}

export function moment(text) {
  return inWords(moments, text);
}

function inWords(format, text) {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : format.format(at);
}

/** A month as resumes date things: 2020-03, 2020. */
export function month(text) {
  const found = /^(\d{4})-(\d{2})/.exec(text);
  return found ? months.format(new Date(Number(found[1]), Number(found[2]) - 1)) : text;
}

/** One decimal where there is one: 95.6, 15. */
export function points(value) {
  return (Math.round(value * 10) / 10).toLocaleString(LANGUAGE);
}

export function signed(value) {
  const rounded = Math.round(value * 10) / 10;
  return `${rounded > 0 ? "+" : rounded < 0 ? "−" : "±"}${points(Math.abs(rounded))}`;
}

export function percent(probability) {
  return texts.confidence.percent(probability);
}

/** Words and figure. */
export function sureness(probability) {
  return texts.result.sure(atLeast(texts.confidence.names, probability), percent(probability));
}

export function likeness(similarity) {
  return atLeast(texts.jobs.similarity, similarity);
}

/** The words beside the first bound that is reached; bounds fall. */
export function atLeast(steps, value) {
  return (steps.find(([bound]) => value >= bound) ?? steps.at(-1))[1];
}

export function money(amount, currency = "USD") {
  try {
    return new Intl.NumberFormat(LANGUAGE, { style: "currency", currency, maximumFractionDigits: 0 }).format(amount);
  } catch {
    return `${amount.toLocaleString(LANGUAGE)} ${currency}`;
  }
}
