// Where the outside world stands: the largest payers and payees of each column of firms, in rows so that no two labels meet.
export const ROW = 32;
const WIDE = 98;
const NARROW = 106;

// The largest outside sources and uses of each column of firms, over what has been played: [{column, outside}] by side.
export function stubsOf(track, columns, most) {
  const { places } = track.head, found = { sources: [], uses: [] }, sums = { sources: columns.map(() => new Map()), uses: columns.map(() => new Map()) };
  const columnOf = new Map(columns.flatMap((column, n) => column.map((place) => [place, n])));
  for (const [[payer, payee], cents] of track.window(track.last, Infinity)) {
    if (places[payer].circle === places[payee].circle) continue;
    const [side, column, outside] = places[payee].circle ? ["sources", columnOf.get(payee), payer] : ["uses", columnOf.get(payer), payee];
    const mine = sums[side][column];
    mine.set(outside, (mine.get(outside) || 0) + cents);
  }
  for (const side of ["sources", "uses"]) {
    sums[side].forEach((mine, column) => {
      const kept = [...mine].sort((a, b) => b[1] - a[1]).slice(0, most).map(([outside]) => outside).sort((a, b) => a - b);
      found[side].push(...kept.map((outside) => ({ column, outside })));
    });
  }
  return found;
}

// Places of labels side by side, as near to their columns as there is room, and in as many rows as they need.
export function stubPlaces(stubs, width, columns, inset) {
  const step = width / columns, least = width < 520 ? NARROW : WIDE, edge = least / 2 + 2 + inset;
  const space = Math.min(122, (width - 2 * edge) / Math.max(1, stubs.length - 1));
  const rows = Math.max(1, Math.ceil(least / space));
  const xs = stubs.map((stub) => {
    const mine = stubs.filter((other) => other.column === stub.column);
    return step * (stub.column + 0.5) + (mine.indexOf(stub) - (mine.length - 1) / 2) * space;
  });
  for (let n = 0; n < xs.length; n += 1) xs[n] = Math.max(xs[n], n ? xs[n - 1] + space : edge);
  for (let n = xs.length - 1, limit = width - edge; n >= 0; n -= 1, limit = xs[n + 1] - space) xs[n] = Math.min(xs[n], limit);
  return { rows, depth: rows * ROW, places: stubs.map((stub, n) => ({ ...stub, x: xs[n], row: n % rows, drop: (n % rows) * ROW, room: Math.min(rows * space - 4, 2 * (Math.min(xs[n], width - xs[n]) - inset) - 4) })) };
}
