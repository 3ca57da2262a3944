// Words and small tools: sums in dollars, shares, dates; elements that hold text and never markup.

const PALETTE = ["#0072B2", "#56B4E9", "#CC79A7", "#E69F00", "#8C6D31", "#b8b000", "#009E73", "#7fcf7a", "#44474f", "#8f959e", "#6b5bb5", "#b9bec8"];
export const GREY = "#8f959e";
const TONES = {
  lab: ["#0072B2", "#5b4fc4", "#00506f", "#7a3fa0", "#3a6ea5"],
  cloud: ["#00805c", "#6b7f00", "#00707a", "#3f6212", "#4d7c6f"],
  chip_maker: ["#c14e00", "#a3005c", "#7c4a03"],
  listed: ["#5c6370", "#7a6a58"],
  firm: ["#6b5bb5", "#00707a", "#a3005c"],
};
export const AGAIN_COLOR = "#D55E00";

// The colour of a class of money, by its number.
export function colorOf(origin) {
  return PALETTE[origin % PALETTE.length] ?? GREY;
}

// Every firm has its own tone of the colour of its kind; dark enough to be read as text.
export function toneOf(places) {
  const tones = new Map(), met = {};
  for (const { name, kind } of places) {
    if (!TONES[kind]) continue;
    met[kind] = (met[kind] ?? -1) + 1;
    tones.set(name, TONES[kind][met[kind] % TONES[kind].length]);
  }
  return tones;
}

export function dollars(cents) {
  const usd = Math.abs(cents) / 100, sign = cents < 0 ? "-" : "";
  for (const [size, name] of [[1e12, " tn"], [1e9, " bn"], [1e6, " m"], [1e3, " k"]]) {
    const scaled = Number((usd / size).toPrecision(3));
    if (scaled >= 1) return `${sign}$${scaled >= 100 ? scaled.toFixed(0) : scaled >= 10 ? scaled.toFixed(1) : scaled.toFixed(2)}${name}`;
  }
  return usd ? `${sign}$${usd.toFixed(usd < 100 ? 2 : 0)}` : "$0";
}

export function roundDollars(cents) {
  return cents >= 1e11 ? `$${cents / 1e11} bn` : `$${cents / 1e8} m`;
}

export function signed(cents) {
  return cents > 0 ? `+${dollars(cents)}` : dollars(cents);
}

export function percent(share, digits = 0) {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : "–";
}

export function spokenDate(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  const names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  return `${day} ${names[month - 1]} ${year}`;
}

// A capital first, but for names that are meant to be written otherwise.
export function capital(text) {
  return /^.[A-Z]/.test(text) ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
}

const pen = document.createElement("canvas").getContext("2d");

// How wide a text is, in pixels, without asking the page for its layout.
export function widthOf(text, size, weight = 400) {
  pen.font = `${weight} ${size}px system-ui, "DejaVu Sans", sans-serif`;
  return pen.measureText(text).width;
}

// A text cut so that it fits.
export function fitted(text, room, size, weight = 400) {
  let kept = text;
  while (kept.length > 1 && widthOf(kept, size, weight) > room) kept = `${kept.replace(/…$/, "").slice(0, -1).trimEnd()}…`;
  return kept;
}

export function shortened(text, length) {
  return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}

export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Children are replaced; whoever had the focus has it again, by its key.
export function replaced(box, ...children) {
  const key = heldKey(box);
  box.replaceChildren(...children);
  holdAgain(box, key);
}

export function heldKey(box) {
  return box.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
}

export function holdAgain(box, key) {
  if (key !== undefined) [...box.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key)?.focus({ preventScroll: true });
}

export function fill(select, names, isSaid = true) {
  const before = select.value;
  select.replaceChildren(...names.map((name) => element("option", { value: name }, isSaid ? capital(name) : name)));
  if (names.includes(before)) select.value = before;
}

export function byId(id) {
  return document.getElementById(id);
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function say(text) {
  setText(byId("status"), text);
  byId("status").hidden = !text;
}

// While it plays no reader is told every date; whoever steps or seeks is.
export function showPlaying(isPlaying) {
  setText(byId("play"), isPlaying ? "Pause" : "Play");
  byId("play").setAttribute("aria-pressed", String(isPlaying));
  byId("date").setAttribute("aria-live", isPlaying ? "off" : "polite");
}
