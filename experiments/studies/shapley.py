"""Who made it possible? Shapley shares of each class of payers in compute built and in the circle's peak value.

The sweep is `experiments/named/shapley.toml`: every subset of the classes is a world of its own, with the same seeds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from ...ledger.causes import OriginClass
from ..sweeps.analysis.coalitions import Coalition, shapley_values
from ..sweeps.analysis.figure_shares import draw_shares
from ..sweeps.analysis.shapley import NOBODY, games, players_of, shares
from ..sweeps.analysis.tables import SweepTables
from ..validation.checks import Check, ClaimKind
from .study import Section, StudyResult, failed_of
from .swept import Swept

QUICK_SEEDS, QUICK_DAYS = 2, 378
TOGETHER = (OriginClass.BOND_SAVERS.value, OriginClass.BANK_CREDIT.value)
"""Two classes that are one in a quick study."""
OUTCOMES = {
    "compute_mw": ("built_mw_most", 1, "compute built, most MW in service on any day"),
    "peak_value_usd": ("circle_value_highest", 100, "peak market value of the circle, USD"),
}
"""What it is called here: its column, what of it is one here, its meaning."""
RECYCLED = "chip maker's investments"
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
Worths = dict[int, dict[Coalition, float]]


def _smaller(words: dict[str, Any]) -> None:
    """Two seeds of a year and a half, in which bond savers and banks are one class."""
    words |= {"days": QUICK_DAYS, "replications": {**words["replications"], "number": QUICK_SEEDS}}
    both = {
        "set": {key: value for name in TOGETHER for key, value in words["vary"].pop(name)["without"]["set"].items()}
    }
    words["vary"]["bond savers and banks"] = {"without": both}


def worths_of(tables: SweepTables) -> dict[str, Worths]:
    """The worth of every subset by seed, of each outcome; seeds with a failed run are left out."""
    players, good = players_of(tables), tables.good
    return {
        name: games(players, good, good[column].to_numpy(dtype=float) / unit)
        for name, (column, unit, _) in OUTCOMES.items()
    }


def table_of(players: list[str], worths: dict[str, Worths]) -> pd.DataFrame:
    """Shares of all classes in all outcomes."""
    found = [shares(players, worth).assign(outcome=name) for name, worth in worths.items()]
    table = pd.concat(found, ignore_index=True)
    return table[["outcome", *(column for column in table.columns if column != "outcome")]]


def alone(players: list[str], worths: dict[str, Worths]) -> pd.DataFrame:
    """What is lost if one class is missing, and what there is with it alone: means over seeds."""
    rows = []
    everybody = frozenset(players)
    for outcome, by_seed in worths.items():
        for player in players:
            lost = [worth[everybody] - worth[everybody - {player}] for worth in by_seed.values()]
            added = [worth[frozenset({player})] - worth[frozenset()] for worth in by_seed.values()]
            row = {"outcome": outcome, "class": player}
            rows.append(row | {"lost_without_it": float(np.mean(lost)), "added_alone": float(np.mean(added))})
    return pd.DataFrame(rows)


def claims(tables: SweepTables) -> list[Check]:
    """Claims that were fixed before they were measured."""
    players, worths = players_of(tables), worths_of(tables)
    gap = 0.0
    for by_seed in worths.values():
        for worth in by_seed.values():
            gain = worth[frozenset(players)] - worth[frozenset()]
            total = sum(shapley_values(players, worth).values())
            gap = max(gap, abs(total - gain) / max(1.0, abs(worth[frozenset(players)])))
    table = table_of(players, worths)
    own = table[(table["class"] == RECYCLED) & (table["outcome"] == "compute_mw")].iloc[0]
    return [
        Check(
            "shapley.efficiency", "Shapley values sum to what all classes together add (largest relative gap)",
            gap, 0.0, 1e-9, "share", "Shapley (1953): efficiency",
            kind=ClaimKind.IDENTITY,
        ),
        Check(
            "shapley.recycled_compute", "the chip maker's own investments made possible at most their part of a GW",
            float(own["share"]), -0.05, 0.20, "share of compute built",
            "loop arithmetic: 80 to 83 % of a GW comes from outside", (float(own["low"]), float(own["high"])),
            kind=ClaimKind.PREDICTION,
        ),
    ]  # fmt: skip


def report(tables: SweepTables) -> StudyResult:
    """What each class adds on average over all orders of arrival."""
    players, worths = players_of(tables), worths_of(tables)
    table = table_of(players, worths)
    by_outcome = {name: rows.drop(columns="outcome") for name, rows in table.groupby("outcome", sort=False)}
    words = {name: meaning for name, (_, _, meaning) in OUTCOMES.items()}
    columns = ["seed", *players, *(column for column, _, _ in OUTCOMES.values())]
    return StudyResult(
        title="Who made it possible? Shapley shares of the payers",
        findings=[_finding(words[str(name)], rows, players) for name, rows in by_outcome.items()],
        sections=_sections(),
        tables={"shares": table, "alone": alone(players, worths), "coalitions": tables.good[columns]},
        measures={"shares": table.to_dict("records")},
        figures={"shares": draw_shares({words[str(n)].split(",")[0]: rows for n, rows in by_outcome.items()})},
        captions={"shares": "Shapley shares of each class of payers, 95 % intervals over seeds"},
        checks=claims(tables),
        runs=len(tables.runs),
        failed=failed_of(tables),
    )


def _finding(words: str, table: pd.DataFrame, players: list[str]) -> str:
    own = table[table["class"].isin(players)].sort_values("added_share", ascending=False)
    told = [
        f"{r['class']} {_percent(r['added_share'])} ({_percent(r['added_low'])} to {_percent(r['added_high'])})"
        for r in own.to_dict("records")
    ]
    none = table[table["class"] == NOBODY].iloc[0]
    return (
        f"{words[0].upper()}{words[1:]}: {_percent(none['share'])} % of it without any class; of what all add, "
        f"in %: {'; '.join(told)}."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if math.isfinite(share) else "–"


def _sections() -> list[Section]:
    return [
        Section("What was done", list(METHOD)),
        Section("Shares", [], ["shares"], ["shares"]),
        Section("With one class missing, and with it alone", [], ["alone"]),
    ]


STUDY = Swept(name="shapley", report=report, claims=claims, smaller=_smaller)
checks = STUDY.checks
