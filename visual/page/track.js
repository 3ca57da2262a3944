// A run as the page keeps it: whole frames by day, and running sums, so that any window is a subtraction.

export const QUARTER = 63;
export const YEAR = 252;

export class Track {
  constructor(head) {
    this.head = head;
    this.frames = [];
    this.paid = [];
    this.whose = [];
    this.pairs = new Map();
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
    for (const name of ["frames", "paid", "whose"]) this[name] = other[name].slice(0, day + 1);
    this.events = other.events.filter((event) => event.day <= day);
    this.flags = other.flags.filter((flag) => flag.day <= day);
    for (const key of this.paid.length ? this.paid[this.paid.length - 1].keys() : []) this.notePair(key);
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
    const paid = new Map(this.paid[this.paid.length - 1]);
    const whose = new Map(this.whose[this.whose.length - 1]);
    for (const [payer, payee, cause, cents] of whole.paid || []) {
      if (cause === this.head.opening_cause) continue;
      const key = `${payer}>${payee}>${cause}`;
      paid.set(key, (paid.get(key) || 0) + cents);
      this.notePair(key);
    }
    for (const [payer, payee, cause, rule, origin, again, cents] of whole.whose || []) {
      const key = `${payer}>${payee}>${cause}>${rule}>${origin}>${again}`;
      whose.set(key, (whose.get(key) || 0) + cents);
    }
    this.noteDebts(told);
    this.paid.push(paid);
    this.whose.push(whose);
    for (const event of whole.events || []) this.events.push({ day: told.day, kind: event[0], who: event[1], words: event[4], grave: event[5] });
    for (const item of whole.news || []) this.flags.push({ day: told.day, firm: item[0], with: item[1], words: item[2], direction: item[3], cents: item[4], change: item[5] });
    return true;
  }

  notePair(key) {
    if (!this.pairs.has(key)) this.pairs.set(key, key.split(">").map(Number));
  }

  // Cents by key that were paid after one day and up to another.
  window(day, days, sums = this.paid) {
    const now = sums[day], before = sums[day - days];
    const found = new Map();
    if (!now) return found;
    for (const [key, cents] of now) {
      const moved = cents - (before ? before.get(key) || 0 : 0);
      if (moved) found.set(key, moved);
    }
    return found;
  }

  // Whose money a flow was: cents by class, and the part that has been round; since the start, or in a window.
  origins(flow, rule, day, days = Infinity) {
    const byClass = new Map();
    let again = 0, total = 0;
    const causes = new Set(flow.causes), of = new Set(flow.of);
    for (const [key, cents] of this.window(day, days, this.whose)) {
      const [payer, payee, cause, number, origin, round] = key.split(">").map(Number);
      if (number !== rule || !causes.has(cause)) continue;
      if (flow.side === "payer" && !of.has(payer)) continue;
      byClass.set(origin, (byClass.get(origin) || 0) + cents);
      total += cents;
      if (round) again += cents;
    }
    return { byClass, again, total };
  }

  firm(day, name) {
    return (this.frames[day]?.firms || []).find((row) => row[0] === name);
  }

  values(name) {
    return this.frames.map((frame) => frame.firms.find((row) => row[0] === name)?.[1] ?? 0);
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
    for (const [key, cents] of this.paid[day] || []) {
      const [payer, payee] = this.pairs.get(key);
      if (places[payer].circle === places[payee].circle) continue;
      const outside = places[payer].circle ? payee : payer;
      net.set(outside, (net.get(outside) || 0) + (places[payer].circle ? -cents : cents));
    }
    return [...net].filter(([, cents]) => cents).sort((a, b) => b[1] - a[1]);
  }
}
