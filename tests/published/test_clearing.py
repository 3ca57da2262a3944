"""Clearing agrees with the published examples, and the opening joke with arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.dues import Due, clear_dues
from carousel.ledger.exact_clearing import NonConvergence
from carousel.ledger.journal import CENTS, Journal
from carousel.ledger.origins import LAPS_MAX, OriginTracer, TracingRule
from carousel.ledger.payment_plan import pay_in_turn, plan_payments
from carousel.tests.oracles.clearing_vector import clearing_vector
from carousel.tests.oracles.traced_cash import composition


def due(payer, payee, cents):
    return Due(payer, payee, cents, 0, -1, Cause.OBLIGATION)


def chain():
    """1 owes 2 eight, 2 owes 3 six, 3 owes an outsider four; 1 has five, 3 has one."""
    liabilities = np.zeros((4, 4))
    liabilities[0, 1], liabilities[1, 2], liabilities[2, 3] = 8, 6, 4
    return liabilities, np.array([5.0, 0, 1, 0])


def test_eisenberg_noe_three_banks():
    """Source: test suite of FinNetValu (Bertschinger), example of Eisenberg & Noe (2001)."""
    result = clearing_vector(np.array([[0, 0.1, 0.7], [2, 0, 10.5], [0, 8.4, 0]]), np.ones(3))
    assert result.paid == pytest.approx([0.8, 9.5, 8.4], abs=1e-12)
    assert result.defaulted.tolist() == [False, True, False]


def test_eisenberg_noe_three_banks_in_whole_cents():
    owed = {(0, 1): 10, (0, 2): 70, (1, 0): 200, (1, 2): 1050, (2, 1): 840}
    settlements = clear_dues([due(i, j, cents) for (i, j), cents in owed.items()], dict.fromkeys(range(3), 100))
    paid = [0, 0, 0]
    for each in settlements:
        paid[each.due.payer] += each.paid_cents
    assert paid == [80, 950, 840]
    assert [each.paid_cents for each in settlements] == [10, 70, 152, 798, 840]


def test_rogers_veraart_chain_with_both_costs_one_half():
    """Source: Rogers & Veraart (2013), default costs alpha = beta = 1/2."""
    assert clearing_vector(*chain(), 0.5, 0.5).paid[:3].tolist() == [2.5, 1.25, 1.125]


def test_rogers_veraart_chain_without_costs():
    assert clearing_vector(*chain()).paid[:3].tolist() == [5, 5, 4]


def test_of_several_clearings_the_greatest_is_taken():
    """Two banks that owe each other one and have nothing: paying all and paying nothing both clear."""
    assert clearing_vector(np.array([[0.0, 1], [1, 0]]), np.zeros(2), 0.5, 0.5).paid.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("liabilities", "cash", "costs"),
    [
        ([[0, -1], [0, 0]], [1, 1], (1, 1)),
        ([[1, 1], [0, 0]], [1, 1], (1, 1)),
        ([[0, 1]], [1, 1], (1, 1)),
        ([[0, 1], [0, 0]], [-1, 1], (1, 1)),
        ([[0, 1], [0, 0]], [1, float("nan")], (1, 1)),
        ([[0, 1], [0, 0]], [1, 1], (1.5, 1)),
    ],
)
def test_what_is_no_network_of_debts_is_refused(liabilities, cash, costs):
    with pytest.raises(ValueError, match="allowed"):
        clearing_vector(liabilities, cash, *costs)


def test_a_clearing_that_cannot_be_solved_raises(monkeypatch):
    def singular(*_):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(np.linalg, "solve", singular)
    with pytest.raises(NonConvergence):
        clearing_vector(*chain())


def test_the_joke_everybody_owes_the_next_hundred_and_no_money_is_needed():
    ring = [due(0, 1, 10_000), due(1, 2, 10_000), due(2, 0, 10_000)]
    settlements = clear_dues(ring, {})
    plan = plan_payments(settlements, {})
    assert [each.shortfall_cents for each in settlements] == [0, 0, 0]
    assert plan.payments == []
    assert plan.set_off == [(0, 10_000), (1, 10_000), (2, 10_000)]
    assert clearing_vector(np.array([[0.0, 100, 0], [0, 0, 100], [100, 0, 0]]), np.zeros(3)).paid.tolist() == [100] * 3


@pytest.mark.parametrize("rule", list(TracingRule))
def test_the_joke_paid_in_turn_laps_a_hundred_times_with_one_in_the_till(rule):
    turn = pay_in_turn([10_000] * 3, 100)
    assert (turn.payments, turn.laps, turn.unpaid_cents) == (300, 100, 0)

    journal = Journal()
    till = journal.open_outside("the till", OriginClass.LEGACY)
    firms = [journal.open_inside(name) for name in ("A", "B", "C")]
    journal.post(till, firms[0], 100, Cause.OPENING)
    lap = [(payer, turn.till_cents) for payer in range(turn.parties)]
    for payer, cents in [*lap * turn.whole_laps, *turn.rest]:
        # the last of the ring hands the money back to the first: one lap
        journal.post(firms[payer], firms[(payer + 1) % 3], cents, Cause.OBLIGATION, lap_step=int(payer == 2))
    tracer = OriginTracer(rule, journal)
    entries = journal.close_day()
    slices = tracer.apply(entries).dense()[1:]

    assert (journal.opening_cents, journal.inflow_cents, journal.outflow_cents) == (100, 0, 0)
    assert entries[1:, CENTS].sum() == 3 * 10_000
    assert [journal.balance(firm) for firm in firms] == [100, 0, 0]
    by_lap = slices[:, 0, :].sum(axis=0).tolist()
    # A and B pay at lap k, C at k + 1: two payments at lap 0, three at each of 1 to 6, the rest at 7 or more
    assert by_lap == [200, *[300] * (LAPS_MAX - 1), 30_000 - 200 - 300 * (LAPS_MAX - 1)]
    assert composition(tracer, firms[0])[0].tolist() == [0] * LAPS_MAX + [100]
