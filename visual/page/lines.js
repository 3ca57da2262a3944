// Market values, 100 at the start, with flags of announcements, the compared run as a dashed ghost and other worlds as a fan.
import { GREY, capital, drawn, element, fitted, percent, setText, spokenDate, toneOf } from "./words.js";

export class Lines {
  constructor(svg, legend, onSeek) {
    Object.assign(this, { svg, legend, onSeek });
    const seek = (event) => {
      if (!event.buttons && event.type === "pointermove") return;
      const box = svg.getBoundingClientRect();
      const share = ((event.clientX - box.left) * (this.width / box.width) - this.left) / (this.right - this.left);
      onSeek(Math.round(Math.min(1, Math.max(0, share)) * this.days));
    };
    svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); seek(event); });
    svg.addEventListener("pointermove", seek);
  }

  // What stays as long as nothing new has come is drawn once; day by day only the day and what stands beside it.
  draw(track, day, ghost, fan, width, height) {
    const key = [track.number, track.last, ghost?.number, ghost?.last, fan.length, width, height].join("/");
    if (key !== this.key) this.still(track, ghost, fan, width, height);
    this.key = key;
    const { lines, isNarrow, top, low, x, y } = this;
    this.day.replaceChildren(drawn("line", { x1: x(day), x2: x(day), y1: top, y2: low, class: "today" }), ...(isNarrow ? [] : this.labels(lines, day, y, top, low)));
    this.legend.replaceChildren(...(isNarrow ? lines : []).map((line) => {
      const told = element("strong", {}, `${capital(line.name)} ${Math.round(line.values[Math.min(day, line.values.length - 1)])}`);
      told.style.color = line.color;
      return told;
    }));
  }

  still(track, ghost, fan, width, height) {
    const isNarrow = width < 520, svg = this.svg;
    Object.assign(this, { width, isNarrow, days: track.head.days, left: 40, right: width - (isNarrow ? 12 : width < 800 ? 150 : 244), top: 24, low: height - 22 });
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const { top, low } = this, lines = this.linesOf(track), ghosts = ghost ? this.linesOf(ghost) : [];
    const worlds = fan.filter((world) => world.circle_cents[0]).map((world) => world.circle_cents.map((cents) => (100 * cents) / world.circle_cents[0]));
    const most = [...lines, ...ghosts].map((line) => line.values).concat(worlds).reduce((top, values) => values.reduce((a, b) => Math.max(a, b), top), 120), step = stepOf(most / 4.5), highest = Math.ceil(most / step) * step;
    const x = (d) => this.left + ((this.right - this.left) * d) / Math.max(1, this.days);
    const y = (value) => low - ((low - top) * value) / highest;
    const made = [drawn("text", { x: this.left, y: 13, class: "small" }, isNarrow ? "Market value, start = 100" : "Market value, 100 at the start; marks are announcements; drag to seek")];
    for (let n = 0; n <= Math.round(highest / step); n += 1) {
      made.push(drawn("line", { x1: this.left, x2: this.right, y1: y(n * step), y2: y(n * step), class: "grid" }));
      made.push(drawn("text", { x: this.left - 6, y: y(n * step) + 4, class: "small", "text-anchor": "end" }, n * step < 1e5 ? String(n * step) : (n * step).toExponential(0)));
    }
    if (!lines.length) made.push(drawn("text", { x: (this.left + this.right) / 2, y: (top + low) / 2, class: "small", "text-anchor": "middle" }, "Nobody here has a market price."));
    const ticks = Math.max(1, Math.min(isNarrow ? 3 : 6, Math.floor(this.days / 10)));
    for (let n = 0; n <= ticks; n += 1) {
      const at = Math.round((this.days * n) / ticks);
      const anchor = n === 0 ? "start" : n === ticks ? "end" : "middle";
      made.push(drawn("text", { x: x(at), y: height - 6, class: "small", "text-anchor": anchor }, this.days > 300 ? track.head.dates[at].slice(0, 7) : spokenDate(track.head.dates[at]).replace(/ \d+$/, "")));
    }
    if (worlds.length > 2) made.push(...this.fan(worlds, x, y));
    for (const flag of track.flags) {
      const mark = drawn("line", { x1: x(flag.day), x2: x(flag.day), y1: top, y2: low, class: `flag ${flag.direction < 0 ? "bad" : "good"}` });
      mark.append(drawn("title", {}, `${track.head.dates[flag.day]} ${flag.firm}: ${flag.words}${flag.change === null ? "" : ` (${percent(flag.change, 1)} that day)`}`));
      made.push(mark);
    }
    for (const line of ghosts) made.push(this.line(line, x, y, "ghost"));
    for (const line of lines) made.push(this.line(line, x, y, "value"));
    this.day = drawn("g");
    Object.assign(this, { lines, x, y });
    svg.replaceChildren(...made, this.day);
  }

  linesOf(track) {
    const first = track.frames[0]?.firms || [], tones = toneOf(track.head.places), isOfCircle = new Set(track.circleNames());
    return first.map((row, n) => {
      const color = isOfCircle.has(row[0]) ? tones.get(row[0]) : GREY, cents = track.frames.map((frame) => frame.firms[n]?.[1] ?? 0);
      const start = cents.find((value) => value > 0);
      return { name: row[0], color, values: cents.map((value) => (100 * value) / start) };
    }).filter((line) => line.values.some((value) => value > 0));
  }

  line(line, x, y, kind) {
    return drawn("path", { class: `line ${kind}`, stroke: line.color, d: line.values.map((value, day) => `${day ? "L" : "M"}${x(day).toFixed(1)},${y(value).toFixed(1)}`).join("") });
  }

  fan(worlds, x, y) {
    const days = Math.min(...worlds.map((world) => world.length));
    const at = (day, share) => { const sorted = worlds.map((world) => world[day]).sort((a, b) => a - b); return sorted[Math.round(share * (sorted.length - 1))]; };
    const every = Math.max(1, Math.floor(days / 120)), places = [];
    for (let day = 0; day < days; day += every) places.push(day);
    const path = (share) => places.map((day) => `${x(day).toFixed(1)},${y(at(day, share)).toFixed(1)}`);
    const band = drawn("polygon", { class: "fan", points: [...path(0.1), ...path(0.9).reverse()].join(" ") });
    band.append(drawn("title", {}, `the circle's value in ${worlds.length} worlds of other luck: 10 to 90 %`));
    return [band, drawn("polyline", { class: "fan-middle", points: path(0.5).join(" ") })];
  }

  labels(lines, day, y, top, low) {
    const all = lines.map((line) => ({ ...line, value: line.values[Math.min(day, line.values.length - 1)] })), moved = ({ value }) => Math.abs(Math.log(Math.max(value, 0.01) / 100));
    const shown = all.sort((a, b) => moved(b) - moved(a)).slice(0, Math.floor((low - top) / 14)).sort((a, b) => b.value - a.value); // who has moved most, where not all have room
    const places = shown.map((line) => Math.min(low - 2, y(line.value) + 4));
    for (let n = 1; n < places.length; n += 1) places[n] = Math.max(places[n], places[n - 1] + 14);
    const over = (places[places.length - 1] || 0) - low;
    for (let n = places.length - 1, most = low; over > 0 && n >= 0; n -= 1, most -= 14) places[n] = Math.min(places[n], most);
    return shown.map((line, n) => {
      const label = drawn("text", { x: this.right + 8, y: places[n], class: "small strong" }, `${fitted(capital(line.name), this.width - this.right - 46, 11.5, 600)} ${Math.round(line.value)}`);
      label.style.fill = line.color;
      return label;
    });
  }
}

// The next round step.
function stepOf(least) {
  const size = 10 ** Math.floor(Math.log10(least));
  return size * [1, 2, 2.5, 5, 10].find((round) => round * size >= least);
}
