"""Who made it possible? Shapley shares of each class of payers in compute built and in the circle's peak value.

Every subset of the classes is a run of its own, with the same seed: what a class adds is measured, not assumed. A class
that is switched off pays nothing and everybody else decides as before.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ...model import CarouselModel
from ...scenarios.loader import load
from ...scenarios.schema import Scenario
from ...scenarios.validated import validated
from ..runner.intervals import mean_interval
from ..runner.runs import FailedRun, Tell, map_runs, quiet
from ..validation.checks import Check
from .coalitions import Coalition, coalitions, shapley_values
from .study import Request, Section, StudyResult, case_of, split_failed
from .study_shares import draw_shares

SCENARIO = "ai-2025"
HOLDERS = 500
SEEDS, QUICK_SEEDS, QUICK_DAYS = 5, 2, 378
NOTHING = 1e-3
"""AI customers that are off pay a thousandth: with no revenue at all a lab could not be valued by its multiple."""
OUTCOMES = {
    "compute_mw": "compute built, most MW in service on any day",
    "peak_value_usd": "peak market value of the circle, USD",
}

METHOD = (
    "Every subset of the classes of payers is a run of its own, with the same seeds. Off means: AI customers pay "
    "a thousandth; the circle's listed firms earn no surplus in cash from other customers; venture investors have "
    "no dry powder; bond savers or banks lend nothing new; households bring no cash and no savings, and keep the "
    "ETF shares they have; the chip maker invests nothing in the lab. The Shapley value of a class is what it "
    "adds, averaged over all orders in which the classes could arrive; the values and what there is with none of "
    "them sum to the whole.",
    "A share is no payment: a class that pays little can be what all others wait for, and a class that pays much "
    "can be replaced. A negative share says that the outcome was higher without it.",
)


def _no_ai_customers(data: dict[str, Any]) -> None:
    for lab in data["lab"]:
        lab["revenue_usd_per_year"] *= NOTHING


def _no_other_customers(data: dict[str, Any]) -> None:
    """The circle's listed firms earn no surplus in cash outside the circle; what the market thinks they earn stays."""
    for firm in (*data["cloud"], *data["chip_maker"]):
        firm["costs_usd_per_year"] = firm["revenue_usd_per_year"]


def _no_venture(data: dict[str, Any]) -> None:
    for investor in data["venture_investor"]:
        investor["dry_powder_usd"] = investor["dry_powder_inflow_usd_per_year"] = investor["opening_cash_usd"] = 0.0


def _no_lenders(*kinds: str) -> Callable[[dict[str, Any]], None]:
    def off(data: dict[str, Any]) -> None:
        for buyer in data["bond_buyer"]:
            if str(buyer["kind"]) in kinds:
                buyer["opening_cash_usd"] = buyer["inflow_usd_per_year"] = 0.0

    return off


def _no_household_money(data: dict[str, Any]) -> None:
    """Households keep the ETF shares they have and bring no cash and no savings."""
    data["households"]["cash_usd"] = data["households"]["saving_usd_per_year"] = 0.0


def _no_milestones(data: dict[str, Any]) -> None:
    data["milestone"] = []


SWITCHES: dict[str, Callable[[dict[str, Any]], None]] = {
    "AI customers": _no_ai_customers,
    "other customers": _no_other_customers,
    "venture partners": _no_venture,
    "bond savers": _no_lenders("bond_fund"),
    "bank credit": _no_lenders("bank"),
    "household savings": _no_household_money,
    "chip maker's investments": _no_milestones,
}
"""What switching a class off changes in a scenario; the last pays with recycled money, the others with their own."""
QUICK_SWITCHES = {k: v for k, v in SWITCHES.items() if k not in ("bond savers", "bank credit")} | {
    "bond savers and banks": _no_lenders("bond_fund", "bank")
}
RECYCLED = "chip maker's investments"


def without(scenario: Scenario, off: Coalition, switches: dict[str, Callable[[dict[str, Any]], None]]) -> Scenario:
    """The scenario with some classes switched off."""
    data = scenario.model_dump()
    for name in switches:
        if name in off:
            switches[name](data)
    return validated(data, scenario.name)


def simulate(present: list[str], seed: int, is_quick: bool) -> dict[str, Any]:
    """Run with some classes of payers only: what was built, and the circle's highest market value, labs included.

    Capacity that a lab in default no longer rents was built all the same: the most in service on any day counts.
    """
    switches = QUICK_SWITCHES if is_quick else SWITCHES
    changes = [f"holders={HOLDERS}", *([f"days={QUICK_DAYS}"] if is_quick else [])]
    scenario = without(load(SCENARIO, changes), frozenset(switches) - frozenset(present), switches)
    model = CarouselModel(scenario, rng=seed)
    peak = built_mw = 0.0
    while model.running:
        model.step()
        built_mw = max(built_mw, float(sum(cloud.delivered_mw for cloud in model.cast.clouds)))
        listed = sum(f.market_value_cents for f in (*model.cast.clouds, *model.cast.chip_makers)) / 100
        peak = max(peak, listed + sum(lab.value_usd() for lab in model.cast.labs))
    return {
        "present": ", ".join(present),
        "seed": seed,
        "compute_mw": built_mw,
        "peak_value_usd": peak,
    }


def _measure(request: Request) -> tuple[list[str], pd.DataFrame, list[FailedRun], int]:
    players = list(QUICK_SWITCHES if request.quick else SWITCHES)
    seeds = range(request.seeds or (QUICK_SEEDS if request.quick else SEEDS))
    cases = [
        case_of(present=sorted(c, key=players.index), seed=seed, is_quick=request.quick)
        for seed in seeds
        for c in coalitions(players)
    ]
    good, failed = split_failed("shapley", map_runs(simulate, cases, workers=request.workers, tell=request.tell))
    broken = {f.case["seed"] for f in failed}
    runs = pd.DataFrame(good)
    return players, runs[~runs["seed"].isin(broken)], failed, len(cases)


def games(players: list[str], runs: pd.DataFrame, outcome: str) -> dict[int, dict[Coalition, float]]:
    """Per seed, the worth of every coalition."""
    worth: dict[int, dict[Coalition, float]] = {}
    for row in runs.itertuples(index=False):
        members = frozenset(p for p in players if p in str(row.present).split(", "))
        worth.setdefault(int(row.seed), {})[members] = float(getattr(row, outcome))
    return worth


def shares(players: list[str], runs: pd.DataFrame) -> pd.DataFrame:
    """Shapley value of every class on both outcomes: mean over seeds, share of the whole and of what all add.

    "none of them" is what there is without any class: the opening market value, mostly.
    """
    rows = []
    for outcome in OUTCOMES:
        per_seed = games(players, runs, outcome)
        values = {seed: shapley_values(players, worth) for seed, worth in per_seed.items()}
        whole = np.array([worth[frozenset(players)] for worth in per_seed.values()])
        parts = {p: np.array([values[seed][p] for seed in per_seed]) for p in players}
        parts["none of them"] = np.array([worth[frozenset()] for worth in per_seed.values()])
        added = whole - parts["none of them"]
        for name, amounts in parts.items():
            row: dict[str, Any] = {"outcome": outcome, "class": name, "value": float(amounts.mean())}
            of_added = _parts(amounts, added) if name in players else dict.fromkeys(("share", "low", "high"), math.nan)
            rows.append(row | _parts(amounts, whole) | {f"added_{key}": value for key, value in of_added.items()})
        rows.append({"outcome": outcome, "class": "whole", "value": float(whole.mean()), "share": 1.0})
    return pd.DataFrame(rows)


def _parts(amounts: np.ndarray, whole: np.ndarray) -> dict[str, float]:
    """Mean over seeds of the share in a whole, with its interval; not a number where there is no whole."""
    share = np.divide(amounts, whole, out=np.full(len(whole), math.nan), where=whole != 0)
    low, high = mean_interval(share)
    return {"share": float(share.mean()), "low": low, "high": high}


def alone(players: list[str], runs: pd.DataFrame) -> pd.DataFrame:
    """What is lost if one class is missing, and what there is with it alone: means over seeds."""
    rows = []
    for outcome in OUTCOMES:
        per_seed = list(games(players, runs, outcome).values())
        everybody = frozenset(players)
        for player in players:
            lost = [worth[everybody] - worth[everybody - {player}] for worth in per_seed]
            added = [worth[frozenset({player})] - worth[frozenset()] for worth in per_seed]
            row = {"outcome": outcome, "class": player}
            rows.append(row | {"lost_without_it": float(np.mean(lost)), "added_alone": float(np.mean(added))})
    return pd.DataFrame(rows)


def claims(players: list[str], runs: pd.DataFrame, table: pd.DataFrame) -> list[Check]:
    """Claims that were fixed before they were measured."""
    gap = 0.0
    for outcome in OUTCOMES:
        for worth in games(players, runs, outcome).values():
            gain = worth[frozenset(players)] - worth[frozenset()]
            total = sum(shapley_values(players, worth).values())
            gap = max(gap, abs(total - gain) / max(1.0, abs(worth[frozenset(players)])))
    own = table[(table["class"] == RECYCLED) & (table["outcome"] == "compute_mw")].iloc[0]
    return [
        Check(
            "shapley.efficiency", "Shapley values sum to what all classes together add (largest relative gap)",
            gap, 0.0, 1e-9, "share", "Shapley (1953): efficiency",
        ),
        Check(
            "shapley.recycled_compute", "the chip maker's own investments made possible at most their part of a GW",
            float(own["share"]), -0.05, 0.20, "share of compute built",
            "loop arithmetic: 80 to 83 % of a GW comes from outside", (float(own["low"]), float(own["high"])),
        ),
    ]  # fmt: skip


def checks(*, quick: bool = True, workers: int | None = None, tell: Tell = quiet) -> list[Check]:
    """What the study claims."""
    players, runs, _, _ = _measure(Request(workers=workers, quick=quick, tell=tell))
    return claims(players, runs, shares(players, runs))


def study(request: Request) -> StudyResult:
    """All subsets of the classes of payers, and what each class adds on average over all orders of arrival."""
    players, runs, failed, count = _measure(request)
    table = shares(players, runs)
    findings = []
    for outcome, words in OUTCOMES.items():
        own = table[(table["outcome"] == outcome) & table["class"].isin(players)]
        told = [
            f"{r['class']} {_percent(r['added_share'])} ({_percent(r['added_low'])} to {_percent(r['added_high'])})"
            for r in own.sort_values("added_share", ascending=False).to_dict("records")
        ]
        none = table[(table["outcome"] == outcome) & (table["class"] == "none of them")].iloc[0]
        findings.append(
            f"{words[0].upper()}{words[1:]}: {_percent(none['share'])} % of it without any class; of what all add, "
            f"in %: {'; '.join(told)}."
        )
    return StudyResult(
        title="Who made it possible? Shapley shares of the payers",
        findings=findings,
        sections=_sections(),
        tables={"shares": table, "alone": alone(players, runs), "coalitions": runs},
        measures={"shares": table.to_dict("records")},
        figures={"shares": draw_shares(table, OUTCOMES)},
        captions={"shares": "Shapley shares of each class of payers, 95 % intervals over seeds"},
        checks=claims(players, runs, table),
        runs=count,
        failed=failed,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if math.isfinite(share) else "–"


def _sections() -> list[Section]:
    return [
        Section("What was done", list(METHOD)),
        Section("Shares", [], ["shares"], ["shares"]),
        Section("With one class missing, and with it alone", [], ["alone"]),
    ]
