"""Payoff functions: what an event pays, to the side whose books are written if above 0.

Source: ACTUS technical specification 1.1, s. 7, payoff functions (POF) of each contract type.
"""

from __future__ import annotations

from collections.abc import Callable

from .state import Moment, State, fees_by, interest_by
from .terms import Terms
from .words import ContractType, EventType, FeeBasis, Penalty

LEVEL = frozenset({ContractType.NAM, ContractType.ANN})
"""Types whose payment is interest and principal together."""
Payoff = Callable[[State, Terms, Moment], float]


def redeemed(state: State, terms: Terms, moment: Moment) -> float:
    """Principal redeemed, without sign: what is given, or the payment (less interest where that is part of it); never
    more than is owed."""
    if moment.value is not None:
        return moment.value
    interest = terms.sign * interest_by(state, moment.years) if terms.kind in LEVEL else 0.0
    return min(state.payment - interest, terms.sign * state.notional)


def initial_exchange(state: State, terms: Terms, moment: Moment) -> float:
    """The notional and its premium or discount change hands."""
    return -terms.sign * ((terms.notional or 0.0) + terms.discount)


def redemption(state: State, terms: Terms, moment: Moment) -> float:
    """A redemption, scaled."""
    return terms.sign * state.notional_scale * redeemed(state, terms, moment)


def increase(state: State, terms: Terms, moment: Moment) -> float:
    """A draw."""
    return -terms.sign * state.notional_scale * (moment.value or 0.0)


def prepayment(state: State, terms: Terms, moment: Moment) -> float:
    """What is paid back early."""
    return terms.sign * (moment.value or 0.0)


def penalty(state: State, terms: Terms, moment: Moment) -> float:
    """What paying back early costs; `value` is the market's rate."""
    early = terms.early
    if early.penalty is Penalty.ABSOLUTE:
        return terms.sign * early.penalty_rate
    owed = moment.years * state.notional
    if early.penalty is Penalty.NOTIONAL:
        return owed * early.penalty_rate
    return owed * max(0.0, state.rate_per_year - (moment.value or 0.0))


def fee(state: State, terms: Terms, moment: Moment) -> float:
    """A fee: the same each time, or what has accrued."""
    if terms.fee.basis is FeeBasis.ABSOLUTE:
        return terms.sign * terms.fee.rate
    return fees_by(state, terms, moment)


def interest(state: State, terms: Terms, moment: Moment) -> float:
    """Interest accrued, scaled, and what a call has fixed."""
    return state.interest_scale * (state.fixed_interest + interest_by(state, moment.years))


def maturity(state: State, terms: Terms, moment: Moment) -> float:
    """All that is owed; a guarantee that nobody has exercised pays nothing."""
    if terms.kind is ContractType.CEG:
        return 0.0
    return state.notional_scale * state.notional + state.interest_scale * state.accrued + state.fees


def purchase(state: State, terms: Terms, moment: Moment) -> float:
    """The price and the interest accrued, by whoever buys."""
    return -terms.sign * (terms.purchase_price + interest_by(state, moment.years))


def termination(state: State, terms: Terms, moment: Moment) -> float:
    """The price and the interest accrued, to whoever sells."""
    return terms.sign * (terms.termination_price + interest_by(state, moment.years))


def dividend(state: State, terms: Terms, moment: Moment) -> float:
    """A dividend."""
    return terms.sign * (moment.value or 0.0)


def settlement(state: State, terms: Terms, moment: Moment) -> float:
    """What an exercise has fixed, or all that a called loan owes."""
    if terms.kind is ContractType.CEG:
        return state.exercise_amount + state.fees
    return maturity(state, terms, moment)


PAYOFFS: dict[EventType, Payoff] = {
    EventType.IED: initial_exchange,
    EventType.FP: fee,
    EventType.PR: redemption,
    EventType.PI: increase,
    EventType.PY: penalty,
    EventType.PP: prepayment,
    EventType.IP: interest,
    EventType.DV: dividend,
    EventType.PRD: purchase,
    EventType.TD: termination,
    EventType.MD: maturity,
    EventType.STD: settlement,
}
"""Every other event pays nothing."""


def payoff(kind: EventType, state: State, terms: Terms, moment: Moment) -> float:
    """What an event pays."""
    return PAYOFFS[kind](state, terms, moment) if kind in PAYOFFS else 0.0
