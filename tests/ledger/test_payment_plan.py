"""Cleared dues can be paid in the planned order, and only circles of debt are set off."""

from __future__ import annotations

import pytest
from carousel.ledger.causes import Cause
from carousel.ledger.dues import Due, Settlement, clear_dues
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


def in_order(turn):
    """Every payment of a ring as (payer, cents)."""
    lap = [(payer, turn.till_cents) for payer in range(turn.parties)]
    return [*lap * turn.whole_laps, *turn.rest]


def test_a_till_stops_where_a_debt_is_paid_up():
    result = pay_in_turn([100, 30, 100], 10)
    assert in_order(result)[-1] == (0, 10)
    assert (result.payments, result.unpaid_cents) == (10, 230 - 100)
    assert pay_in_turn([5, 5], 0).laps == 0


def one_by_one(ring, till):
    """Every payment of a ring made by itself: (payments, unpaid)."""
    left, purse, at, made = list(ring), [till] + [0] * (len(ring) - 1), 0, []
    while amount := min(purse[at], left[at]):
        made.append((at, amount))
        purse[at], left[at] = purse[at] - amount, left[at] - amount
        at = (at + 1) % len(ring)
        purse[at] += amount
    return made, sum(left)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=5), st.integers(0, 70))
def test_laps_divided_out_are_the_payments_made_one_by_one(ring, till):
    result = pay_in_turn(ring, till)
    made, unpaid = one_by_one(ring, till)
    assert (in_order(result), result.payments, result.unpaid_cents) == (made, len(made), unpaid)
    assert result.laps == -(-len(made) // len(ring))
    assert result.paid_cents == sum(cents for _, cents in made) == sum(ring) - unpaid


@pytest.mark.parametrize("owed", [10**9, 2**53, 2**53 - 1])
def test_a_ring_of_any_size_takes_no_longer_than_a_small_one(owed):
    """Three debts of 10^7 dollars and one dollar in the till: 3 x 10^7 payments."""
    result = pay_in_turn([owed] * 3, 100)
    whole, over = divmod(owed, 100)
    assert result.payments == 3 * whole + (3 if over else 0)
    assert (result.laps, result.unpaid_cents, result.paid_cents) == (whole + (over > 0), 0, 3 * owed)
    assert len(result.rest) <= 3


@pytest.mark.parametrize(("ring", "till"), [([5], 1), ([5, -5], 1), ([5, 5], -1)])
def test_what_is_no_ring_is_refused(ring, till):
    with pytest.raises(ValueError, match="allowed"):
        pay_in_turn(ring, till)
