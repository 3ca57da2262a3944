"""When does the circle run backwards? Regimes over monetisation growth, committed spending and dry powder."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...report.measures_turn import BREAKS, STRAINS, RegimeName
from ...report.number_words import number
from ...report.wording import how_many
from ..sweeps.analysis.logistic import Boundary, boundary
from ..sweeps.analysis.tables import SweepTables
from ..validation.checks import Check, ClaimKind
from .monetisation_leads import chains, first_links, leads, margins, paired_turns
from .monetisation_runs import MAPS, runs_of
from .study import Section, StudyResult, failed_of
from .study_maps import draw_leads, draw_map
from .swept import Swept

QUICK = {
    "monetisation_growth_per_year": (0.7, 1.7, 3.0),
    "committed_scale": (1.0, 2.0),
    "dry_powder_scale": (0.1, 1.0),
}
"""Values of a quick study, of those that the sweep knows."""
QUICK_SEEDS = 4
WORDS = {"committed": "committed spending, times the scenario", "dry_powder": "dry powder, times the scenario"}
CLAIM_SOURCE = "fixed before measuring: whether it turns must depend on the state and differ across seeds"

PREDICTION = ClaimKind.PREDICTION
GRID = "The grid lies where the circle turns today; this held on the grid before, too."
POWDER_IN_VIEW = "Missed when the circle had closed (upper end 0); held when funding had been changed after that."
CHAIN_IN_VIEW = "Missed before doubt that boards heed was an event; it became one with this claim in view."

METHOD = (
    "Every cell of two grids runs with the same seeds, three years each. Committed spending scales promised "
    "capacity and the planned pace of building alike, dry powder what venture investors have been promised. A run "
    "turned if its regime is reversal or default by the rule of `report/measures_turn.py`: a default, "
    "or a broken promise. The boundary is the line of "
    "even odds of a ridge logistic regression in growth and log2 of the other variable; bands redraw seeds (95 "
    "%)."
)
FALLS = "Sentiment alone makes deep falls; a reversal is a broken promise."
DEEP_FALL = 0.30
TURNS = (
    "Raw: the day each series turned by itself, monthly means. Paired: the first week from which a series, for a "
    "month, differs from that of the same seed and column at the highest growth of the grid (a spread by 10 %, "
    "values by 5 %, promises by 2 %): luck that both runs share is taken out."
)
MARGIN = (
    "Decay less spread times spectral radius of the network; at zero a story would feed itself for ever. Compared "
    "are runs of the same map and value, so that growth and luck alone differ."
)


def _smaller(words: dict[str, Any]) -> None:
    """Four seeds at the points of both maps whose values are those of a quick study."""
    words["replications"] = {**words["replications"], "number": QUICK_SEEDS}
    axes = {name: axis["values"] for name, axis in words["vary"].items()}
    kept = [
        place
        for place in range(len(axes["committed_scale"]))
        if all(axes[name][place] in values for name, values in QUICK.items())
    ]
    for name, values in axes.items():
        words["vary"][name] = {**words["vary"][name], "values": tuple(values[place] for place in kept)}


def cells(runs: pd.DataFrame) -> pd.DataFrame:
    """Per cell: runs, counts of regimes, share that turned."""
    rows = []
    for (name, growth, value), group in runs.groupby(["map", "growth", "value"], sort=True):
        counts = group["regime"].value_counts()
        regimes = {k.value: int(counts.get(k, 0)) for k in RegimeName if k is not RegimeName.NONE}
        rows.append(
            {
                "map": name,
                "growth": growth,
                "value": value,
                "runs": len(group),
                **regimes,
                "turned_share": float(group["turned"].mean()),
                "mean_drawdown": float(group["drawdown"].mean()),
            }
        )
    return pd.DataFrame(rows)


def boundaries(runs: pd.DataFrame) -> dict[str, Boundary]:
    """The boundary of each map in growth and log2 of the other variable; absent where every run ended alike."""
    found = {}
    for name in MAPS:
        own = runs[runs["map"] == name]
        if own["turned"].nunique() > 1:
            found[name] = boundary(own.assign(turned=own["turned"].astype(float)), "growth", "log2_value")
    return found


def _boundary_table(found: dict[str, Boundary], runs: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for name, fitted in found.items():
        values = np.unique(runs.loc[runs["map"] == name, "value"].to_numpy(dtype=float))
        for value, x, low, high in zip(values, *fitted.x_at(np.log2(values)), strict=True):
            rows.append({"map": name, "value": value, "growth_at_half": x, "low": low, "high": high})
    return pd.DataFrame(rows, columns=["map", "value", "growth_at_half", "low", "high"])


def _slopes(found: dict[str, Boundary]) -> pd.DataFrame:
    rows = []
    for name, fitted in found.items():
        for which, variable in ((1, "growth (per 100 % a year)"), (2, f"{name} (per doubling)")):
            low, high = fitted.slope_interval(which)
            rows.append(
                {"map": name, "variable": variable, "log_odds": fitted.coefficients[which], "low": low, "high": high}
            )
    return pd.DataFrame(rows, columns=["map", "variable", "log_odds", "low", "high"])


def falls(runs: pd.DataFrame) -> pd.DataFrame:
    """How often the circle falls by more than `DEEP_FALL`, in runs that turned and in others."""
    rows = []
    for regime, group in runs.groupby("regime", sort=True):
        deep = group["drawdown"] > DEEP_FALL
        rows.append({"regime": regime, "runs": len(group), "fell_over_30_percent": float(deep.mean())})
    return pd.DataFrame(rows)


def claims(tables: SweepTables) -> list[Check]:
    """What the study claims."""
    runs = runs_of(tables)
    return claims_of(runs, boundaries(runs))


def claims_of(runs: pd.DataFrame, found: dict[str, Boundary]) -> list[Check]:
    """Claims that were fixed before they were measured."""
    out = []
    for name in MAPS:
        fitted = found.get(name)
        low, high = fitted.slope_interval(1) if fitted else (math.nan, math.nan)
        out.append(
            Check(
                f"reversal.falls_with_growth.{name}",
                f"reversals are less likely with monetisation growth (map over {name})",
                high, -math.inf, 0.0, "log-odds per 100 % of growth a year, upper end", CLAIM_SOURCE, (low, high),
                GRID, kind=PREDICTION,
            )
        )  # fmt: skip
    rising, falling = found.get("committed"), found.get("dry_powder")
    if rising and falling:
        low, high = rising.slope_interval(2)
        out.append(
            Check(
                "reversal.rises_with_commitments", "reversals are more likely with more committed spending", low, 0.0,
                math.inf, "log-odds per doubling, lower end", CLAIM_SOURCE, (low, high), GRID, kind=PREDICTION,
            )
        )  # fmt: skip
        low, high = falling.slope_interval(2)
        out.append(
            Check(
                "reversal.falls_with_dry_powder", "reversals are less likely with more dry powder",
                high, -math.inf, 0.0, "log-odds per doubling, upper end", CLAIM_SOURCE, (low, high),
                POWDER_IN_VIEW, kind=ClaimKind.FITTED,
            )
        )  # fmt: skip
    turned = runs[runs["turned"]]
    explained = [
        any(link["kind"] in STRAINS and link["day"] <= _first_break(chain) for link in chain)
        for chain in turned["chain"]
    ]
    out.append(
        Check(
            "reversal.has_a_chain", "reversed runs in which a strain precedes the first broken promise",
            float(np.mean(explained)) if explained else math.nan, 1.0, 1.0, "share", CLAIM_SOURCE,
            note=CHAIN_IN_VIEW, kind=ClaimKind.FITTED,
        )
    )  # fmt: skip
    out.append(
        Check(
            "reversal.paired", "runs that are the same case in both maps and differ in their outcome", _unpaired(runs),
            0.0, 0.0, "runs", "keyed chance: the same case is the same run", kind=ClaimKind.IDENTITY,
        )
    )  # fmt: skip
    return out


def _first_break(chain: Sequence[Mapping[str, Any]]) -> float:
    """First day on which a promise was broken or somebody defaulted."""
    return min((link["day"] for link in chain if link["kind"] in BREAKS), default=math.inf)


def _unpaired(runs: pd.DataFrame) -> float:
    """Seeds and growths at the scenario's own values, run once for each map, that did not end the same."""
    same = runs[(runs["committed"] == 1.0) & (runs["dry_powder"] == 1.0)]
    ends = same.groupby(["growth", "seed"])[["drawdown", "delivered_mw", "regime"]].nunique()
    return float((ends > 1).any(axis=1).sum()) if len(ends) else math.nan


def report(swept: SweepTables) -> StudyResult:
    """Two maps of regimes, the boundary, chains of causes, leads and lags, and the network's margin."""
    runs = runs_of(swept)
    found, grid = boundaries(runs), cells(runs)
    lead_table, pairs, margin_table, links = leads(runs), paired_turns(runs), margins(runs), chains(runs)
    tables = {
        "cells": grid,
        "boundary": _boundary_table(found, runs),
        "slopes": _slopes(found),
        "falls": falls(runs),
        "leads": lead_table,
        "margins": margin_table,
        "first_links": first_links(links),
        "chains": links,
        "paired_turns": pairs,
        "runs": runs.drop(columns=["chain", "lagged", "weekly", "log2_value"]),
    }
    figures = {f"map_{name}": draw_map(grid[grid["map"] == name], found.get(name), WORDS[name]) for name in MAPS} | {
        "leads": draw_leads(runs, pairs)
    }
    return StudyResult(
        title="Monetisation: when does the circle run backwards?",
        findings=_findings(runs, found, lead_table, margin_table),
        sections=_sections(),
        tables=tables,
        measures={
            name: tables[name].to_dict("records") for name in ("cells", "boundary", "slopes", "leads", "margins")
        },
        figures=figures,
        captions={
            "map_committed": "Share of runs that turned, over monetisation growth and committed spending",
            "map_dry_powder": "Share of runs that turned, over monetisation growth and dry powder",
            "leads": "What turned first in runs that reversed or defaulted",
        },
        checks=claims_of(runs, found),
        runs=len(swept.runs),
        failed=failed_of(swept),
    )


def _findings(
    runs: pd.DataFrame, found: dict[str, Boundary], lead_table: pd.DataFrame, margin_table: pd.DataFrame
) -> list[str]:
    lines = [f"{int(runs['turned'].sum()):,} of {how_many(len(runs), 'run')} reversed or defaulted."]
    for name, fitted in found.items():
        parts = []
        for which, what in ((1, "per 100 % of growth"), (2, f"per doubling of {name.replace('_', ' ')}")):
            low, high = fitted.slope_interval(which)
            parts.append(f"{number(fitted.coefficients[which])} ({number(low)} to {number(high)}) {what}")
        lines.append(f"Log-odds of turning, map over {name.replace('_', ' ')}: {'; '.join(parts)}.")
    lines += [
        f"{row.what[0].upper()}{row.what[1:]}: {number(row.median_days)} days "
        f"({number(row.low)} to {number(row.high)}), {how_many(row.runs, 'run')}."
        for row in lead_table.itertuples(index=False)
    ]
    by_outcome = {row.outcome: row for row in margin_table.itertuples(index=False)}
    if {"turned", "not turned"} <= set(by_outcome):
        a, b = by_outcome["turned"], by_outcome["not turned"]
        lines.append(
            f"Spectral margin of the narrative network at the peak: {number(a.margin_at_peak)} a day in runs that "
            f"turned, {number(b.margin_at_peak)} in others; the run that turned has the smaller one in "
            f"{number(100 * a.ranks_right)} % of pairs of the same committed spending and dry powder (50: chance)."
        )
    return lines


def _sections() -> list[Section]:
    return [
        Section("What was done", [METHOD]),
        Section("Committed spending", [], ["slopes", "boundary"], ["map_committed"]),
        Section("Dry powder", [], [], ["map_dry_powder"]),
        Section("Does the fall of market value tell?", [FALLS], ["falls"]),
        Section("What turned first?", [TURNS], ["leads"], ["leads"]),
        Section("The margin of the narrative network", [MARGIN], ["margins"]),
        Section(
            "Chains of causes in reversed runs",
            ["First events of each kind, to the trough or default; above, with which the chains begin."],
            ["first_links", "chains"],
        ),
    ]


STUDY = Swept(name="monetisation", report=report, claims=claims, smaller=_smaller)
checks = STUDY.checks
