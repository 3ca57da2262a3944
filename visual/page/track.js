// A run as the page keeps it: whole frames by day, and running sums, so that any window is a subtraction.

export const QUARTER = 63;
export const YEAR = 252;

// Running sums by key: the days on which each has grown, and how far.
class Sums {
  constructor() {
    this.byKey = new Map();
  }

  add(parts, day, cents) {
    const key = parts.join(">");
    if (!this.byKey.has(key)) this.byKey.set(key, { parts, days: [], sums: [] });
    const { days, sums } = this.byKey.get(key), last = days.length - 1, sum = (last >= 0 ? sums[last] : 0) + cents;
    if (last >= 0 && days[last] === day) sums[last] = sum;
    else { days.push(day); sums.push(sum); }
  }

  // The sum at the end of a day.
  at({ days, sums }, day) {
    let low = 0, high = days.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (days[middle] <= day) low = middle + 1;
      else high = middle;
    }
    return low ? sums[low - 1] : 0;
  }

  // The same up to and with a day.
  until(day) {
    const made = new Sums();
    for (const [key, { parts, days, sums }] of this.byKey) {
      const many = days.filter((each) => each <= day).length;
      if (many) made.byKey.set(key, { parts, days: days.slice(0, many), sums: sums.slice(0, many) });
    }
    return made;
  }
}

export class Track {
  constructor(head) {
    this.head = head;
    this.frames = [];
    this.paid = new Sums();
    this.whose = new Sums();
    this.isOver = false;
    this.events = [];
    this.flags = [];
    this.met = new Set();
  }

  get last() {
    return this.frames.length - 1;
  }

  // The days of another track up to and with one are the beginning of this.
  beginAs(other, day) {
    this.frames = other.frames.slice(0, day + 1);
    for (const name of ["paid", "whose"]) this[name] = other[name].until(day);
    this.events = other.events.filter((event) => event.day <= day);
    this.flags = other.flags.filter((flag) => flag.day <= day);
    for (const frame of this.frames) this.noteDebts(frame);
  }

  // Between whom anything has been owed or set off.
  noteDebts(told) {
    for (const [payer, payee] of [...(told.owed || []), ...(told.set_off || [])]) this.met.add(`${payer}>${payee}`);
  }

  // Debts settled against each other, without cash, after one day and up to another: payer, payee, cause, cents.
  setOff(day, days) {
    const before = new Map((this.frames[day - days]?.set_off || []).map(([payer, payee, cause, cents]) => [`${payer}>${payee}>${cause}`, cents]));
    return (this.frames[day]?.set_off || []).map(([payer, payee, cause, cents]) => [payer, payee, cause, cents - (before.get(`${payer}>${payee}>${cause}`) || 0)]).filter(([, , , cents]) => cents > 0);
  }

  // A part that is not told is as it was the day before, also what was paid and what happened.
  add(told) {
    const before = this.frames[this.last] || {};
    if (told.day !== this.frames.length) return false;
    const whole = { ...before, ...told };
    this.frames.push(whole);
    for (const [payer, payee, cause, cents] of whole.paid || []) {
      if (cause === this.head.opening_cause) continue;
      this.paid.add([payer, payee, cause], told.day, cents);
    }
    for (const row of whole.whose || []) this.whose.add(row.slice(0, 6), told.day, row[6]);
    this.noteDebts(told);
    for (const event of whole.events || []) this.events.push({ day: told.day, kind: event[0], who: event[1], words: event[4], grave: event[5] });
    for (const item of whole.news || []) this.flags.push({ day: told.day, firm: item[0], with: item[1], words: item[2], direction: item[3], cents: item[4], change: item[5] });
    return true;
  }

  // What was paid after one day and up to another: payer, payee, cause; and cents.
  window(day, days, sums = this.paid) {
    const found = [];
    for (const row of sums.byKey.values()) {
      const moved = sums.at(row, day) - sums.at(row, day - days);
      if (moved) found.push([row.parts, moved]);
    }
    return found;
  }

  // Whose money a flow was: cents by class, and the part that has been round; since the start, or in a window.
  origins(flow, rule, day, days = Infinity) {
    const byClass = new Map();
    let again = 0, total = 0;
    const causes = new Set(flow.causes), of = new Set(flow.of);
    for (const row of this.whose.byKey.values()) {
      const [payer, , cause, number, origin, round] = row.parts;
      if (number !== rule || !causes.has(cause) || (flow.side === "payer" && !of.has(payer))) continue;
      const cents = this.whose.at(row, day) - this.whose.at(row, day - days);
      if (!cents) continue;
      byClass.set(origin, (byClass.get(origin) || 0) + cents);
      total += cents;
      if (round) again += cents;
    }
    return { byClass, again, total };
  }

  firm(day, name) {
    return (this.frames[day]?.firms || []).find((row) => row[0] === name);
  }

  circleNames() {
    return this.head.places.filter((place) => place.circle && place.kind !== "firm").map((place) => place.name);
  }

  // Clouds, chip makers and labs, as the answer counts the circle.
  circleValue(day) {
    const kinds = new Set(["lab", "cloud", "chip_maker"]);
    const names = new Set(this.head.places.filter((place) => kinds.has(place.kind)).map((place) => place.name));
    return (this.frames[day]?.firms || []).reduce((sum, row) => sum + (names.has(row[0]) ? row[1] : 0), 0);
  }

  // Net of the world outside the circle, by place: what it put in less what it took out, since the start.
  netSources(day) {
    const net = new Map(), places = this.head.places;
    for (const [[payer, payee], cents] of this.window(day, Infinity)) {
      if (places[payer].circle === places[payee].circle) continue;
      const outside = places[payer].circle ? payee : payer;
      net.set(outside, (net.get(outside) || 0) + (places[payer].circle ? -cents : cents));
    }
    return [...net].filter(([, cents]) => cents).sort((a, b) => b[1] - a[1]);
  }
}
