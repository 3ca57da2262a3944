// The circle: sources above, firms in columns by kind, uses below, the way back underneath; ribbons as wide as money.
import { COLORS, KIND_COLORS, GREY, capital, dollars, drawn, percent, setText, shortened } from "./words.js";
import { QUARTER, YEAR } from "./track.js";

const COLUMN_ORDER = ["lab", "cloud", "chip_maker", "listed", "firm"];
const WIDEST = 34;
const STUBS_MAX = 4;
const PLACE_WORDS = { "clearing house": "the share market", "venture investors and their partners": "venture investors", "banks and their credit": "banks", "bond funds and their savers": "bond funds", "active funds and their savers": "funds", "suppliers and staff": "suppliers" };
const PLACE_COLORS = { "AI customers": 0, "other customers": 1, "venture investors and their partners": 2, "bond funds and their savers": 3, "banks and their credit": 4, households: 5, "active funds and their savers": 6 };

export class Circle {
  constructor(svg, onFirm, onSource) {
    Object.assign(this, { svg, onFirm, onSource, ribbons: new Map(), boxes: new Map(), shape: "" });
  }

  // Everything that has a place: done anew when what money has flowed changes, or the room.
  layout(track, width, height) {
    const isNarrow = width < 520;
    const { places } = track.head;
    const kept = this.stubsOf(track);
    const shape = JSON.stringify([width, height, kept, [...this.edgesOf(track)], places.length]);
    if (shape === this.shape) return false;
    this.shape = shape;
    Object.assign(this, { width, height, ribbons: new Map(), boxes: new Map() });
    this.svg.replaceChildren();
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.under = this.svg.appendChild(drawn("g"));
    this.over = this.svg.appendChild(drawn("g"));
    const columns = this.columnsOf(places);
    const top = isNarrow ? 92 : 96, bottom = isNarrow ? 100 : 118;
    const step = width / columns.length;
    const boxWidth = Math.min(150, step - (isNarrow ? 20 : 70));
    columns.forEach((members, column) => {
      const room = height - top - bottom - 70, gap = 14;
      const boxHeight = Math.max(30, Math.min(66, (room - gap * (members.length - 1)) / members.length));
      const whole = boxHeight * members.length + gap * (members.length - 1);
      members.forEach((place, n) => {
        const x = step * (column + 0.5), y = top + 35 + (room - whole) / 2 + n * (boxHeight + gap) + boxHeight / 2;
        this.boxes.set(place, { x, y, w: boxWidth, h: boxHeight, column, place });
      });
    });
    this.stubs(kept.sources, columns, true, isNarrow, places);
    this.stubs(kept.uses, columns, false, isNarrow, places);
    this.edges(track, isNarrow);
    for (const box of this.boxes.values()) this.box(box, places[box.place]);
    return true;
  }

  columnsOf(places) {
    const members = places.map((place, number) => ({ ...place, number })).filter((place) => place.circle);
    if (members.every((place) => place.kind === "firm")) return members.map((place) => [place.number]);
    return COLUMN_ORDER.map((kind) => members.filter((place) => place.kind === kind).map((place) => place.number)).filter((column) => column.length);
  }

  // The largest outside sources and uses of each column of firms, over what has been played.
  stubsOf(track) {
    const { places } = track.head, found = { sources: {}, uses: {} };
    const columnOf = new Map(this.columnsOf(places).flatMap((column, n) => column.map((place) => [place, n])));
    for (const [key, cents] of track.paid[track.last] || []) {
      const [payer, payee] = track.pairs.get(key);
      if (places[payer].circle === places[payee].circle) continue;
      const [side, column, outside] = places[payee].circle ? ["sources", columnOf.get(payee), payer] : ["uses", columnOf.get(payer), payee];
      const sums = (found[side][column] ||= {});
      sums[outside] = (sums[outside] || 0) + cents;
    }
    for (const side of ["sources", "uses"]) {
      for (const [column, sums] of Object.entries(found[side])) {
        found[side][column] = Object.entries(sums).sort((a, b) => b[1] - a[1]).slice(0, STUBS_MAX).map(([place]) => Number(place)).sort((a, b) => a - b);
      }
    }
    return found;
  }

  edgesOf(track) {
    const { places } = track.head, found = new Set();
    for (const key of track.pairs.keys()) {
      const [payer, payee] = track.pairs.get(key);
      if (payer !== payee && places[payer].circle && places[payee].circle) found.add(`${payer}>${payee}`);
    }
    const number = new Map(places.map((place, n) => [place.name, n]));
    for (const [, , payer, payee] of track.frames[track.last]?.promises || []) {
      if (payer !== payee && places[number.get(payer)]?.circle && places[number.get(payee)]?.circle) found.add(`${number.get(payer)}>${number.get(payee)}`);
    }
    return found;
  }

  stubs(kept, columns, isSource, isNarrow, places) {
    const all = Object.entries(kept).flatMap(([column, stubs]) => stubs.map((outside) => ({ column: Number(column), outside })));
    if (!all.length) return;
    const step = this.width / columns.length;
    all.forEach((stub) => {
      const mine = all.filter((other) => other.column === stub.column);
      const n = mine.indexOf(stub);
      const room = isNarrow ? step / mine.length : Math.min(112, (step - 6) / mine.length);
      const slot = step * (stub.column + 0.5) + (n - (mine.length - 1) / 2) * room;
      const members = columns[stub.column].map((place) => this.boxes.get(place));
      const box = members[isSource ? 0 : members.length - 1];
      const x = box.x + (n - (mine.length - 1) / 2) * Math.min(34, box.w / (mine.length + 0.5));
      const stagger = isNarrow ? (n % 2) * 32 : room < 86 ? (n % 2) * 32 : 0;
      const bottom = this.height - (isNarrow ? 74 : 88);
      const far = isSource ? 40 + stagger : bottom - 4 + stagger - 30, edge = isSource ? box.y - box.h / 2 : box.y + box.h / 2;
      const middle = (far + edge) / 2;
      const path = isSource ? `M${slot},${far} C${slot},${middle} ${x},${middle} ${x},${edge}` : `M${x},${edge} C${x},${middle} ${slot},${middle} ${slot},${far}`;
      const key = isSource ? `s${stub.outside}>${stub.column}` : `u${stub.column}>${stub.outside}`;
      const pairs = columns[stub.column].map((place) => (isSource ? [stub.outside, place] : [place, stub.outside]));
      this.ribbon(key, path, isSource ? sourceColor(places[stub.outside].name) : GREY, pairs);
      this.label(key, slot, isSource ? far - 24 : far + 14, stub.outside, stagger || mine.length > 1 && room < 86 ? room * 1.9 : room, isSource);
    });
  }

  edges(track, isNarrow) {
    let below = 0;
    const all = [...this.edgesOf(track)], isCrowded = all.length > 5;
    for (const key of all) {
      const [payer, payee] = key.split(">").map(Number);
      const from = this.boxes.get(payer), to = this.boxes.get(payee);
      if (!from || !to) continue;
      const color = KIND_COLORS[track.head.places[payer].kind] || GREY;
      if (to.column > from.column) {
        const x1 = from.x + from.w / 2, x2 = to.x - to.w / 2, middle = (x1 + x2) / 2;
        this.ribbon(key, `M${x1},${from.y} C${middle},${from.y} ${middle},${to.y} ${x2},${to.y}`, color, [[payer, payee]]);
        if (!isNarrow && !isCrowded) this.label(key, middle, (from.y + to.y) / 2 - 34, null, x2 - x1, false);
      } else if (to.column < from.column) {
        const low = this.height - 20 - below * 13, edge = 14 + below * 12, radius = 24;
        const right = this.width - edge, left = edge;
        const x1 = from.x + from.w / 2, x2 = to.x - to.w / 2;
        this.ribbon(key, `M${x1},${from.y} H${right - radius} Q${right},${from.y} ${right},${from.y + radius} V${low - radius} Q${right},${low} ${right - radius},${low} H${left + radius} Q${left},${low} ${left},${low - radius} V${to.y + radius} Q${left},${to.y} ${left + radius},${to.y} H${x2}`, color, [[payer, payee]]);
        if (below < 1 && !isNarrow && !isCrowded) this.label(key, this.width / 2, low - 27, null, this.width / 2, false);
        below += 1;
      } else {
        const x = from.x + from.w / 2, bend = 26 + 8 * (below % 2);
        this.ribbon(key, `M${x},${from.y} C${x + bend},${from.y} ${x + bend},${to.y} ${x},${to.y}`, color, [[payer, payee]]);
      }
    }
  }

  ribbon(key, path, color, pairs) {
    const pipe = this.under.appendChild(drawn("path", { d: path, class: "pipe" }));
    const core = this.under.appendChild(drawn("path", { d: path, class: "pipe-core" }));
    const fill = this.under.appendChild(drawn("path", { d: path, class: "ribbon", stroke: color || GREY }));
    const title = fill.appendChild(drawn("title"));
    this.ribbons.set(key, { key, pipe, core, fill, title, color, pairs, width: 0, goal: 0, path: fill });
  }

  label(key, x, y, outside, room, isSource) {
    x = Math.max(44, Math.min(this.width - 44, x));
    const name = this.over.appendChild(drawn("text", { x, y, class: "place", "text-anchor": "middle" }));
    const sum = this.over.appendChild(drawn("text", { x, y: y + 14, class: "sum", "text-anchor": "middle" }));
    Object.assign(this.ribbons.get(key), { name, sum, outside, room });
    if (isSource) {
      name.setAttribute("role", "button");
      name.setAttribute("tabindex", "0");
      name.classList.add("source");
      name.addEventListener("click", () => this.onSource(outside));
      name.addEventListener("keydown", (event) => event.key === "Enter" && this.onSource(outside));
    }
  }

  box(box, place) {
    const color = KIND_COLORS[place.kind] || GREY;
    const group = this.over.appendChild(drawn("g", { class: "firm", role: "button", tabindex: "0", "aria-label": place.name, onclick: () => this.onFirm(place.name) }));
    group.addEventListener("keydown", (event) => event.key === "Enter" && this.onFirm(place.name));
    box.frame = group.appendChild(drawn("rect", { x: box.x - box.w / 2, y: box.y - box.h / 2, width: box.w, height: box.h, rx: 9, stroke: color }));
    const isFlat = box.h < 46;
    const name = group.appendChild(drawn("text", { x: box.x, y: box.y - (isFlat ? 2 : 5), class: "firm-name", "text-anchor": "middle" }));
    setText(name, shortened(place.name, Math.floor(box.w / 8.6)));
    group.appendChild(drawn("title", {}, place.name));
    box.value = group.appendChild(drawn("text", { x: box.x, y: box.y + (isFlat ? 11 : 16), class: "firm-value", "text-anchor": "middle" }));
  }

  // Widths, sums and values of a day.
  show(track, day) {
    const span = Math.min(QUARTER, Math.max(1, day)), moved = track.window(day, QUARTER), byPair = new Map(), byCause = new Map();
    for (const [key, cents] of moved) {
      const [payer, payee, cause] = track.pairs.get(key), pair = `${payer}>${payee}`;
      byPair.set(pair, (byPair.get(pair) || 0) + cents);
      if (!byCause.has(pair)) byCause.set(pair, new Map());
      byCause.get(pair).set(cause, cents);
    }
    const promised = this.promisedOf(track, day);
    const sums = new Map([...this.ribbons].map(([key, ribbon]) => [key, ribbon.pairs.reduce((sum, pair) => sum + (byPair.get(pair.join(">")) || 0), 0)]));
    this.most = Math.max(this.most || 0, 1, ...sums.values());
    for (const [key, ribbon] of this.ribbons) {
      const cents = sums.get(key), pipe = promised.get(key) || 0, scale = WIDEST / this.most;
      ribbon.goal = cents ? Math.max(1.6, cents * scale) : 0;
      ribbon.hollow = pipe ? Math.max(5, Math.min(20, pipe * scale)) : 0;
      ribbon.year = cents * (YEAR / span);
      const outside = ribbon.outside !== null && ribbon.outside !== undefined ? track.head.places[ribbon.outside].name : "";
      const causes = [...new Set(ribbon.pairs.flatMap((pair) => [...(byCause.get(pair.join(">")) || [])].sort((a, b) => b[1] - a[1]).map(([cause]) => track.head.causes[cause][0])))];
      const words = outside ? PLACE_WORDS[outside] || outside : causes[0] || (pipe ? "promised so far" : "");
      if (ribbon.name) {
        setText(ribbon.name, shortened(capital(words), Math.max(8, Math.floor(ribbon.room / 6.6))));
        setText(ribbon.sum, cents ? `${dollars(ribbon.year)} a year` : "");
        if (ribbon.room < 86) setText(ribbon.sum, cents ? `${dollars(ribbon.year)}/y` : "");
      }
      const told = ribbon.pairs.map(([payer, payee]) => `${track.head.places[payer].name} → ${track.head.places[payee].name}`).join(", ");
      setText(ribbon.title, `${told}: ${dollars(cents)} in the last quarter${causes.length ? ` (${causes.join(", ")})` : ""}${pipe ? `; hollow: ${dollars(pipe)} a quarter if all that is promised came within the run` : ""}`);
    }
    for (const box of this.boxes.values()) {
      const name = track.head.places[box.place].name, row = track.firm(day, name), first = track.firm(0, name);
      const change = row && first && first[1] ? row[1] / first[1] - 1 : NaN;
      const isFailed = track.events.some((event) => event.day <= day && event.kind === "default" && event.who === name);
      setText(box.value, row ? (box.w < 110 ? dollars(row[1]) : `${dollars(row[1])} (${change >= 0 ? "+" : ""}${percent(change)})`) : "");
      box.value.setAttribute("class", `firm-value ${change < 0 ? "down" : "up"}`);
      box.frame.classList.toggle("failed", isFailed);
      box.frame.classList.toggle("flash", track.flags.some((flag) => flag.firm === name && day - flag.day >= 0 && day - flag.day < 3));
    }
  }

  promisedOf(track, day) {
    const frame = track.frames[day], number = new Map(track.head.places.map((place, n) => [place.name, n])), found = new Map();
    (frame?.promises || []).forEach(([, , payer, payee], n) => {
      const [announced, committed, paid, status] = frame.standing[n] || [0, 0, 0, "done"];
      if (status === "cancelled" || status === "done") return;
      const key = `${number.get(payer)}>${number.get(payee)}`;
      found.set(key, (found.get(key) || 0) + Math.max(0, Math.max(announced, committed) - paid) / Math.max(1, track.head.days / QUARTER));
    });
    return found;
  }

  ease(share) {
    for (const ribbon of this.ribbons.values()) {
      ribbon.width += (ribbon.goal - ribbon.width) * share;
      const width = ribbon.width.toFixed(1), hollow = (ribbon.hollow || 0).toFixed(1);
      if (ribbon.said === `${width}/${hollow}`) continue;
      ribbon.said = `${width}/${hollow}`;
      ribbon.fill.setAttribute("stroke-width", width);
      ribbon.pipe.setAttribute("stroke-width", hollow > 0 ? Number(hollow) + 2 : 0);
      ribbon.core.setAttribute("stroke-width", hollow);
    }
  }
}

function sourceColor(name) {
  return PLACE_COLORS[name] === undefined ? GREY : COLORS[PLACE_COLORS[name]];
}
