"""A vendor's boom and bust, measured: docs/vendors.jsonl by `python docs/vendors_page.py measure`, and the page.

`python docs/vendors_page.py` writes docs/vendors.md and its picture from the data that are there; `measure` goes on
where it stopped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from carousel.docs.circle_page import spoken, table
from carousel.experiments.runner.runs import map_runs
from carousel.experiments.validation.circle_mechanisms import paired
from carousel.experiments.validation.vendor_checks import MANY_FAIL, months_of
from carousel.experiments.validation.vendor_picture import draw_vendors
from carousel.experiments.validation.vendor_worlds import (
    LINES,
    NO_RUN,
    SOUND,
    Month,
    draws_around,
    fall_of,
    first_cut,
    follows,
    vendor_of,
)
from carousel.report.figure_style import save

HERE = Path(__file__).parent
DATA, PAGE, PICTURE = HERE / "vendors.jsonl", HERE / "vendors.md", HERE / "figures" / "vendors.png"
FIRST_SEED, SEEDS, BLOCK = 20, 20, 5
"""None of the seeds at which the numbers of the scenario were chosen; pairs are run for so many seeds at a time."""
WORLDS: dict[str, tuple[str, dict[str, Any]]] = {
    "boom": ("`vendor-boom`", {"changes": []}),
    "sound": ("customers that do not fail", {"changes": list(SOUND)}),
    "calm": ("`vendor-boom` without moods", {"changes": [], "calm": True}),
    "none": ("no lines of credit", {"changes": [], "without": list(LINES)}),
    "kept": ("the vendor cuts only what it doubts, nobody fears a cut", {"changes": list(NO_RUN)}),
    "calm, sound": ("customers that do not fail, without moods", {"changes": list(SOUND), "calm": True}),
}
"""Each world: what it is called, and what is changed."""
PAIRS = (
    ("`vendor-boom` against customers that do not fail", "boom", "sound"),
    ("against no lines of credit", "boom", "none"),
    ("against a vendor that cuts only what it doubts", "boom", "kept"),
    ("against the same without moods", "boom", "calm"),
    ("without moods: against customers that do not fail", "calm", "calm, sound"),
)
OF = ("price_usd", "value", "drawn")
SHOWN = ("none", "sound")
"""Worlds whose price the picture shows beside."""
FEWEST = 3
"""Fewer worlds say nothing."""
Run = dict[str, Any]
Worlds = list[list[Month]]


def load() -> dict[str, list[Run]]:
    """Runs by world, in the order of the seeds."""
    found: dict[str, list[Run]] = {name: [] for name in WORLDS}
    for line in DATA.read_text(encoding="utf-8").splitlines() if DATA.exists() else ():
        run = json.loads(line)
        found[run["world"]].append(run)
    return {name: sorted(runs, key=lambda run: int(run["seed"])) for name, runs in found.items()}


def measure() -> None:
    """Run what is missing, the boom first, two runs at a time."""
    there = {(name, run["seed"]) for name, runs in load().items() for run in runs}
    seeds = range(FIRST_SEED, FIRST_SEED + SEEDS)
    wanted = [("boom", seed) for seed in seeds]
    for first in range(0, SEEDS, BLOCK):
        wanted += [(name, seed) for name in WORLDS if name != "boom" for seed in seeds[first : first + BLOCK]]
    missing = [task for task in wanted if task not in there]
    for first in range(0, len(missing), 2):
        some = missing[first : first + 2]
        runs = map_runs(vendor_of, [{"seed": seed, **WORLDS[name][1]} for name, seed in some], workers=2)
        with DATA.open("a", encoding="utf-8") as file:
            for (name, _), run in zip(some, runs, strict=True):
                assert isinstance(run, dict), run
                file.write(json.dumps({"world": name, **run}) + "\n")


def worlds(runs: dict[str, list[Run]]) -> dict[str, dict[int, list[Month]]]:
    """The months by world and seed."""
    return {name: {run["seed"]: months_of(run) for run in some} for name, some in runs.items()}


def middle(values: Sequence[float], form: str) -> str:
    """Median, and 5 to 95 % of worlds."""
    low, mid, high = (format(x, form) for x in np.percentile(values, (5, 50, 95)))
    return f"{mid} ({low} to {high})"


def falls(found: dict[str, dict[int, list[Month]]]) -> str:
    """The vendor's fall, what it was worth without moods, who failed."""
    rows = []
    for name, (words, _) in WORLDS.items():
        if len(some := list(found[name].values())) >= FEWEST:
            down = [fall_of([month.price_usd for month in months]) for months in some]
            worth = [100 * fall_of([month.value for month in months]).lost_share for months in some]
            failed = [months[-1].failed for months in some]
            deep = sum(fall.lost_share > 0.5 for fall in down)
            rows.append(
                (words, len(some), middle(failed, ".0f"), middle([100 * fall.lost_share for fall in down], ".0f"),
                 f"{deep} of {len(some)}", middle([fall.months for fall in down], ".0f"), middle(worth, ".0f"),
                 middle([follows(months) for months in some], ".2f"))
            )  # fmt: skip
    return table(
        "world | seeds | customers failed, of 15 | price lost, % | by more than half | months from peak to trough "
        "| value without moods lost, % | earnings with purchases, correlation",
        rows,
    )


def bust(some: Worlds) -> str:
    """What the claim says: worlds in which more than half of the customers fail."""
    many = [months for months in some if months[-1].failed >= MANY_FAIL]
    down = [fall_of([month.price_usd for month in months]) for months in many]
    deep, slow = sum(fall.lost_share > 0.5 for fall in down), sum(fall.months > 12 for fall in down)
    return (
        f"In {len(many)} of {len(some)} worlds {MANY_FAIL} customers or more fail. There the vendor loses "
        f"{middle([100 * fall.lost_share for fall in down], '.0f')} % of its price, in {deep} more than half, over "
        f"{middle([fall.months for fall in down], '.0f')} months, in {slow} more than a year."
    )


def run_on_lines(found: dict[str, dict[int, list[Month]]]) -> str:
    """Draws and lines around the first cut."""
    rows = []
    for name in ("boom", "sound", "kept"):
        some = [(months, cut) for months in found[name].values() if (cut := first_cut(months)) is not None]
        if len(some) >= FEWEST:
            around = [draws_around(months, cut) for months, cut in some]
            left = [100 * months[min(cut + 12, len(months) - 1)].lines / months[cut - 1].lines for months, cut in some]
            rows.append(
                (WORLDS[name][0], f"{len(some)} of {len(found[name])}", middle([cut + 1 for _, cut in some], ".0f"),
                 middle([before for before, _ in around], ".1f"), middle([after for _, after in around], ".1f"),
                 f"{sum(after > before for before, after in around)} of {len(some)}", middle(left, ".0f"))
            )  # fmt: skip
    return table(
        "world | worlds with a cut | month of the first | drawn in the quarter that ends with it, bn USD "
        "| in the next | more than before | lines left a year later, %",
        rows,
    )


def against(found: dict[str, dict[int, list[Month]]]) -> str:
    """What one thing does to the fall: pairs of the same luck."""
    rows = []
    for words, one, other in PAIRS:
        seeds = sorted(found[one].keys() & found[other].keys())
        if len(seeds) >= FEWEST:
            gaps = [[_of(found[one][seed], of) - _of(found[other][seed], of) for of in OF] for seed in seeds]
            rows.append((words, len(seeds), *map(spoken, paired(np.array(gaps)))))
    return table(
        "pairs | seeds | price lost, points | value without moods lost, points | drawn in five years, bn USD", rows
    )


def _of(months: list[Month], of: str) -> float:
    """Per cent that a price or value loses in its largest fall; or what is drawn in all, bn USD."""
    if of == "drawn":
        return sum(month.drawn for month in months)
    return 100 * fall_of([getattr(month, of) for month in months]).lost_share


def page(runs: dict[str, list[Run]]) -> str:
    """The whole page."""
    found = worlds(runs)
    return f"""# A vendor's boom and bust

Written by `python docs/vendors_page.py` from [vendors.jsonl](vendors.jsonl), not by hand; `python
docs/vendors_page.py measure` runs what is missing there. Five years of `vendor-boom` with 300 households, seeds from
{FIRST_SEED} on; medians, 5 to 95 % of worlds in brackets. The scenario is fictional: its numbers were chosen with seeds
0 to 9 in sight, so that a boom and a bust come, and nothing here is a prediction. The rules stand in [odd.md](odd.md),
"Vendor financing".

A vendor of network equipment lends to three listed operators and twelve unlisted customers. An index of other shares
rises for 15 months and falls for 27. What operators are asked by lenders follows what their customers bring; with it
rises the hazard of the others. The vendor's lines outgrow what it has at hand, it cuts them, and who sees that draws
what he may.

![Lines and draws, the vendor's price, customers that have failed](figures/vendors.png)

## The fall

{bust(list(found["boom"].values()))}

{falls(found)}

## Draws while lines are cut

A vendor cuts at the end of a quarter in which its cash, less what it provides for, covers less than 0.3 of what may
still be drawn on it; nobody scripts the day. Borrowers take twice the part of all lines that is cut or held back as
stress: they pay more of each bill by drawing, and draw ahead of need what is for any purpose.

{run_on_lines(found)}

## What makes the fall

Pairs of the same luck; the interval in brackets is that of the mean over pairs (95 %, Student), bold where its sign is
sure. The price is what the share market pays; the value without moods is what the same beliefs and books are worth, a
mean over half a year.

{against(found)}
"""


def main() -> None:
    """The page and its picture from the data that are there."""
    runs = load()
    PAGE.write_text(page(runs), encoding="utf-8")
    found = worlds(runs)
    others = {WORLDS[name][0]: list(found[name].values()) for name in SHOWN if len(found[name]) >= BLOCK}
    save(draw_vendors(list(found["boom"].values()), others), PICTURE)


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    main()
