"""Cleared dues can be paid in the planned order, and only circles of debt are set off."""

from __future__ import annotations

import pytest
from carousel.ledger.causes import Cause
from carousel.ledger.dues import Due, Settlement, clear_dues
from carousel.ledger.exact_clearing import NonConvergence
from carousel.ledger.payment_plan import pay_in_turn, plan_payments
from hypothesis import given, settings
from hypothesis import strategies as st


def due(payer, payee, cents, seniority=0):
    return Due(payer, payee, cents, seniority, -1, Cause.OBLIGATION)


dues_of_a_month = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 6), st.one_of(st.integers(1, 9), st.integers(1, 10**12)), st.integers(0, 2)
    ).filter(lambda t: t[0] != t[1]),
    max_size=14,
).map(lambda rows: [due(*row) for row in rows])
tills = st.dictionaries(st.integers(0, 6), st.one_of(st.integers(0, 9), st.integers(0, 10**12)))


@settings(deadline=None)
@given(dues_of_a_month, tills)
def test_every_payment_is_covered_when_made_and_all_that_is_cleared_gets_paid(dues, cash):
    settlements = clear_dues(dues, cash)
    plan = plan_payments(settlements, cash)
    till = {account: cash.get(account, 0) for account in range(7)}
    done = [0] * len(dues)
    for index, cents in plan.payments:
        assert 0 < cents <= till[dues[index].payer]
        till[dues[index].payer] -= cents
        till[dues[index].payee] += cents
        done[index] += cents
    net = dict.fromkeys(till, 0)
    for index, cents in plan.set_off:
        assert cents > 0
        done[index] += cents
        net[dues[index].payer] -= cents
        net[dues[index].payee] += cents
    assert done == [each.paid_cents for each in settlements]
    assert not any(net.values())


def test_with_cash_for_all_every_due_is_one_payment_in_the_order_given():
    dues = [due(0, 1, 5), due(1, 2, 7), due(0, 2, 3)]
    plan = plan_payments(clear_dues(dues, {0: 8, 1: 7}), {0: 8, 1: 7})
    assert (plan.payments, plan.set_off) == ([(0, 5), (1, 7), (2, 3)], [])


def test_who_is_paid_first_pays_next():
    dues = [due(2, 3, 5), due(1, 2, 5), due(0, 1, 5)]
    assert plan_payments(clear_dues(dues, {0: 5}), {0: 5}).payments == [(2, 5), (1, 5), (0, 5)]


def test_cash_on_a_circle_is_paid_round_before_the_rest_is_set_off():
    dues = [due(0, 1, 100), due(1, 2, 100), due(2, 0, 100)]
    plan = plan_payments(clear_dues(dues, {0: 1}), {0: 1}, laps_max=12)
    assert sum(cents for _, cents in plan.payments) == 36
    assert plan.set_off == [(0, 88), (1, 88), (2, 88)]


def test_a_plan_beyond_anybodys_means_is_refused():
    with pytest.raises(ValueError, match="beyond the means of account 0"):
        plan_payments([Settlement(due(0, 1, 5), 5, 0)], {0: 4})


def test_a_till_stops_where_a_debt_is_paid_up():
    result = pay_in_turn([100, 30, 100], 10)
    assert result.payments[-1] == (0, 10)
    assert (len(result.payments), result.unpaid_cents) == (10, 230 - 100)
    assert pay_in_turn([5, 5], 0).laps == 0


@pytest.mark.parametrize(("ring", "till"), [([5], 1), ([5, -5], 1), ([5, 5], -1)])
def test_what_is_no_ring_is_refused(ring, till):
    with pytest.raises(ValueError, match="allowed"):
        pay_in_turn(ring, till)


def test_an_endless_ring_is_given_up(monkeypatch):
    monkeypatch.setattr("carousel.ledger.payment_plan.TURNS_MAX", 50)
    with pytest.raises(NonConvergence) as caught:
        pay_in_turn([100] * 3, 1)
    assert caught.value.rounds == 50
