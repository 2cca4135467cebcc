// Elements from names and texts. No markup is ever parsed: what a resume says stays text.

const SVG = "http://www.w3.org/2000/svg";

/** An element by a name such as "p.fine", properties where there are any, and children; null and false are left out. */
export function el(name, ...given) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length > 0) node.classList.add(...classes);
  const properties = given[0]?.constructor === Object ? given.shift() : {};
  return filled(node, properties, given);
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
    // A form tells the page, and never leaves it.
    if (value.submit) node.addEventListener("submit", (event) => event.preventDefault());
  } else if (name === "share") {
    node.style.setProperty("--share", String(value));
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** A text with `unseen` words for screen readers only. */
export function unseen(text) {
  return el("span.unseen", text);
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

/** `rows` are elements; `name` is that of the table, such as "table.wide". */
export function table(name, heads, rows) {
  return el(name, el("thead", el("tr", heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", rows));
}

/** A label above its field; `make` is called with the properties that tie the two. */
export function field(label, control, { hint = null, wide = false } = {}) {
  const id = newId("field");
  control.id = id;
  const note = hint && el("small", { id: `${id}-hint` }, hint);
  if (note) control.setAttribute("aria-describedby", note.id);
  return el(wide ? "div.field.wide" : "div.field", el("label", { for: id }, label), control, note);
}
