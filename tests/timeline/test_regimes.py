"""Whether the circle turns is decided by its state: the same seeds go on with money and growth, and fail without."""

from __future__ import annotations

import math
import statistics

import pytest
from carousel.contracts.base import Status

pytestmark = pytest.mark.slow
UNPAID = ("bill_late", "bill_missed")


@pytest.fixture(scope="module")
def plenty(bench, stressed):
    """Growth and dry powder, over the days in which every stressed run has missed a bill."""
    days = max(told.first(*UNPAID) for told in stressed.values())
    assert days < 10**9
    as_hoped = (*bench.ROUND_PAID, "lab.*.growth_volatility_per_year=0")
    return {
        seed: bench.tell(bench.small(seed=seed, days=days, overrides=as_hoped, **bench.PLENTY))
        for seed in bench.STRESS_SEEDS
    }


def ends(told):
    """Days on which the compute contract was renegotiated or cancelled."""
    return [e[0] for e in told.events if e[1] in ("renegotiated", "cancelled") and e[3] == "Oracle"]


def test_without_growth_and_dry_powder_most_labs_fail_to_raise_then_to_pay_then_break_the_contract(stressed):
    in_order = [
        told.first("round_failed") < told.first(*UNPAID) < max(ends(told), default=0) for told in stressed.values()
    ]
    assert sum(in_order) > len(in_order) / 2


def test_a_bill_is_late_before_it_is_missed_and_missed_before_anything_is_written_off(stressed):
    for told in stressed.values():
        if told.days_of("default"):
            assert told.first("bill_late") < told.first("bill_missed") < told.first("default")


def test_the_reversal_reaches_the_milestone_and_the_builder(stressed):
    """The letter of intent is gone, capacity that the lab no longer pays for is let to others."""
    for told in stressed.values():
        model = told.model
        compute, milestone = model.contracts.promises[:2]
        assert milestone.status is Status.CANCELLED
        if compute.status is Status.CANCELLED:
            assert model.contracts.promises[0].relet_mw > 0
            assert model.cast.clouds[0].delivered_mw == 0


def test_with_growth_and_dry_powder_no_bill_is_missed(plenty):
    for told in plenty.values():
        assert told.days_of(*UNPAID, "default", "renegotiated", "cancelled") == []
        assert told.days_of("round_closed") != []


def test_the_builder_is_worth_less_where_its_customer_will_fail_before_anything_has_failed(bench):
    """Paired on 12 seeds: doubt about money and growth shows in 100 days, months before the first failed round."""

    def builder_usd(**world):
        model = bench.small(days=100, **world)
        while model.running:
            model.step()
        return model.cast.clouds[0].market_value_cents / 100

    effect = [
        math.log(builder_usd(seed=seed, **bench.STRESS) / builder_usd(seed=seed, **bench.PLENTY))
        for seed in range(201, 213)
    ]
    assert statistics.mean(effect) + 2 * statistics.stdev(effect) / math.sqrt(len(effect)) < 0
