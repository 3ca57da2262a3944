// What one does: sliders, announcements, cutting a payer off, comparing, bets, sharing, downloads.
import { byId, capital, element, percent, setText } from "./words.js";

export function buildSliders(head, recipe, onMoved) {
  const box = byId("sliders");
  box.replaceChildren(...head.sliders.map((row) => {
    const moved = [...(recipe.turns || [])].reverse().map((turn) => turn.moved?.[row.name]).find((value) => value !== undefined);
    const now = moved ?? row.now;
    const told = element("output", {}, number(now));
    const input = element("input", { type: "range", min: row.low, max: row.high, step: (row.high - row.low) / 400, value: now, "aria-label": row.name.replaceAll("_", " "), oninput: () => setText(told, number(Number(input.value))), onchange: () => onMoved(row.name, Number(Number(input.value).toPrecision(4))) });
    return element("label", { class: "slider", title: `${row.help} (${row.unit}; ${row.low} to ${row.high})` }, element("span", {}, capital(row.name.replaceAll("_", " "))), input, told);
  }));
}

export function buildChoices(head) {
  fill(byId("stop-who"), head.stoppable);
  const firms = head.places.filter((place) => place.kind && place.kind !== "firm").map((place) => place.name);
  fill(byId("say-firm"), firms);
  fill(byId("say-with"), ["nobody", ...firms]);
}

export function announcement() {
  const firm = byId("say-firm").value, other = byId("say-with").value, bn = Number(byId("say-sum").value);
  const isBelieved = byId("say-believed").checked;
  const said = { firm, text: byId("say-text").value || `${firm} announces ${bn} bn`, amount_usd: bn * 1e9, direction: Number(byId("say-direction").value), instrument: isBelieved ? "contract" : "letter_of_intent", profit_usd_per_year: Number(byId("say-profit").value) * 1e9 };
  if (other !== "nobody" && other !== firm) said.counterparty = other;
  return said;
}

export function fill(select, names, isSaid = true) {
  const before = select.value;
  select.replaceChildren(...names.map((name) => element("option", { value: name }, isSaid ? capital(name) : name)));
  if (names.includes(before)) select.value = before;
}

// A guess of shares by class, then how far it was off.
export function buildBets(track, onPlaced) {
  const classes = track.head.classes.filter((name) => name !== "suppliers");
  const inputs = classes.map((name) => element("input", { type: "number", min: 0, max: 100, value: 0, "aria-label": `${name}, percent` }));
  byId("bets").replaceChildren(element("p", { class: "quiet" }, "Whose money will it have been at the end? Percent of the flow chosen above."), ...classes.map((name, n) => element("label", { class: "bet" }, element("span", {}, capital(name)), inputs[n])), element("button", { onclick: () => onPlaced(new Map(classes.map((name, n) => [track.head.classes.indexOf(name), Number(inputs[n].value) / 100]))) }, "Place it"));
}

export function showBets(track, flow, rule, guess) {
  const { byClass, total } = track.origins(flow, rule, track.last);
  if (!total) {
    byId("bets").replaceChildren(element("p", { class: "quiet" }, "Nothing has been paid of this flow, so nobody is right."));
    return;
  }
  const rows = [...guess].map(([origin, share]) => [origin, share, (byClass.get(origin) || 0) / total]).filter(([, a, b]) => a > 0.004 || b > 0.004);
  const off = rows.reduce((sum, [, a, b]) => sum + Math.abs(a - b), 0) / 2;
  byId("bets").replaceChildren(element("p", {}, `You put ${percent(off)} of the money in the wrong pockets.`), ...rows.sort((a, b) => b[2] - a[2]).map(([origin, a, b]) => element("p", { class: "bet" }, element("span", {}, capital(track.head.classes[origin])), `you ${percent(a)}, it was ${percent(b)}`)));
}

// Lead to what one can do to a firm or a source.
export function lead(id, value, button, isStill) {
  byId(id).value = value;
  byId(button).closest("details").open = true;
  byId(button).scrollIntoView({ block: "center", behavior: isStill ? "auto" : "smooth" });
  byId(button).focus();
}

export function bindKeys(toggle, by, to) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, button, [role=button], summary")) return;
    const steps = { ArrowRight: 1, ArrowLeft: -1, PageDown: 21, PageUp: -21 };
    if (event.key === " ") toggle();
    else if (steps[event.key]) by(steps[event.key]);
    else if (event.key === "Home" || event.key === "End") to(event.key === "End");
    else return;
    event.preventDefault();
  });
}

function number(value) {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
