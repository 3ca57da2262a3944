"""Whose money, class by class: a row of bars for each point or case and tracing rule, in the same order everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from ....report.figure_style import INK, PALETTE, new_figure, percent_axis
from ....report.wording import label
from .figure_bars import folded
from .intervals import Interval

COLUMNS_MAX, SEEN = 3, 0.005
"""Of a flow a payer's part must be half a percent somewhere to be drawn: a smaller bar is not seen."""


class Payers(NamedTuple):
    """Shares by payer at one point under one tracing rule."""

    point: str
    rule: str
    shares: Mapping[str, Interval]


def draw_payers(drawn: Sequence[Payers], *, title: str) -> Figure:
    """A panel for each point or case; tracing rules stand under each other within a payer's row."""
    places = list(dict.fromkeys(d.point for d in drawn))
    rules = list(dict.fromkeys(d.rule for d in drawn))
    payers = _order(drawn)
    columns, rows = min(len(places), COLUMNS_MAX), -(-len(places) // COLUMNS_MAX)
    figure = new_figure(1.9 + rows * (0.75 + len(payers) * (0.16 + 0.2 * len(rules))))
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    thick = 0.8 / len(rules)
    most = max(max(s.value, s.high if np.isfinite(s.high) else 0) for d in drawn for s in d.shares.values())
    for panel, point in zip(panels, places, strict=False):
        for which, rule in enumerate(rules):
            shares = next((d.shares for d in drawn if (d.point, d.rule) == (point, rule)), {})
            for place, payer in enumerate(payers):
                if payer not in shares:
                    continue
                at, s = len(payers) - 1 - place + 0.4 - (which + 0.5) * thick, shares[payer]
                panel.barh(at, s.value, height=0.92 * thick, color=PALETTE[which % len(PALETTE)])
                if np.isfinite(s.low):
                    panel.plot([s.low, s.high], [at, at], color=INK, linewidth=1.3)
        panel.set_title(folded(point, {1: 90, 2: 42}.get(columns, 26)), fontsize=12)
        panel.grid(axis="x")
        panel.grid(visible=False, axis="y")
    panels[0].set_yticks(range(len(payers)), [folded(label(p), 28) for p in reversed(payers)])
    panels[0].set_xlim(0, 1.05 * most or 1.0)
    percent_axis(panels[0].xaxis)
    for spare in panels[len(places) :]:
        spare.remove()
    for place in range(max(0, len(places) - columns), len(places)):
        panels[place].tick_params(labelbottom=True)
    figure.supxlabel("part of the flow", fontsize=12)
    if len(rules) > 1:
        handles = [panels[0].barh([0], [0], color=PALETTE[i % len(PALETTE)]) for i in range(len(rules))]
        figure.legend(handles, rules, loc="outside lower left", ncols=len(rules))
    figure.suptitle(folded(title, 85), x=0.01, ha="left", fontsize=15, fontweight="bold")
    return figure


def _order(drawn: Sequence[Payers]) -> list[str]:
    """Payers whose part can be seen anywhere, the largest first by the mean over points and rules."""
    sums: dict[str, float] = {}
    most: dict[str, float] = {}
    for each in drawn:
        for payer, share in each.shares.items():
            sums[payer] = sums.get(payer, 0.0) + share.value
            most[payer] = max(most.get(payer, 0.0), share.value)
    return sorted((p for p in sums if most[p] >= SEEN), key=lambda p: -sums[p]) or list(sums)[:1]
