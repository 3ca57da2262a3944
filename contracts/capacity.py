"""Capacity under contract: phases of building, chips ordered and delivered, MW in service, let or re-let."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable

from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from ..ledger.causes import Cause
from ..narrative.credibility import Evidence
from ..scenarios.schema import ChipSupply
from .bills import Bill
from .capacity_terms import CapacityTerms
from .lease import lease_claim
from .notary import Notary
from .phase import Phase
from .plant import Plant
from .promise import PlannedSale, Promise
from .promised import PublicContract
from .supply import bought, chip_cause, chip_cost_cents, other_cost_cents


class CapacityContract(PublicContract):
    """A contract with a building side: what has been started, ordered, put into service."""

    binds = True
    ends_in_default = True

    def __init__(
        self, notary: Notary, promise: Promise, log_odds: float, terms: CapacityTerms, *, delivered_mw: int
    ) -> None:
        super().__init__(notary, promise, log_odds)
        self.terms = terms
        self.phases: list[Phase] = []
        self.service_mw = delivered_mw
        """In service under the contract."""
        self.billable_mw = 0
        """In service for the whole of the month that is billed."""
        self.relet_mw = 0
        """Once under the contract, now for whoever rents it."""
        self._delivered_mw = delivered_mw
        self.plant = Plant()
        """What it has in service has cost, and how much of that is written off."""
        if delivered_mw:
            self._capitalise(
                sum(chip_cost_cents(supply, delivered_mw) for supply in terms.supplies),
                sum(other_cost_cents(supply, delivered_mw) for supply in terms.supplies),
            )
        self.steady_usd_per_year = 0.0
        """What owners have capitalised of its profit, a mean over the months of the steady values of firms."""
        self._unbuilt: tuple[object, int] = (None, 0)
        self.is_closed = False
        """The contract has ended: what is under construction is finished for others, nothing new is begun."""
        self.opened = -1
        """When it was handed to its provider's builders, among all of them; -1: not yet."""

    @property
    def delivered_mw(self) -> int:
        """Capacity delivered under it; after its end what had been delivered by then."""
        return self._delivered_mw

    @property
    def building_cents(self) -> int:
        """What its phases under construction have cost so far, as invoiced."""
        return sum(phase.cost_cents for phase in self.phases)

    @property
    def building_mw(self) -> int:
        """MW under construction."""
        return sum(phase.megawatts for phase in self.phases)

    @property
    def least_gw(self) -> float:
        """What is begun is finished."""
        return self.started_mw / 1000

    def amend(self, promise: Promise, terms: CapacityTerms, text: str) -> None:
        """Its price, its pace or its suppliers change as well."""
        self.terms = terms
        super().amend(promise, terms, text)

    @property
    def started_mw(self) -> int:
        """MW in service or under construction."""
        return self.service_mw + self.building_mw

    @property
    def wanted_mw(self) -> int:
        """Capacity it is to have when what is started now is in service."""
        return self.contracted_mw

    @property
    def remaining_mw(self) -> int:
        """MW of which building has not begun."""
        return 0 if self.is_closed else max(0, self.wanted_mw - self.started_mw)

    @property
    def build_gw_per_year(self) -> float:
        """Rate at which its capacity is being built."""
        return min(self.contracted_mw / 1000, self.terms.build_gw_per_year_max)

    @property
    def yearly_bill_usd(self) -> float:
        """Its bill per year at full capacity."""
        return self.contracted_mw * self.terms.price_usd_per_mw_year

    def become_public(self, surprise: float) -> None:
        """It is announced, and handed to its provider's builders."""
        super().become_public(surprise)
        self.opened = self._notary.next_opening()

    def known_from_start(self) -> None:
        """The opening prices hold it already, and its provider's builders are at work."""
        super().known_from_start()
        self.opened = self._notary.next_opening()

    def start(self, phase: Phase) -> None:
        """Building of a phase begins."""
        self.phases.append(phase)

    def month_begins(self) -> None:
        """What is in service now can be billed for the month."""
        self.billable_mw = self.service_mw

    def construction_cents(self, phase: Phase) -> int:
        """Cost of a phase without its chips."""
        return sum(other_cost_cents(supply, phase.megawatts) for supply in self.terms.supplies)

    def chips_left_cents(self, phase: Phase) -> int:
        """Cost of a phase's chips that are still to be delivered."""
        return sum(self.chips_left_of(supply, phase) for supply in self.terms.supplies)

    def chips_left_of(self, supply: ChipSupply, phase: Phase) -> int:
        """The builder's own part of it, by supply."""
        return self._own_chips(supply, phase, phase.chips_delivered_mw, phase.megawatts)

    def _own_chips(self, supply: ChipSupply, phase: Phase, before_mw: int, megawatts: int) -> int:
        """What its builder pays for a phase's chips between so many MW and so many."""
        before, after = chip_cost_cents(supply, before_mw), chip_cost_cents(supply, megawatts)
        return after - phase.others_part(after) - before + phase.others_part(before)

    def others_chips_cents(self, phase: Phase) -> int:
        """What others pay for a phase's chips, as long as they are not delivered."""
        ends, supplies = (phase.megawatts, phase.chips_delivered_mw), self.terms.supplies
        whole, done = (sum(phase.others_part(chip_cost_cents(s, megawatts)) for s in supplies) for megawatts in ends)
        return whole - done

    def unbuilt_cents(self) -> int:
        """What its building will still cost beyond bills due and chips ordered; reckoned anew when something moved."""
        moved = [(p.construction_cents_billed, p.is_ordered, p.chips_delivered_mw, p.megawatts) for p in self.phases]
        seen = self.terms, self.service_mw, self.remaining_mw, moved
        if seen != self._unbuilt[0]:
            self._unbuilt = seen, self._reckon_unbuilt_cents()
        return self._unbuilt[1]

    def _reckon_unbuilt_cents(self) -> int:
        ahead = sum(
            self.construction_cents(phase)
            - phase.construction_cents_billed
            + (0 if phase.is_ordered else self.chips_left_cents(phase))
            for phase in self.phases
        )
        begun, whole = self.started_mw, self.started_mw + self.remaining_mw
        return ahead + sum(
            cost(supply, whole) - cost(supply, begun)
            for supply in self.terms.supplies
            for cost in (chip_cost_cents, other_cost_cents)
        )

    def built_cents(self) -> int:
        """What has been built under it, as far as it is not written off, and what is under construction, as
        invoiced."""
        day = self._notary.clock.day
        return self.building_cents + self.plant.chips.left_cents(day) + self.plant.sites.left_cents(day)

    def lease_left_usd(self, rate_per_year: float) -> float:
        """What leases of its sites, signed when it was announced, will still cost, at a rate of discount."""
        terms, days = self.terms, self._notary.clock.day - self.public_day
        return lease_claim(
            self.contracted_mw * terms.lease_usd_per_mw_year / 12, terms.lease_months, days, rate_per_year
        )

    def bill_seen_usd(self) -> float:
        """What its building will still cost, as far as it is believed and noticed: a share 1 - exp(-t / T) of it, t
        days after the announcement."""
        return self.noticed_share * self.credibility * self.unbuilt_cents() / 100

    @property
    def noticed_share(self) -> float:
        """Part of the bill of its building of which people have taken notice."""
        days = self._notary.clock.day - self.public_day
        return -math.expm1(-days / self._notary.rules.bill_notice_days)

    def book_profit(self, revenue_usd: float, mw_years: float) -> None:
        """Revenue of so much capacity in service is earned after its operation, depreciation and tax; interest is not
        charged, since owners take the debt itself off what the earnings are worth."""
        costs = mw_years * self.terms.costs_usd_per_mw_year
        self.earn((revenue_usd - costs) * (1 - self._notary.rules.tax_share))

    def take_over_chips(self, cents: int, life_days: int) -> None:
        """Chips that stood in its halls are its builder's own from now on, for so much."""
        self.plant.chips.enter(cents, self._notary.clock.day, life_days)

    def chips_leave(self, megawatts: int) -> None:
        """Chips of so much capacity that is let to others are taken out of it."""
        self.relet_mw = max(0, self.relet_mw - megawatts)

    def close_month(self) -> None:
        """What owners capitalise of its profit enters what lenders remember."""
        super().close_month()
        weight = min(1.0, DAYS_PER_MONTH / self._notary.rules.steady_value_days)
        self.steady_usd_per_year += weight * (self.owned_usd_per_year - self.steady_usd_per_year)

    def unsure_usd_per_year(self) -> float:
        """Profit that the steady value of its builder rests on, beyond what its customer is believed to go on
        paying."""
        sure = self.owned_usd_per_year * (self.credibility if self.is_in_force else 1.0)
        return max(0.0, self.steady_usd_per_year - sure)

    def ordered_cents(self) -> Iterable[tuple[int, int]]:
        """Chips ordered and not yet invoiced, as (the account of who buys them, cents)."""
        for phase in self.phases:
            if phase.awaits_chips:
                yield self.terms.provider_account, self.chips_left_cents(phase)
                if phase.others_share:
                    yield phase.chips_payer, self.others_chips_cents(phase)

    def bill_construction(self, phase: Phase, supplier_account: int) -> None:
        """A month's progress payment for everything but the chips, exact over the months of the phase."""
        part = phase.pay_a_month(self.construction_cents(phase))
        self._notary.bills.add(
            Bill(self.terms.provider_account, supplier_account, part, Cause.CONSTRUCTION, contract=self.number)
        )

    def order(self, phase: Phase) -> None:
        """A phase's chips are ordered: from here the purchase cannot be cancelled."""
        phase.order()

    def deliver(self, phase: Phase, chips_mw: int, makers: Iterable[tuple[ChipSupply, int]]) -> None:
        """Chips for so many more MW of a phase arrive and are invoiced by every (supply, its maker's account); parts
        add up to the whole, to the cent."""
        before = phase.chips_delivered_mw
        phase.equip(chips_mw)
        for supply, account in makers:
            cost = self._own_chips(supply, phase, before, phase.chips_delivered_mw)
            phase.invoice(cost)
            self._notary.bills.add(
                Bill(self.terms.provider_account, account, cost, chip_cause(supply), contract=self.number)
            )

    def delivered_on_plan(self) -> None:
        """Capacity promised under it is in service."""
        self.learn(Evidence.DELIVERED)

    def finish(self, phase: Phase) -> None:
        """A phase is built and equipped: what it has cost is written off from now on."""
        self.phases.remove(phase)
        self._capitalise(phase.chips_cents_billed, phase.construction_cents_billed)

    def _capitalise(self, chips_cents: int, site_cents: int) -> None:
        """So much goes into service today, with the lives that the rules give it now."""
        rules, day = self._notary.rules, self._notary.clock.day
        self.plant.chips.enter(chips_cents, day, round(rules.chip_life_years * DAYS_PER_YEAR))
        self.plant.sites.enter(site_cents, day, round(rules.site_life_years * DAYS_PER_YEAR))

    @abstractmethod
    def put_into_service(self, phase: Phase) -> bool:
        """A phase is ready; whether it serves the promise."""

    def delivery_is_late(self) -> None:
        """A phase's chips have not come in time."""
        self.learn(Evidence.LATE, self._notary.rules.evidence_share_of_late_chips)

    def building_slows(self) -> None:
        """Its builder lacks the money for the planned pace."""
        if self.is_alive:
            self.learn(Evidence.LATE, self._notary.rules.evidence_share_of_slow_building)

    def delay(self, phase: Phase) -> None:
        """A phase goes into service a month later than planned."""
        phase.delay()

    def abandon_unequipped(self) -> None:
        """Phases without all their chips are given up, with all they have cost."""
        self.plant.abandon(sum(phase.cost_cents for phase in self.phases if not phase.has_chips))
        self.phases = [phase for phase in self.phases if phase.has_chips]

    def close(self) -> None:
        """The contract has ended, by its term or by default: nothing new is begun."""
        self.is_closed = True

    def planned_sales(self) -> Iterable[PlannedSale]:
        """Chips that its building is believed to take."""
        believed = self.credibility
        for maker, supply in bought(self.terms.supplies):
            chips = believed * supply.chips_usd_per_gw * supply.share * self.build_gw_per_year
            yield PlannedSale(maker, self.terms.provider, chips)
