"""Do agents make deals for the reasons that they say: paired worlds of five years in which one thing is changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...narrative.chronicle import Happening
from ..runner.runs import FailedRun, Tell, map_runs, quiet
from .checks import ABOVE_NOTHING, BELOW_ALL, Check, ClaimKind
from .circle_regimes import has_reset
from .deal_worlds import DEALS_OFF, contracted_gw, count, deals_of

Run = dict[str, Any]
SOURCE = "fixed before it was measured"
WORLDS: dict[str, list[str]] = {
    "deals": [],
    "slow": ["lab.*.revenue_growth_per_year=1.0"],
    "eager": ["venture_investor.*.appetite*=1.5"],
    "shy": ["venture_investor.*.appetite*=0.5"],
    "off": [DEALS_OFF],
}
"""The default with deals, slow customers, investors of high and of low appetite, and deal-making off."""


def seeds(quick: bool) -> Sequence[int]:
    """Seeds of the runs behind these checks. The rules were written with others in sight, on which these claims held
    before the rule of cuts had its last form: so none of them is a prediction."""
    return range(100, 108) if quick else range(100, 140)


def checks(*, quick: bool = False, workers: int | None = None, tell: Tell = quiet) -> list[Check]:
    """The claims about deals."""
    wanted = [(name, seed) for seed in seeds(quick) for name in WORLDS]
    tasks = [{"changes": WORLDS[name], "seed": seed} for name, seed in wanted]
    found = map_runs(deals_of, tasks, workers=workers, tell=tell)
    runs: dict[str, list[Run]] = {name: [] for name in WORLDS}
    for (name, _), run in zip(wanted, found, strict=True):
        if isinstance(run, FailedRun):
            return [_check("runs", "All worlds run", math.nan, 0, 0, "runs", run.error, ClaimKind.IDENTITY)]
        runs[name].append(run)
    return claims_of(runs)


def claims_of(runs: dict[str, list[Run]]) -> list[Check]:
    """What these worlds say."""
    deals, slow = runs["deals"], runs["slow"]
    n, reset, slow_reset = len(deals), sum(map(has_reset, deals)), sum(map(has_reset, slow))
    gaps = [contracted_gw(a) - contracted_gw(b) for a, b in zip(runs["eager"], runs["shy"], strict=True)]
    right, wrong = sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)
    note = f"{n} pairs: {right} more, {wrong} fewer; mean {math.fsum(gaps) / n:+.2f} GW"
    signed = sum(count(run, Happening.SIGNED) for run in deals)
    return [
        _check("made", "Agents sign deals that no scenario says", signed / n, ABOVE_NOTHING, math.inf, "a world",
               f"{signed} in {n} worlds of five years", ClaimKind.FITTED),
        _check("off", "With deal-making off they sign none", sum(count(r, Happening.SIGNED) for r in runs["off"]), 0, 0,
               "deals", f"{n} worlds", ClaimKind.IDENTITY),
        _check("reset", "Commitments are cut or a letter replaced in some worlds, not in all", reset / n, ABOVE_NOTHING,
               BELOW_ALL, "share of worlds", f"{reset} of {n}", ClaimKind.FITTED),
        _check("reset_slow", "More often where customers grow slowly", (slow_reset - reset) / n, ABOVE_NOTHING, 1.0,
               "share more", f"{slow_reset} of {n}, by default {reset}", ClaimKind.FITTED),
        _check("appetite_wrong", "With eager investors never fewer GW are contracted than with shy ones", wrong / n, 0,
               0.1, "share of pairs", note, ClaimKind.FITTED),
        _check("appetite_right", "With eager investors more GW are contracted", right / n, 0.6, 1.0, "share of pairs",
               note, ClaimKind.FITTED),
    ]  # fmt: skip


def _check(
    key: str, claim: str, measured: float, low: float, high: float, unit: str, note: str, kind: ClaimKind
) -> Check:
    return Check(f"deals.{key}", claim, measured, low, high, unit, SOURCE, None, note, kind=kind)
