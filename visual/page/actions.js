// What one does: sliders, announcements, cutting a payer off, comparing, bets, sharing, downloads.
import { byId, capital, dollars, element, fill, percent, replaced, setText, shortened } from "./words.js";
import { flowsShown } from "./panels.js";

// What a run is and can be asked: its names, its days, who can be cut off and who can announce, sliders, the command.
export function showRun(track, isReplay, onMoved) {
  const { head, recipe } = track, flows = flowsShown(track);
  document.title = `Carousel: ${head.scenario}, seed ${head.seed}`;
  const named = recipe.text ? `${head.scenario} (edited)` : recipe.scenario || head.scenario, offered = [...byId("scenario").options].filter((option) => !option.dataset.edited);
  byId("scenario").replaceChildren(...offered, ...(recipe.text ? [element("option", { value: named, "data-edited": "1" }, named)] : []));
  byId("scenario").value = named;
  byId("seed").value = head.seed;
  setText(byId("title"), head.title);
  byId("flow").replaceChildren(...flows.map((flow) => element("option", { value: flow.name }, flow.title)));
  byId("seek").max = head.days;
  byId("stop").disabled = isReplay || !head.stoppable.length;
  if (document.activeElement !== byId("text")) byId("text").value = recipe.text || `extends = "${head.scenario}"\nname = "mine"\n`;
  setText(byId("command"), `${head.command}${head.recipe_toml ? `\n\n# changed.toml\n${head.recipe_toml}` : ""}`);
  fill(byId("stop-who"), head.stoppable);
  const firms = head.places.filter((place) => place.kind && place.kind !== "firm").map((place) => place.name);
  fill(byId("say-firm"), firms);
  fill(byId("say-with"), ["nobody", ...firms]);
  byId("say").disabled = isReplay || !firms.length;
  if (!isReplay) buildSliders(head, onMoved);
}

function buildSliders(head, onMoved) {
  replaced(byId("sliders"), ...head.sliders.map((row) => {
    const told = element("output", {}), name = capital(row.name.replaceAll("_", " "));
    const value = () => Math.min(row.high, Math.max(row.low, Number(Number(input.value).toPrecision(4))));
    const input = element("input", { type: "range", min: row.low, max: row.high, step: (row.high - row.low) / 400, "aria-label": row.name.replaceAll("_", " "), "data-key": row.name, oninput: () => setText(told, row.is_factor ? `× ${number(value())}` : number(value())), onchange: () => onMoved(row.name, value()) });
    return element("label", { class: "slider", title: `${row.help} (${row.unit}; ${row.low} to ${row.high})` }, element("span", {}, name), input, told);
  }));
}

// Where the sliders stand and what is in force, on the day on which a change would take force.
export function showSliders(track, day) {
  const { sliders } = track.head, at = Math.min(day + 1, track.last), force = track.frames[at].force || [];
  [...byId("sliders").children].forEach((label, n) => {
    const [, input, told] = label.children, row = sliders[n];
    const moves = (track.recipe.turns || []).filter((turn) => turn.day <= at && turn.moved?.[row.name] !== undefined).sort((a, b) => a.day - b.day);
    const factor = moves.length ? moves[moves.length - 1].moved[row.name] : track.recipe.parameters?.[row.name] ?? 1;
    const key = `${row.is_factor ? factor : force[n]}/${force[n]}`;
    if (input.dataset.said === key) return;
    input.dataset.said = key;
    input.value = row.is_factor ? factor : force[n];
    const inForce = /_usd/.test(row.key) ? `${dollars(100 * force[n])}${/_per_year$/.test(row.key) ? "/y" : ""}` : `${number(force[n])}${/_gw$/.test(row.key) ? " GW" : ""}`;
    setText(told, inForce);
    input.setAttribute("aria-valuetext", row.is_factor ? `${number(factor)} times the scenario: ${inForce}` : inForce);
  });
}

// The dated changes of a run, each with a way to take it back.
export function showTurns(track, onBack) {
  const { turns = [] } = track.recipe, { dates } = track.head;
  const words = (turn) => [turn.stop && `${turn.stop} cut off`, turn.announce && turn.announce.text, ...Object.entries(turn.moved || {}).map(([name, value]) => `${name.replaceAll("_", " ")} ${number(value)}`), ...["set", "times"].flatMap((how) => Object.entries(turn[how] || {}).map(([path, value]) => `${path} ${how === "times" ? "×" : "="} ${value}`))].filter(Boolean).join("; ");
  replaced(byId("turns"), ...turns.map((turn, n) => element("li", {}, element("span", {}, element("time", {}, dates[turn.day]), ` ${shortened(capital(words(turn)), 90)}`), onBack ? element("button", { class: "small-button", "data-key": `turn${n}`, "aria-label": `Take back: ${words(turn)}`, onclick: () => onBack(n) }, "×") : null)));
}

// What a field holds that takes whole numbers; null, and the browser says why, where it is none.
export function asked(id) {
  const field = byId(id);
  return field.value !== "" && field.reportValidity() ? field.value : null;
}

export function announcement() {
  const firm = byId("say-firm").value, other = byId("say-with").value, bn = Number(byId("say-sum").value);
  if (asked("say-sum") === null || asked("say-profit") === null) return null;
  const isBelieved = byId("say-believed").checked;
  const said = { firm, text: byId("say-text").value || `${firm} announces ${bn} bn`, amount_usd: bn * 1e9, direction: Number(byId("say-direction").value), instrument: isBelieved ? "contract" : "letter_of_intent", profit_usd_per_year: Number(byId("say-profit").value) * 1e9 };
  if (other !== "nobody" && other !== firm) said.counterparty = other;
  return said;
}

// A guess of shares by class, then how far it was off; what does not sum to a hundred is taken in proportion.
export function buildBets(track, onPlaced) {
  const { class_titles: titles, payers } = track.head;
  const inputs = payers.map((origin) => element("input", { type: "number", min: 0, max: 100, value: 0, "aria-label": `${titles[origin]}, percent`, oninput: () => setText(told, `In all ${whole()} %`) }));
  const whole = () => inputs.reduce((sum, input) => sum + Math.max(0, Number(input.value) || 0), 0);
  const told = element("p", { class: "quiet" }, "In all 0 %");
  const place = () => {
    if (!whole()) setText(told, "Nobody has paid anything yet: guess a share above 0.");
    else onPlaced(new Map(payers.map((origin, n) => [origin, Math.max(0, Number(inputs[n].value) || 0) / whole()])));
  };
  byId("bets").replaceChildren(element("p", { class: "quiet" }, "Whose money will it have been at the end? Percent of the flow chosen above."), ...payers.map((origin, n) => element("label", { class: "bet" }, element("span", {}, capital(titles[origin])), inputs[n])), told, element("button", { onclick: place }, "Place it"));
}

export function showBets(track, flow, rule, guess) {
  const { byClass, total } = track.origins(flow, rule, track.last);
  if (!total) {
    byId("bets").replaceChildren(element("p", { class: "quiet" }, "Nothing has been paid of this flow, so nobody is right."));
    return;
  }
  const rows = [...guess].map(([origin, share]) => [origin, share, (byClass.get(origin) || 0) / total]).filter(([, a, b]) => a > 0.004 || b > 0.004);
  const off = rows.reduce((sum, [, a, b]) => sum + Math.abs(a - b), 0) / 2;
  byId("bets").replaceChildren(element("p", {}, `You put ${percent(off)} of the money in the wrong pockets.`), ...rows.sort((a, b) => b[2] - a[2]).map(([origin, a, b]) => element("p", { class: "bet" }, element("span", {}, capital(track.head.class_titles[origin])), `you ${percent(a)}, it was ${percent(b)}`)));
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
    const holds = event.target.closest("input, select, textarea, button, [role=button], summary, pre");
    if (event.ctrlKey || event.metaKey || event.altKey || holds?.matches("input, select, textarea, pre") || (holds && event.key === " ")) return;
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
