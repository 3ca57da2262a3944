"""Pictures of a watched model as SVG text, for pages that are drawn in Python: the circle, market values, who paid.

A picture costs a few milliseconds; figures of a plotting library cost a hundred times that. All text is escaped.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from html import escape

from ..history.kinds import FirmKind
from ..report.figure_style import PALETTE
from ..report.wording import dollars
from .mesa_watch import Watch

WIDTH, HEIGHT = 450, 420
"""As wide as half of a page of Mesa, so that letters keep their size."""
KIND_COLORS = {
    str(FirmKind.LAB): "#0072B2",
    str(FirmKind.CLOUD): "#009E73",
    str(FirmKind.CHIP_MAKER): "#D55E00",
    str(FirmKind.LISTED): "#5c6370",
    "firm": "#6b5bb5",
}
"""In the order of the columns; the last are firms without a market."""
OUTSIDE, QUIET = "#8f959e", "#5f6675"
BOX_WIDTH, BOX_HEIGHT, WIDEST = 104, 44, 24
FIRMS_HEIGHT, ROW_HEIGHT = 210, 58
"""All firms of a column; one of them."""
STUBS_MAX = 3
STAGGER = 30
"""Every other name beside the circle stands so much nearer to it."""
SHOWN_MIN = 1.4
"""The thinnest ribbon, in pixels."""
LINES_HEIGHT, LINES_LEFT, LINES_RIGHT = 300, 34, 300
POINTS_MAX = 300
LABEL_PIXELS = 15
NAME_LENGTH, EDGE = 15, 48
Stub = tuple[float, float, tuple[float, float], bool, str, int]
"""Where a name stands, how much nearer, what its ribbon leads to, whether it pays, name, cents."""


def circle_svg(watch: Watch) -> str:
    """Who paid whom in the last quarter: sources above, firms by kind, uses below; ribbons as wide as money."""
    spots = _spots(watch)
    inside = {
        pair: cents for pair, cents in watch.recent.items() if cents > 0 and pair[0] in spots and pair[1] in spots
    }
    stubs = [*_stubs(watch, spots, is_source=True), *_stubs(watch, spots, is_source=False)]
    most = max([1, *inside.values(), *(cents for *_, cents in stubs)])
    drawn = [_between(spots[payer], spots[payee], cents / most, _name(watch, payer), _name(watch, payee), cents)
             for (payer, payee), cents in inside.items() if payer != payee]  # fmt: skip
    drawn += [_stub(stub, stub[-1] / most) for stub in stubs]
    height = min([BOX_HEIGHT, *(_row_height(spots, x) - 6 for x, _ in spots.values())])
    drawn += [_box(watch, place, x, y, height) for place, (x, y) in spots.items()]
    return _svg(HEIGHT, "Who pays whom: sources above, firms in the middle, uses below", drawn)


def _spots(watch: Watch) -> dict[int, tuple[float, float]]:
    """Where the firms of the circle stand: a column a kind."""
    members = [(n, place) for n, place in enumerate(watch.head["places"]) if place["circle"]]
    columns = [[n for n, place in members if place["kind"] == kind] for kind in KIND_COLORS]
    columns = [column for column in columns if column]
    if len(columns) == 1:
        columns = [[place] for place in columns[0]]
    spots = {}
    for number, firms in enumerate(columns):
        room = min(ROW_HEIGHT, FIRMS_HEIGHT / len(firms))
        for row, place in enumerate(firms):
            y = HEIGHT / 2 + (row - (len(firms) - 1) / 2) * room
            spots[place] = (WIDTH * (number + 0.5) / len(columns), y)
    return spots


def _stubs(watch: Watch, spots: dict[int, tuple[float, float]], *, is_source: bool) -> list[Stub]:
    """The largest payers from outside, or payees there, of each column."""
    sums: dict[float, Counter[int]] = {}
    for pair, cents in watch.recent.items():
        outside, firm = pair if is_source else pair[::-1]
        if cents > 0 and firm in spots and outside not in spots:
            sums.setdefault(spots[firm][0], Counter())[outside] += cents
    columns = sorted({x for x, _ in spots.values()})
    step = WIDTH / max(1, len(columns)) / STUBS_MAX
    found: list[Stub] = []
    for column, by_place in sums.items():
        heights = [y for x, y in spots.values() if x == column]
        end = (column, min(heights) if is_source else max(heights))
        largest = by_place.most_common(STUBS_MAX)
        for n, (place, cents) in enumerate(largest):
            x = min(max(EDGE, column + (n - (len(largest) - 1) / 2) * step), WIDTH - EDGE)
            found.append((x, n % 2 * STAGGER, end, is_source, _name(watch, place), cents))
    return found


def _row_height(spots: dict[int, tuple[float, float]], column: float) -> float:
    """How far the firms of a column stand from each other."""
    return min(ROW_HEIGHT, FIRMS_HEIGHT / sum(x == column for x, _ in spots.values()))


def _stub(stub: Stub, share: float) -> str:
    """A ribbon from outside, or to there, with its name and sum."""
    x, nearer, (end, height), is_source, name, cents = stub
    far, edge = (34.0 + nearer, height - 20) if is_source else (HEIGHT - 34.0 - nearer, height + 20)
    middle = (far + edge) / 2
    near = end + (x - end) * 0.3
    text = far - 18 if is_source else far + 13
    path = f"M{x:.0f},{far:.0f} C{x:.0f},{middle:.0f} {near:.0f},{middle:.0f} {near:.0f},{edge:.0f}"
    told = f"{name}: {dollars(cents)} in the last quarter"
    return (
        _ribbon(path, PALETTE[5] if is_source else OUTSIDE, share, told)
        + _text(x, text, _short(name), anchor="middle")
        + _text(x, text + 13, dollars(cents), anchor="middle", color=QUIET)
    )


def _between(
    start: tuple[float, float], end: tuple[float, float], share: float, payer: str, payee: str, cents: int
) -> str:
    """A ribbon between firms: straight on to a later column, underneath back to an earlier one."""
    (x1, y1), (x2, y2) = start, end
    half = BOX_WIDTH / 2
    if x2 > x1:
        middle = (x1 + x2) / 2
        path = f"M{x1 + half:.0f},{y1:.0f} C{middle:.0f},{y1:.0f} {middle:.0f},{y2:.0f} {x2 - half:.0f},{y2:.0f}"
    else:
        low, far = HEIGHT - 84, max(5.0, x2 - half - 14)
        right = min(WIDTH - 5.0, x1 + half + 14)
        path = f"M{x1 + half:.0f},{y1:.0f} H{right:.0f} V{low} H{far:.0f} V{y2:.0f} H{x2 - half:.0f}"
    return _ribbon(
        path, "#D55E00" if x2 < x1 else "#0072B2", share, f"{payer} to {payee}: {dollars(cents)} in the last quarter"
    )


def _box(watch: Watch, place: int, x: float, y: float, height: float) -> str:
    """A firm with its market value."""
    name = _name(watch, place)
    values = watch.values.get(name)
    color = KIND_COLORS.get(watch.head["places"][place]["kind"], OUTSIDE)
    corner = f'x="{x - BOX_WIDTH / 2:.0f}" y="{y - height / 2:.0f}" width="{BOX_WIDTH}" height="{height:.0f}"'
    frame = f'<rect {corner} rx="7" fill="#fff" stroke="{color}" stroke-width="2.5"/>'
    told = _text(x, y + 13, dollars(values[-1]), anchor="middle") if values else ""
    return frame + _text(x, y - 3, _short(name), anchor="middle", weight=700) + told


def values_svg(watch: Watch) -> str:
    """Market values, 100 at the start."""
    lines = {name: [100 * cents / values[0] for cents in values] for name, values in watch.values.items() if values[0]}
    if not lines:
        return _svg(LINES_HEIGHT, "Market values", [_text(20, 30, "No firm of this world has a market value.")])
    days = max(1, watch.head["days"])
    top = 20.0 * math.ceil(max(120.0, *(max(values) for values in lines.values())) / 20)
    x_of = [LINES_LEFT + (LINES_RIGHT - LINES_LEFT) * day / days for day in range(days + 1)]
    drawn = [_text(LINES_LEFT, 14, "Market value, 100 at the start", color=QUIET)]
    for share in (0.0, 0.5, 1.0):
        y = _height(top * share, top)
        drawn.append(f'<path d="M{LINES_LEFT},{y:.0f}H{LINES_RIGHT}" stroke="#e6e8ec"/>')
        drawn.append(_text(LINES_LEFT - 6, y + 4, f"{top * share:.0f}", anchor="end", color=QUIET))
    every = max(1, len(next(iter(lines.values()))) // POINTS_MAX)
    ends = []
    for n, (name, values) in enumerate(lines.items()):
        points = " ".join(f"{x_of[d]:.1f},{_height(values[d], top):.1f}" for d in range(0, len(values), every))
        color = PALETTE[n % len(PALETTE)]
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.8"/>')
        ends.append((_height(values[-1], top), f"{_short(name)} {values[-1]:.0f}", color))
    drawn += _labels(ends)
    for day, anchor in ((0, "start"), (days, "end")):
        drawn.append(_text(x_of[day], LINES_HEIGHT - 4, watch.head["dates"][day], anchor=anchor, color=QUIET))
    return _svg(LINES_HEIGHT, "Market values", drawn)


def _labels(ends: list[tuple[float, str, str]]) -> Iterable[str]:
    """Names beside the ends of lines, none over another."""
    room = LINES_HEIGHT - 20
    step = min(LABEL_PIXELS, room / len(ends))
    low, high = 12.0, room - step * (len(ends) - 1)
    for y, told, color in sorted(ends):
        place = min(max(low, y + 4), high)
        low, high = place + step, high + step
        yield f'<path d="M{LINES_RIGHT + 8},{place - 4:.0f}h12" stroke="{color}" stroke-width="3"/>'
        yield _text(LINES_RIGHT + 25, place, told)


def _height(value: float, top: float) -> float:
    return 26 + (LINES_HEIGHT - 50) * (1 - value / top)


def who_paid_svg(watch: Watch) -> str:
    """Of every flow whose origin is followed, whose money it was by the run's tracing rule."""
    rule, drawn, y = watch.head["rules"].index(watch.head["tracing"]), [], 4
    for flow in watch.head["flows"]:
        by_class: Counter[int] = Counter()
        for (cause, number, origin), cents in watch.whose.items():
            if number == rule and cause in flow["causes"]:
                by_class[origin] += cents
        total = sum(by_class.values())
        if not total:
            continue
        y += 18
        drawn.append(_text(4, y, f"{flow['title']}: {dollars(total)}", weight=700))
        for origin, cents in by_class.most_common(5):
            y += 17
            color = PALETTE[origin % len(PALETTE)]
            drawn.append(_text(14, y, watch.head["classes"][origin]))
            drawn.append(f'<rect x="180" y="{y - 10}" width="{160 * cents / total:.1f}" height="10" fill="{color}"/>')
            drawn.append(_text(350, y, f"{100 * cents / total:.0f} %"))
        y += 4
    return _svg(max(40, y + 12), "Whose money it was", drawn or [_text(4, 22, "Nothing has been paid yet.")], width=420)


def events_html(watch: Watch) -> str:
    """The last events, the newest first."""
    return "".join(f"<div><small>{date}</small> {escape(words)}</div>" for date, words in reversed(watch.events))


def _name(watch: Watch, place: int) -> str:
    return str(watch.head["places"][place]["name"])


def _short(name: str) -> str:
    """What a name starts with: savers belong to whom they save through."""
    name = name.partition(" and ")[0]
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rstrip()}…"


def _ribbon(path: str, color: str, share: float, told: str) -> str:
    width = max(SHOWN_MIN, WIDEST * share)
    return (f'<path d="{path}" fill="none" stroke="{color}" stroke-opacity=".45" stroke-width="{width:.1f}">'
            f"<title>{escape(told)}</title></path>")  # fmt: skip


def _text(x: float, y: float, told: str, *, anchor: str = "start", color: str = "#1d2433", weight: int = 400) -> str:
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{color}" font-weight="{weight}">'
            f"{escape(told)}</text>")  # fmt: skip


def _svg(height: int, label: str, drawn: Iterable[str], *, width: int = WIDTH) -> str:
    return (f'<svg viewBox="0 0 {width} {height}" width="100%" role="img" aria-label="{escape(label)}" '
            f'style="background:#fff;font:12px sans-serif">{"".join(drawn)}</svg>')  # fmt: skip
