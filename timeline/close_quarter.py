"""Close the quarter: what every firm's contracts, bills, securities and payments say becomes its statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from ..agents.base import CarouselAgent
from ..agents.listed_firm import ListedFirm
from ..contracts.bills import Owing
from ..contracts.capacity import CapacityContract
from ..contracts.chips_buyer import ChipsBuyer
from ..contracts.purchases import Purchases
from ..engine.calendar import DAYS_PER_QUARTER
from ..ledger.causes import Cause
from ..ledger.statement_lines import BESIDE, Line
from ..ledger.statements import ByCause, Gap, Losses, Standing, flows_of, paid_in_of
from .world import World


def statement_gaps(world: World) -> Iterator[Gap]:
    """At the opening, a quarter's end and the end of the run statements are drawn up, and what must hold is asked."""
    clock, books = world.clock, world.books
    if clock.day and not (clock.is_quarter_end or clock.is_over):
        return
    quarter = -(-clock.day // DAYS_PER_QUARTER)
    accounts = Accounts(world)
    firms = [accounts.standing(firm) for firm in (*world.cast.listed, *world.cast.labs, *world.cast.plain_firms)]
    books.statements.close(quarter, firms, world.scenario_data.behaviour.tax_share)
    balances = books.journal.balances[: books.journal.n_accounts].copy()
    books.statements.close_funds(accounts.received - accounts.paid, balances)
    yield from books.statements.gaps(books.journal.names)


class Accounts:
    """Everybody's records at the end of today, by account."""

    def __init__(self, world: World) -> None:
        self._world = world
        books, bills = world.books, world.contracts.bills
        flows, control, n = books.flows, bills.control, books.journal.n_accounts
        self.received, self.paid = _long(flows.taken_by_cause, n), _long(flows.given_by_cause, n)
        self._earned, self._charged = _long(control.earned_by_cause, n), _long(control.owed_by_cause, n)
        self._owed, self._due = Counter[int](), Counter[int]()
        for bill in bills.unpaid():
            if bill.cause not in BESIDE:
                self._owed[bill.payer] += bill.cents
                self._due[bill.payee] += bill.cents
        self._forgiven, self._lost = _by_party({k: c for k, c in bills.given_up.items() if k[2] not in BESIDE})
        self._shares_due, self._shares_sold = _by_party({k: c for k, c in bills.set_off.items() if k[2] is Cause.ROUND})
        self._built: dict[int, list[CapacityContract | Purchases | ChipsBuyer]] = {}
        for contract in world.contracts.capacity:
            self._built.setdefault(contract.terms.provider_account, []).append(contract)
        for buying in world.contracts.kind(Purchases):
            self._built.setdefault(buying.buyer, []).append(buying)
        for owner in world.contracts.chips_buyers:
            self._built.setdefault(owner.buyer, []).append(owner)
        self._stakes = self._stakes_cents()

    def standing(self, firm: CarouselAgent) -> Standing:
        """One firm's flows since the start, and how it stands."""
        account, lending, bonds = firm.account, self._world.contracts.lending, self._world.contracts.bonds
        built, day = self._built.get(account, []), self._world.clock.day
        losses = self._losses(firm)
        stakes = self._stakes.get(account, 0)
        sums = ByCause(
            received=self.received[account],
            paid=self.paid[account],
            earned=self._earned[account],
            charged=self._charged[account],
        )
        sold = firm.sold_to_others_cents if isinstance(firm, ListedFirm) else 0
        return Standing(
            name=firm.name,
            flows=flows_of(sums, sold, losses, stakes),
            assets={
                Line.CASH: firm.cash_cents,
                Line.RECEIVABLES: self._due[account],
                Line.BUILDING: sum(contract.building_cents for contract in built),
                Line.CHIPS_NET: sum(contract.plant.chips.left_cents(day) for contract in built),
                Line.SITES_NET: sum(contract.plant.sites.left_cents(day) for contract in built),
                Line.STAKES: stakes,
                Line.LENT: lending.lent_by(account),
                Line.NOTES_HELD: bonds.face_held_cents(account),
            },
            debts={
                Line.PAYABLES: self._owed[account],
                Line.BONDS: bonds.debt_cents(firm.name),
                Line.LOANS: lending.drawn_by(account),
                Line.PROVISIONS: losses.provided,
            },
            paid_in=paid_in_of(sums, losses),
        )

    def _losses(self, firm: CarouselAgent) -> Losses:
        """What changed without a payment since the start."""
        account, lending, day = firm.account, self._world.contracts.lending, self._world.clock.day
        plants = [contract.plant for contract in self._built.get(account, [])]
        loans_lost = sum(loan.written_off_cents for loan in lending.loans if loan.lender == account)
        loans_forgiven = sum(loan.written_off_cents for loan in lending.loans if loan.borrower == account)
        bonds = self._world.contracts.bonds
        face, notes_lost = bonds.written_down_cents[firm.name], bonds.lost_cents[account]
        return Losses(
            chips_written_off=sum(plant.chips.written_off_cents(day) for plant in plants),
            sites_written_off=sum(plant.sites.written_off_cents(day) for plant in plants),
            lost=self._lost[account] + loans_lost + notes_lost + sum(plant.abandoned_cents for plant in plants),
            forgiven=self._forgiven[account] + loans_forgiven + face,
            provided=lending.provided_by(account),
            set_off_for_own_shares=self._shares_sold[account],
            set_off_for_stakes=self._shares_due[account],
        )

    def _stakes_cents(self) -> dict[int, int]:
        """Shares of other firms that firms hold, by account: labs at the price of the last round, listed firms at the
        last close."""
        cast, held = self._world.cast, self._world.books.registers.holdings
        issuers, owners = [*cast.listed, *cast.labs], [*cast.listed, *cast.labs]
        if not issuers:
            return {}
        shares = held[np.ix_([firm.account for firm in owners], [firm.security for firm in issuers])]
        np.fill_diagonal(shares, 0)
        worth = shares @ np.array([firm.price_cents for firm in issuers], np.int64)
        return dict(zip([firm.account for firm in owners], worth.tolist(), strict=True))


def _long(sums: np.ndarray, accounts: int) -> np.ndarray:
    """Sums by account, with a row for everybody."""
    long = np.zeros((accounts, sums.shape[1]), np.int64)
    long[: len(sums)] = sums
    return long


def _by_party(cents: dict[Owing, int]) -> tuple[Counter[int], Counter[int]]:
    """Sums by payer and by payee."""
    payers, payees = Counter[int](), Counter[int]()
    for (payer, payee, _), amount in cents.items():
        payers[payer] += amount
        payees[payee] += amount
    return payers, payees
