"""The circle as a picture: labs pay clouds, clouds pay chip makers, chip makers invest; ribbons as wide as money."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from ..history.kinds import FirmKind, cause_text
from ..history.sinks import Tables
from ..ledger.causes import Cause
from .figure_flow_shapes import BOTTOM, HEIGHT, LOOP, MIDDLE, TOP, WIDTH, ribbon, spread, way_back
from .figure_style import INK, PALETTE, new_figure, nothing_to_show
from .wording import CHIPS, Cast, cast_of, cut, dollars, label

CENTRES = {FirmKind.LAB: 270.0, FirmKind.CLOUD: 600.0, FirmKind.CHIP_MAKER: 930.0}
COLORS = {FirmKind.LAB: PALETTE[0], FirmKind.CLOUD: PALETTE[2], FirmKind.CHIP_MAKER: PALETTE[1]}
NODE_MAX = 200.0
STUBS_MAX = 3
NAMES_MAX, NAMES_LARGE, LINE_HEIGHT = 18, 3, 19.0
"""Characters of a name that fit into the narrowest box; names from which on they are small; pixels of a line."""
CIRCLE = {
    (FirmKind.LAB, FirmKind.CLOUD): (cause_text(Cause.COMPUTE_BILL),),
    (FirmKind.CLOUD, FirmKind.CHIP_MAKER): (cause_text(Cause.CHIP_BILL),),
    (FirmKind.CHIP_MAKER, FirmKind.LAB): (cause_text(Cause.MILESTONE), cause_text(Cause.ROUND)),
}
SOURCES = {
    Cause.REVENUE_AI: "AI customers",
    Cause.ROUND: "Private rounds",
    Cause.LISTING: "Listing",
    Cause.BOND_ISSUE: "New bonds",
    Cause.VENDOR_LOAN: "Vendor loans",
}
SINKS = {
    Cause.CONSTRUCTION: "Construction, power grid",
    Cause.RUNNING_COSTS: "Suppliers and staff",
    Cause.OPERATION: "Power and operation",
    Cause.REVENUE_SHARE: "Revenue share",
    Cause.COUPON: "Interest, bonds repaid",
    Cause.MATURITY: "Interest, bonds repaid",
    Cause.VENDOR_INTEREST: "Interest, bonds repaid",
    Cause.VENDOR_REPAYMENT: "Vendor loans repaid",
}
KEPT = {FirmKind.LAB: "Cash kept", FirmKind.CLOUD: "Other costs, cash kept", FirmKind.CHIP_MAKER: "{} costs, profit"}
OTHER_BUSINESS = (cause_text(Cause.RUNNING_COSTS),)
"""A cloud's and a chip maker's other business is not the circle's: only what the circle costs is drawn."""
Edges = dict[tuple[FirmKind, FirmKind], float]
"""Cents that went from one kind of firm to another."""


@dataclass
class Node:
    """One kind of firm: what enters from outside and what leaves, in cents."""

    names: list[str]
    sources: dict[str, float] = field(default_factory=dict)
    sinks: dict[str, float] = field(default_factory=dict)


def circle_cash(journal: pd.DataFrame, firms: pd.DataFrame, cast: Cast = CHIPS) -> tuple[Edges, dict[FirmKind, Node]]:
    """The circle's three flows and, per kind of firm, its outside sources and uses, in cents.

    Each node is balanced: what its named sources do not cover came from its own business and cash; what its named uses
    leave over was kept or spent elsewhere.
    """
    kind = {f: k for f, k in zip(firms["firm"], firms["kind"], strict=True) if k in CENTRES}
    nodes = {k: Node(sorted(f for f, kk in kind.items() if kk == k)) for k in CENTRES}
    moved = journal.assign(from_kind=journal["payer"].map(kind), to_kind=journal["payee"].map(kind))
    circle = {}
    for (payer, payee), causes in CIRCLE.items():
        is_it = moved["cause"].isin(causes) & (moved["from_kind"] == payer) & (moved["to_kind"] == payee)
        circle[payer, payee] = float(moved.loc[is_it, "cents"].sum())
    lent = moved[(moved["cause"] == cause_text(Cause.VENDOR_LOAN)) & (moved["from_kind"] == FirmKind.CHIP_MAKER)]
    if drawn := float(lent.loc[lent["to_kind"] == FirmKind.CLOUD, "cents"].sum()):
        circle[FirmKind.CHIP_MAKER, FirmKind.CLOUD] = drawn
    sources, sinks = ({cause_text(c): words for c, words in named.items()} for named in (SOURCES, SINKS))
    outside_in = moved[moved["from_kind"].isna() & moved["to_kind"].notna() & moved["cause"].isin(list(sources))]
    for (to_kind, cause), cents in outside_in.groupby(["to_kind", "cause"])["cents"].sum().items():
        nodes[to_kind].sources[sources[cause]] = float(cents)
    for to_kind, cents in new_shares(moved).items():
        nodes[to_kind].sources["New shares"] = cents
    outside_out = moved[moved["from_kind"].notna() & moved["cause"].isin(list(sinks))]
    for (from_kind, cause), cents in outside_out.groupby(["from_kind", "cause"])["cents"].sum().items():
        if from_kind == FirmKind.LAB or cause not in OTHER_BUSINESS:
            uses = nodes[from_kind].sinks
            uses[sinks[cause]] = uses.get(sinks[cause], 0.0) + float(cents)
    for name, node in nodes.items():
        enters = sum(node.sources.values()) + sum(c for (_, to), c in circle.items() if to == name)
        leaves = sum(node.sinks.values()) + sum(c for (frm, _), c in circle.items() if frm == name)
        if enters < leaves:
            node.sources["Own business and cash"] = leaves - enters
        elif enters > leaves:
            node.sinks[KEPT[name].format(label(cast.one_good))] = enters - leaves
    return circle, nodes


def new_shares(moved: pd.DataFrame) -> dict[FirmKind, float]:
    """What kinds of firms got for new shares of their own in the market, less what they bought, in cents: above 0."""
    sold = moved[moved["cause"] == cause_text(Cause.TRADE_RECEIVE)].groupby("to_kind")["cents"].sum()
    bought = moved[moved["cause"] == cause_text(Cause.TRADE_PAY)].groupby("from_kind")["cents"].sum()
    net = sold.sub(bought, fill_value=0)
    return {kind: float(cents) for kind, cents in net.items() if cents > 0}


def titles_of(cast: Cast) -> dict[FirmKind, str]:
    """What stands in the boxes."""
    return {FirmKind.LAB: "AI labs", FirmKind.CLOUD: label(cast.builders), FirmKind.CHIP_MAKER: label(cast.sellers)}


def money_flow(tables: Tables) -> Figure:
    """Draw the circle with its outside sources above and its uses below."""
    figure = new_figure(HEIGHT / 100)
    cast = cast_of(tables["commitments"]["kind"])
    circle, nodes = circle_cash(tables["journal"], tables["firms"], cast)
    if not any(circle.values()):
        others = f"{cast.builders} and {cast.sellers}"
        who = f"labs, {others}" if cast == CHIPS else others
        return nothing_to_show(figure, f"No money has gone round a circle of {who} yet.")
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, HEIGHT)
    axes.axis("off")
    for node in nodes.values():
        node.sources, node.sinks = _few(node.sources), _few(node.sinks)
    widest = max(*(max(sum(n.sources.values()), sum(n.sinks.values())) for n in nodes.values()), *circle.values(), 1.0)
    scale = NODE_MAX / widest
    sizes = {k: _node_size(k, nodes[k], circle, scale) for k in nodes}
    _stubs(axes, nodes, sizes, scale, upward=True)
    _stubs(axes, nodes, sizes, scale, upward=False)
    _ring(axes, circle, sizes, scale, cast)
    for name, node in nodes.items():
        if name == FirmKind.LAB and not node.names:
            continue
        _box(axes, name, _two_lines(titles_of(cast)[name]), node, sizes[name])
    axes.text(
        24,
        HEIGHT - 28,
        "Where the circle's money came from and went, whole run",
        fontsize=17,
        fontweight="bold",
        va="center",
    )
    return figure


def _few(amounts: dict[str, float]) -> dict[str, float]:
    """The largest amounts by name, the rest together."""
    ranked = sorted(((n, c) for n, c in amounts.items() if c > 0), key=lambda item: (-item[1], item[0]))
    few = dict(ranked[:STUBS_MAX])
    if len(ranked) > STUBS_MAX:
        few["Other"] = sum(c for _, c in ranked[STUBS_MAX:])
    return few


def _node_size(name: FirmKind, node: Node, circle: Edges, scale: float) -> tuple[float, float]:
    """Width for what passes its top and bottom, height for what passes its sides."""
    across = max(sum(node.sources.values()), sum(node.sinks.values())) * scale
    sides = max((c for pair, c in circle.items() if name in pair), default=0.0) * scale
    return max(across, 150.0), max(sides, 74.0, (len(node.names) + 2) * LINE_HEIGHT)


def _stubs(
    axes: Axes, nodes: dict[FirmKind, Node], sizes: dict[FirmKind, tuple[float, float]], scale: float, *, upward: bool
) -> None:
    """Ribbons between the nodes and the labels above (sources) or below (uses), spread so that none overlap."""
    stubs = [
        (name, text, cents)
        for name, node in nodes.items()
        for text, cents in (node.sources if upward else node.sinks).items()
    ]
    if not stubs:
        return
    step = (WIDTH - 60.0) / len(stubs)
    slots = spread([CENTRES[name] for name, _, _ in stubs], min(step, 124.0))
    used = dict.fromkeys(nodes, 0.0)
    total = {n: sum(c for name, _, c in stubs if name == n) * scale for n in nodes}
    for slot, (name, text, cents) in zip(slots, stubs, strict=True):
        width = cents * scale
        x = CENTRES[name] - total[name] / 2 + used[name] + width / 2
        used[name] += width
        edge = MIDDLE + sizes[name][1] / 2 if upward else MIDDLE - sizes[name][1] / 2
        far = TOP - 12 if upward else BOTTOM + 12
        ribbon(axes, (slot, far), (x, edge), max(width, 1.5), COLORS[name], 0.45 if upward else 0.25)
        axes.text(
            slot, TOP if upward else BOTTOM, f"{_two_lines(text)}\n{dollars(cents)}", ha="center",
            va="bottom" if upward else "top", fontsize=10.5, color=INK, linespacing=1.25,
        )  # fmt: skip


def _ring(axes: Axes, circle: Edges, sizes: dict[FirmKind, tuple[float, float]], scale: float, cast: Cast) -> None:
    """The three edges of the circle: two ribbons to the right, and the way back below everything."""
    words = {
        (FirmKind.LAB, FirmKind.CLOUD): "compute bills",
        (FirmKind.CLOUD, FirmKind.CHIP_MAKER): f"{cast.one_good} bills",
    }
    for (payer, payee), text in words.items():
        if payer == FirmKind.LAB and not circle[payer, payee]:
            continue
        left, right = CENTRES[payer] + sizes[payer][0] / 2, CENTRES[payee] - sizes[payee][0] / 2
        half = max(circle[payer, payee] * scale, 2.0) / 2
        axes.fill_between([left, right], MIDDLE - half, MIDDLE + half, color=COLORS[payer], alpha=0.8, linewidth=0)
        axes.text(
            (left + right) / 2,
            MIDDLE + half + 8,
            f"{text}\n{dollars(circle[payer, payee])}",
            ha="center",
            va="bottom",
            fontsize=10.5,
        )
    lent = circle.get((FirmKind.CHIP_MAKER, FirmKind.CLOUD), 0.0)
    receiver = FirmKind.CLOUD if lent and not circle[FirmKind.CHIP_MAKER, FirmKind.LAB] else FirmKind.LAB
    back = lent if receiver is FirmKind.CLOUD else circle[FirmKind.CHIP_MAKER, FirmKind.LAB]
    half = max(back * scale, 2.0) / 2
    right = CENTRES[FirmKind.CHIP_MAKER] + sizes[FirmKind.CHIP_MAKER][0] / 2
    left = CENTRES[receiver] - sizes[receiver][0] / 2
    outer = CENTRES[FirmKind.LAB] - 100 if receiver is FirmKind.CLOUD else left
    way_back(axes, right, left, half, outer=outer, color=COLORS[FirmKind.CHIP_MAKER])
    axes.text(
        WIDTH / 2,
        LOOP + half + 8,
        f"{'vendor loans' if receiver is FirmKind.CLOUD else 'investments'}: {dollars(back)} go round again",
        ha="center",
        va="bottom",
        fontsize=11.5,
        fontweight="bold",
    )


def _box(axes: Axes, name: FirmKind, title: str, node: Node, size: tuple[float, float]) -> None:
    width, height = size
    who = "\n".join(cut(name, NAMES_MAX) for name in node.names)
    axes.add_patch(
        FancyBboxPatch(
            (CENTRES[name] - width / 2, MIDDLE - height / 2), width, height, boxstyle="round,pad=0,rounding_size=6",
            facecolor="white", edgecolor=COLORS[name], linewidth=2.5, zorder=3,
        )
    )  # fmt: skip
    axes.text(
        CENTRES[name], MIDDLE, f"{title}\n{who}",
        ha="center", va="center", fontsize=12 if len(node.names) < NAMES_LARGE else 10, fontweight="bold", zorder=4,
    )  # fmt: skip


def _two_lines(text: str) -> str:
    """Long labels on two lines."""
    if len(text) <= 14:
        return label(text)
    words = text.split()
    middle = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(text) / 2), default=0)
    return label("\n".join(p for p in (" ".join(words[:middle]), " ".join(words[middle:])) if p))
