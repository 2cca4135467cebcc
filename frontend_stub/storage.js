// What the browser keeps for good, and what it keeps for this tab.

export const forBrowser = storeIn(() => localStorage);
export const forTab = storeIn(() => sessionStorage);

/** A browser that keeps nothing (a private window may) still does so for as long as the tab is open. */
function storeIn(storage) {
  const unkept = new Map();
  const get = (name) => {
    try {
      return storage().getItem(name) ?? unkept.get(name) ?? null;
    } catch {
      return unkept.get(name) ?? null;
    }
  };
  const set = (name, value) => {
    unkept.set(name, value);
    try {
      storage().setItem(name, value);
    } catch {
      // What is written above lasts until the tab is closed.
    }
  };
  return { get, set };
}
