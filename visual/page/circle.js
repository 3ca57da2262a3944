// The circle: sources above, firms in columns by kind, uses below, the way back underneath; ribbons as wide as money.
import { GREY, capital, colorOf, dollars, drawn, fitted, heldKey, holdAgain, percent, setText, toneOf, widthOf } from "./words.js";
import { QUARTER, YEAR } from "./track.js";
import { ROW, stubPlaces, stubsOf } from "./stubs.js";

const COLUMN_ORDER = ["lab", "cloud", "chip_maker", "listed", "firm"];
const WIDEST = 34;
const GAP = 14;
const FRAME = 7, MANY = 4; // ways back, beyond which they run closer together

export class Circle {
  constructor(svg, onFirm, onSource) {
    Object.assign(this, { svg, onFirm, onSource, ribbons: new Map(), boxes: new Map(), shape: "" });
  }

  // Everything that has a place: done anew when what money has flowed changes, or the room.
  layout(track, width, height) {
    const { places } = track.head, columns = columnsOf(places), isNarrow = width < 520;
    const stubs = stubsOf(track, columns, isNarrow ? 3 : 4), edges = edgesOf(track);
    const shape = JSON.stringify([width, height, stubs, edges, places.length]);
    if (shape === this.shape) return false;
    this.shape = shape;
    Object.assign(this, { width, height, isNarrow, sizes: isNarrow ? [11.5, 11] : [12.5, 12], ribbons: new Map(), boxes: new Map(), taken: [], tones: toneOf(places) });
    const held = heldKey(this.svg);
    this.svg.replaceChildren();
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.under = this.svg.appendChild(drawn("g"));
    this.over = this.svg.appendChild(drawn("g"));
    const columnOf = new Map(columns.flatMap((column, n) => column.map((place) => [place, n])));
    const back = edges.filter(([payer, payee]) => columnOf.get(payee) < columnOf.get(payer)).length;
    const [aside, lane] = (this.lanes = back > MANY ? (isNarrow ? [2.5, 2.5] : [6, 6]) : [isNarrow ? 4 : 12, 13]), beside = back ? (isNarrow ? 15 : 20) + aside * (back - 1) : 0;
    const above = stubPlaces(stubs.sources, width, columns.length, 0), below = stubPlaces(stubs.uses, width, columns.length, beside);
    const backRoom = back ? 26 + lane * (back - 1) + (isNarrow ? 0 : 20) : 8;
    this.boxesOf(columns, 12 + above.depth + 46, height - backRoom - below.depth - 44);
    this.stubs(above, columns, places, 8, true);
    this.stubs(below, columns, places, height - backRoom - below.depth, false);
    this.edges(track, edges);
    for (const box of this.boxes.values()) this.box(box, places[box.place]);
    holdAgain(this.svg, held);
    return true;
  }

  boxesOf(columns, top, low) {
    const step = this.width / columns.length, w = Math.min(184, step - (this.isNarrow ? 16 : 70));
    columns.forEach((members, column) => {
      const last = members.length - 1, gap = Math.max(2, Math.min(GAP, (low - top - 25 * members.length) / Math.max(1, last)));
      const h = Math.max(25, Math.min(66, (low - top - gap * last) / members.length)), whole = h * members.length + gap * last;
      members.forEach((place, n) => {
        const y = Math.max(top, (top + low - whole) / 2) + n * (h + gap) + h / 2;
        this.boxes.set(place, { x: step * (column + 0.5), y, w, h, column, place });
      });
      if (members.length > 1) this.frame(members.map((place) => this.boxes.get(place)));
    });
  }

  // What the outside world pays to firms of a kind, or has from them, goes to all of them: a frame holds them together.
  frame(boxes) {
    const [first] = boxes, last = boxes[boxes.length - 1], top = first.y - first.h / 2 - FRAME;
    this.under.appendChild(drawn("rect", { class: "column", x: first.x - first.w / 2 - FRAME, y: top, width: first.w + 2 * FRAME, height: last.y + last.h / 2 + FRAME - top, rx: 13 }));
  }

  stubs(placed, columns, places, start, isSource) {
    for (const stub of placed.places) {
      const mine = placed.places.filter((other) => other.column === stub.column), n = mine.indexOf(stub);
      const members = columns[stub.column].map((place) => this.boxes.get(place)), box = members[isSource ? 0 : members.length - 1];
      const x = box.x + (n - (mine.length - 1) / 2) * Math.min(34, box.w / (mine.length + 0.5));
      const y = start + 12 + (isSource ? stub.drop : placed.depth - ROW - stub.drop), far = isSource ? y + 20 : y - 14;
      const held = members.length > 1 ? FRAME : 0, edge = isSource ? box.y - box.h / 2 - held : box.y + box.h / 2 + held, middle = (far + edge) / 2;
      const path = isSource ? `M${stub.x},${far} C${stub.x},${middle} ${x},${middle} ${x},${edge}` : `M${x},${edge} C${x},${middle} ${stub.x},${middle} ${stub.x},${far}`;
      const key = isSource ? `s${stub.outside}>${stub.column}` : `u${stub.column}>${stub.outside}`;
      const pairs = columns[stub.column].map((place) => (isSource ? [stub.outside, place] : [place, stub.outside]));
      this.ribbon(key, path, isSource ? colorOf(places[stub.outside].origin) : GREY, pairs);
      this.label(key, stub.x, y, stub.room, stub.outside, isSource);
    }
  }

  edges(track, all) {
    let below = 0;
    for (const [payer, payee] of all) {
      const from = this.boxes.get(payer), to = this.boxes.get(payee), key = `${payer}>${payee}`;
      const color = this.tones.get(track.head.places[payer].name) || GREY;
      const x1 = from.x + from.w / 2, x2 = to.x - to.w / 2;
      if (to.column > from.column) {
        const middle = (x1 + x2) / 2;
        this.ribbon(key, `M${x1},${from.y} C${middle},${from.y} ${middle},${to.y} ${x2},${to.y}`, color, [[payer, payee]]);
        const beside = all.filter(([a, b]) => this.boxes.get(a).column === from.column && this.boxes.get(b).column === to.column);
        if (beside.length < 3) this.labelIfFree(key, middle, (from.y + to.y) / 2 - 34, to.column - from.column > 1 ? 0 : x2 - x1);
      } else if (to.column < from.column) {
        const [aside, lane] = this.lanes, low = this.height - 14 - below * lane, edge = (this.isNarrow ? 7 : 14) + below * aside, radius = 22;
        const right = this.width - edge, left = edge;
        this.ribbon(key, `M${x1},${from.y} H${right - radius} Q${right},${from.y} ${right},${from.y + radius} V${low - radius} Q${right},${low} ${right - radius},${low} H${left + radius} Q${left},${low} ${left},${low - radius} V${to.y + radius} Q${left},${to.y} ${left + radius},${to.y} H${x2}`, color, [[payer, payee]]);
        if (below === 0) this.backKeys = [key];
        else this.backKeys.push(key);
        below += 1;
      } else {
        const x = x1, bend = 26 + 8 * (below % 2);
        this.ribbon(key, `M${x},${from.y} C${x + bend},${from.y} ${x + bend},${to.y} ${x},${to.y}`, color, [[payer, payee]]);
      }
    }
    if (below && !this.isNarrow) this.labelIfFree(this.backKeys[below - 1], this.width / 2, this.height - 12 - (below - 1) * this.lanes[1] - 24, this.width / 2);
  }

  ribbon(key, path, color, pairs) {
    const pipe = this.under.appendChild(drawn("path", { d: path, class: "pipe" }));
    const core = this.under.appendChild(drawn("path", { d: path, class: "pipe-core" }));
    const fill = this.under.appendChild(drawn("path", { d: path, class: "ribbon", stroke: color || GREY }));
    const title = fill.appendChild(drawn("title"));
    this.ribbons.set(key, { key, pipe, core, fill, title, color, pairs, width: 0, goal: 0, path: fill, outside: null });
  }

  label(key, x, y, room, outside, isSource) {
    const name = this.over.appendChild(drawn("text", { x, y, class: "place", "font-size": this.sizes[0], "text-anchor": "middle" }));
    const sum = this.over.appendChild(drawn("text", { x, y: y + 14, class: "sum", "font-size": this.sizes[1], "text-anchor": "middle" }));
    Object.assign(this.ribbons.get(key), { name, sum, outside, room });
    this.taken.push([x - room / 2, y - 12, x + room / 2, y + 18]);
    if (!isSource) return;
    name.setAttribute("role", "button");
    name.setAttribute("tabindex", "0");
    name.dataset.key = key;
    name.classList.add("source");
    name.addEventListener("click", () => this.onSource(outside));
    name.addEventListener("keydown", (event) => isPress(event) && this.onSource(outside));
  }

  labelIfFree(key, x, y, gap) {
    const room = Math.min(200, gap - 14), box = [x - room / 2, y - 12, x + room / 2, y + 18];
    const meets = ([left, top, right, low]) => box[0] < right && left < box[2] && box[1] < low && top < box[3];
    const boxes = [...this.boxes.values()].map(({ x: at, y: up, w, h }) => [at - w / 2, up - h / 2, at + w / 2, up + h / 2]);
    if (room > 66 && ![...this.taken, ...boxes].some(meets)) this.label(key, x, y, room, null, false);
  }

  box(box, place) {
    const group = this.over.appendChild(drawn("g", { class: "firm", role: "button", tabindex: "0", "data-key": place.name, "aria-label": place.name, onclick: () => this.onFirm(place.name) }));
    group.addEventListener("keydown", (event) => isPress(event) && this.onFirm(place.name));
    box.frame = group.appendChild(drawn("rect", { x: box.x - box.w / 2, y: box.y - box.h / 2, width: box.w, height: box.h, rx: 9, stroke: this.tones.get(place.name) || GREY }));
    const isFlat = box.h < 46, size = this.isNarrow ? 13 : 14.5;
    const name = group.appendChild(drawn("text", { x: box.x, y: box.y - (isFlat ? 2 : 5), class: "firm-name", "font-size": size, "text-anchor": "middle" }));
    setText(name, fitted(place.name, box.w - 12, size, 700));
    group.appendChild(drawn("title", {}, place.name));
    box.value = group.appendChild(drawn("text", { x: box.x, y: box.y + (isFlat ? 11 : 16), class: "firm-value", "font-size": this.sizes[1], "text-anchor": "middle" }));
  }

  // Widths, sums and values of a day.
  show(track, day) {
    const span = Math.min(QUARTER, Math.max(1, day)), moved = track.window(day, QUARTER), byPair = new Map(), byCause = new Map();
    const note = (payer, payee, cause, cents) => {
      const pair = `${payer}>${payee}`;
      byPair.set(pair, (byPair.get(pair) || 0) + cents);
      if (!byCause.has(pair)) byCause.set(pair, new Map());
      byCause.get(pair).set(cause, (byCause.get(pair).get(cause) || 0) + cents);
    };
    for (const [parts, cents] of moved) note(...parts, cents);
    const setOff = track.setOff(day, QUARTER);
    for (const [payer, payee, cause, cents] of setOff) note(payer, payee, cause, cents);
    const promised = this.promisedOf(track, day), owed = this.owedOf(track, day);
    const sums = new Map([...this.ribbons].map(([key, ribbon]) => [key, ribbon.pairs.reduce((sum, pair) => sum + (byPair.get(pair.join(">")) || 0), 0)]));
    this.most = Math.max(this.most || 0, 1, ...sums.values());
    for (const [key, ribbon] of this.ribbons) {
      const cents = sums.get(key), pipe = promised.get(key)?.cents || 0, due = owed.get(key) || 0, scale = WIDEST / this.most;
      ribbon.goal = cents ? Math.max(1.6, cents * scale) : 0.7;
      ribbon.hollow = pipe || due ? Math.max(5, Math.min(20, Math.max(pipe, due) * scale)) : 0;
      ribbon.year = cents * (YEAR / span);
      this.say(track, ribbon, { cents, pipe, due, byCause, promise: promised.get(key)?.name, off: setOff.some(([payer, payee]) => key === `${payer}>${payee}`) });
    }
    for (const box of this.boxes.values()) this.value(track, day, box);
  }

  say(track, ribbon, { cents, pipe, due, byCause, promise, off }) {
    const { places, causes } = track.head, outside = ribbon.outside === null ? "" : places[ribbon.outside].title;
    const whats = [...new Set(ribbon.pairs.flatMap((pair) => [...(byCause.get(pair.join(">")) || [])].sort((a, b) => b[1] - a[1]).map(([cause]) => causes[cause][0])))];
    const inside = cents ? whats[0] : promise ? `${promise}: promised` : due ? "owed" : "";
    if (ribbon.name) {
      const short = inside.endsWith(": promised") && widthOf(inside, this.sizes[0]) > ribbon.room ? "promised" : inside;
      setText(ribbon.name, fitted(capital(outside || short), ribbon.room, this.sizes[0]));
      const sum = off && track.head.days < QUARTER ? `${dollars(cents)} set off` : cents ? `${dollars(ribbon.year)} a year` : due ? dollars(due) : "";
      setText(ribbon.sum, widthOf(sum, this.sizes[1]) <= ribbon.room ? sum : sum.replace(" a year", "/y"));
    }
    const told = ribbon.pairs.map(([payer, payee]) => `${places[payer].name} → ${places[payee].name}`).join(", ");
    setText(ribbon.title, `${told}: ${dollars(cents)} in the last quarter${whats.length ? ` (${whats.join(", ")})` : ""}${off ? "; part of it set off without cash" : ""}${due ? `; ${dollars(due)} owed` : ""}${pipe ? `; hollow: ${dollars(pipe)} a quarter if all that is promised came within the run` : ""}`);
  }

  value(track, day, box) {
    const name = track.head.places[box.place].name, row = track.firm(day, name), first = track.firm(0, name);
    const change = row && first && first[1] ? row[1] / first[1] - 1 : NaN;
    const isFailed = track.events.some((event) => event.day <= day && event.kind === "default" && event.who === name);
    const sum = row ? dollars(row[1]) : "", whole = `${sum} (${change >= 0 ? "+" : ""}${percent(change)})`;
    setText(box.value, row && Number.isFinite(change) && widthOf(whole, this.sizes[1]) < box.w - 8 ? whole : sum);
    box.value.setAttribute("class", `firm-value ${change < 0 ? "down" : "up"}`);
    box.frame.classList.toggle("failed", isFailed);
    box.frame.classList.toggle("flash", track.flags.some((flag) => flag.firm === name && day - flag.day >= 0 && day - flag.day < 3));
  }

  // What is promised and still to come, a quarter, if it came evenly within the run; with the name of the largest promise.
  promisedOf(track, day) {
    const frame = track.frames[day], number = numbersOf(track), found = new Map();
    (frame?.promises || []).forEach(([, label, payer, payee], n) => {
      const [announced, committed, paid, status] = frame.standing[n] || [0, 0, 0, "done"];
      if (status === "cancelled" || status === "done") return;
      const key = `${number.get(payer)}>${number.get(payee)}`, before = found.get(key) || { cents: 0, largest: -1 };
      const left = Math.max(0, Math.max(announced, committed) - paid) / Math.max(1, track.head.days / QUARTER);
      found.set(key, { cents: before.cents + left, largest: Math.max(before.largest, left), name: left > before.largest ? label.replaceAll("_", " ") : before.name });
    });
    return found;
  }

  owedOf(track, day) {
    const found = new Map();
    for (const [payer, payee, , cents] of track.frames[day]?.owed || []) found.set(`${payer}>${payee}`, (found.get(`${payer}>${payee}`) || 0) + cents);
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

function columnsOf(places) {
  const members = places.map((place, number) => ({ ...place, number })).filter((place) => place.circle);
  if (members.every((place) => place.kind === "firm")) return members.map((place) => [place.number]);
  return COLUMN_ORDER.map((kind) => members.filter((place) => place.kind === kind).map((place) => place.number)).filter((column) => column.length);
}

function numbersOf(track) {
  return new Map(track.head.places.map((place, n) => [place.name, n]).filter(([, n]) => track.head.places[n].kind));
}

// Pairs of firms between which money has moved, is owed or is promised.
function edgesOf(track) {
  const { places } = track.head, found = new Set(), number = numbersOf(track), frame = track.frames[track.last] || {};
  const note = (payer, payee) => { if (payer !== payee && places[payer]?.circle && places[payee]?.circle) found.add(`${payer}>${payee}`); };
  for (const { parts: [payer, payee] } of track.paid.byKey.values()) note(payer, payee);
  for (const [, , payer, payee] of frame.promises || []) note(number.get(payer), number.get(payee));
  for (const key of track.met) note(...key.split(">").map(Number));
  return [...found].map((key) => key.split(">").map(Number));
}

// Enter or space, as on a button; the page does not scroll for it.
function isPress(event) {
  if (event.key !== "Enter" && event.key !== " ") return false;
  event.preventDefault();
  return true;
}
