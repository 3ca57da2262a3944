// Dots are money: each stands for a stated sum, in the colour of whose money it was, outlined once it has been round.
import { GREY, AGAIN_COLOR, colorOf } from "./words.js";

const DOTS_MAX = 900;
const SAMPLES = 48;
const SECONDS = 2.2;

export class Dots {
  constructor(canvas) {
    Object.assign(this, { canvas, dots: [], owed: new Map(), points: new Map(), worth: 0, sent: 0 });
  }

  resize(width, height) {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.ratio = ratio;
    this.points.clear();
    this.clear();
  }

  clear() {
    this.dots = [];
    this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  along(ribbon) {
    if (!this.points.has(ribbon.key)) {
      const length = ribbon.path.getTotalLength();
      this.points.set(ribbon.key, Array.from({ length: SAMPLES + 1 }, (_, n) => ribbon.path.getPointAtLength((length * n) / SAMPLES)));
    }
    return this.points.get(ribbon.key);
  }

  // What was paid on a day sets out: as many dots as it is worth, the rest is owed until the next.
  send(track, day, ribbons, rule, daysASecond) {
    const frame = track.frames[day];
    if (!frame) return;
    const total = [...ribbons.values()].reduce((sum, ribbon) => sum + (ribbon.year || 0), 0);
    if (total) this.worth = nice(Math.max(1e8, (total / 252) * daysASecond * SECONDS / 260));
    const byPair = new Map();
    for (const [payer, payee, cause, cents] of frame.paid) {
      if (cause !== track.head.opening_cause) byPair.set(`${payer}>${payee}`, (byPair.get(`${payer}>${payee}`) || 0) + cents);
    }
    for (const ribbon of ribbons.values()) {
      for (const pair of ribbon.pairs) {
        const name = pair.join(">"), cents = byPair.get(name);
        if (!cents || !this.worth) continue;
        const owed = (this.owed.get(name) || 0) + cents / this.worth;
        const count = Math.min(40, Math.floor(owed));
        this.owed.set(name, owed - Math.floor(owed));
        const parts = frame.whose.filter((row) => row[0] === pair[0] && row[1] === pair[1] && row[3] === rule);
        for (let n = 0; n < count && this.dots.length < DOTS_MAX; n += 1) {
          const part = chosen(parts, (n + 0.5) / count);
          this.dots.push({ ribbon: ribbon.key, at: -n / count * 0.3, side: (((this.sent += 1) * 0.618) % 1) - 0.5, color: part ? colorOf(part[4]) : ribbon.color || GREY, again: part ? part[5] : 0 });
        }
      }
    }
  }

  draw(seconds, ribbons) {
    const pen = this.canvas.getContext("2d");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.dots = this.dots.filter((dot) => (dot.at += seconds / SECONDS) < 1 && ribbons.has(dot.ribbon));
    for (const dot of this.dots) {
      if (dot.at < 0) continue;
      const ribbon = ribbons.get(dot.ribbon), points = this.along(ribbon);
      const place = dot.at * SAMPLES, n = Math.floor(place), here = points[n], next = points[Math.min(SAMPLES, n + 1)];
      const dx = next.x - here.x, dy = next.y - here.y, length = Math.hypot(dx, dy) || 1;
      const off = dot.side * Math.max(0, ribbon.width - 5);
      pen.beginPath();
      pen.arc(here.x + dx * (place - n) - (dy / length) * off, here.y + dy * (place - n) + (dx / length) * off, 2.9, 0, 6.2832);
      pen.fillStyle = dot.color;
      pen.fill();
      if (dot.again) {
        pen.lineWidth = 1.6;
        pen.strokeStyle = AGAIN_COLOR;
        pen.stroke();
      }
    }
  }
}

function chosen(parts, share) {
  const total = parts.reduce((sum, part) => sum + part[6], 0);
  let left = share * total;
  for (const part of parts) {
    left -= part[6];
    if (left <= 0) return part;
  }
  return null;
}

function nice(cents) {
  const size = 10 ** Math.floor(Math.log10(cents));
  return size * [1, 2, 5, 10].find((step) => step * size >= cents);
}
