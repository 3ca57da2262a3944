"""Promises live as MODEL.md s. 7 says: announced, binding, delivering, late, renegotiated, cancelled or done."""

from __future__ import annotations

import pytest
from carousel.agents.commitments import LIFE, BadTransition, Buildout, Commitment, Phase, Status
from hypothesis import given
from hypothesis import strategies as st


def promise(**facts):
    base = {
        "number": 0, "name": "C", "kind": "compute", "payer": "Lab", "payee": "Cloud", "beneficiary": "Cloud",
        "instrument": "contract", "log_odds": 0.0, "profit_usd_per_year": 1.0, "contracted_mw": 1000,
        "announced_cents": 1, }  # fmt: skip
    return Commitment(**(base | facts))


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_a_commitment_goes_only_where_its_life_leads(before, after):
    commitment = promise(status=before)
    if after in LIFE[before]:
        commitment.move(after)
        assert commitment.status is after
    else:
        with pytest.raises(BadTransition) as error:
            commitment.move(after)
        assert (error.value.commitment, error.value.came, error.value.asked) == ("C", before, after)
        assert commitment.status is before


@pytest.mark.parametrize("end", [Status.CANCELLED, Status.DONE])
def test_nothing_follows_a_cancelled_or_finished_promise(end):
    assert LIFE[end] == frozenset()
    assert not promise(status=end).is_alive


def test_every_status_can_be_reached_from_the_announcement():
    reached, frontier = {Status.ANNOUNCED}, [Status.ANNOUNCED]
    while frontier:
        for status in LIFE[frontier.pop()] - reached:
            reached.add(status)
            frontier.append(status)
    assert reached == set(Status)


def test_capacity_is_in_service_under_construction_or_still_to_be_begun():
    build = Buildout(
        contract=0, customer="Lab", provider="Cloud", price_usd_per_mw_year=1.0, contracted_mw=4500,
        first_service_month=0, term_months=60,
        delivered_mw=500,
    )  # fmt: skip
    build.phases.append(Phase(megawatts=125, start_month=0, order_month=6, service_month=12))
    assert (build.started_mw, build.building_mw, build.remaining_mw) == (625, 125, 3875)
