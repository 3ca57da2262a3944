"""Laws of debt by the standard, over lives of chance: a contract ends, it closes empty, it conserves.

`python tests/contracts/test_laws.py LIVES [FROM]` lives as many lives and says how many of each kind obeyed.
"""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from carousel.contracts import bond
from carousel.contracts.actus import transitions
from carousel.contracts.actus.course import course
from carousel.contracts.actus.cycles import MONTHLY
from carousel.contracts.actus.terms import Cyclic, Terms
from carousel.contracts.actus.words import ContractType, EventType
from carousel.contracts.lease import lease_claim, lease_state
from carousel.tests.contracts.model_lives import live
from carousel.tests.contracts.standard_lives import lives_by_law
from hypothesis import given, settings
from hypothesis import strategies as st

ANY = st.integers(0, 10**9)


@settings(deadline=None, max_examples=150)
@given(ANY)
def test_a_contract_of_the_standard_ends_closes_empty_and_conserves(number):
    lives_by_law(number)


@settings(deadline=None, max_examples=250)
@given(ANY)
def test_a_contract_of_a_run_ends_closes_empty_and_conserves(number):
    live(number)


@pytest.mark.parametrize("kind", [EventType.MD, EventType.PR, EventType.IPCI, EventType.IP])
def test_a_planted_cent_breaks_the_law(monkeypatch, kind):
    """A cent a thousand more is owed, or accrued, after an event of a kind."""
    right = transitions.TRANSITIONS[kind]

    def wrong(state, terms, moment):
        came = right(state, terms, moment)
        return came._replace(notional=came.notional * 1.00001 + 0.01, base=came.base)

    monkeypatch.setitem(transitions.TRANSITIONS, kind, wrong)
    with pytest.raises(AssertionError):
        Counter(map(lives_by_law, range(40)))


def test_a_coupon_rounded_by_itself_breaks_the_law(monkeypatch):
    monkeypatch.setattr(bond, "nth_part", lambda each, number: round(each))
    with pytest.raises(AssertionError):
        Counter(map(live, range(1_000)))


@pytest.mark.parametrize("rate", [0.0, 0.04, 0.11])
@pytest.mark.parametrize("months", [1, 7, 180])
def test_a_lease_is_an_annuity_that_its_rents_redeem(months, rate):
    """Its principal after each rent is that of an ANN with the rent as its level payment."""
    rent, days = 1_000.0, 21
    terms = Terms(
        kind=ContractType.ANN, status_time=-1, initial_exchange=0, maturity=days * months, rate_per_year=rate,
        notional=lease_state(rent, months, 0, rate).notional, payment=rent, interest=Cyclic(days, MONTHLY),
        redemption=Cyclic(days, MONTHLY),
    )  # fmt: skip
    events = course(terms)
    for event in events:
        if event.kind is EventType.IP and event.time < days * months:
            left = lease_state(rent, months, event.time, rate)
            assert left.notional == pytest.approx(event.state.notional, abs=1e-6)
    paid = Counter()
    for event in events[1:]:
        paid[event.time] += event.payoff
    assert list(paid.values()) == pytest.approx([rent] * months, abs=1e-6)
    assert lease_claim(rent, months, 20, rate) == pytest.approx(events[0].state.notional * (1 + rate * 20 / 252))
    assert lease_claim(rent, months, days * months, rate) == 0.0


def main(lives: int, first: int = 0) -> None:
    """As many lives, half of each sort."""
    kinds = Counter(lives_by_law(number) for number in range(first, first + lives // 2))
    kinds.update(live(number) for number in range(first, first + lives - lives // 2))
    print(f"{kinds.total():,} lives ended, closed empty and conserved: " + ", ".join(
        f"{kind} {count:,}" for kind, count in sorted(kinds.items())
    ))  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
