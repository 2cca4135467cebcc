// Whose history this is, and the key: the first is kept by the browser, the second by the tab.

import { forBrowser, forTab } from "./storage.js";

const USER = "resume-page-user";
const KEY = "resume-page-key";

export function userId() {
  const known = forBrowser.get(USER);
  if (known) return known;
  const made = `page-${randomName()}`;
  renameUser(made);
  return made;
}

export function renameUser(name) {
  forBrowser.set(USER, name);
}

export function apiKey() {
  return forTab.get(KEY) || null;
}

export function keepApiKey(key) {
  forTab.set(KEY, key);
}

/** 32 hexadecimal digits; crypto.randomUUID is missing where the page comes over plain http. */
export function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
