"""The register of contracts: every promise by number and by party, the bonds, the loans, the calls and the bills."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np

from ..narrative.valuation_kernels import Promises
from ..scenarios.behaviour import Behaviour
from ..scenarios.schema import ChipSupply
from ..scenarios.schema_base import Deal
from .bond_book import Bonds
from .capacity import CapacityContract
from .capital_call import CapitalCall
from .chip_order import ChipOrder
from .chips_buyer import ChipsBuyer
from .compute import ComputeContract
from .guarantee import Guarantee
from .lending import Lending
from .notary import Notary
from .phase import Phase
from .promised import PublicContract
from .purchases import Purchases
from .sales_promise import DeploymentPromise
from .supply import Supplies
from .vendor_loan import VendorLoan

Kind = TypeVar("Kind", bound=PublicContract)


class Contracts:
    """All contracts of a run, alive or not."""

    def __init__(self, notary: Notary, supplies: Iterable[ChipSupply]) -> None:
        self.notary = notary
        self.bills = notary.bills
        self.supplies = Supplies(supplies)
        self.promises: list[PublicContract] = []
        """By number."""
        self.made: dict[str, list[Deal]] = {}
        """Deals that agents have made, by kind, as a scenario would say them."""
        self.bonds = Bonds(notary.books.registers)
        self.lending = Lending(notary.books, notary.bills)
        self.calls: list[CapitalCall] = []
        """Capital calls that are open."""
        self.in_default: set[int] = set()
        """Accounts of firms that have defaulted: nobody gives them credit."""
        self._of_party: dict[str, list[PublicContract]] = {}
        self._costly: list[PublicContract] = []
        self._beside: list[PublicContract] = []
        self._built_by: dict[str, list[CapacityContract]] = {}
        self._openings = 0

    def take(self, rules: Behaviour, supplies: Iterable[ChipSupply]) -> None:
        """Habits and supplies change: belief in living promises moves by as much as that in new ones of their kind."""
        before = self.notary.rules
        self.notary.take(rules)
        self.supplies = Supplies(supplies)
        for contract in self.promises:
            if contract.is_alive:
                contract.believed_otherwise(before)
        self.notary.contract_changed()

    def enter(self, contract: Kind) -> Kind:
        """Register a promise under its number."""
        self.promises.append(contract)
        for party in {contract.payer, contract.payee}:
            self._of_party.setdefault(party, []).append(contract)
        if contract.costs_owners:
            self._costly.append(contract)
        if contract.owes_beside:
            self._beside.append(contract)
        if isinstance(contract, VendorLoan):
            self.lending.enter_loan(contract)
        elif isinstance(contract, Guarantee):
            self.lending.enter_guarantee(contract)
        self.notary.contract_changed()
        return contract

    def enter_call(self, call: CapitalCall) -> CapitalCall:
        """Register a capital call."""
        self.calls.append(call)
        return call

    def declare_default(self, account: int) -> None:
        """A firm is in default from now on."""
        self.in_default.add(account)

    def drop_ended_calls(self) -> None:
        """Calls that are paid, missed or void are no longer open."""
        self.calls = [call for call in self.calls if call.is_alive]

    def __getitem__(self, number: int) -> PublicContract:
        return self.promises[number]

    def by_number(self, number: int) -> PublicContract | None:
        """The promise of that number; None below 0."""
        return self.promises[number] if number >= 0 else None

    def name_of(self, number: int) -> str:
        """Name of a promise; empty for none."""
        return self.promises[number].name if number >= 0 else ""

    def kind(self, wanted: type[Kind]) -> Iterator[Kind]:
        """All promises of a class, by number."""
        return (contract for contract in self.promises if isinstance(contract, wanted))

    @property
    def capacity(self) -> Iterator[CapacityContract]:
        """All that is built under, by number."""
        return (contract for contract in self.promises if isinstance(contract, CapacityContract))

    @property
    def others(self) -> list[PublicContract]:
        """Promises that are neither capacity nor loans, by number."""
        return [c for c in self.promises if not isinstance(c, CapacityContract | VendorLoan)]

    def ever_of(self, party: str) -> list[PublicContract]:
        """All promises to which a firm is a party, living or not, by number."""
        return self._of_party.get(party, [])

    def of(self, party: str) -> list[PublicContract]:
        """Promises in force to which a firm is a party."""
        return [contract for contract in self.ever_of(party) if contract.is_in_force]

    def compute_of(self, customer: str) -> list[ComputeContract]:
        """Compute contracts in force under which somebody pays."""
        return [c for c in self.of(customer) if isinstance(c, ComputeContract) and c.payer == customer]

    def let_by(self, provider: str) -> list[ComputeContract]:
        """Compute contracts in force under which somebody is paid."""
        return [c for c in self.of(provider) if isinstance(c, ComputeContract) and c.payee == provider]

    def rented_by(self, customer: str) -> list[ComputeContract]:
        """Every compute contract of a customer, in force or not, by number."""
        return [c for c in self.ever_of(customer) if c.payer == customer and isinstance(c, ComputeContract)]

    def deployments(self, supplier: str, customer: str) -> list[DeploymentPromise]:
        """Promises in force of a supplier to a customer that come nearer with what is deployed for it."""
        return [c for c in self.of(customer) if isinstance(c, DeploymentPromise) and c.payer == supplier]

    def counted_for(self, supplier: str, contract: PublicContract) -> list[DeploymentPromise]:
        """Promises in force of a supplier that come nearer with what is deployed under a lab's contract: those that are
        for it, and of each kind of which none is, those that are for all of the lab's capacity."""
        found = (c for c in self.ever_of(contract.payer) if isinstance(c, DeploymentPromise) and c.payer == supplier)
        promises = [c for c in found if c.served in (None, contract.name)]
        served = {c.label for c in promises if c.served}
        return [c for c in promises if c.is_in_force and (c.served or c.label not in served)]

    def is_served(self, promise: DeploymentPromise, contract: ComputeContract) -> bool:
        """Whether what is deployed under a contract of its payee counts for a promise that is in force."""
        return promise in self.counted_for(promise.payer, contract)

    def has_lapsed(self, promise: DeploymentPromise) -> bool:
        """Whether a promise is for one contract, and that has ended."""
        if promise.served is None:
            return False
        return not any(c.is_alive for c in self.rented_by(promise.payee) if c.name == promise.served)

    def cost_ahead_usd(self, firm: str) -> float:
        """What a firm's owners expect to hand over under its promises, in shares or cash, as far as they believe it."""
        return math.fsum(
            c.credibility * c.cost_ahead_cents / 100 for c in self._costly if c.bearer == firm and c.is_in_force
        )

    def owed_beside_cents(self, firm: str) -> int:
        """What a firm owes under its contracts that no bill, bond or loan shows."""
        return sum(c.owed_beside_cents(firm) for c in self._beside)

    def lent_beside_cents(self, firm: str) -> int:
        """What a firm has lent, or paid ahead, under its contracts that no bill or loan shows."""
        return sum(c.lent_beside_cents(firm) for c in self._beside)

    def dues_ahead_cents(self, firm: str, months: int) -> int:
        """What falls due over the next months of what a firm owes beside bills, bonds and loans."""
        return sum(c.dues_ahead_cents(firm, months) for c in self._beside)

    def chips_buyer(self, contract: CapacityContract, phase: Phase) -> ChipsBuyer | None:
        """Who takes on chips of a phase that is begun: the first that does."""
        return next((c for c in self.chips_buyers if c.is_in_force and c.share_of(contract, phase) > 0), None)

    @property
    def chips_buyers(self) -> list[ChipsBuyer]:
        """Whoever buys chips in a builder's place, by number."""
        return [contract for contract in self._beside if isinstance(contract, ChipsBuyer)]

    def backing_usd(self, builder: str) -> float:
        """What a builder's lenders may count on if its customers leave, as far as it is believed."""
        return math.fsum(
            c.credibility * c.backing_cents / 100 for c in self._costly if c.payee == builder and c.is_in_force
        )

    def lends_for(self, supplier: str, buyer: str) -> bool:
        """Whether a supplier's line to a buyer is in force: it counts the sales that the line pays for."""
        return any(isinstance(c, VendorLoan) and c.payer == supplier for c in self.of(buyer))

    def orders_of(self, buyer: str, supplier: str, in_own_earnings: float) -> ChipOrder:
        """The running orders of a cloud at a chip maker, whose dollar of profit counts so much in its own earnings."""
        mine = (c for c in self.ever_of(buyer) if isinstance(c, ChipOrder))
        found = next((c for c in mine if (c.payer, c.payee) == (buyer, supplier)), None)
        return found or self.enter(ChipOrder(self.notary, buyer, supplier, in_own_earnings))

    def purchases_of(self, account: int) -> Purchases | None:
        """The purchases of an unlisted customer; None of anybody else."""
        return next((c for c in self.kind(Purchases) if c.buyer == account), None)

    def retired_by_sales(self, supplier: str, buyer: str, customer: str) -> list[PublicContract]:
        """Promises of a supplier in force whose profit are its sales to a buyer that builds for a customer."""
        lines = (c for c in self.of(buyer) if isinstance(c, VendorLoan) and c.payer == supplier)
        return [*self.deployments(supplier, customer), *lines]

    def built_by(self, provider: str) -> list[CapacityContract]:
        """Capacity contracts handed to a provider's builders, in the order of their opening."""
        if self._openings != self.notary.openings:
            self._openings = self.notary.openings
            opened = sorted((c for c in self.capacity if c.opened >= 0), key=_opening)
            self._built_by = {}
            for contract in opened:
                self._built_by.setdefault(contract.terms.provider, []).append(contract)
        return self._built_by.get(provider, [])

    def callable_guarantees(self, issuer: str) -> list[Guarantee]:
        """Guarantees for an issuer's bonds that may still be called."""
        given = self.lending.guarantees
        return [one for one in given if one.payee == issuer and one.is_alive and not one.called_cents]

    def refresh_bills(self) -> None:
        """Recompute what every account owes: its bills, and chips ordered that cannot be cancelled."""
        building = [c for c in self.capacity if c.opened >= 0]
        self.bills.refresh(part for contract in building for part in contract.ordered_cents())

    def valued(self, place_of: dict[str, int]) -> Promises:
        """Every promise that counts in the valuation rule, then what is earned under promises, which nobody doubts;
        `place_of` says in which row its beneficiary stands."""
        counted = [(c, c.capitalised_usd_per_year, c.certain_share) for c in self.promises if c.is_in_force]
        counted += [(c, certain, 1.0) for c in self.promises if (certain := c.certain_usd_per_year)]
        return Promises(
            profit_usd_per_year=np.array([profit for _, profit, _ in counted], dtype=float),
            firm=np.array([place_of.get(c.promise.beneficiary, -1) for c, _, _ in counted], dtype=np.int64),
            log_odds=np.array([c.log_odds for c, _, _ in counted], dtype=float),
            delivered_share=np.array([share for _, _, share in counted], dtype=float),
        )

    def realised_usd_per_year(self, beneficiary: str) -> float:
        """What a firm has earned under all its promises, a mean over the last months."""
        return math.fsum(c.earned_usd_per_year for c in self.promises if c.promise.beneficiary == beneficiary)

    def lap_step(self, investor: str, investee: str) -> int:
        """1 if the investee's spending reaches the investor again along contracts and supplies: the money starts a
        lap."""
        pays: dict[str, set[str]] = {}
        for contract in self.kind(ComputeContract):
            if contract.is_in_force:
                pays.setdefault(contract.payer, set()).add(contract.payee)
        for buyer, suppliers in self.supplies.suppliers():
            pays.setdefault(buyer, set()).update(suppliers)
        seen, frontier = {investee}, [investee]
        while frontier:
            for name in pays.get(frontier.pop(), ()):
                if name == investor:
                    return 1
                if name not in seen:
                    seen.add(name)
                    frontier.append(name)
        return 0


def _opening(contract: CapacityContract) -> int:
    return contract.opened
