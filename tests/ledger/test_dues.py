"""Dues clear in whole cents: means are spent exactly, seniors first, in proportion, and nobody could have paid more."""

from __future__ import annotations

from fractions import Fraction

import pytest
from carousel.ledger.causes import Cause
from carousel.ledger.dues import Due, clear_dues, default_losses
from carousel.ledger.exact_clearing import clear_exactly
from carousel.ledger.units import CENTS_LIMIT, split
from carousel.tests.oracles.clearing_vector import clearing_vector
from hypothesis import given, settings
from hypothesis import strategies as st


def due(payer, payee, cents, seniority=0):
    return Due(payer, payee, cents, seniority, -1, Cause.OBLIGATION)


def networks(parties=6, classes=3, amounts=None):
    amounts = st.one_of(st.integers(0, 12), st.integers(0, 10**13)) if amounts is None else amounts
    one = st.builds(
        due,
        st.integers(0, parties - 1),
        st.integers(parties, 2 * parties),
        amounts,
        st.integers(0, classes - 1),
    )
    inner = st.tuples(
        st.integers(0, parties - 1), st.integers(1, parties - 1), amounts, st.integers(0, classes - 1)
    ).map(lambda t: due(t[0], (t[0] + t[1]) % parties, t[2], t[3]))
    return st.lists(st.one_of(inner, inner, one), max_size=14)


tills = st.dictionaries(st.integers(0, 5), st.one_of(st.integers(0, 10), st.integers(0, 10**13)))
parts = st.sampled_from([1.0, 1.0, 0.5, 0.3, 0.0])


def waterfall(dues, means):
    """What one payer with these means pays on each of its dues, in exact fractions."""
    out, left = {}, Fraction(means)
    for seniority in sorted({d.seniority for _, d in dues}):
        group = [(k, d) for k, d in dues if d.seniority == seniority]
        owed = sum(d.cents for _, d in group)
        paid = min(left, Fraction(owed))
        for k, d in group:
            out[k] = paid * d.cents / owed if owed else Fraction(0)
        left -= paid
    return out


@settings(deadline=None)
@given(networks(), tills, parts, parts)
def test_every_payer_spends_its_means_exactly_and_within_a_cent_of_its_waterfall(dues, cash, alpha, beta):
    settlements = clear_dues(dues, cash, alpha, beta)
    paid = [each.paid_cents for each in settlements]
    losses = default_losses(settlements, cash)
    for payer in {d.payer for d in dues}:
        own = [(k, d) for k, d in enumerate(dues) if d.payer == payer]
        received = sum(paid[k] for k, d in enumerate(dues) if d.payee == payer)
        spent = sum(paid[k] for k, _ in own)
        owed = sum(d.cents for _, d in own)
        means = cash.get(payer, 0) + received
        assert all(0 <= paid[k] <= d.cents for k, d in own)
        assert all(s.paid_cents + s.shortfall_cents == s.due.cents for s in settlements)
        if payer not in losses:
            assert spent == owed <= means
        elif alpha == beta == 1:
            assert spent == means < owed
        else:
            cost = (1 - Fraction(str(alpha))) * cash.get(payer, 0) + (1 - Fraction(str(beta))) * received
            assert means - spent == losses[payer]
            assert abs(losses[payer] - cost) <= 1 + len(dues)
        exact = waterfall(own, spent)
        assert all(abs(paid[k] - exact[k]) <= len(dues) for k, _ in own)


@settings(deadline=None)
@given(networks(), tills)
def test_a_class_is_paid_only_when_all_above_it_are_paid_in_full(dues, cash):
    settlements = clear_dues(dues, cash)
    for one in settlements:
        for other in settlements:
            if one.due.payer == other.due.payer and one.due.seniority < other.due.seniority and one.shortfall_cents:
                assert other.paid_cents == 0


def kleene(dues, cash, alpha, beta, paid, *, rounds):
    """Payments after some rounds in which everybody pays what the round before allows."""
    for _ in range(rounds):
        new = list(paid)
        for payer in {d.payer for d in dues}:
            own = [(k, d) for k, d in enumerate(dues) if d.payer == payer]
            received = sum(paid[k] for k, d in enumerate(dues) if d.payee == payer)
            means = cash.get(payer, 0) + received
            if means < sum(d.cents for _, d in own):
                means = Fraction(str(alpha)) * cash.get(payer, 0) + Fraction(str(beta)) * received
            for k, amount in waterfall(own, means).items():
                new[k] = amount
        paid = new
    return paid


@settings(deadline=None, max_examples=60)
@given(networks(amounts=st.integers(0, 30)), st.dictionaries(st.integers(0, 5), st.integers(0, 20)), parts, parts)
def test_it_is_a_clearing_and_no_other_pays_more(dues, cash, alpha, beta):
    found = []

    def remember(network):
        found.append(clear_exactly(network))
        return found[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("carousel.ledger.dues.clear_exactly", remember)
        settlements = clear_dues(dues, cash, alpha, beta)
    exact = found[0] if found else [Fraction(each.paid_cents) for each in settlements]
    # a clearing: one more round changes nothing; the greatest: rounds that start with all paid never fall below it
    assert kleene(dues, cash, alpha, beta, exact, rounds=1) == exact
    above = kleene(dues, cash, alpha, beta, [Fraction(d.cents) for d in dues], rounds=25)
    assert all(high >= low for high, low in zip(above, exact, strict=True))
    assert all(abs(each.paid_cents - amount) < 1 for each, amount in zip(settlements, exact, strict=True))


@settings(deadline=None, max_examples=60)
@given(networks(amounts=st.integers(0, 30)), st.dictionaries(st.integers(0, 5), st.integers(0, 20)), parts)
def test_rounds_from_all_paid_come_down_to_it(dues, cash, alpha):
    """At beta = 1/2 every round halves what is left of the distance, once it is settled who defaults."""
    settlements = clear_dues(dues, cash, alpha, 0.5)
    grid = 2**64
    paid = [Fraction(d.cents) for d in dues]
    for _ in range(400):
        # rounded up to a fine grid: still from above, and the fractions stay short
        new = kleene(dues, cash, alpha, 0.5, paid, rounds=1)
        new = [Fraction(-(-amount.numerator * grid // amount.denominator), grid) for amount in new]
        if new == paid:
            break
        paid = new
    assert all(abs(each.paid_cents - amount) <= 1 for each, amount in zip(settlements, paid, strict=True))


@settings(deadline=None)
@given(networks(classes=1, amounts=st.integers(0, 10**6)), st.dictionaries(st.integers(0, 5), st.integers(0, 10**6)))
def test_with_one_class_cents_agree_with_the_real_clearing_vector(dues, cash):
    n = 13
    liabilities = [[0.0] * n for _ in range(n)]
    for each in dues:
        liabilities[each.payer][each.payee] += each.cents
    real = clearing_vector(liabilities, [float(cash.get(i, 0)) for i in range(n)]).paid
    whole = [0] * n
    for each in clear_dues(dues, cash):
        whole[each.due.payer] += each.paid_cents
    assert all(abs(a - b) <= len(dues) + 1 for a, b in zip(real, whole, strict=True))


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(0, 10**9))
def test_a_lone_defaulter_pays_outsiders_by_largest_remainder(amounts, till):
    till = min(till, sum(amounts))
    settlements = clear_dues([due(0, 1 + k, cents) for k, cents in enumerate(amounts)], {0: till})
    assert [each.paid_cents for each in settlements] == split(till, amounts)


def test_a_closed_circle_that_owes_an_outsider_first_pays_nothing_out_of_nothing():
    dues = [due(0, 9, 50), due(0, 1, 100, 1), due(1, 0, 100)]
    assert [each.paid_cents for each in clear_dues(dues, {})] == [0, 0, 0]
    assert [each.paid_cents for each in clear_dues(dues, {0: 50})] == [50, 100, 100]
    assert [each.paid_cents for each in clear_dues(dues, {0: 30})] == [30, 0, 0]
    assert [each.paid_cents for each in clear_dues(dues, {0: 20, 1: 30})] == [50, 70, 100]
    assert [each.paid_cents for each in clear_dues(dues, {0: 20, 1: 29})] == [49, 0, 29]


def test_rounding_never_makes_a_solvent_payer_default():
    thirds = [due(0, 3, 1), due(1, 3, 1), due(2, 3, 1), due(0, 9, 2), due(1, 9, 2), due(2, 9, 2), due(3, 8, 1)]
    settlements = clear_dues(thirds, {0: 1, 1: 1, 2: 1})
    assert settlements[-1].paid_cents == 1
    assert sum(each.paid_cents for each in settlements[:3]) == 1


def test_default_costs_are_reported_by_defaulter():
    chain = [due(1, 2, 8_000), due(2, 3, 6_000), due(3, 4, 4_000)]
    cash = {1: 5_000, 3: 1_000}
    settlements = clear_dues(chain, cash, alpha=0.5, beta=0.5)
    assert [each.paid_cents for each in settlements] == [2_500, 1_250, 1_125]
    assert default_losses(settlements, cash) == {1: 2_500, 2: 1_250, 3: 1_125}
    assert default_losses(clear_dues(chain, cash), cash) == {1: 0, 2: 0}


@pytest.mark.parametrize("fields", [(1, 1, 5), (1, 2, -5), (1, 2, CENTS_LIMIT), (1, 2, 0.5)])
def test_what_is_no_due_is_refused(fields):
    with pytest.raises(ValueError, match="allowed"):
        due(*fields)


def test_a_due_is_anything_from_nothing_to_a_cent_below_the_limit():
    most = 2**53 - 1
    settlements = clear_dues([due(1, 2, most), due(2, 3, 0)], {1: most})
    assert [(each.paid_cents, each.shortfall_cents) for each in settlements] == [(most, 0), (0, 0)]


@pytest.mark.parametrize("arguments", [({1: -1},), ({}, 1.1), ({}, 1.0, -0.1), ({}, float("nan"))])
def test_what_is_no_till_and_no_part_is_refused(arguments):
    with pytest.raises(ValueError, match="allowed"):
        clear_dues([due(1, 2, 5)], *arguments)
