"""Contracts live as docs/odd.md says: announced, binding, delivering, late, renegotiated, cancelled or done."""

from __future__ import annotations

import pytest
from carousel.contracts.base import LIFE, BadTransition, Status
from carousel.contracts.chip_order import ChipOrder
from carousel.contracts.phase import Phase
from hypothesis import given
from hypothesis import strategies as st

from .conftest import compute, notary


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_a_contract_goes_only_where_its_life_leads(before, after):
    contract = compute()
    contract.status = before
    if after in LIFE[before]:
        contract.move(after)
        assert contract.status is after
    elif after is before:
        contract.move(after)
        assert contract.status is before
    else:
        with pytest.raises(BadTransition) as error:
            contract.move(after)
        assert (error.value.contract, error.value.came, error.value.asked) == ("C", before, after)
        assert contract.status is before


def test_chips_on_order_are_void_and_told_when_their_buyer_fails():
    """3 bn on order at a margin of 60 % and a multiple of 20: 90 m a year until then, and nothing after."""
    at = notary()
    order = ChipOrder(at, "Cloud", "Maker", 1.0)
    order.reprice(300_000_000_000, 0.6, 20.0)
    assert (order.committed_cents, order.profit_usd_per_year) == (300_000_000_000, 90e6)
    order.on_default("Maker")
    assert order.is_alive
    order.on_default("Cloud")
    assert (order.status, order.committed_cents, order.profit_usd_per_year) == (Status.CANCELLED, 0, 0.0)
    (told,) = at.chronicle.announcements.announcements
    assert (told.firm, told.announced_cents, told.direction) == ("Maker", 300_000_000_000, -1)
    assert told.text == "Cloud defaults: its chip orders at Maker are void"


@pytest.mark.parametrize("end", [Status.CANCELLED, Status.DONE])
def test_nothing_follows_a_cancelled_or_finished_contract(end):
    contract = compute()
    contract.status = end
    assert LIFE[end] == frozenset()
    assert not contract.is_alive


def test_every_status_can_be_reached_from_the_announcement():
    reached, frontier = {Status.ANNOUNCED}, [Status.ANNOUNCED]
    while frontier:
        for status in LIFE[frontier.pop()] - reached:
            reached.add(status)
            frontier.append(status)
    assert reached == set(Status)


def test_capacity_is_in_service_under_construction_or_still_to_be_begun():
    contract = compute(delivered_mw=500, capacity_mw=4500)
    contract.start(Phase(megawatts=125, start_month=0, order_month=6, service_month=12))
    assert (contract.started_mw, contract.building_mw, contract.remaining_mw) == (625, 125, 3875)
