"""What the circle does, measured: docs/circle.jsonl by `python docs/circle_page.py measure`, and the page from it.

`python docs/circle_page.py` writes docs/circle.md from the data that are there; `measure` goes on where it stopped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from carousel.docs import circle_width
from carousel.experiments.validation.circle_horizon import course_of
from carousel.experiments.validation.circle_mechanisms import MECHANISMS, QUANTITIES, Effect, effects, paired
from carousel.experiments.validation.circle_regimes import (
    LINKS,
    LINKS_QUARTER,
    WORLDS,
    World,
    boom_effects,
    effect_on_value,
    has_reset,
    share_by_moods,
    share_of_regimes,
)
from carousel.experiments.validation.turn_checks import wilson

DATA, PAGE = Path(__file__).with_name("circle.jsonl"), Path(__file__).with_name("circle.md")
FIRST_SEED = 100
"""At none of these was a size fitted."""
HUNDRED = "first hundred"
"""The default at seeds 0 to 99: of these 0 to 19 were looked at when forms and sizes were chosen."""
BASES = {"circle": "By default", "slow": "Where customers grow by 100 % in the first year"}
"""Worlds in which each mechanism is switched off: in the second funding is scarce and promises break."""
SCARCE = World(("bond_buyer.*.opening_cash_usd*=0.1", "bond_buyer.*.inflow_usd_per_year*=0.1"))
OTHERS = {
    "wide": (
        World(scenario_name="ai-2025-wide-september"), ("switching of demand", "narrative network", "endorsement"),
    ),
    "scarce": (
        SCARCE, ("bonds thin out (off: stop at the limit)", "offerings when cash is low",
                 "a revolving line before shares", "building follows the price of shares"),
    ),
    "lines": (
        SCARCE._replace(changes=(*SCARCE.changes, "revolving_line.Oracle revolving credit.limit_usd*=10")),
        ("a revolving line before shares",),
    ),
}  # fmt: skip
"""Worlds in which only some are switched off: in `ai-2025` demand has one lab to go to, and lenders bring what they are
asked for."""
BLOCKS = (8, 20, 40, 100)
"""Seeds are measured in blocks, all worlds of one before the next, so that what is there can be compared."""
SEEDS_OF = {"circle": 100, "slower": 100, "slow": 100, "twin": 100, "calm": 40, HUNDRED: 100}
"""How many seeds a world is to have; 20 if it is not here."""
WORDS = {
    "circle": "the default: customers' demand grows by 230 % in the first year",
    HUNDRED: "the same, seeds 0 to 99",
    "slower": "by 150 %",
    "slow": "by 100 %",
    "calm": "the default without moods",
    "twin": "the twin: no deals",
}

MOODS = {"circle": (("moods, for comparison", "calm"),)}

KEPT = ("seed", "regime", "times", "first", "broken_day", "quarters")
"""What is kept of a run."""

Runs = dict[str, list[dict[str, Any]]]


def worlds() -> dict[str, World]:
    """Every world of the page: those of the regimes, and each mechanism switched off."""
    found = WORLDS | {HUNDRED: World()} | {base: world for base, (world, _) in OTHERS.items()}
    for base in (*BASES, *OTHERS):
        world = found[base]
        for m in MECHANISMS:
            if base in BASES or m.name in OTHERS[base][1]:
                found[off_in(base, m.name)] = world._replace(changes=(*world.changes, *m.off), without=m.without)
    return found


def off_in(base: str, mechanism: str) -> str:
    """Name of a world in which a mechanism is switched off."""
    return f"{base}: without {mechanism}"


def load() -> Runs:
    """Runs by world, in the order of the seeds."""
    found: Runs = {name: [] for name in worlds()}
    for line in DATA.read_text(encoding="utf-8").splitlines() if DATA.exists() else ():
        run = json.loads(line)
        found[run["world"]].append(run)
    return {name: sorted(runs, key=lambda run: run["seed"]) for name, runs in found.items()}


def measure() -> None:
    """Run what is missing, block by block, each run written down as it ends."""
    there = {(name, run["seed"]) for name, runs in load().items() for run in runs}
    wanted = [
        (name, k if name == HUNDRED else FIRST_SEED + k)
        for low, high in zip((0, *BLOCKS), BLOCKS, strict=False)
        for name in worlds()
        for k in range(low, min(high, SEEDS_OF.get(name, 20)))
    ]
    for name, seed in wanted:
        if (name, seed) not in there:
            world = worlds()[name]
            run = course_of(list(world.changes), seed, world.without, world.boom, scenario_name=world.scenario_name)
            kept = {"world": name, **{key: run[key] for key in KEPT}}
            kept["quarters"] = [[float(f"{x:.5g}") for x in quarter] for quarter in run["quarters"]]
            with DATA.open("a", encoding="utf-8") as file:
                file.write(json.dumps(kept) + "\n")


def table(columns: str, rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is text."""
    names = columns.split(" | ")
    head = [f"| {columns} |", "| --- |" + " ---: |" * (len(names) - 1)]
    return "\n".join([*head, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)])


def spoken(effect: Effect) -> str:
    """An effect with its interval; bold where its sign is sure."""
    digits = 0 if max(abs(effect.low), abs(effect.high)) >= 100 else 1
    low, mean, high = (f"{x:+.{digits}f}" for x in (effect.low, effect.mean, effect.high))
    if effect.low == effect.high == 0:
        return "0"
    return f"{mean} ({low} to {high})" if effect.is_noise else f"**{mean}** ({low} to {high})"


def regimes(runs: Runs) -> str:
    """Share of worlds per regime, resets, and the effect on values by regime."""
    rows = []
    for name in WORDS:
        if own := runs[name]:
            low, high = wilson(sum(map(has_reset, own)), len(own))
            counts = share_of_regimes(own)
            shares = [
                f"{100 * counts[k] / len(own):.0f} %" for k in ("expansion", "stall", "reversal", "default", "none")
            ]
            reset = f"{100 * sum(map(has_reset, own)) / len(own):.0f} % ({100 * low:.0f} to {100 * high:.0f})"
            rows.append((WORDS[name], len(own), *shares, reset))
    return table("world | seeds | expansion | stall | reversal | default | none | a promise reset or cut", rows)


def against_twin(runs: Runs) -> str:
    """By regime of the world with deals: what they add to values, funding and building of the same luck without."""
    twins = {run["seed"]: run for run in runs["twin"]}
    rows = []
    for regime in ("expansion", "stall", "reversal", "default"):
        pairs = [
            (run, twins[run["seed"]]) for run in runs["circle"] if run["regime"] == regime and run["seed"] in twins
        ]
        if len(pairs) > 2:
            import numpy as np

            value = paired(np.array([[100 * effect_on_value(*pair)] for pair in pairs]))[0]
            more = paired(boom_effects([a for a, _ in pairs], [b for _, b in pairs], -1))
            rows.append((regime, len(pairs), spoken(value), *(spoken(e) for e in more[:3])))
    return table("regime | pairs | circle's value, % | raised, bn USD | in service, MW | revenue, bn USD a year", rows)


def chain(runs: Runs) -> str:
    """What a year of dear shares sets going, by default and where customers grow slowly."""
    rows = []
    for name, plain, words in (("boom", "circle", "default"), ("slow boom", "slow", "customers grow by 100 %")):
        if boom := runs[name]:
            for when, quarter in (("a year later", LINKS_QUARTER), ("at the end", -1)):
                found = paired(boom_effects(boom, runs[plain][: len(boom)], quarter))
                rows.append((f"{words}, {when}", len(boom), *map(spoken, found)))
    columns = " | ".join(f"{words}, {unit}" for words, _, unit in LINKS.values())
    return table(f"world | pairs | {columns} | NVIDIA, % | Oracle, %", rows)


def mechanisms(runs: Runs, base: str, names: Iterable[str]) -> str:
    """What each mechanism adds in a world, with the interval of its mean over pairs of runs."""
    rows = []
    for words, world in (*((name, off_in(base, name)) for name in names), *MOODS.get(base, ())):
        if len(off := runs[world]) > 1:
            found = effects(runs[base][: len(off)], off)
            name = words + (" – within noise" if all(effect.is_noise for effect in found) else "")
            rows.append((name, len(off), *map(spoken, found)))
    return table("what is switched off | pairs | " + " | ".join(QUANTITIES), rows)


def page(runs: Runs) -> str:
    """The whole page."""
    calm = runs["calm"]
    moods = share_by_moods(runs["circle"][: len(calm)], calm) if len(calm) > 1 else 0.0
    other = sum(a["regime"] != b["regime"] for a, b in zip(runs["circle"], calm, strict=False))
    tables = "\n\n".join(
        f"**{words}**\n\n{mechanisms(runs, base, [m.name for m in MECHANISMS])}" for base, words in BASES.items()
    )
    meanings = "; ".join(f"{name}: {meaning}" for name, meaning in QUANTITIES.items())
    return f"""# The circle, measured

Written by `python docs/circle_page.py` from [circle.jsonl](circle.jsonl), not by hand; `python docs/circle_page.py
measure` runs what is missing there. Five years of `ai-2025` with 300 households, seeds from {FIRST_SEED} on: at none
was a size fitted, but the last forms (doubt about a customer, the builder's pace, early rounds) came when some of these
worlds had been seen (one row: seeds 0 to 99, of which 0 to 19 were used throughout). Runs of one seed share all
luck: worlds are compared pair by pair, and an interval in brackets is that of the mean over pairs (95 %, Student);
bold where its sign is sure.

## The autumn of 2025

![The autumn of 2025 in 100 worlds and in the record](figures/autumn.png)

`python docs/autumn_fan.py` draws it from [autumn.json](autumn.json). Filled points were not used; open ones are facts
of the scenario or were in view when forms and sizes were chosen ([calibration.md](calibration.md)). Moods are in it:
they make most of the width of the share prices. Lenders look at a builder once a month.

## How often it expands, stalls and turns

A regime is read from contracts and payments alone (`report/measures_turn.py::regime_of`): a world without deals has
none, whatever its moods; how many worlds with deals have another one without moods stands below.
A promise is reset or cut when a contract is renegotiated or cancelled, or NVIDIA's board
halves a tranche of its letter or ends it.

{regimes(runs)}

Moods make {100 * moods:.0f} % of the variance of the growth of the circle's market value ({len(calm)} seeds
with and without); {other} of these worlds have another regime without them.

**Against the twin of the same luck without any deal**, by regime of the world with deals; value is the mean over five
years, the rest stands at the end:

{against_twin(runs)}

## A year of dear shares

In the second year multiples of Oracle and NVIDIA are half as high again; the same seeds without.

{chain(runs)}

A builder whose shares are dear builds faster (`build_pace_elasticity`), so it borrows more and sooner, more capacity
stands, and a lab that is bound by capacity earns more; when the shares are back it builds more slowly, and by the end
what was promised stands in both worlds. Without that rule a builder begins what its plan says whatever its price, and
nothing responds but the spread (20 pairs: -1.3 bn, 0 MW, 0 bn): the rule was added when the claims `circle.boom` had
missed, so they are no predictions. Nobody signs a further contract here: with deal-making on, see
[deals.md](deals.md).

## How wide doubt alone can make it

The circle's effect on Oracle's log price on the 100th day, moods off in the world and in its twin, over seeds
{circle_width.SEEDS[0]} to {circle_width.SEEDS[-1]}; `python docs/circle_width.py` runs it into
[circle_width.json](circle_width.json). The claim `circle.width` asks for 0.2 from 5 to 95 % of seeds.

{table("what is changed | 5 % | median | 95 % | 5 to 95 % | on the first day", circle_width.rows())}

Belief is all that can differ, and from nobody's to everybody's it is worth less than that: what is believed brings its
bill with it. What would widen it leaves more of the first day's effect than the record has, and less of a spread in
December ([validation.md](validation.md), "What misses, and why").

## Each mechanism on and off

What each adds: the world with it less the world without. {meanings[0].upper()}{meanings[1:]}.

{tables}

**Where there are three labs and five clouds** (`ai-2025-wide-september`; its first builder speaks for all):

{mechanisms(runs, "wide", OTHERS["wide"][1])}

**Where lenders have a tenth to lend**

{mechanisms(runs, "scarce", OTHERS["scarce"][1])}

**The same, and the builder's line ten times as large** (60 bn)

{mechanisms(runs, "lines", OTHERS["lines"][1])}

The mean over paired worlds hides what a mechanism does to the few in which promises break. A row that is called within
noise tells no sign at this number of seeds in any column; a row of zeros does nothing at all in that world: demand
switches between labs, and `ai-2025` has one; its lenders bring what they are asked for, so that lines and offerings
wait for a world in which they do not. There offerings keep a builder alive; its line of 6 bn is too small a part of
200 to tell, one of 60 bn builds. Of the milestone and the claims the first weeks and the stories
([told.md](told.md)) say more.
"""


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    PAGE.write_text(page(load()), encoding="utf-8")
