// Whose history this is, and the key: the first is kept by the browser, the second by the tab.

const USER = "resume-page-user";
const KEY = "resume-page-key";

// A browser that keeps nothing (a private window may) still gets one name for as long as it is open.
const unkept = new Map();

function read(storage, name) {
  try {
    return storage().getItem(name) ?? unkept.get(name) ?? null;
  } catch {
    return unkept.get(name) ?? null;
  }
}

function write(storage, name, value) {
  unkept.set(name, value);
  try {
    storage().setItem(name, value);
  } catch {
    // What is written above lasts until the tab is closed.
  }
}

const forBrowser = () => localStorage;
const forTab = () => sessionStorage;

export function userId() {
  const known = read(forBrowser, USER);
  if (known) return known;
  const made = `page-${randomName()}`;
  write(forBrowser, USER, made);
  return made;
}

export function renameUser(name) {
  write(forBrowser, USER, name);
}

export function apiKey() {
  return read(forTab, KEY) || null;
}

export function keepApiKey(key) {
  write(forTab, KEY, key);
}

/** 32 hexadecimal digits; crypto.randomUUID is missing where the page comes over plain http. */
export function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
