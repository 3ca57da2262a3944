"""Flows from outside: real orders whose impact grows with aggregation, measured by pairs of runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from carousel.agents.outside_flows import OutsideFlow
from carousel.experiments.runner.runs import quiet
from carousel.experiments.studies import flow_multiplier as study
from carousel.experiments.sweeps.changes import world_of
from carousel.experiments.sweeps.named_sweeps import named_sweep
from carousel.experiments.sweeps.outcomes import names_of, of_flows
from carousel.experiments.sweeps.outcomes.of_flows import OUTSIDER
from carousel.experiments.sweeps.run_world import run_world
from carousel.experiments.validation.checks import Verdict
from carousel.model import CarouselModel
from carousel.scenarios.loader import load


def market(name, days):
    """The world of a case of the sweep."""
    sweep = named_sweep("flow-multiplier")
    case = next(case for case in sweep.cases if case.name == name)
    return world_of(sweep.model_copy(update={"days": days}), case, {})


def test_a_flow_brings_cash_buys_at_the_close_and_every_cent_has_an_entry():
    """The audit runs every day; what the outsider holds more it has paid for from outside."""
    scenario = market("ai-2025", 3)
    model = CarouselModel(scenario, rng=1)
    outsider = next(v for v in model.cast.venture_investors if v.name == OUTSIDER)
    security = model.cast.listed_by_name["Oracle"].security
    before = int(model.books.registers.holdings[outsider.account, security])
    model.cast.outside_flows.append(OutsideFlow(2, OUTSIDER, "Oracle", 10**11))
    while model.running:
        model.step()
    bought = int(model.books.registers.holdings[outsider.account, security]) - before
    paid = int(model.books.flows.cash_out[outsider.account])
    assert bought > 0
    assert paid == pytest.approx(10**11, rel=0.05)
    assert int(model.books.flows.cash_in[outsider.account]) - paid == outsider.cash_cents


def test_a_sale_is_bounded_by_what_is_held():
    scenario = market("ai-2025", 3)
    model = CarouselModel(scenario, rng=1)
    outsider = next(v for v in model.cast.venture_investors if v.name == OUTSIDER)
    model.cast.outside_flows.append(OutsideFlow(2, OUTSIDER, "Oracle", -(10**16)))
    while model.running:
        model.step()
    assert model.books.registers.holdings[outsider.account, model.cast.listed_by_name["Oracle"].security] >= 0
    assert outsider.cash_cents > 0


def test_without_a_flow_the_pair_is_the_same_run():
    world = market("ai-2025", 42)
    first = of_flows._course(world, 3, [])
    second = of_flows._course(world, 3, [OutsideFlow(47, OUTSIDER, "Oracle", 10**12)])
    np.testing.assert_array_equal(first.prices, second.prices)


def test_an_impact_is_that_of_a_pair_of_runs_made_by_hand_and_of_no_other_world():
    world = market("ai-2025", 42)
    names = [f"impact.Oracle.100.{what}" for what in ("flow_share", "move_day_0", "move_day_20")]
    assert set(names) < set(names_of(["impact.*"], world))
    assert not any(name.startswith("impact") for name in names_of(["*"], load("ai-2025")))
    assert len([n for n in names_of(["*"], market("many-sectors", 42)) if n.startswith("impact")]) == 3 * (3 * 8 + 4)
    plain = of_flows._course(world, 3, [])
    row = plain.model.cast.listed_by_name["Oracle"].index
    shares = plain.model.books.registers.outstanding[plain.model.prices.securities][row]
    cents = int(0.01 * plain.prices[14, row] * shares)
    moved = of_flows._course(world, 3, [OutsideFlow(15, OUTSIDER, "Oracle", cents)])
    bought = (moved.held - plain.held)[15, row] * moved.prices[15, row] / (plain.prices[14, row] * shares)
    ratio = moved.prices[:, row] / plain.prices[:, row] - 1
    found = run_world(world, 3, [*names, "impact.one share.100.flow_share"]).scalars
    assert list(found.values())[:3] == pytest.approx([bought, ratio[15], ratio[35]], rel=1e-12)
    assert found["impact.one share.100.flow_share"] is None
    assert bought > 0.005


def test_the_generated_market_is_as_wide_and_as_large_as_it_says():
    world = market("many-sectors", 42)
    values = [firm.shares * firm.price_usd for firm in world.listed_firm]
    assert (len(values), len({firm.sector for firm in world.listed_firm})) == (60, 6)
    assert max(values[:10]) / sum(values[:10]) == pytest.approx(0.2, abs=0.01)
    assert world.households == load("ai-2025").households
    held = {(s.owner, s.firm): s.shares for s in world.stake}
    assert held == {(OUTSIDER, f.name): int(f.shares * 0.03) for f in world.listed_firm}


def test_the_slope_finds_a_planted_multiplier_and_the_interval_holds_it():
    rng = np.random.default_rng(5)
    flow = np.tile([-0.01, 0.01], 50)
    pairs = pd.DataFrame(
        {"seed": np.arange(100) // 2, "flow_share": flow, "move_day_20": 2.5 * flow + rng.normal(0, 1e-3, 100)}
    )
    low, high = study.slope_interval(pairs, "move_day_20")
    assert low < 2.5 < high
    assert high - low < 0.1
    assert study.slope(pairs, "move_day_20") == pytest.approx(2.5, abs=0.05)


@pytest.mark.slow
def test_impact_grows_from_share_to_sector_to_market_as_the_literature_has_it():
    found = {c.key: c for c in study.checks(quick=True, workers=1, tell=quiet)}
    lasting = [found["impact.one_share"], found["impact.sector"], found["impact.market"]]
    assert [c.verdict for c in lasting] == [Verdict.HOLDS] * 3
    assert lasting[0].measured < lasting[1].measured < lasting[2].measured
