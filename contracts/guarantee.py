"""A guarantee: a vendor answers for a customer's bonds, up to a limit, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import final

from ..ledger.causes import Cause
from ..ledger.units import cents as cents_of
from ..ledger.units import split
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from ..narrative.credibility import start_log_odds
from ..scenarios.schema import Guarantee as GuaranteeTerms
from .actus.payoffs import payoff
from .actus.state import Moment, State
from .actus.terms import Terms
from .actus.transitions import transition
from .actus.words import ContractType, EventType, Role
from .base import Status
from .bills import Bill, Rank
from .loan_rules import default_probability, expected_loss_cents
from .notary import Notary
from .promise import Promise, in_bn
from .promised import PublicContract


@final
class Guarantee(PublicContract):
    """A guarantee (CEG), known from the start; nobody's profit hangs on it. It ends when what was called is paid, or
    with a default that leaves nothing to call or nobody to answer."""

    label = "guarantee"
    ends_in_default = True

    def __init__(self, notary: Notary, terms: GuaranteeTerms) -> None:
        promise = Promise(
            name=terms.name,
            payer=terms.guarantor,
            payee=terms.issuer,
            beneficiary="",
            instrument=Instrument.CONTRACT,
            announced_cents=round(100 * terms.limit_usd),
        )
        super().__init__(notary, promise, start_log_odds(Instrument.CONTRACT, notary.rules))
        self.is_public = True
        self.status = Status.BINDING
        self.guarantor = notary.books.journal.account(terms.guarantor)
        self.provision_cents = 0
        self._take(cents_of(terms.limit_usd))
        self.answered_cents = 0
        """Paid of what was called, in cash or against other debts."""
        notary.loan_changed()

    def _take(self, limit_cents: int) -> None:
        """It answers for so much."""
        covered = -limit_cents
        self._standard = Terms(kind=ContractType.CEG, name=self.name, role=Role.SEL, notional=limit_cents)
        self._state = State(since=self._notary.clock.day, notional=covered)

    def _step_to(self, kind: EventType, cents: int) -> None:
        """An event of today, and what it is about."""
        moment = Moment(self._notary.clock.day, value=-cents)
        self._state = transition(kind, self._state, self._standard, moment)

    @property
    def limit_cents(self) -> int:
        """What it answers for at most."""
        return int(self._standard.notional or 0)

    @property
    def called_cents(self) -> int:
        """What bondholders have called."""
        return -int(self._state.exercise_amount)

    def take_limit(self, limit_usd: float) -> None:
        """Its limit changes, unless it has been called."""
        if not self.called_cents:
            self._take(cents_of(limit_usd))
            self.promise = replace(self.promise, announced_cents=self.limit_cents)
            self._notary.loan_changed()

    def provide(self, spread_per_year: float, debt_cents: int, *, can_be_called: bool) -> int:
        """Expected call: what it covers of the bonds' loss, times the chance of a default behind the issuer's spread.

        Returns the charge, in cents.
        """
        before = self.provision_cents
        rules = self._notary.rules
        if self.called_cents or not can_be_called:
            self.provision_cents = 0
        else:
            loss, floor = 1 - rules.recovery_of_face, rules.spread_floor_per_year
            chance = default_probability(max(floor, spread_per_year), floor, loss, rules.credit_horizon_years)
            covered = min(self.limit_cents, round(debt_cents * loss))
            self.provision_cents = expected_loss_cents(covered, chance, 1.0)
        return self.provision_cents - before

    def call(self, losses_cents: Mapping[int, int]) -> dict[int, int]:
        """Bondholders (account -> cents lost, above 0) call what they lost, up to the limit; it falls due at the next
        settlement, ranking with bonds. Returns what each has still lost."""
        left = dict(losses_cents)
        total = min(self.limit_cents, sum(left.values()))
        if total <= 0 or self.called_cents or not self.is_alive:
            return left
        self._step_to(EventType.XD, total)
        due = -round(payoff(EventType.STD, self._state, self._standard, Moment(self._notary.clock.day)))
        for account, part in zip(left, split(due, list(left.values())), strict=True):
            if part:
                self._notary.bills.add(
                    Bill(self.guarantor, account, part, Cause.GUARANTEE_CALL, Rank.SENIOR, self.number)
                )
                left[account] -= part
        self.provision_cents = 0
        self._notary.loan_changed()
        chronicle = self._notary.chronicle
        chronicle.note(Happening.GUARANTEE_CALLED, agent=self.payer, counterparty=self.payee, cents=total)
        if self.is_alive:
            self.move(Status.DELIVERING)
        chronicle.announce_tomorrow(
            Draft(
                firm=self.payer,
                counterparty=self.payee,
                instrument=Instrument.GUIDANCE,
                text=f"{self.payer} must answer for {in_bn(total):.2f} bn USD of {self.payee}'s bonds",
                announced_cents=total,
                direction=-1,
            )
        )
        return {account: cents for account, cents in left.items() if cents > 0}

    def on_settled(self, bill: Bill, settled_cents: int, cash_cents: int) -> None:
        """A part of what was called has been settled; with all of it nothing is left to come."""
        self.answered_cents += max(0, settled_cents)
        if self.is_alive and self.answered_cents == self.called_cents:
            self._step_to(EventType.STD, 0)
            self.move(Status.DONE)

    def on_default(self, party: str) -> None:
        """Its guarantor can answer no more, or its issuer's default has left nothing to call."""
        if party == self.payer or not self.called_cents:
            super().on_default(party)
