"""Deals that agents make, measured: docs/deals.jsonl by `python docs/deals_page.py measure`, and the page from it.

`python docs/deals_page.py` writes docs/deals.md and its picture from the data that are there; `measure` goes on where
it stopped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from carousel.agents.support import Form
from carousel.docs.circle_page import spoken, table
from carousel.engine.calendar import DAYS_PER_YEAR, trading_dates
from carousel.experiments.validation.circle_mechanisms import paired
from carousel.experiments.validation.circle_regimes import boom_effects, effect_on_value, share_of_regimes
from carousel.experiments.validation.deal_picture import draw_commitments
from carousel.experiments.validation.deal_worlds import DEALS_OFF, Book, contracted_gw, count, deals_of
from carousel.experiments.validation.turn_checks import wilson
from carousel.narrative.chronicle import Happening
from carousel.report.figure_style import save
from carousel.report.measures_turn import RegimeName
from carousel.report.payment_words import event_words
from carousel.report.wording import spoken_date

HERE = Path(__file__).parent
DATA, PAGE, PICTURE = HERE / "deals.jsonl", HERE / "deals.md", HERE / "figures" / "commitments.png"
FIRST_SEED, YEARS = 100, 5
"""None of the seeds at which the rules were written."""
VALUATION = "lab.*.valuation_usd*="
GROWTH, APPETITE = "lab.*.revenue_growth_per_year=", "venture_investor.*.appetite*="
WORLDS: dict[str, tuple[str, list[str], float, int]] = {
    "deals": ("the default with deals", [], 1.0, 100),
    "off": ("the same, deal-making off", [DEALS_OFF], 1.0, 100),
    "slower": ("customers' demand grows by 150 % in the first year", [GROWTH + "1.5"], 1.0, 40),
    "slow": ("by 100 %", [GROWTH + "1.0"], 1.0, 40),
    "fast": ("by 320 %", [GROWTH + "3.2"], 1.0, 40),
    "eager": ("investors' appetite half as high again", [APPETITE + "1.5"], 1.0, 40),
    "shy": ("half their appetite", [APPETITE + "0.5"], 1.0, 40),
    "dear lab": ("a lab that was worth half as much again a dollar of revenue", [VALUATION + "1.5"], 1.0, 40),
    "cheap lab": ("a lab that was worth a third less", [VALUATION + "0.667"], 1.0, 40),
    "dear": ("Oracle and NVIDIA half as dear again in the second year", [], 1.5, 40),
}
"""Each world: what it is called, what is changed, multiples in the second year, how many seeds."""
DRIVERS = (
    ("customers grow by 320 against 100 %", "fast", "slow"),
    ("appetite of investors, half as high again against half", "eager", "shy"),
    ("the lab's multiple, half as high again against a third less", "dear lab", "cheap lab"),
    ("shares half as dear again for a year against the default", "dear", "deals"),
)
REGIMES = (RegimeName.EXPANSION, RegimeName.STALL, RegimeName.REVERSAL, RegimeName.DEFAULT)
DATES = trading_dates(date(2025, 9, 9), YEARS * DAYS_PER_YEAR)
Run = dict[str, Any]


def load() -> dict[str, list[Run]]:
    """Runs by world, in the order of the seeds."""
    found: dict[str, list[Run]] = {name: [] for name in WORLDS}
    for line in DATA.read_text(encoding="utf-8").splitlines() if DATA.exists() else ():
        run = json.loads(line)
        found[run["world"]].append(run)
    return {name: sorted(runs, key=_seed) for name, runs in found.items()}


def _seed(run: Run) -> int:
    return int(run["seed"])


def measure() -> None:
    """Run what is missing, seed by seed, each run written down as it ends."""
    there = {(name, run["seed"]) for name, runs in load().items() for run in runs}
    for k in range(max(many for *_, many in WORLDS.values())):
        for name, (_, changes, boom, many) in WORLDS.items():
            if k < many and (name, FIRST_SEED + k) not in there:
                run = deals_of(changes, FIRST_SEED + k, boom)
                run["quarters"] = [[float(f"{x:.5g}") for x in quarter] for quarter in run["quarters"]]
                with DATA.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"world": name, **run}) + "\n")


def signed_in(run: Run, year: int) -> list[float]:
    """Sums of the deals that agents signed in a year, bn USD."""
    first, last = year * DAYS_PER_YEAR, (year + 1) * DAYS_PER_YEAR
    return [told[4] / 1e11 for told in run["told"] if told[1] == Happening.SIGNED and first < told[0] <= last]


def over_time(runs: Sequence[Run]) -> str:
    """How many deals a world signs in each year and their sum, in expansions and in worlds that turned."""
    rows = []
    good = [run for run in runs if run["regime"] == RegimeName.EXPANSION]
    for words, some in (("expansions", good), ("stalls, reversals and defaults", [r for r in runs if r not in good])):
        if some:
            found = [[signed_in(run, year) for run in some] for year in range(YEARS)]
            cells = (
                f"{np.mean([len(x) for x in year]):.1f} ({np.mean([sum(x) for x in year]):.0f} bn)" for year in found
            )
            rows.append((words, len(some), *cells))
    return table("worlds | how many | " + " | ".join(f"year {year + 1}" for year in range(YEARS)), rows)


def resets(runs: dict[str, list[Run]]) -> str:
    """How often commitments are reset by agreement, cut or ended for want of money, letters unmade, and by how much."""
    rows = []
    for name in ("deals", "slower", "slow", "fast"):
        if own := runs[name]:
            cut = [Book(*run["books"][-1]).cut_mw / 1000 for run in own]
            some = [gw for gw in cut if gw > 0]
            sizes = "-" if not some else "{:.2f} / {:.2f} / {:.2f}".format(*np.percentile(some, [5, 50, 95]))
            broken = share_with(own, Happening.RENEGOTIATED, Happening.CANCELLED)
            shares = share_with(own, Happening.RESET), broken, share_with(own, *UNMADE)
            rows.append((WORLDS[name][0], len(own), *shares, f"{100 * len(some) / len(own):.0f} %", sizes))
    return table(
        "world | seeds | reset by agreement | cut or ended for want of money | a letter replaced, cut or ended "
        "| compute cut | GW cut where any, 5 / 50 / 95 %",
        rows,
    )


UNMADE = (Happening.REPLACED, Happening.MILESTONE_CUT, Happening.MILESTONE_CANCELLED)
BOARDS = (
    ("pays a tranche in full", (Happening.MILESTONE_PAID,)),
    ("replaces a letter by shares that it pays at once", (Happening.REPLACED,)),
    ("cuts a tranche", (Happening.MILESTONE_CUT,)),
    ("cancels: ends a letter", (Happening.MILESTONE_CANCELLED,)),
)
"""What a board does with a letter."""


def share_with(runs: Sequence[Run], *kinds: Happening) -> str:
    """Share of worlds in which any of these happens, with its interval."""
    many = sum(any(count(run, kind) for kind in kinds) for run in runs)
    low, high = (100 * x for x in wilson(many, len(runs)))
    return f"{100 * many / len(runs):.0f} % ({low:.0f} to {high:.0f})"


def boards(runs: dict[str, list[Run]]) -> str:
    """In how many worlds boards pay, replace, cut and cancel."""
    worlds = [name for name in ("deals", "slower", "slow", "fast") if runs[name]]
    rows = [(words, *(share_with(runs[name], *kinds) for name in worlds)) for words, kinds in BOARDS]
    return table("a board | " + " | ".join(WORLDS[name][0] for name in worlds), rows)


def help_given(runs: dict[str, list[Run]]) -> str:
    """How often chip makers help in which form, and with how much."""
    rows = []
    for form in Form:
        cells = []
        for name in HELPED:
            sums = [
                told[4] / 1e11
                for run in runs[name]
                for told in run["told"]
                if told[1] == Happening.OFFERED and told[5].startswith(f"{form} for")
            ]
            cells.append(f"{len(sums) / len(runs[name]):.2f} ({np.median(sums):.1f} bn)" if sums else "0")
        rows.append((f"{form}", *cells))
    return table("form | " + " | ".join(WORLDS[name][0] for name in HELPED), rows)


HELPED = ("deals", "slower", "fast", "cheap lab")


def drivers(runs: dict[str, list[Run]]) -> str:
    """Pairs of the same luck: what more of a driver does to the number of deals and to capacity contracted."""
    rows = []
    for words, one, other in DRIVERS:
        pairs = list(zip(runs[one], runs[other], strict=False))
        if len(pairs) > 2:
            more = [contracted_gw(a) - contracted_gw(b) for a, b in pairs]
            deals = [count(a, Happening.SIGNED) - count(b, Happening.SIGNED) for a, b in pairs]
            found = paired(np.array([deals, more], dtype=float).T)
            rows.append(
                (words, len(pairs), *map(spoken, found), sum(gw > 0 for gw in more), sum(gw < 0 for gw in more))
            )
    return table("what is changed | pairs | deals more | GW more | pairs with more GW | with fewer", rows)


def against_off(runs: dict[str, list[Run]]) -> str:
    """What deal-making adds, by regime of the world with deals."""
    twins = {run["seed"]: run for run in runs["off"]}
    rows = []
    for regime in REGIMES:
        pairs = [(run, twins[run["seed"]]) for run in runs["deals"] if run["regime"] == regime and run["seed"] in twins]
        if len(pairs) > 2:
            value = paired(np.array([[100 * effect_on_value(*pair)] for pair in pairs]))[0]
            more = paired(boom_effects([a for a, _ in pairs], [b for _, b in pairs], -1))
            rows.append((regime, len(pairs), spoken(value), *(spoken(effect) for effect in more[:3])))
    return table("regime | pairs | circle's value, % | raised, bn USD | in service, MW | revenue, bn USD a year", rows)


def regimes(runs: dict[str, list[Run]]) -> str:
    """Shares of worlds per regime."""
    rows = []
    for name, (words, *_) in WORLDS.items():
        if own := runs[name]:
            found = share_of_regimes(own)
            mean = np.mean([count(run, Happening.SIGNED) for run in own])
            gw = np.percentile([contracted_gw(run) for run in own], [5, 50, 95])
            shares = (f"{100 * found[kind] / len(own):.0f} %" for kind in REGIMES)
            rows.append((words, len(own), f"{mean:.1f}", "{:.1f} / {:.1f} / {:.1f}".format(*gw), *shares))
    return table("world | seeds | deals | GW contracted at the end, 5 / 50 / 95 % | " + " | ".join(REGIMES), rows)


def first_deal(runs: Sequence[Run]) -> str:
    """The chronicle of the first world in which a deal was signed that nobody scripted, up to a year after it."""
    run = next(run for run in runs if count(run, Happening.SIGNED))
    first = next(told[0] for told in run["told"] if told[1] == Happening.SIGNED)
    lines = [_line(told) for told in run["told"] if first <= told[0] <= first + DAYS_PER_YEAR]
    return "\n".join([f"Seed {run['seed']}:", "", *lines])


def _line(told: Sequence[Any]) -> str:
    day, kind, agent, whom, cents, words = told
    said = event_words(kind, agent, whom, cents, words)
    return f"- **{spoken_date(DATES[day])}.** {said[:1].upper()}{said[1:]}."


def unmade(runs: dict[str, list[Run]]) -> str:
    """How deals are unmade, and what helps to make them."""
    return f"""## Resets, and what boards do

What both sides agree to cut, while the lab neither pays late nor has just found no money, is a reset; for want of money
it is a broken promise ([odd.md](odd.md), "Deals"). A world with a reset is a stall at best.

{resets(runs)}

{boards(runs)}

## What chip makers offer

Offers a world, and their median: where a sale fails for want of the lab's means (shares, a letter) or of its builder's
credit (a loan, a guarantee, cover of idle capacity), in the form that is expected to cost the board least.

{help_given(runs)}"""


def page(runs: dict[str, list[Run]]) -> str:
    """The whole page."""
    return f"""# Deals that agents make

Written by `python docs/deals_page.py` from [deals.jsonl](deals.jsonl), not by hand; `python docs/deals_page.py measure`
runs what is missing there. Five years of `ai-2025-deals` (`ai-2025` with `behaviour.deal_making` = 1) with 300
households, seeds from {FIRST_SEED} on. The rules stand in [odd.md](odd.md), "Deals"; no size was chosen to make a
number on this page, but the rules were written with seeds 0 to 15 in sight. Runs of one seed share all luck; an
interval in brackets is that of the mean over pairs (95 %, Student), bold where its sign is sure. Where a row says 1
seed it is one world and no share: with the present rules of resets and help the others are still to be run.

## What is announced and what is paid

![Commitments of the lab over five years](figures/commitments.png)

## How many, how large, and what becomes of them

{regimes(runs)}

By year, deals a world and their sum over their term:

{over_time(runs["deals"])}

## What drives them

{drivers(runs)}

By the rules of before (40 pairs; no help with credit, owners' premium flat) a dearer lab signed 9.8 deals more, and
shares half as dear again for a year 0.3 fewer (0.0 to 0.6): the wrong sign. Since then builders whose shares are dear
ask less of their capital; whether that turns the sign has not been measured: rows come with three pairs.

## What they add

With deals against without, by regime of the world with deals; value is the mean over five years, the rest stands at the
end:

{against_off(runs)}

{unmade(runs)}

## The first deal that nobody scripted

{first_deal(runs["deals"])}
"""


def main() -> None:
    """The page and its picture from the data that are there."""
    runs = load()
    PAGE.write_text(page(runs), encoding="utf-8")
    save(draw_commitments([run["books"] for run in runs["deals"]]), PICTURE)


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    main()
