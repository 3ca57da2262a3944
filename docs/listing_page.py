"""The listing of a lab, measured: docs/listing.jsonl by `python docs/listing_page.py measure`, and the page from it.

`python docs/listing_page.py` writes docs/listing.md from the data that are there; `measure` goes on where it stopped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from carousel.docs.circle_page import spoken, table
from carousel.engine.calendar import DAYS_PER_YEAR
from carousel.experiments.validation.circle_mechanisms import paired
from carousel.ledger.causes import Cause
from carousel.ledger.flows import Flow
from carousel.ledger.journal import CAUSE, CENTS, PAYER
from carousel.ledger.origins import TracingRule
from carousel.model import CarouselModel
from carousel.scenarios.loader import load as scenario
from carousel.scenarios.schema import Scenario

HERE = Path(__file__).parent
DATA, PAGE, FILE = HERE / "listing.jsonl", HERE / "listing.md", HERE / "gallery" / "instruments" / "listing.toml"
FIRST_SEED, SEEDS, YEARS, HOLDERS = 100, 20, 5, 300
"""None of the seeds at which the rules were written."""
SOURCES = {
    "rounds": Cause.ROUND,
    "milestones": Cause.MILESTONE,
    "listing": Cause.LISTING,
    "in the auction": Cause.TRADE_RECEIVE,
}
"""What a lab is paid for shares, by the cause of the payment."""
WORLDS = ("listed", "private")
Run = dict[str, Any]


def world(name: str) -> Scenario:
    """The gallery's file over five years, and the same without its listing."""
    sizes = [f"days={YEARS * DAYS_PER_YEAR}", f"holders={HOLDERS}"]
    return scenario(str(FILE), sizes) if name == "listed" else scenario("ai-2025", sizes)


def run(name: str, seed: int) -> Run:
    """One world: what the lab was paid for shares and by whom, its capacity, and what firms are worth at the end."""
    model = CarouselModel(world(name), rng=seed)
    lab, found = model.cast.labs[0], {"world": name, "seed": seed, "day": 0, "first_day": 0.0, "payers": {}}
    times: dict[str, int] = {}
    while model.running:
        model.step()
        for event in model.chronicle.events:
            if event.agent == lab.name:
                times[event.kind.value] = times.get(event.kind.value, 0) + 1
        if lab.is_listed and not found["day"]:
            found |= {"day": model.clock.day, "payers": _payers(model), "offer_cents": lab.price_cents}
        if found["day"] and model.clock.day == found["day"] + 1:
            found["first_day"] = round(lab.price_cents / found["offer_cents"] - 1, 4)
    taken = model.books.flows.taken_by_cause[lab.account]
    return found | {
        "raised": {source: int(taken[cause]) for source, cause in SOURCES.items()},
        "origins": _origins(model),
        "contracted_mw": sum(c.contracted_mw for c in model.contracts.rented_by(lab.name)),
        "service_mw": sum(c.service_mw for c in model.contracts.rented_by(lab.name)),
        "sales_usd_per_year": round(lab.sales_usd_per_year),
        "worth": {firm.name: round(model.cast.value_usd(firm.name)) for firm in (lab, *model.cast.circle)},
        "defaulted": lab.is_defaulted,
        "times": {kind: times.get(kind, 0) for kind in ("round_closed", "down_round", "round_failed", "share_issue")},
    }


def _payers(model: CarouselModel) -> dict[str, int]:
    """Who has paid how much for the listing of today, cents."""
    small = model.cast.small_shareholders[model.cast.labs[0].name]
    entries, paid = model.books.last.entries, {"active funds": 0, "the ETF": 0, "households": 0}
    assert model.cast.participant is not None
    names = {small: "households", model.cast.participant.account: "the ETF"}
    for entry in entries[entries[:, CAUSE] == Cause.LISTING]:
        paid[names.get(int(entry[PAYER]), "active funds")] += int(entry[CENTS])
    return paid


def _origins(model: CarouselModel) -> dict[str, int]:
    """Whose money the listing brought, pro rata, cents by class."""
    journal, lab = model.books.journal, model.cast.labs[0]
    by_rule = model.books.flows.origins.get((lab.account, Flow.LISTINGS), {})
    found: dict[str, int] = {}
    if by_rule:
        sums = by_rule[TracingRule.PRO_RATA].sum(axis=1).tolist()
        for account, cents in zip(journal.origin_accounts, sums, strict=False):
            name = str(journal.origin_class(account))
            found[name] = found.get(name, 0) + int(cents)
    return {name: cents for name, cents in found.items() if cents}


def load() -> dict[str, list[Run]]:
    """Runs by world, in the order of the seeds."""
    lines = DATA.read_text(encoding="utf-8").splitlines() if DATA.exists() else []
    runs = sorted((json.loads(line) for line in lines), key=lambda one: int(one["seed"]))
    return {name: [one for one in runs if one["world"] == name] for name in WORLDS}


def measure(worlds: Sequence[str]) -> None:
    """Run what is missing of some worlds, each run written down as it ends."""
    there = {(name, one["seed"]) for name, runs in load().items() for one in runs}
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        for name in worlds:
            if (name, seed) not in there:
                with DATA.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(run(name, seed)) + "\n")


def _bn(values: Sequence[float], per: float = 1e11) -> str:
    """Median of some sums, with the 5th and 95th percentile, in billions."""
    low, middle, high = np.percentile(np.array(values) / per, (5, 50, 95))
    return f"{middle:.1f} ({low:.1f} to {high:.1f})"


def raised(runs: dict[str, list[Run]]) -> str:
    """What the lab was paid for shares, by source and world, and the paired difference."""
    rows = []
    for source in (*SOURCES, "in all"):
        sums = {
            name: [float(sum(x["raised"].values()) if source == "in all" else x["raised"][source]) for x in runs[name]]
            for name in WORLDS
        }
        gaps = (np.array(sums["listed"]) - np.array(sums["private"]))[:, None] / 1e11
        rows.append((source, _bn(sums["listed"]), _bn(sums["private"]), spoken(paired(gaps)[0])))
    return table("paid for shares of the lab, bn USD | listed | private | difference", rows)


def who(runs: Sequence[Run]) -> str:
    """Who paid for the listing, and whose money it was."""
    rows = []
    for payer in ("active funds", "the ETF", "households"):
        share = 100 * sum(x["payers"][payer] for x in runs) / sum(sum(x["payers"].values()) for x in runs)
        rows.append((payer, _bn([x["payers"][payer] for x in runs]), f"{share:.1f} %"))
    whole = sum(sum(x["origins"].values()) for x in runs)
    sums: dict[str, int] = {}
    for one in runs:
        for name, cents in one["origins"].items():
            sums[name] = sums.get(name, 0) + cents
    for name, cents in sorted(sums.items(), key=lambda pair: -pair[1]):
        if cents / whole >= 0.0005:
            rows.append(
                (f"origin: {name}", _bn([x["origins"].get(name, 0) for x in runs]), f"{100 * cents / whole:.1f} %")
            )
    return table("who paid for the listing | bn USD | share of all worlds' sum", rows)


def effects(runs: dict[str, list[Run]]) -> str:
    """What else differs: capacity, revenue and values, in pairs."""
    firms = list(runs["listed"][0]["worth"])
    asked = [
        ("capacity contracted by the lab, MW", lambda x: x["contracted_mw"]),
        ("capacity in service for it, MW", lambda x: x["service_mw"]),
        ("its revenue, bn USD a year", lambda x: x["sales_usd_per_year"] / 1e9),
        *((f"value of {firm}, bn USD", lambda x, firm=firm: x["worth"][firm] / 1e9) for firm in firms),
    ]
    rows = []
    for words, of in asked:
        both = {name: np.array([of(x) for x in runs[name]], float) for name in WORLDS}
        middle = [f"{np.median(both[name]):,.1f}" for name in WORLDS]
        rows.append((words, *middle, spoken(paired((both["listed"] - both["private"])[:, None])[0])))
    for words, name in (
        ("private rounds that closed", "round_closed"),
        ("rounds and listings that failed", "round_failed"),
    ):
        counts = [sum(x["times"][name] for x in runs[each]) for each in WORLDS]
        rows.append((f"{words}, all worlds together", *counts, ""))
    rows.append(("worlds in which the lab defaults", *(sum(x["defaulted"] for x in runs[each]) for each in WORLDS), ""))
    return table("after five years, medians | listed | private | difference", rows)


def page(runs: dict[str, list[Run]]) -> str:
    """The page."""
    listed = [one for one in runs["listed"] if one["day"]]
    days, returns = [one["day"] for one in listed], [100 * one["first_day"] for one in listed]
    low, middle, high = np.percentile(returns, (5, 50, 95))
    return f"""# A lab is listed

Written by `docs/listing_page.py` from [listing.jsonl](listing.jsonl): {len(runs["listed"])} pairs of worlds over
{YEARS} years with {HOLDERS} households, `docs/gallery/instruments/listing.toml` and `ai-2025` without it, the same
seeds, from {FIRST_SEED} on. The rule stands in [odd.md](odd.md), "Listing"; its thresholds are the defaults of
`[[listing]]`, from their sources. Sums are medians with the 5th and 95th percentile; differences are
means over pairs with 95 % intervals, bold where the sign is sure.

At those thresholds the lab is listed in {len(listed)} of {len(runs["listed"])} worlds, on day {min(days)} at the
earliest, {int(np.median(days))} in the middle, {max(days)} at the latest. The first close is {middle:.1f} % above the
offer price ({low:.1f} to {high:.1f}): 18.8 were left to the buyers, the rest are the night's news and moods.

## Money raised

{raised(runs)}

## Who pays

{who(listed)}

The ETF pays through its participant, whose cash began as that of market makers; in the next swap it gets shares of
other firms for the lab's, and sells them.

## Capacity and value

{effects(runs)}
"""


def main() -> None:
    """Measure what is missing if asked to, and write the page."""
    if sys.argv[1:2] == ["measure"]:
        measure(sys.argv[2:] or WORLDS)
    PAGE.write_text(page(load()), encoding="utf-8")


if __name__ == "__main__":
    main()
