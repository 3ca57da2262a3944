"""What an agent may see: balances, closing prices, public promises and what is said about them. It can change
nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from ..contracts.bills import Bill
from ..contracts.bond import Bond
from ..contracts.capacity import CapacityContract
from ..contracts.compute import ComputeContract
from ..contracts.guarantee import Guarantee
from ..contracts.register import Contracts
from ..contracts.sales_promise import DeploymentPromise
from ..engine.chance import Decision
from ..engine.clock import Clock
from ..ledger.books import Books
from ..market.price_board import Board
from ..narrative.beliefs import Beliefs
from ..scenarios.behaviour import Behaviour
from ..scenarios.schema import ChipSupply


class Priced(Protocol):
    """A firm whose shares, of one class or two, have a price: the last close, or that of the last round."""

    @property
    def classes(self) -> tuple[int, ...]: ...
    @property
    def unlocked(self) -> tuple[int, ...]: ...
    @property
    def price_cents(self) -> int: ...


class Sight:
    """One window on the parts of the model for all agents: questions with numbers for answers."""

    def __init__(self, clock: Clock, rules: Behaviour, books: Books, contracts: Contracts) -> None:
        self.rules = rules
        self._clock = clock
        self._books = books
        self._contracts = contracts
        self._prices: Board | None = None
        self._beliefs: Beliefs | None = None
        self.valued_stakes: Sequence[Priced] = ()

    def take(self, rules: Behaviour) -> None:
        """Habits change."""
        self.rules = rules

    def market_opens(self, prices: Board, valued_stakes: Sequence[Priced]) -> None:
        """From now on there are prices. `valued_stakes` are the firms whose shares count against their owner's
        debts."""
        self._prices = prices
        self.valued_stakes = valued_stakes

    def beliefs_open(self, beliefs: Beliefs) -> None:
        """From now on there are beliefs."""
        self._beliefs = beliefs

    @property
    def prices(self) -> Board:
        """The price board. Raises: AssertionError before the market opens."""
        assert self._prices is not None
        return self._prices

    # the day

    @property
    def day(self) -> int:
        """Trading days since the opening."""
        return self._clock.day

    @property
    def month(self) -> int:
        """Months of 21 trading days since the opening."""
        return self._clock.month

    @property
    def is_month_end(self) -> bool:
        """Whether a month ends today."""
        return self._clock.is_month_end

    def normal(self, decision: Decision, slot: int) -> float:
        """Today's standard normal draw of a decision for a slot."""
        return self._clock.normal(decision, slot)

    # the books

    def cash_cents(self, account: int) -> int:
        """Cash on an account."""
        return self._books.journal.balance(account)

    def held(self, account: int, security: int) -> int:
        """Units of a security that an account holds."""
        return self._books.registers.holdings.item(account, security)

    def outstanding(self, security: int) -> int:
        """Units of a security outstanding."""
        return self._books.registers.outstanding.item(security)

    def valued_stakes_cents(self, account: int) -> int:
        """Value of an account's shares of labs, at the price of their last rounds, and of listed firms that a vendor
        lends to or that grant shares of their own, at their last close."""
        holdings = self._books.registers.holdings[account]
        held = ((holdings.item(one), firm) for firm in self.valued_stakes for one in firm.classes)
        return sum(shares * firm.price_cents for shares, firm in held if shares)

    # the market

    def price_cents(self, row: int) -> int:
        """Last closing price of a listed share."""
        return self.prices.price_cents.item(row)

    def variance_per_day(self, row: int) -> float:
        """Exponentially weighted variance of a share's daily returns."""
        return float(self.prices.variance_per_day[row])

    def steady_value_cents(self, row: int) -> float:
        """Market value of a listed firm without moods, a mean over the last half year."""
        return self.prices.steady_value_cents.item(row)

    def usual_volume_shares(self, row: int) -> float:
        """Usual daily volume of a listed share."""
        return float(self.prices.mean_volume_shares[row])

    def listed_value_cents(self, account: int) -> int:
        """Market value of an account's listed shares at the last close."""
        return self.prices.holdings_value_cents(account)

    def ai_trend(self) -> float:
        """Half-year log return of clouds and chip makers together."""
        return self.prices.circle_trend(self.rules.trend_days)

    def price_earnings(self, row: int) -> float:
        """What owners pay for a dollar that a listed firm earns a year, moods and stories aside."""
        assert self._beliefs is not None
        return self._beliefs.price_earnings.item(row)

    def log_multiple(self, firm: str) -> float:
        """Narrative log-multiple of a firm."""
        assert self._beliefs is not None
        return self._beliefs.log_multiple_of(firm)

    # contracts and debts

    def compute_of(self, customer: str) -> list[ComputeContract]:
        """Compute contracts in force under which a firm pays."""
        return self._contracts.compute_of(customer)

    def let_by(self, provider: str) -> list[ComputeContract]:
        """Compute contracts in force under which a firm is paid."""
        return self._contracts.let_by(provider)

    def served_by(self, promise: DeploymentPromise) -> list[ComputeContract]:
        """Compute contracts in force whose capacity counts for a promise to their customer."""
        contracts = self.compute_of(promise.payee)
        return [c for c in contracts if c.payer == promise.payee and self._contracts.is_served(promise, c)]

    def rented_by(self, customer: str) -> list[ComputeContract]:
        """Every compute contract of a customer, in force or not."""
        return self._contracts.rented_by(customer)

    def built_by(self, provider: str) -> list[CapacityContract]:
        """Capacity contracts handed to a provider's builders."""
        return self._contracts.built_by(provider)

    def realised_usd_per_year(self, firm: str) -> float:
        """What a firm has earned under its promises, a mean over the last months."""
        return self._contracts.realised_usd_per_year(firm)

    def supplies_of(self, buyer: str) -> tuple[ChipSupply, ...]:
        """Who equips a cloud's capacity, at which cost."""
        return self._contracts.supplies.of(buyer)

    def bonds_of(self, issuer: str) -> list[Bond]:
        """An issuer's bond series outstanding."""
        return self._contracts.bonds.of(issuer)

    def debt_cents(self, issuer: str) -> int:
        """Face value of an issuer's bonds outstanding."""
        return self._contracts.bonds.debt_cents(issuer)

    def coupons_usd_per_year(self, issuer: str) -> float:
        """Coupons of a year on all bonds of an issuer."""
        return self._contracts.bonds.coupons_usd_per_year(issuer)

    def bonds_held_cents(self, account: int, issuer: str | None = None) -> int:
        """Market value of the bonds an account holds (of one issuer, or all)."""
        return self._contracts.bonds.held_cents(account, issuer)

    def bond_prices_cents(self) -> np.ndarray:
        """Price of every bond by security, int64; 0 for what is none."""
        return self._contracts.bonds.prices("")[0]

    def units_of(self, account: int) -> np.ndarray:
        """Units that an account holds of every security, int64."""
        held: np.ndarray = self._books.registers.holdings[account]
        return held

    def coupons_cents(self, units: np.ndarray) -> int:
        """A month's coupons on units of bonds, int64 by security."""
        return sum(
            units.item(bond.terms.security) * bond.coupon_cents
            for bond in self._contracts.bonds.series
            if bond.terms.security < len(units)
        )

    def guarantees_for(self, issuer: str) -> list[Guarantee]:
        """Guarantees for an issuer's bonds that may still be called."""
        return self._contracts.callable_guarantees(issuer)

    def loans_owed_cents(self, account: int) -> int:
        """Principal an account owes its vendors that is not among its bills."""
        return self._contracts.lending.owed_by(account)

    def owed_beside_cents(self, firm: str) -> int:
        """What a firm owes under its contracts that no bill, bond or loan shows."""
        return self._contracts.owed_beside_cents(firm)

    def lent_beside_cents(self, firm: str) -> int:
        """What a firm has lent, or paid ahead, under its contracts that no bill or loan shows."""
        return self._contracts.lent_beside_cents(firm)

    def dues_ahead_cents(self, firm: str, months: int) -> int:
        """What falls due over the next months of what a firm owes beside bills, bonds and loans."""
        return self._contracts.dues_ahead_cents(firm, months)

    def loans_change_cents(self, account: int) -> int:
        """Change of an account's position in vendor loans since the start."""
        return self._contracts.lending.change_cents(account)

    def loan_interest_usd_per_year(self, account: int) -> float:
        """Interest of a year on what an account owes its vendors."""
        return self._contracts.lending.interest_usd_per_year(account)

    def loan_service_cents(self, account: int, months: int) -> int:
        """Interest and instalments an account owes its vendors over the next months."""
        return self._contracts.lending.service_cents(account, months)

    def planned_draws_cents(self, account: int, bills_cents: dict[str, int]) -> int:
        """What an account counts on drawing for the bills to come, by vendor."""
        return self._contracts.lending.planned_draws_cents(account, bills_cents)

    def owed_cents(self, account: int) -> int:
        """Purchases of an account that cannot be cancelled, and its bills not yet paid."""
        return self._contracts.bills.owed_cents(account)

    def late_cents(self, account: int) -> int:
        """Overdue bills of an account."""
        return self._contracts.bills.late_cents(account)

    def bills_of(self, account: int) -> Iterable[Bill]:
        """Bills due that an account must pay."""
        return self._contracts.bills.of_payer(account)

    def pledged_cents(self, investor_account: int) -> int:
        """What an investor has promised in private rounds and not yet paid."""
        calls = self._contracts.calls
        return sum(call.left_cents for call in calls if call.terms.investor_account == investor_account)

    def due_calls_cents(self, investor_account: int) -> int:
        """The part of it that is called."""
        calls = [call for call in self._contracts.calls if call.terms.first_day <= self.day]
        return sum(call.left_cents for call in calls if call.terms.investor_account == investor_account)

    def called_cents(self, lab: str) -> int:
        """What investors have promised a lab in private rounds and not yet paid."""
        return sum(call.left_cents for call in self._contracts.calls if call.terms.lab == lab)

    def cost_ahead_usd(self, firm: str) -> float:
        """What a firm's owners expect to hand over under its promises, as far as they believe it."""
        return self._contracts.cost_ahead_usd(firm)

    def backing_usd(self, builder: str) -> float:
        """What a builder's lenders may count on if its customers leave, as far as it is believed."""
        return self._contracts.backing_usd(builder)

    def believed_equity_usd(self, lab: str) -> float:
        """What letters and subscriptions will bring a lab, as far as they are believed."""
        return math.fsum(
            c.credibility * c.equity_left_cents / 100 for c in self._contracts.of(lab) if c.endorses and c.payee == lab
        )

    def subscribed_cents(self, investor: str) -> int:
        """What a firm has still to pay for shares of labs that it has subscribed, announced or not."""
        bound = (c for c in self._contracts.ever_of(investor) if c.binds and c.endorses and c.payer == investor)
        return sum(max(0, c.promise.announced_cents - c.paid_cents) for c in bound if c.is_alive)

    def undrawn_cents(self, lender: int) -> int:
        """What vendors' customers may still draw on an account's lines, announced or not."""
        return self._contracts.lending.undrawn_from(lender)

    def is_in_default(self, account: int) -> bool:
        """Whether an account's firm has defaulted."""
        return account in self._contracts.in_default
