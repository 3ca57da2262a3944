"""What a flow from outside does to prices: further runs of the same world and seed, in which an investor who otherwise
does nothing brings cash and buys, or sells what it holds, in the closing auctions. Real orders; no price is edited.

Only worlds with an investor of the name `OUTSIDER` have these outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from ....agents.outside_flows import OutsideFlow
from ....model import CarouselModel
from ....scenarios.schema import Scenario
from .outcome import Needs, Outcome, Value, Values
from .seen import Seen

OUTSIDER = "Outside investor"
FLOW_DAY, LATER_DAYS, ETF_DAYS = 15, 20, 5
"""Day of the flow, days after which what lasts is measured, and days over which a flow through the ETF is spread: its
participant sells from a small inventory."""
ETF_HELD = 0.0025
"""Part of the market that the outside investor buys through the ETF in both runs, so that it can also sell."""
BASIS_POINTS = (-200, -100, -50, -10, 10, 50, 100, 200)
ETF_BASIS_POINTS = (-20, -10, 10, 20)
"""Sizes of flows, in parts of ten thousand of the target's market value."""
ONE_SHARE, ONE_SECTOR, CIRCLE, ALL_SHARES, BY_ETF = "one share", "one sector", "the circle", "all shares", "the ETF"
FLOW, ON_THE_DAY, LATER = "flow_share", "move_day_0", f"move_day_{LATER_DAYS}"


class Course(NamedTuple):
    """A run: closing prices of listed shares, float[days + 1, F], what the outsider held of each and of the ETF,
    float[days + 1, F + 1], and the model at the end."""

    prices: np.ndarray
    held: np.ndarray
    model: CarouselModel


def targets(scenario: Scenario) -> Sequence[str]:
    """What a flow may go into: in a market of several sectors each seed draws its share and its sector; elsewhere each
    share of the circle, and all of them."""
    if len({firm.sector for firm in scenario.listed}) > 1:
        shares = [ONE_SHARE, ONE_SECTOR]
    else:
        own = [firm.name for firm in (*scenario.cloud, *scenario.chip_maker)]
        shares = [*own, CIRCLE] if own else []
    return [*shares, ALL_SHARES, *([BY_ETF] if scenario.etf is not None else [])]


def _labels(scenario: Scenario) -> Sequence[str]:
    """TARGET.BASIS_POINTS.WHAT."""
    has_outsider = any(investor.name == OUTSIDER for investor in scenario.venture_investor)
    if not has_outsider or not scenario.listed or scenario.days < FLOW_DAY + ETF_DAYS + LATER_DAYS:
        return ()
    return [
        f"{target}.{size}.{what}"
        for target in targets(scenario)
        for size, what in product(ETF_BASIS_POINTS if target == BY_ETF else BASIS_POINTS, (FLOW, ON_THE_DAY, LATER))
    ]


def _impacts(seen: Seen) -> Values:
    """Of the targets and sizes that are asked for: executed flow and price changes, both over market value."""
    scenario, seed = seen.model.scenario_data, seen.model.clock.seed
    here = set(_labels(scenario))
    asked = dict.fromkeys(label.rpartition(".")[0] for label in seen.asked("impact") if label in here)
    if not asked:
        return {}
    plain = _course(scenario, seed, [])
    registers, board = plain.model.books.registers, plain.model.prices
    caps = plain.prices[FLOW_DAY - 1] * registers.outstanding[board.securities]
    found: dict[str, Value] = {}
    with_etf: Course | None = None
    for label in asked:
        target, _, points = label.rpartition(".")
        size = int(points) / 1e4
        if target == BY_ETF:
            with_etf = with_etf or _course(scenario, seed, _through_etf(scenario, 2, ETF_HELD, caps))
            measured = _etf_pair(scenario, seed, size, caps, with_etf)
        else:
            measured = _pair(scenario, seed, size, caps, plain, _members(target, plain.model, seed))
        found |= {f"{label}.{what}": value for what, value in measured.items()}
    return found


def _course(scenario: Scenario, seed: int, flows: Sequence[OutsideFlow]) -> Course:
    """A run with these flows."""
    model = CarouselModel(scenario, rng=seed)
    model.cast.outside_flows.extend(flows)
    account = next(v.account for v in model.cast.venture_investors if v.name == OUTSIDER)
    etf = [model.cast.etf.security] if model.cast.etf is not None else []
    securities = [*model.prices.securities.tolist(), *etf]
    prices, held = [model.prices.price_cents.copy()], [model.books.registers.holdings[account, securities].copy()]
    while model.running:
        model.step()
        prices.append(model.prices.price_cents.copy())
        held.append(model.books.registers.holdings[account, securities].copy())
    return Course(np.array(prices, dtype=float), np.array(held, dtype=float), model)


def _members(target: str, model: CarouselModel, seed: int) -> list[int]:
    """Rows of the shares of a target."""
    everything = list(range(len(model.prices.names)))
    circle = {firm.name: firm.index for firm in model.cast.circle}
    if target == ONE_SHARE:
        return [(seed * 7) % len(everything)]
    if target == ONE_SECTOR:
        sectors = model.prices.sector.tolist()
        return [i for i in everything if sectors[i] == seed % (max(sectors) + 1)]
    if target == CIRCLE:
        return list(circle.values())
    return everything if target == ALL_SHARES else [circle[target]]


def _pair(
    scenario: Scenario, seed: int, size: float, caps: np.ndarray, plain: Course, members: list[int]
) -> Mapping[str, float]:
    """A flow on one day into these shares, by weight, against the run without it."""
    names = plain.model.prices.names
    moved = _course(scenario, seed, [OutsideFlow(FLOW_DAY, OUTSIDER, names[i], int(size * caps[i])) for i in members])
    bought = (moved.held - plain.held)[FLOW_DAY, members] @ moved.prices[FLOW_DAY, members]
    moves = (moved.prices / plain.prices - 1)[:, members] @ (caps[members] / caps[members].sum())
    return _measured(size, bought / caps[members].sum(), moves, FLOW_DAY)


def _etf_pair(scenario: Scenario, seed: int, size: float, caps: np.ndarray, before: Course) -> Mapping[str, float]:
    """A flow through the ETF: households' own road, by participant, creation and hedges."""
    flows = [*_through_etf(scenario, 2, ETF_HELD, caps), *_through_etf(scenario, FLOW_DAY, size, caps)]
    moved = _course(scenario, seed, flows)
    last = FLOW_DAY + ETF_DAYS - 1
    bought = (moved.held - before.held)[last, -1] * moved.model.prices.etf_price_cents
    moves = (moved.prices / before.prices - 1) @ (caps / caps.sum())
    return _measured(size, bought / caps.sum(), moves, last)


def _through_etf(scenario: Scenario, first: int, size: float, caps: np.ndarray) -> list[OutsideFlow]:
    """So much of the market's value, by the ETF, in equal parts over some days."""
    assert scenario.etf is not None
    cents = int(size * caps.sum() / ETF_DAYS)
    return [OutsideFlow(day, OUTSIDER, scenario.etf.name, cents) for day in range(first, first + ETF_DAYS)]


def _measured(size: float, flow_share: float, moves: np.ndarray, last: int) -> Mapping[str, float]:
    if flow_share == 0:
        raise ValueError(f"a flow of {size:g} found nobody to trade with")
    return {FLOW: float(flow_share), ON_THE_DAY: float(moves[last]), LATER: float(moves[last + LATER_DAYS])}


OUTCOMES = (
    Outcome(
        pattern="impact.TARGET.BASIS_POINTS.WHAT", unit="share", labels=_labels, needs=Needs.PAIRS, measure=_impacts,
        meaning="in worlds with an outside investor, by one more run for each: flow_share, what a flow of that size "
        "bought over market value; move_day_0 and move_day_20, by how much prices differ then from the run without it",
    ),
)  # fmt: skip
