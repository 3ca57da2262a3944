"""A capital call: what an investor has promised in a closed private round and not yet paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from .base import Contract, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTerms:
    """Who pays for shares of which lab, at which price, from when to when, and under which announcement."""

    investor: str
    investor_account: int
    lab: str
    cents: int
    price_cents: int
    deadline_month: int
    announcement: int = -1
    """Its number; -1 for a round of before the start."""
    first_day: int = 0


@final
class CapitalCall(Contract):
    """Binding from the day of the round; what cannot be raised by the deadline is lost."""

    label = "capital_call"
    ends_in_default = True

    def __init__(self, terms: CallTerms) -> None:
        super().__init__(name=f"{terms.investor} in {terms.lab}", payer=terms.investor, payee=terms.lab)
        self.terms = terms
        self.status = Status.BINDING
        self.left_cents = terms.cents

    def pay(self, cents: int) -> None:
        """So much has been paid for whole shares; a rest that buys no share ends it."""
        self.left_cents -= cents
        if self.left_cents < self.terms.price_cents:
            self._step(Status.DONE)

    def miss(self) -> None:
        """Its deadline has passed."""
        self._step(Status.CANCELLED)

    def on_default(self, party: str) -> None:
        """The lab has failed: nobody asks for the rest."""
        if party == self.payee:
            self._step(Status.CANCELLED)
