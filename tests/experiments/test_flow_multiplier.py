"""Flows from outside: real orders whose impact grows with aggregation, measured by pairs of runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from carousel.agents.outside_flows import OutsideFlow
from carousel.experiments.studies import flow_multiplier as study
from carousel.experiments.studies.flow_markets import OUTSIDER, bundled_market
from carousel.experiments.validation.checks import Verdict
from carousel.model import CarouselModel


def test_a_flow_brings_cash_buys_at_the_close_and_every_cent_has_an_entry():
    """The audit runs every day; what the outsider holds more it has paid for from outside."""
    scenario = bundled_market("ai-2025", 3)
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
    scenario = bundled_market("ai-2025", 3)
    model = CarouselModel(scenario, rng=1)
    outsider = next(v for v in model.cast.venture_investors if v.name == OUTSIDER)
    model.cast.outside_flows.append(OutsideFlow(2, OUTSIDER, "Oracle", -(10**16)))
    while model.running:
        model.step()
    assert model.books.registers.holdings[outsider.account, model.cast.listed_by_name["Oracle"].security] >= 0
    assert outsider.cash_cents > 0


def test_without_a_flow_the_pair_is_the_same_run():
    first, _, _ = study._run("ai-2025", 3, [])
    second, _, _ = study._run("ai-2025", 3, [OutsideFlow(study.DAYS + 5, OUTSIDER, "Oracle", 10**12)])
    np.testing.assert_array_equal(first, second)


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
    found = {c.key: c for c in study.checks(quick=True, workers=1)}
    lasting = [found["impact.one_share"], found["impact.sector"], found["impact.market"]]
    assert [c.verdict for c in lasting] == [Verdict.HOLDS] * 3
    assert lasting[0].measured < lasting[1].measured < lasting[2].measured
