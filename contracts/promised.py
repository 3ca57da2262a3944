"""A public promise: how far it is believed, and what was announced, committed and paid under it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from ..narrative import credibility, doubt
from ..narrative.announcements import Draft, Instrument
from ..narrative.chronicle import Happening
from ..narrative.credibility import Evidence
from ..scenarios.behaviour import Behaviour
from .base import ENDED, Contract, Status
from .bills import Bill
from .notary import Notary
from .promise import PlannedSale, Promise, Row, in_proportion


class PublicContract(Contract):
    """A contract whose promise moves values: its beneficiary's shareholders capitalise what they believe of it."""

    binds: ClassVar[bool] = False
    """Whether the announced sum is committed from the announcement on; a letter of intent binds nobody."""
    endorses: ClassVar[bool] = False
    """Whether its announcement vouches for its payee: somebody's equity does."""
    costs_owners: ClassVar[bool] = False
    """Whether its payer's owners see ahead what it will cost them, in shares or in cash."""

    def __init__(self, notary: Notary, promise: Promise, log_odds: float) -> None:
        super().__init__(name=promise.name, payer=promise.payer, payee=promise.payee)
        self._notary = notary
        self.number = notary.next_number()
        self.promise = promise
        self.log_odds = log_odds  # what the public gives it to be honoured
        self.opening_log_odds = log_odds  # the same when it was new: what its credibility is compared with
        self.learnt_log_odds = 0.0  # what evidence has added to them since
        self.announcement = -1  # number of the announcement that makes it public; -1 for none
        self.is_public = False
        self.public_day = 0  # on which it became public; 0 if before the start
        self.profit_usd_per_year = 0.0  # of its beneficiary at full run-rate, as far as owners have heard of it
        self.life_left = 1.0  # until the end comes near, then falling to 0 when the promise is fulfilled
        self.realised_usd_per_year = 0.0  # that its beneficiary has earned under it, a mean over the last months
        self.retired_usd_per_year = 0.0  # part of the promised profit whose place realised earnings have taken
        self._earned_usd = 0.0  # profit of the running month
        self._is_doubted, self.contracted_mw = False, promise.capacity_mw
        self.committed_cents = self.paid_cents = self.renegotiations = 0

    @property
    def delivered_mw(self) -> int:
        """Capacity delivered under it."""
        return 0

    @property
    def is_in_force(self) -> bool:
        """Whether it is public and alive."""
        return self.is_public and self.status not in ENDED

    @property
    def credibility(self) -> float:
        """Probability that the public gives it."""
        return credibility.credibility(self.log_odds, 0.0)

    @property
    def opening_credibility(self) -> float:
        """Probability that the public gave it when it was new."""
        return credibility.credibility(self.opening_log_odds, 0.0)

    @property
    def capitalised_usd_per_year(self) -> float:
        """Promised profit that shareholders still capitalise: it fades over the last part of the promise's life."""
        return self.profit_usd_per_year * self.life_left

    @property
    def earned_usd_per_year(self) -> float:
        """What its beneficiary's earnings owe to it."""
        return self.realised_usd_per_year

    @property
    def owned_usd_per_year(self) -> float:
        """Realised profit as its beneficiary's owners capitalise it, in earnings of its own."""
        return self.promise.in_own_earnings * self.realised_usd_per_year

    @property
    def certain_usd_per_year(self) -> float:
        """That, less the promised profit whose place it takes; both fade as the promise's end comes near."""
        own = self.owned_usd_per_year
        return (own - self.retired_usd_per_year) * self.life_left if self.is_in_force else own

    @property
    def certain_share(self) -> float:
        """Part of the promise that is no matter of belief any more."""
        return self.delivered_share

    @property
    def delivered_share(self) -> float:
        """Delivered over contracted capacity, in [0, 1]."""
        return min(1.0, self.delivered_mw / self.contracted_mw) if self.contracted_mw else 0.0

    @property
    def believed_share(self) -> float:
        """What is delivered is no matter of belief; the rest is believed as far as the contract is."""
        done = self.certain_share
        return done + (1 - done) * self.credibility

    @property
    def equity_left_cents(self) -> int:
        """Equity still to come under it, where it is equity that it brings."""
        return max(0, self.promise.announced_cents - self.paid_cents)

    @property
    def cost_ahead_cents(self) -> int:
        """What its payer's owners see coming if it is honoured."""
        return self.equity_left_cents

    @property
    def backing_cents(self) -> int:
        """What its payee's lenders may count on if others leave what it has built."""
        return 0

    @property
    def least_gw(self) -> float:
        """Capacity below which it cannot be cut."""
        return self.delivered_mw / 1000

    def amend(self, promise: Promise, terms: Any, text: str) -> None:
        """Its terms change: what is promised and heard of in proportion, belief by as much as that of its kind."""
        old = self.promise
        promise = replace(promise, announced_cents=max(self.paid_cents, promise.announced_cents))
        self.log_odds = self._moved_start(old.instrument, promise.instrument, self._notary.rules)
        heard = self.profit_usd_per_year / old.profit_usd_per_year if old.profit_usd_per_year else float(self.is_public)
        self.promise, self.profit_usd_per_year = promise, heard * promise.profit_usd_per_year
        self.contracted_mw = in_proportion(self.contracted_mw, promise.capacity_mw, old.capacity_mw)
        if self.binds and self.is_public:
            committed = in_proportion(self.committed_cents, promise.announced_cents, old.announced_cents)
            self._commit(max(self.paid_cents, committed) - self.committed_cents)
        elif self.announcement >= 0 and not self.is_public:
            self._notary.chronicle.announcements.reword(
                self.announcement, text, promise.announced_cents, promise.instrument
            )
        self._notary.contract_changed()

    def believed_otherwise(self, before: Behaviour) -> None:
        """What new promises of its kind are believed has changed from what it was by the rules `before`."""
        self.log_odds = self._moved_start(self.promise.instrument, self.promise.instrument, before)

    def _moved_start(self, old: Instrument, new: Instrument, old_rules: Behaviour) -> float:
        """Its log-odds, moved by the difference between two kinds or two rules."""
        rules = self._notary.rules
        difference = credibility.start_log_odds(new, rules) - credibility.start_log_odds(old, old_rules)
        return credibility.moved(self.log_odds, difference, rules.log_odds_max)

    def payer_stops(self) -> None:
        """Its payer puts no new money in: of no consequence where it only pays for what it gets."""

    def _walk_away(self, text: str, told: Happening = Happening.CANCELLED) -> None:
        """Its payer withdraws what has not been paid; what was to be announced never is."""
        if self.is_public:
            self.close()
            self.move(Status.CANCELLED, text=text, direction=-1, told=told)
        else:
            self._step(Status.CANCELLED)
            self._notary.chronicle.announcements.withdraw(self.announcement)
        self._notary.contract_changed()

    def to_be_announced(self, number: int) -> None:
        """Its announcement is on the calendar."""
        self.announcement = number

    def become_public(self, surprise: float) -> None:
        """It is announced. Of the next of a series only the surprise is news: what was expected is in the price."""
        self.is_public, self.public_day = True, self._notary.clock.day
        self.falls_into_doubt()
        self.profit_usd_per_year = surprise * self.promise.profit_usd_per_year
        if self.binds:
            self._commit(self.promise.announced_cents)
            self._step(Status.BINDING)
        self._notary.contract_changed()

    def known_from_start(self) -> None:
        """The opening prices hold this promise already."""
        self.is_public = True
        self.falls_into_doubt()
        self.profit_usd_per_year = self.promise.profit_usd_per_year
        self.retired_usd_per_year = self.certain_share * self.profit_usd_per_year
        self.realised_usd_per_year = self.retired_usd_per_year / self.promise.in_own_earnings
        if self.binds:
            self.committed_cents = self.promise.announced_cents
            self._step(Status.DELIVERING if self.delivered_mw else Status.BINDING)
        self._notary.contract_changed()

    def learn(self, evidence: Evidence, size: float = 1.0) -> None:
        """A piece of evidence moves its public log-odds (see narrative/credibility.py)."""
        rules = self._notary.rules
        increment = credibility.shift(evidence, rules, size)
        self.learnt_log_odds = credibility.moved(self.learnt_log_odds, increment, rules.log_odds_max)
        self.shift(increment)

    def shift(self, increment: float) -> None:
        """Its public log-odds jump."""
        self.log_odds = credibility.moved(self.log_odds, increment, self._notary.rules.log_odds_max)
        self._notary.contract_changed()

    def reflect(self, pull: float) -> None:
        """A day on: belief moves towards what its kind, the evidence and `pull`, the strength of its parties, say."""
        target = self.opening_log_odds + self.learnt_log_odds + pull
        self.shift(doubt.next_log_odds(self.log_odds, target, self._notary.rules) - self.log_odds)

    def falls_into_doubt(self) -> bool:
        """Whether belief in it has fallen below where boards pay in full, since last asked or announced."""
        was, self._is_doubted = self._is_doubted, self.credibility < self._notary.rules.belief_to_pay
        return self._is_doubted and not was

    def earn(self, profit_usd: float) -> None:
        """Its beneficiary has earned so much under it, or because of it."""
        self._earned_usd += profit_usd

    def close_month(self) -> None:
        """A month's profit enters what is earned, and takes the place of what was promised:
        R' = R + (12 r - R) / n, with the month's profit r and a memory of n months; the part retired likewise."""
        weight = 1 / self._notary.rules.earnings_memory_months
        self.realised_usd_per_year += weight * (12 * self._earned_usd - self.realised_usd_per_year)
        self._earned_usd = 0.0
        self.retired_usd_per_year += weight * (self._fulfilled_usd_per_year() - self.retired_usd_per_year)
        if self.realised_usd_per_year or self.retired_usd_per_year:
            self._notary.contract_changed()

    def _fulfilled_usd_per_year(self) -> float:
        """Promised profit that comes in by now."""
        return self.certain_share * self.profit_usd_per_year

    def revalue(self) -> None:
        """Once a month: what is left of its life, as shareholders notice it."""
        self.life_left = 1.0

    def on_late(self, bill: Bill, share: float) -> None:
        """A share of a bill under it has not been paid, for the first time or again."""
        if self.is_alive:
            self.learn(Evidence.LATE if bill.months_late == 1 else Evidence.MISSED, share)

    def on_default(self, party: str) -> None:
        """A party to it has defaulted."""
        if self.ends_in_default:
            self.close()
            self.move(Status.CANCELLED, text=f"{party} defaults: {self.name} is void", direction=-1)

    def end_replaced(self, text: str, by_cents: int) -> None:
        """Another promise between the two takes its place: of what is still to come only the rest is lost."""
        lost = max(0, self.promise.announced_cents - self.paid_cents - by_cents)
        self.close()
        self.move(Status.CANCELLED, text=text, direction=-1, cents=lost, told=Happening.REPLACED)

    def planned_sales(self) -> Iterable[PlannedSale]:
        """Sales a year that it is believed to bring, by receiver and source."""
        return ()

    def row(self) -> Row:
        """Its line in the table of contracts."""
        return Row(
            self.status, self.log_odds, self.credibility, self.promise.announced_cents, self.committed_cents,
            self.paid_cents, self.contracted_mw, self.delivered_mw,
        )  # fmt: skip

    def move(
        self, status: Status, *, text: str = "", direction: int = 0, cents: int | None = None, told: str = ""
    ) -> None:
        """Go on in its life: an event of today (of the kind `told`, or its own), and news if it has a beneficiary.

        `cents` is announced; None: with a direction, what is not paid yet. Raises: BadTransition if its life leads not.
        """
        if self.status == status and status is not Status.RENEGOTIATED:
            return
        self._step(status)
        promise, chronicle = self.promise, self._notary.chronicle
        kind = Happening(told or status.value)
        chronicle.note(kind, agent=self.payer, counterparty=self.payee, detail=text or self.name)
        if promise.beneficiary:
            remaining = (promise.announced_cents - self.paid_cents) if direction else 0
            chronicle.announce_tomorrow(
                Draft(
                    firm=promise.beneficiary, commitment=self.number, instrument=promise.instrument, unit=promise.unit,
                    counterparty=self.payer if self.payer != promise.beneficiary else self.payee, direction=direction,
                    text=text or f"{self.name}: {status.value}",
                    announced_cents=max(0, remaining) if cents is None else cents,
                )
            )  # fmt: skip
        self._notary.contract_changed()

    def _commit(self, cents: int) -> None:
        """Add to what is committed, here and under its announcement."""
        self.committed_cents += cents
        if self.announcement >= 0:
            self._notary.chronicle.announcements.commit(self.announcement, cents)

    def _pay(self, cents: int) -> None:
        """Add to what has been paid, here and under its announcement."""
        self.paid_cents += cents
        if self.announcement >= 0:
            self._notary.chronicle.announcements.pay(self.announcement, cents)
