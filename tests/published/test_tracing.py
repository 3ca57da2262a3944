"""Tracing is an absorbing Markov chain, and the constant-cost loop has its closed form, to the cent."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import CAUSE
from carousel.ledger.origins import LAPS, LAPS_MAX, TracingRule
from carousel.tests.oracles.traced_cash import composition

BILLION = 100 * 10**9


def test_money_of_a_fair_gambler_ends_where_the_absorbing_chain_says():
    """Every state hands half of what it has to each neighbour; 0 and 4 keep what they get.

    The part of money from state i that ends in 0 and in 4 is B = [[.75, .25], [.5, .5], [.25, .75]].
    Source: Grinstead & Snell, Introduction to Probability, ch. 11, example 11.13 (drunkard's walk).
    """
    books = Books()
    journal, tracer = books.journal, books.tracers[TracingRule.PRO_RATA]
    sources = [journal.open_outside(f"money of {state}", OriginClass.LEGACY) for state in (1, 2, 3)]
    ends = [journal.open_inside(f"state {state}") for state in (0, 4)]
    # two purses for each state, this round's and the next one's, so that all move at the same moment
    purses = [[journal.open_inside(f"state {state}, purse {k}") for state in (1, 2, 3)] for k in (0, 1)]
    stake = 2**50
    for source, purse in zip(sources, purses[0], strict=True):
        journal.post(source, purse, stake, Cause.OPENING)
    books.close_day(0)
    for day in range(1, 91):
        books.start_day(day)
        now, then = purses[(day - 1) % 2], purses[day % 2]
        for state, purse in enumerate(now):
            whole = journal.balance(purse)
            half = whole // 2
            left = ends[0] if state == 0 else then[state - 1]
            right = ends[1] if state == 2 else then[state + 1]
            for payee, cents in ((left, half), (right, whole - half)):
                if cents:
                    journal.post(purse, payee, cents, Cause.OBLIGATION)
        books.close_day(day)
        # no slice is off its exact share by more than a cent, so B holds up to what is underway and 6 cents a day
        underway = sum(composition(tracer, purse) for purse in purses[day % 2])[:, 0]
        absorbed = np.stack([composition(tracer, end)[:, 0] for end in ends], axis=1)
        assert (absorbed.sum(axis=1) + underway == stake).all()
        for state, share in enumerate([(3, 1), (2, 2), (1, 3)]):
            for end in (0, 1):
                missing = share[end] * stake // 4 - int(absorbed[state, end])
                assert -6 * day <= missing <= int(underway[state]) + 6 * day
    assert underway.sum() < 100


def loop(gigawatts, rule=TracingRule.PRO_RATA):
    """A lab pays 50 billion a GW, the chip maker gets 35 and hands 10 back."""
    books = Books([rule])
    journal = books.journal
    limited_partners = journal.open_outside("limited partners", OriginClass.LIMITED_PARTNERS)
    suppliers = journal.open_outside("suppliers", OriginClass.SUPPLIERS)
    lab, cloud, chip_maker = (journal.open_inside(name) for name in ("lab", "cloud", "chip maker"))
    recycled = 0
    for day in range(gigawatts):
        books.start_day(day)
        journal.post(limited_partners, lab, 50 * BILLION - recycled, Cause.ROUND)
        journal.post(lab, cloud, 50 * BILLION, Cause.COMPUTE_BILL)
        journal.post(cloud, chip_maker, 35 * BILLION, Cause.CHIP_BILL)
        journal.post(cloud, suppliers, 15 * BILLION, Cause.CONSTRUCTION)
        recycled = 10 * BILLION
        journal.post(chip_maker, lab, recycled, Cause.MILESTONE, lap_step=1)
        journal.post(chip_maker, suppliers, 25 * BILLION, Cause.RUNNING_COSTS)
        closed = books.close_day(day)
        yield closed.entries, closed.slices[rule].dense()


def test_the_constant_cost_loop_has_an_external_share_of_four_fifths():
    """Gain g = (35 / 50) x (10 / 35) = 0.2: external share 1 - g, lap k has (1 - g) g**k of spending, multiplier
    1.25."""
    gain = Fraction(35, 50) * Fraction(10, 35)
    for gigawatt, (entries, slices) in enumerate(loop(40)):
        spending = slices[entries[:, CAUSE] == Cause.COMPUTE_BILL][0]
        assert spending.shape == (2, LAPS)
        assert spending[1].sum() == 0
        by_lap = [Fraction(int(cents), 50 * BILLION) for cents in spending[0]]
        reached = min(gigawatt, LAPS_MAX)
        expected = [(1 - gain) * gain**lap for lap in range(reached)] + [gain**reached]
        assert by_lap[: reached + 1] == expected
        assert not any(by_lap[reached + 1 :])
    assert by_lap[0] == Fraction(4, 5)
    assert sum(by_lap[1:]) == Fraction(1, 5)
    assert 1 / by_lap[0] == Fraction(5, 4)


def test_the_chip_makers_revenue_has_the_labs_mix_of_laps():
    for entries, slices in loop(20):
        bill = slices[entries[:, CAUSE] == Cause.COMPUTE_BILL][0]
        chips = slices[entries[:, CAUSE] == Cause.CHIP_BILL][0]
        assert (bill * 35 == chips * 50).all()


def test_how_often_money_was_recycled_depends_on_the_convention():
    """The same payments, other cents; four fifths are new in each.

    Last in first out, what is recycled is always fresh from outside; first in first out, the same ten billion go round
    for ever; in proportion, laps fall off geometrically.
    """
    by_lap = {}
    for rule in TracingRule:
        for entries, slices in loop(20, rule):
            spending = slices[entries[:, CAUSE] == Cause.COMPUTE_BILL][0]
        by_lap[rule] = (spending[0] / BILLION).tolist()
    assert by_lap[TracingRule.LIFO] == [40, 10, 0, 0, 0, 0, 0, 0]
    assert by_lap[TracingRule.FIFO] == [40, 0, 0, 0, 0, 0, 0, 10]
    assert by_lap[TracingRule.PRO_RATA][:3] == [40, 8, 1.6]
