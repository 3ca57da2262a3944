"""The whole model, run on constant unit costs, returns the loop's closed form to the cent: 10 of 50 billion a GW.

Source: geometric series of constant unit costs. Gain g = (chip share of the cost per GW) x (recycled per GW / chips per
GW); external share 1 - g; real spending per outside dollar 1 / (1 - g). FACTS: 50 bn a GW, 35 of it chips, 10 come
back (NVIDIA, Barclays, CNBC, Sep 2025).
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from carousel.contracts.base import Status
from carousel.history.recorder import Recorder
from carousel.history.sinks import MemorySink
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, PAYEE
from carousel.ledger.origins import TracingRule
from carousel.model import CarouselModel
from carousel.report.measures_origin import loop_arithmetic_paid
from carousel.scenarios.loader import load

SCENARIO = Path(__file__).resolve().parents[2] / "experiments" / "validation" / "constant-cost-loop.toml"
BILLION = 100 * 10**9


class Loop:
    """A run of the loop with everything that was paid, and with whose money the lab was."""

    def __init__(self, *overrides):
        self.model = CarouselModel(load(SCENARIO, overrides), rng=0)
        self.paid = dict.fromkeys(Cause, 0)
        self.received = {rule: np.zeros(8, np.int64) for rule in TracingRule}
        self.events = []
        self.sink = MemorySink()
        self.recorder = Recorder(self.model, self.sink)
        self.model.observers.append(self.recorder)
        while self.model.running:
            self.model.step()
            self._add()
        self.recorder.finish()

    def _add(self):
        day = self.model.books.last
        for row in day.entries.tolist():
            self.paid[Cause(row[CAUSE])] += row[CENTS]
        to_lab = day.entries[:, PAYEE] == self.model.cast.labs[0].account
        for rule, slices in day.slices.items():
            self.received[rule] += slices.dense()[to_lab].sum(axis=(0, 1))
        self.events += self.model.chronicle.events

    @property
    def gain(self):
        return Fraction(self.paid[Cause.MILESTONE], self.paid[Cause.CHIP_BILL] + self.paid[Cause.CONSTRUCTION])


@pytest.fixture(scope="module")
def loop():
    return Loop()


def test_all_capacity_is_delivered_and_paid_for(loop):
    assert loop.model.cast.clouds[0].delivered_mw == 4000
    assert loop.paid[Cause.CHIP_BILL] == 4 * 35 * BILLION
    assert loop.paid[Cause.CONSTRUCTION] == 4 * 15 * BILLION
    assert loop.model.contracts.bills.due == []


def test_every_milestone_is_paid_in_full(loop):
    tranches = [event[4] for event in loop.events if event[1] == "milestone_paid"]
    assert tranches == [10 * BILLION] * 4
    assert loop.paid[Cause.MILESTONE] == loop.model.contracts.promises[1].paid_cents == 40 * BILLION


def test_the_external_share_is_four_fifths_and_the_multiplier_five_fourths(loop):
    assert loop.gain == Fraction(35, 50) * Fraction(10, 35) == Fraction(1, 5)
    assert 1 - loop.gain == Fraction(4, 5)
    assert 1 / (1 - loop.gain) == Fraction(5, 4)


def test_the_measure_of_a_run_says_the_same(loop):
    measured = loop_arithmetic_paid(loop.sink.tables()["journal"])
    assert measured.gain == pytest.approx(0.20, abs=1e-12)
    assert measured.external_share == pytest.approx(0.80, abs=1e-12)
    assert measured.multiplier == pytest.approx(1.25, abs=1e-12)


@pytest.mark.parametrize(("per_gw_bn", "gain"), [(5, Fraction(1, 10)), (20, Fraction(2, 5)), (25, Fraction(1, 2))])
def test_the_gain_is_what_comes_back_of_every_gw(per_gw_bn, gain):
    assert Loop(f"milestone.Investment.amount_usd_per_gw={per_gw_bn}e9").gain == gain


def test_the_gain_depends_on_all_costs_and_not_on_the_chips_alone():
    """60 billion a GW, the upper end of the facts: a sixth comes back."""
    assert Loop("supply.Chips.other_usd_per_gw=25e9").gain == Fraction(1, 6)


def test_the_recycled_money_of_the_lab_is_the_milestone_money_under_every_tracing_rule(loop):
    """Lap 1 and above: to the cent what the chip maker handed back; lap 0: to the cent what its investor put in."""
    inflow = loop.paid[Cause.MILESTONE] + loop.paid[Cause.ROUND]
    for received in loop.received.values():
        assert int(received[1:].sum()) == loop.paid[Cause.MILESTONE]
        assert int(received[0]) == loop.paid[Cause.ROUND]
        share = Fraction(int(received[1:].sum()), int(received.sum()))
        assert share == Fraction(loop.paid[Cause.MILESTONE], inflow)


def test_money_that_comes_round_again_starts_its_second_lap(loop):
    """In proportion some of a tranche has been the lab's before; first in first out it is the cloud's old cash."""
    assert loop.received[TracingRule.PRO_RATA][2] > 0
    assert loop.received[TracingRule.FIFO][2] == 0


def test_a_milestone_outside_the_circle_recycles_nothing():
    """The counterfactual: the cloud buys its chips from somebody else, so what the investor pays is fresh money."""
    other = load(SCENARIO)
    maker = other.chip_maker[0]
    stranger = maker.model_copy(update={"name": "Stranger", "ticker": "STR"})
    supply = other.supply[0].model_copy(update={"supplier": "Stranger"})
    scenario = other.model_copy(update={"chip_maker": (maker, stranger), "supply": (supply,)})
    model = CarouselModel(scenario, rng=0)
    assert model.contracts.lap_step("Chip maker", "Lab") == 0
    assert model.contracts.lap_step("Stranger", "Lab") == 1


def test_a_board_that_doubts_returns_less_than_the_closed_form():
    """Half tranches below a credibility of one in three: the loop's gain is half of it."""
    doubting = Loop("behaviour.contract_log_odds=-1.0")
    assert doubting.gain == Fraction(1, 10)
    assert {event[1] for event in doubting.events} >= {"milestone_cut"}


def test_an_investment_that_is_paid_in_full_is_done(loop):
    assert loop.model.contracts.promises[1].status is Status.DONE


def test_the_tranches_do_not_depend_on_what_shareholders_capitalise():
    assert Loop("milestone.Investment.chips_usd_per_gw=0.0").gain == Fraction(1, 5)


def test_the_tranches_do_not_depend_on_the_margin_of_the_contract():
    assert Loop("contract.Compute.net_margin=0.0").gain == Fraction(1, 5)
