// What stands beside the circle: who paid, promised and paid, belief, spreads, households, the audit, what happened.
import { GREY, AGAIN_COLOR, capital, colorOf, byId, dollars, element, percent, replaced, setText, shortened, signed } from "./words.js";

const EVENTS_SHOWN = 60;
const SHARE_SHOWN = 0.0005;

export function showTold(track, day) {
  const [announced, committed, paid] = track.frames[day].told;
  setText(byId("promised"), dollars(announced));
  setText(byId("committed"), dollars(committed));
  setText(byId("paid"), dollars(paid));
  const gained = track.circleValue(day) - track.circleValue(0);
  setText(byId("gained"), signed(gained));
}

export function flowsShown(track) {
  return track.head.flows.filter((flow) => flow.side !== "payer" || flow.of.length);
}

// The flow that was chosen, or else the first of which anything has been paid.
export function flowOf(track, day, name, rule) {
  const flows = flowsShown(track);
  return flows.find((each) => each.name === name) || flows.find((each) => track.origins(each, rule, day).total) || flows[0];
}

export function showWhoPaid(track, day, flowName, rule, isHidden) {
  const flow = flowOf(track, day, flowName, rule);
  const box = byId("whose");
  if (isHidden) {
    box.replaceChildren(element("p", { class: "quiet" }, "Hidden until you have placed your bet."));
    return;
  }
  byId("flow").value = flow?.name ?? "";
  const { byClass, again, total } = flow ? track.origins(flow, rule, day) : { total: 0, byClass: new Map() };
  const rows = [...byClass].filter(([, cents]) => cents >= SHARE_SHOWN * total).sort((a, b) => b[1] - a[1]).map(([origin, cents]) => [capital(track.head.class_titles[origin]), colorOf(origin), cents]);
  if (!total) {
    box.replaceChildren(element("p", { class: "quiet" }, `Nothing has been paid yet: ${flow ? flow.title : ""}.`));
    return;
  }
  rows.push(["Of it, been round", AGAIN_COLOR, again]);
  box.replaceChildren(...rows.map(([name, color, cents]) => bar(name, color, cents / total, percent(cents / total, cents / total < 0.1 ? 1 : 0))),
    element("p", { class: "quiet" }, `${dollars(total)} in all since the start. The rule is a convention: switch it.`));
}

export function showNet(track, day) {
  const net = track.netSources(day), most = Math.max(1, ...net.map(([, cents]) => Math.abs(cents)));
  byId("net").replaceChildren(...(net.length ? net.slice(0, 8).map(([place, cents]) => bar(capital(track.head.places[place].title), cents > 0 ? "#0072B2" : GREY, Math.abs(cents) / most, signed(cents))) : [element("p", { class: "quiet" }, "Nothing has moved yet.")]));
}

export function showBelief(track, day) {
  const frame = track.frames[day], rows = [];
  (frame.promises || []).forEach(([name, , payer, payee], n) => {
    const status = frame.standing[n]?.[3];
    rows.push([name, `${payer} → ${payee}, ${status}`, frame.belief[n], status]);
  });
  const living = rows.filter(([, , , status]) => status !== "done" && status !== "cancelled").slice(0, 12);
  byId("belief").replaceChildren(...living.map(([name, told, belief]) => bar(shortened(name, 60), "#6b5bb5", belief, percent(belief), `${name}: ${told}`)));
  const firms = frame.firms.map((row) => Object.fromEntries(track.head.firm_columns.map((name, n) => [name, row[n]])));
  const lines = [];
  for (const firm of firms) {
    const said = [firm.runway_months > 0 ? `cash for ${firm.runway_months >= 120 ? "10 years or more" : `${firm.runway_months.toFixed(0)} months`}` : "", firm.spread_per_year > 0 ? `spread ${(firm.spread_per_year * 1e4).toFixed(0)} basis points` : "", firm.late_cents ? `${dollars(firm.late_cents)} overdue` : ""].filter(Boolean);
    if (said.length) lines.push(element("li", {}, `${firm.name}: ${said.join(", ")}`));
  }
  const [premium, , enthusiastic, tired] = frame.market;
  if (track.head.holders) lines.push(element("li", {}, `Households: ${percent(enthusiastic)} enthusiastic, ${percent(tired)} tired; ETF ${premium >= 0 ? "+" : ""}${percent(premium, 2)} to its assets`));
  byId("health").replaceChildren(...lines);
  setText(byId("audit"), track.failed ? `Stopped: ${track.failed}` : `Books balance to the cent: ${frame.audited} entries of this day audited`);
  byId("audit").classList.toggle("bad", Boolean(track.failed));
}

export function showEvents(track, day, seek) {
  const news = track.events.filter((event) => event.day <= day).slice(-EVENTS_SHOWN).reverse();
  const key = `${track.number}/${news.length ? news[0].day : -1}/${news.length}/${day}`;
  if (byId("events").dataset.key === key) return;
  byId("events").dataset.key = key;
  replaced(byId("events"), ...news.map((event) => element("li", {}, element("button", { "data-key": `${event.day}/${event.words}`, class: `event ${event.grave ? "grave" : ""}`, onclick: () => seek(event.day), title: "go to this day" }, element("time", {}, track.head.dates[event.day]), ` ${capital(event.words)}`))));
}

// The run with the change minus the run without it, firm by firm.
export function showDifference(track, ghost, day) {
  const box = byId("difference");
  box.hidden = !ghost || ghost.last < 0;
  if (box.hidden) return;
  const at = Math.min(day, ghost.last);
  const rows = track.frames[at]?.firms.map((row) => [row[0], row[1] - (ghost.firm(at, row[0])?.[1] ?? 0)]) || [];
  const parts = ["promised", "committed", "paid"].map((name, n) => [capital(name), track.frames[at].told[n] - ghost.frames[at].told[n]]);
  byId("effects").replaceChildren(...[...rows, ...parts].map(([name, cents]) => element("li", {}, element("span", {}, name), element("strong", { class: cents < 0 ? "down" : cents ? "up" : "quiet" }, cents ? signed(cents) : "no difference"))));
}

export function showFan(track, fan) {
  const whole = fan.filter((world) => world.circle_cents[0]), many = `${fan.length} other world${fan.length === 1 ? "" : "s"}`;
  const own = track.circleValue(track.last) / track.circleValue(0), at = (world) => Math.min(world.circle_cents.length - 1, track.last);
  const under = whole.filter((world) => world.circle_cents[at(world)] / world.circle_cents[0] < own).length;
  const fell = whole.filter((world) => world.drawdown > 0.3).length;
  setText(byId("worlds-told"), whole.length ? `${many}: this one’s circle stands above ${under} of them; in ${fell} its value fell by more than 30 % from a peak.` : `${many}; nobody here has a market price.`);
}

function bar(name, color, share, told, title) {
  const fill = element("i", {});
  fill.style.width = `${Math.max(0.5, Math.min(100, share * 100))}%`;
  fill.style.background = color;
  return element("div", { class: "bar", title: title || name }, element("span", { class: "bar-name" }, name), element("span", { class: "bar-room" }, fill), element("span", { class: "bar-sum" }, told));
}
