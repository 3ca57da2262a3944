"""Statements of running models: closed at the end, and a cent planted in them stops the run."""

from __future__ import annotations

import pytest
from carousel.ledger.audit import AuditError
from carousel.ledger.causes import Cause
from carousel.ledger.statement_lines import Line, Section
from carousel.ledger.statements import BALANCED

LAST = 22
"""Day of the run's end: its statements are those of a quarter that ends early."""


@pytest.fixture
def model(bench):
    """Vendor loans, on the day before the end: capacity in service from the opening, a month of bills."""
    model = bench.small("vendor-loans", seed=0, days=LAST)
    for _ in range(LAST - 1):
        model.step()
    return model


def stopped(model):
    """The audit's error on the last day."""
    with pytest.raises(AuditError) as caught:
        model.step()
    return caught.value.day, caught.value.identity, caught.value.where, caught.value.gap


def builder(model):
    """A contract with capacity in service, and its builder."""
    contract = next(c for cloud in model.cast.clouds for c in cloud.contracts if c.plant.chips.lots)
    return contract, contract.terms.provider


def test_statements_are_drawn_up_at_the_opening_and_on_the_last_day(model):
    assert model.books.statements.quarter == 0
    model.step()
    assert (model.running, model.books.statements.quarter) == (False, 1)
    names = {firm.name for firm in (*model.cast.clouds, *model.cast.chip_makers)}
    assert {line.firm for line in model.books.statements.lines} >= names


def test_capacity_in_service_is_written_off_and_what_is_being_built_is_not(model):
    contract, name = builder(model)
    model.step()
    told = {(at.section, at.line): at.cents for at in model.books.statements.lines if at.firm == name}
    plants = [c.plant for c in model.contracts.built_by(name)]
    assert told[Section.INCOME, Line.CHIP_DEPRECIATION] == -sum(p.chips.written_off_cents(LAST) for p in plants)
    assert told[Section.ASSETS, Line.BUILDING] == sum(c.building_cents for c in model.contracts.built_by(name))
    assert contract.plant.sites.written_off_cents(LAST) < contract.plant.chips.written_off_cents(LAST)


def test_a_cent_added_to_the_cost_of_chips_in_service_is_seen(model):
    contract, name = builder(model)
    lots = contract.plant.chips.lots
    lots[0] = lots[0]._replace(cents=lots[0].cents + 1)
    day, identity, where, gap = stopped(model)
    assert (day, identity, where, abs(gap)) == (LAST, BALANCED, name, 1)


def test_a_cent_that_a_phase_forgets_is_seen(model):
    contract = next(c for cloud in model.cast.clouds for c in cloud.contracts if c.phases)
    contract.phases[0].invoice(-1)
    assert stopped(model) == (LAST, BALANCED, contract.terms.provider, -1)


def test_a_cent_that_was_billed_and_nobody_has_spent_is_seen(model):
    cloud = model.cast.clouds[0]
    model.contracts.bills.control.owed_by_cause[cloud.account, Cause.OPERATION] -= 1
    assert stopped(model) == (LAST, BALANCED, cloud.name, -1)


def test_a_payment_told_as_what_it_is_not_is_seen(model):
    taken, cloud = model.books.flows.taken_by_cause, model.cast.clouds[0]
    taken[cloud.account, Cause.REVENUE_OTHER] -= 1
    taken[cloud.account, Cause.SAVING] += 1
    assert stopped(model) == (LAST, BALANCED, cloud.name, 1)
