// Elements from names and texts. No markup is ever parsed: what a resume says stays text.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties and children; null and false children are left out. */
export function el(tag, properties = {}, ...children) {
  return filled(document.createElement(tag), properties, children);
}

export function svg(tag, properties = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), properties, children);
}

function filled(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) give(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== false && child !== undefined));
  return node;
}

/** `on` holds listeners, `width` a share for CSS; anything else is an attribute. */
function give(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "share") {
    node.style.setProperty("--share", String(value));
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** A text with `unseen` words for screen readers only. */
export function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

export function button(text, onClick, properties = {}) {
  return el("button", { type: "button", ...properties, on: { click: onClick } }, text);
}

/** A link out of the page: http and https only, else the bare text. */
export function outLink(address, text, properties = {}) {
  if (!/^https?:\/\//i.test(address ?? "")) return el("span", {}, text);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...properties }, text);
}

let lastId = 0;

export function newId(stem) {
  lastId += 1;
  return `${stem}-${lastId}`;
}

/** A label above its field; `make` is called with the properties that tie the two. */
export function field(label, control, { hint = null, wide = false } = {}) {
  const id = newId("field");
  control.id = id;
  const note = hint && el("small", { id: `${id}-hint` }, hint);
  if (note) control.setAttribute("aria-describedby", note.id);
  return el("div", { class: wide ? "field wide" : "field" }, el("label", { for: id }, label), control, note);
}
