// Words and small tools: sums in dollars, shares, dates; elements that hold text and never markup.

export const COLORS = ["#0072B2", "#56B4E9", "#CC79A7", "#E69F00", "#8C6D31", "#009E73", "#44474f", "#8f959e", "#6b5bb5", "#8f959e"];
export const GREY = "#8f959e";
export const KIND_COLORS = { lab: "#0072B2", cloud: "#009E73", chip_maker: "#D55E00", listed: "#5c6370", firm: "#6b5bb5" };
export const AGAIN_COLOR = "#D55E00";

export function dollars(cents) {
  const usd = Math.abs(cents) / 100, sign = cents < 0 ? "-" : "";
  for (const [size, name] of [[1e12, " tn"], [1e9, " bn"], [1e6, " m"]]) {
    const scaled = Number((usd / size).toPrecision(3));
    if (scaled >= 1) return `${sign}$${scaled >= 100 ? scaled.toFixed(0) : scaled >= 10 ? scaled.toFixed(1) : scaled.toFixed(2)}${name}`;
  }
  return usd ? `${sign}$${usd.toFixed(usd < 100 ? 2 : 0)}` : "$0";
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

export function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
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

export function byId(id) {
  return document.getElementById(id);
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
